"""The classic pictures: the best cell, and what is said where there is none."""

from dataclasses import replace

from builder.core.cards import Grade
from builder.core.units import UnitId
from builder.features import FEATURES
from builder.rendering import render_site
from builder.rendering.classics import CLASSICS, show
from builder.rendering.gallery import Gallery
from tests.make_cards import COUNTER, cell, depth, exhibit, with_results

SPECS = tuple(f.spec for f in FEATURES.values())
BY_NAME = {c.name: c for c in CLASSICS}


def gallery(*cells):
    card = exhibit()
    return Gallery((replace(card, cells=cells, claims=tuple(c.claim for c in cells)),), SPECS)


def test_addresses_stay():
    assert [c.name for c in CLASSICS] == [
        "quotes-and-comments", "nesting-depth", "end-of-line", "line-position", "inside-if",
        "counter"]
    assert sum(c.famous for c in CLASSICS) == 3
    assert {f for c in CLASSICS for f in c.features} <= set(FEATURES)


def test_the_best_grade_comes_first_and_then_the_strongest():
    weak = cell("python-lstm", "c0.1", "in_string", 0.5, Grade.CAUSAL)
    strong = cell("python-lstm", "c0.2", "in_comment", 0.7, Grade.CAUSAL)
    stronger = cell("python-lstm", "c0.3", "in_string", 0.9, Grade.VERIFIED)
    shown = show(gallery(weak, strong, stronger), BY_NAME["quotes-and-comments"])
    assert shown.cell == strong
    assert [(spec.id, claim.unit.name) for _, spec, claim in shown.claims] == [
        ("in_string", "c0.3"), ("in_comment", "c0.2")]


def test_a_counter_must_step_both_ways_and_the_most_even_one_is_shown():
    def counting(unit, value, **changes):
        made = cell("python-lstm", unit, "bracket_depth", value, Grade.VERIFIED)
        return replace(made, claim=with_results(
            made.claim, counter=replace(COUNTER, **changes)))

    one_way = counting("c0.1", 0.95, opposite=False)
    uneven, even = counting("c0.2", 0.9, evenness=0.5), counting("c0.3", 0.6, evenness=0.9)
    assert show(gallery(one_way, uneven, even), BY_NAME["counter"]).cell == even
    assert show(gallery(one_way), BY_NAME["counter"]).cell is None
    assert show(gallery(one_way, uneven), BY_NAME["nesting-depth"]).cell == one_way


def test_what_is_not_there_is_said():
    card = replace(exhibit(), cells=(), claims=())
    pages = {p.path: p.content for p in render_site([card], SPECS).fragments}
    assert "no cell of this" in pages["classics/inside-if.html"]
    assert pages["classics/index.html"].count("not supported") == len(CLASSICS)


def test_a_famous_function_is_shown_with_the_best_unit_of_each_exhibit_that_has_it():
    card = exhibit()
    text = card.explored[0]
    named = replace(card, explored=(text, replace(text, title="audit_match_class_bits")))
    other = replace(named, name="other", cells=())
    shown = show(Gallery((card, named, other), SPECS), BY_NAME["nesting-depth"])
    assert [(p.exhibit.name, p.claim.unit.name) for p in shown.passages] == [
        ("python-lstm", "c0.203"), ("other", "c0.203")]
    found = shown.passages[0]
    column = card.table.units.index(UnitId("c", 0, 203))
    assert found.values[0] * 127 == column and found.values[1] * 127 == column - 1
    assert list(found.labels) == depth(text.text)
    assert not show(Gallery((named,), SPECS), BY_NAME["end-of-line"]).passages
    pages = {p.path: p.content for p in render_site([named], SPECS).fragments}
    assert "audit_match_class_bits" in pages["classics/nesting-depth.html"]


def test_the_pages_show_the_numbers_of_the_cell():
    pages = {p.path: p.content for p in render_site([exhibit()], SPECS).fragments}
    assert "c0.17" in pages["classics/quotes-and-comments.html"]
    assert ".79 [.76, .82]" in pages["classics/index.html"]
    assert "Where it fails" in pages["classics/quotes-and-comments.html"]
