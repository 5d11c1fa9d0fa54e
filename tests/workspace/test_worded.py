"""Words beside the weights: what cannot be is refused, and what differs is named."""

from dataclasses import replace
from pathlib import Path

import pytest

from builder.core.grades import Grade
from builder.core.units import UnitId
from builder.exhibits.compared import compare_beside
from builder.workspace.comparing import differences
from builder.workspace.worded import WORDS, words_file
from tests.make_cards import exhibit as made_card
from tests.make_cards import worded
from tests.workspace import beside
from tests.workspace.beside import content_of, exhibit_in, put

CARD = made_card()
FOUND = worded()


@pytest.fixture
def path(tmp_path):
    return WORDS.write(tmp_path, words_file(CARD.model_digest, "t", FOUND))


def refused(path):
    return beside.refused(path, lambda: WORDS.fitting(path.parent, CARD))


def changed(path, *keys, to):
    beside.changed(path, "worded", *keys, to=to)


@pytest.mark.parametrize(("keys", "to"), [
    (("formulas", 0, "text"), "in_string &"), (("formulas", 1, "text"), "("),
    (("formulas", 0, "text"), "~" * 600), (("formulas", 0, "single"), ""),
    (("formulas", 0, "text"), 'word=="a'), (("conditions", 0, "given"), "character=)"),
    (("spread", 0, "text"), "in_string &"),
    (("formulas", 0, "several", "further", 0, "text"), "("),
    (("marked", 0, "holds"), {"in_string)": "1x3"}), (("marked", 0, "holds"), {"a": "1x9 2x1"}),
    (("marked", 0, "holds"), {"a": "1x99999999999999"}), (("marked", 0, "holds"), {"a": ""})])
def test_a_formula_that_is_none_is_said(path, keys, to):
    changed(path, *keys, to=to)
    said = refused(path)
    assert "a formula that is none" in said and f"{keys[0]}.{keys[1]}" in said


NAN = float("nan")


@pytest.mark.parametrize(("keys", "to"), [
    (("formulas", 0, "held_out", "r", "value"), NAN),
    (("formulas", 0, "held_out", "r_within", "value"), 1.5),
    (("formulas", 0, "held_out", "r_within", "low"), 0.9),
    (("formulas", 1, "beyond", "value"), -1.01), (("formulas", 1, "base_rate"), -0.1),
    (("formulas", 0, "p_family"), 2), (("formulas", 0, "share_h"), float("inf")),
    (("formulas", 0, "explained", "formula"), 1.5), (("formulas", 0, "r_within"), -7),
    (("formulas", 0, "explained", "linear"), -float("inf")),
    (("conditions", 0, "auc"), 1.2), (("conditions", 0, "r", "value"), 3),
    (("conditions", 0, "floor"), -0.5), (("steps",), -1), (("steps",), 10**60),
    (("formulas", 0, "several", "explained"), 1.2),
    (("formulas", 0, "several", "weight"), float("inf")),
    (("formulas", 0, "several", "further", 0, "adds"), 1.3),
    (("formulas", 0, "several", "further", 0, "beyond", "value"), 2),
    (("formulas", 0, "several", "further", 0, "r_within", "low"), 0.9),
    (("spread", 0, "explained"), [0.3, 1.2]), (("spread", 0, "explained"), [0.3]),
    (("spread", 0, "sizes"), [-1, 2]), (("spread", 0, "linear"), 1.5),
    (("spread", 0, "units"), ["c0.17"]),
    (("coverage", "trained", "several"), 300), (("coverage", "trained", "several"), -1),
    (("coverage", "units"), -4), (("coverage", "networks"), -1),
    (("coverage", "trained", "single"), [-3, 1]), (("coverage", "trained", "single"), [300, 1]),
    (("coverage", "untrained", "linear"), [NAN, 1]), (("coverage", "trained", "formulas"), [1]),
    (("coverage", "thresholds"), [0.3, 4]), (("coverage", "beyond"), [0.2])])
def test_a_number_that_cannot_be_is_said(path, keys, to):
    changed(path, *keys, to=to)
    said = refused(path)
    assert "a number that cannot be" in said and keys[0] in said


@pytest.mark.parametrize("unit", ["h0.256", "h1.0", "q0.1", "c0.99999999999999999999"])
@pytest.mark.parametrize("part", ["formulas", "conditions"])
def test_a_unit_that_the_exhibit_does_not_have_is_said(path, part, unit):
    changed(path, part, 0, "unit", to=unit)
    assert f"there is no unit {unit}" in refused(path)


def test_a_unit_of_a_spread_that_the_exhibit_does_not_have_is_said(path):
    changed(path, "spread", 0, "units", 1, to="h7.0")
    assert "there is no unit h7.0" in refused(path)


def test_a_file_of_before_says_nothing_of_sums_and_of_spread(path):
    content = content_of(path)
    del content["worded"]["spread"]
    for claim in content["worded"]["formulas"]:
        del claim["several"]
    for counted in ("trained", "untrained"):
        del content["worded"]["coverage"][counted]["several"]
    put(path, content)
    found = WORDS.fitting(path.parent, CARD).found
    assert found.spread == () and {c.several for c in found.formulas} == {None}
    assert found.coverage.trained.several is None


@pytest.mark.parametrize(("keys", "to", "says"), [
    (("formulas", 0, "unit"), "17", "formulas.0.unit"),
    (("formulas", 0, "grade"), "certain", "formulas.0.grade"),
    (("formulas", 0, "text"), 'word=="\ud800"', "not results"), (("formulas",), None, "formulas"),
    (("coverage", "units"), 257, "there are not 257 units"),
    (("marked", 0, "holds"), {"in_string": "1x3"}, "another length")])
def test_what_else_is_not_so_is_said(path, keys, to, says):
    changed(path, *keys, to=to)
    assert says in refused(path)


def test_what_was_not_measured_is_no_number_and_taken(path):
    for name in ("base_rate", "p_family", "share_h"):
        changed(path, "formulas", 0, name, to=None)
    changed(path, "coverage", "untrained", "formulas_beyond", to=[])
    assert WORDS.fitting(path.parent, CARD).found.formulas[0].p_family is None


def with_first(found, **more):
    return replace(found, formulas=(replace(found.formulas[0], **more), *found.formulas[1:]))


def told(now):
    before, now = (words_file("w", "t", found) for found in (FOUND, now))
    return list(map(str, compare_beside(exhibit_in(Path("e")), WORDS, before, now)))


def test_equal_words_do_not_differ_and_rounding_is_allowed(capsys):
    assert told(FOUND) == [] and "e, words: 0 numbers differ" in capsys.readouterr().err
    claim = FOUND.formulas[0]
    other = with_first(FOUND, r_within=claim.r_within + 0.001, p_family=0.003,
                       beyond=replace(claim.beyond, value=claim.beyond.value - 1e-4))
    assert len(differences(FOUND, other)) == 3 and told(other) == []
    assert told(replace(FOUND, formulas=FOUND.formulas[::-1])) == []


def test_a_unit_more_or_less_at_a_threshold_is_rounding_two_are_not():
    trained = FOUND.coverage.trained

    def counted(more):
        row = (trained.single[0] + more, *trained.single[1:])
        return replace(FOUND, coverage=replace(
            FOUND.coverage, trained=replace(trained, single=row)))

    assert told(counted(1)) == []
    (said,) = told(counted(2))
    assert "coverage.trained.single[0]: another number" in said


@pytest.mark.parametrize(("more", "says"), [
    ({"text": "in_string"}, "formulas[c0.17].text: another formula than was measured"),
    ({"r_within": 0.1}, "formulas[c0.17].r_within: another number than was measured"),
    ({"grade": Grade.CAUSAL}, "formulas[c0.17].grade"),
    ({"unit": UnitId("h", 0, 9)}, "formulas[c0.17]")])
def test_what_differs_is_named(more, says):
    said = told(with_first(FOUND, **more))
    assert said[0].startswith(f"e, words, {says}")
    assert "gallery measure e --words" in said[0]
