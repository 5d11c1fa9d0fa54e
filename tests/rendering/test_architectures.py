"""Networks that differ by their architecture alone, side by side."""

from dataclasses import replace

import pytest

from builder.core.cards import Grade
from builder.features import FEATURES
from builder.rendering import render_site
from builder.rendering.architectures import side_by_side
from builder.rendering.classics import CLASSICS, show
from builder.rendering.gallery import Gallery, causal_cells
from builder.workspace.recipe import Exhibit, budget_of, validate
from tests.make_cards import cell, exhibit

SPECS = tuple(f.spec for f in FEATURES.values())


def network(name, architecture, grade, value=0.8, **more):
    card = cell(name, "h0.1", "in_string", value, grade)
    blocks, title = {"rnn": (1, "an RNN"), "gru": (3, "a GRU"),
                     "lstm": (4, "an LSTM")}[architecture]
    return replace(exhibit(name), cells=(card,), claims=(card.claim,), architecture=architecture,
                   architecture_title=title, parameters=90_000 * blocks,
                   **{"budget": "one", **more})


@pytest.fixture
def shown():
    return Gallery((network("a", "lstm", Grade.CAUSAL), network("b", "gru", Grade.SUGGESTIVE),
                    network("c", "rnn", Grade.NOT_SUPPORTED), network("d", "lstm", Grade.CAUSAL),
                    network("e", "gru", Grade.CAUSAL, budget="two"),
                    network("f", "rnn", Grade.CAUSAL, budget="")), SPECS)


def test_one_of_each_architecture_the_smallest_first(shown):
    (group,) = side_by_side(shown)
    assert [e.name for e in group.exhibits] == ["c", "b", "a"]
    assert [row.feature.id for row in group.rows] == ["in_string"]
    assert [c.grade for c in group.rows[0].claims] == [
        Grade.NOT_SUPPORTED, Grade.SUGGESTIVE, Grade.CAUSAL]
    assert [causal_cells(e) for e in group.exhibits] == [0, 0, 1]


def test_the_page_has_a_column_each(shown):
    found = {p.path: p.content for p in render_site(shown.exhibits, SPECS).fragments}
    page = found["architectures/index.html"]
    heads = page.partition("<thead>")[2].partition("</thead>")[0]
    assert [heads.index(name) for name in (">RNN<", ">GRU<", ">LSTM<")] == sorted(
        heads.index(name) for name in (">RNN<", ">GRU<", ">LSTM<"))
    assert page.count("<table>") == 1 and page.count(".76") == 3


def test_without_such_networks_the_page_says_so():
    found = {p.path: p.content for p in render_site([exhibit()], SPECS).fragments}
    assert "No two networks" in found["architectures/index.html"]


def test_a_made_text_is_a_classic_picture_only_where_no_other_is_verified():
    quotes = CLASSICS[0]
    made = network("made", "rnn", Grade.CAUSAL, 0.99, made=True)
    for grade, name in ((Grade.VERIFIED, "real"), (Grade.SUGGESTIVE, "made")):
        gallery = Gallery((made, network("real", "lstm", grade, 0.5)), SPECS)
        assert show(gallery, quotes).cell.exhibit == name


def recipe(model, training):
    made = {"title": "x", "corpus": {"kind": "stdlib"}, "model": model, "training": training}
    return Exhibit(name="x", folder=".", recipe=validate(made, "here"))


def test_architecture_seed_and_step_size_may_differ():
    one = recipe({"architecture": "rnn"}, {"seed": 1, "learning_rate": 0.001})
    assert budget_of(one) == budget_of(recipe({"architecture": "gru"}, {"seed": 2}))
    assert budget_of(one) != budget_of(recipe({"hidden_size": 9}, {}))
    assert budget_of(one) != budget_of(recipe({}, {"characters": 9}))
