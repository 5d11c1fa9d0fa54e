"""Networks that differ by their seed alone."""

from dataclasses import replace

import pytest

from builder.core.cards import Grade
from builder.features import FEATURES
from builder.rendering import render_site
from builder.rendering.gallery import Gallery
from builder.rendering.seeds import count, found_in_any, of_seeds, siblings
from builder.workspace.recipe import Exhibit, family_of, validate
from tests.make_cards import cell, exhibit

SPECS = tuple(f.spec for f in FEATURES.values())


def with_claim(name, unit, grade):
    card = cell(name, unit, "in_string", 0.8, grade)
    return replace(exhibit(name), cells=(card,), claims=(card.claim,), seed_group="one",
                   model_digest=name)


@pytest.fixture
def shown():
    return Gallery((with_claim("s-1", "h0.1", Grade.VERIFIED),
                    with_claim("s-2", "h0.2", Grade.SUGGESTIVE),
                    with_claim("s-3", "c0.3", Grade.CAUSAL), exhibit("other")), SPECS)


def test_networks_of_other_seeds_are_those_of_one_recipe(shown):
    assert [e.name for e in siblings(shown, shown.exhibits[1])] == ["s-1", "s-2", "s-3"]
    assert siblings(shown, shown.exhibits[3]) == ()
    alone = Gallery((shown.exhibits[0],), SPECS)
    assert siblings(alone, alone.exhibits[0]) == ()


def test_the_same_weights_under_two_names_are_one_network(shown):
    twin = replace(shown.exhibits[0], name="twin")
    both = Gallery((*shown.exhibits, twin), SPECS)
    assert [e.name for e in siblings(both, twin)] == ["s-2", "s-3", "twin"]


def test_a_network_in_which_a_feature_was_not_looked_for_does_not_count(shown):
    first, *others = shown.exhibits
    without = Gallery((first, replace(others[0], shares={}, claims=()), *others[1:]), SPECS)
    rows = of_seeds(without, first, "in_string")
    assert count(rows) == "2 of 2 seeds"
    assert [r.looked for r in rows] == [True, False, True]


def test_found_is_what_beats_every_control(shown):
    rows = of_seeds(shown, shown.exhibits[0], "in_string")
    assert [(r.claim.unit.name, r.found) for r in rows] == [
        ("h0.1", True), ("h0.2", False), ("c0.3", True)]
    assert count(rows) == "2 of 3 seeds"
    assert [f.id for f in found_in_any(shown, shown.exhibits[0])] == ["in_string"]
    assert all(r.claim is None for r in of_seeds(shown, shown.exhibits[0], "in_comment"))


def test_pages_say_in_how_many_seeds(shown):
    found = {p.path: p.content for p in render_site(shown.exhibits, SPECS).fragments}
    assert "is found in 2 of 3 seeds" in found["cells/s-2/l0-2.html"]
    table = found["exhibits/s-1.html"].partition('id="seeds"')[2].partition("</table>")[0]
    assert "2 of 3 seeds" in table and "not found" in table and "<code>c0.3</code>" in table
    assert 'id="seeds"' not in found["exhibits/other.html"]


def test_the_list_of_exhibits_has_networks_of_other_seeds_once(shown):
    found = {p.path: p.content for p in render_site(shown.exhibits, SPECS).fragments}
    page = found["exhibits/index.html"]
    assert page.count('<li class="card">') == 2 and "From other seeds" in page
    assert 'href="page:exhibits/s-3"' in page


def test_exhibits_stand_in_the_order_of_their_recipes(shown):
    late = replace(shown.exhibits[0], order=3, seed_group="")
    cards = (late, *shown.exhibits[1:])
    found = {p.path: p.content for p in render_site(cards, SPECS).fragments}
    page = found["exhibits/index.html"]
    assert page.index("exhibits/s-2") < page.index("exhibits/s-1")
    strong = replace(late, cells=(cell("s-1", "h0.9", "in_string", 0.99, Grade.VERIFIED),))
    ordered = Gallery((*shown.exhibits[1:], strong), SPECS)
    assert ordered.strongest_cell().exhibit != "s-1"


def recipe(**training):
    made = {"title": "x", "corpus": {"kind": "stdlib"}, "training": training}
    return Exhibit(name="x", folder=".", recipe=validate(made, "here"))


def test_only_the_seed_may_differ():
    assert family_of(recipe(seed=1)) == family_of(recipe(seed=2))
    assert family_of(recipe(seed=1)) != family_of(recipe(seed=1, learning_rate=0.01))
