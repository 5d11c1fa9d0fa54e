"""Results beside the same measured again: what differs is named, rounding is allowed."""

from dataclasses import replace

import numpy as np
import pytest

from builder.core.cards import Grade
from builder.workspace.comparing import NUMBER, differences
from tests.make_cards import exhibit as made_card
from tests.make_cards import with_results

CARD = made_card()


def with_r(card, by):
    first = card.claims[0]
    r = replace(first.held_out.r, value=first.held_out.r.value + by)
    held_out = replace(first.held_out, r=r)
    return replace(card, claims=(replace(first, held_out=held_out), *card.claims[1:]))


def test_equal_cards_do_not_differ():
    assert differences(CARD, made_card()) == []


def test_a_number_is_named_with_both_values():
    (found,) = differences(CARD, with_r(CARD, 0.01))
    first = CARD.claims[0]
    assert found.where == f"claims[{first.unit} {first.feature}].held_out.r.value"
    assert not found.allowed and str(first.held_out.r.value) in str(found)


@pytest.mark.parametrize(("by", "allowed"), [(1e-7, True), (NUMBER.absolute, True), (0.005, False)])
def test_rounding_is_allowed_and_told(by, allowed):
    (found,) = differences(CARD, with_r(CARD, by))
    assert found.allowed == allowed


def test_exactly_means_the_last_digit():
    (found,) = differences(CARD, with_r(CARD, 1e-15), exact=True)
    assert not found.allowed


def test_claims_are_compared_by_name_whatever_their_order():
    assert differences(CARD, replace(CARD, claims=CARD.claims[::-1])) == []


def test_a_claim_that_is_gone_and_another_grade_are_named():
    first, second = CARD.claims[:2]
    grade = Grade.VERIFIED if second.grade is not Grade.VERIFIED else Grade.SUGGESTIVE
    changed = replace(CARD, claims=(replace(second, grade=grade), *CARD.claims[2:]))
    gone, other = differences(CARD, changed)
    assert gone.where == f"claims[{first.unit} {first.feature}]" and not gone.allowed
    assert other.where.endswith(".grade") and not other.allowed


def test_a_count_must_be_the_same():
    changed = replace(CARD, units=CARD.units + 1)
    assert [d.allowed for d in differences(CARD, changed)] == [False]


def test_a_value_of_an_excerpt_and_its_text():
    cell, excerpt = CARD.cells[0], CARD.cells[0].excerpts[0]
    values = (excerpt.values[0] + 0.001, excerpt.values[1] - 0.1, *excerpt.values[2:])
    text = "X" + excerpt.text[1:]
    other = replace(excerpt, values=values, text=text)
    cells = (replace(cell, excerpts=(other, *cell.excerpts[1:])), *CARD.cells[1:])
    found = differences(CARD, replace(CARD, cells=cells))
    assert [(d.where.rpartition(".")[2], d.allowed) for d in found] == [
        ("text", False), ("values[0]", True), ("values[1]", False)]


def test_a_state_is_compared_as_numbers():
    state = np.array([0.5, -0.25], "<f4")
    one, other = (replace(CARD, explored=(replace(CARD.explored[0], before=b.tobytes()),))
                  for b in (state, state + np.array([1e-6, 0.1], "<f4")))
    assert [d.allowed for d in differences(one, other)] == [True, False]


def test_guesses_and_changes_are_compared_by_their_characters():
    cell = CARD.cells[0]
    others = replace(cell, deltas=cell.deltas[::-1], weights=cell.weights[::-1])
    assert differences(CARD, replace(CARD, cells=(others, *CARD.cells[1:]))) == []
    sign, mean, count = cell.deltas[0]
    changed = replace(cell, deltas=((sign, mean + 0.5, count), *cell.deltas[1:]))
    (found,) = differences(CARD, replace(CARD, cells=(changed, *CARD.cells[1:])))
    assert f".deltas[{sign}]" in found.where and not found.allowed


def test_floors_may_differ_by_more_since_shuffled_networks_amplify_rounding():
    first = CARD.claims[0]
    for by, allowed in ((0.02, True), (0.08, False)):
        floor = with_results(first, untrained=first.untrained_floor + by)
        (found,) = differences(CARD, replace(CARD, claims=(floor, *CARD.claims[1:])))
        assert found.allowed == allowed
