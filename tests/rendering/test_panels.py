"""Panels: each with a template, in its place, under its heading, and only where it applies."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from builder import rendering
from builder.core.evidence import Effect
from builder.core.scores import Estimate
from builder.features import FEATURES
from builder.rendering import CellContext, Heading, Panel, render_site
from builder.rendering.environment import TEMPLATES
from builder.rendering.gallery import Gallery
from builder.rendering.page_kind import PAGE_KINDS, downloads, planned
from builder.rendering.panel import all_panels, sections
from builder.rendering.panels.glance import figures
from tests.make_cards import FEATURES as MADE
from tests.make_cards import exhibit

SPECS = [feature.spec for feature in FEATURES.values()]
GALLERY = Gallery((exhibit(),), tuple(SPECS))
ONE, TWO = Heading("one", "One"), Heading("two", "Two")
SECTIONS = ["play", "write", "more-excerpts", "in-words", "memory", "inside", "used", "untrained",
            "gates", "guesses", "numbers", "others", "compared", "provenance", "use"]


@pytest.fixture
def context():
    card = exhibit()
    return CellContext(Gallery((card,), MADE), card, card.cells[0], MADE[0])


def laid_out(panels, context):
    return [(section.heading, [(row.name, [p.name for p in row.panels]) for row in section.rows])
            for section in sections(panels, context)]


def test_panels_stand_under_their_headings_and_in_their_rows(context):
    panels = [Panel("a", 1), Panel("b", 2, heading=ONE), Panel("c", 3, heading=ONE, row="r"),
              Panel("d", 4, heading=ONE, row="r"), Panel("e", 5, heading=ONE, row="s"),
              Panel("f", 6, heading=TWO), Panel("g", 7)]
    assert laid_out(panels, context) == [
        (None, [("", ["a", "g"])]),
        (ONE, [("", ["b"]), ("r", ["c", "d"]), ("s", ["e"])]),
        (TWO, [("", ["f"])])]


def test_a_heading_is_there_once_even_where_others_stand_between_its_panels(context):
    panels = [Panel("a", 1, heading=ONE), Panel("b", 2, heading=TWO), Panel("c", 3, heading=ONE)]
    assert laid_out(panels, context) == [(ONE, [("", ["a", "c"])]), (TWO, [("", ["b"])])]


def test_a_heading_goes_with_the_last_panel_that_applies_under_it(context):
    never = Panel("b", 2, lambda of: False, heading=ONE)
    assert laid_out([Panel("a", 1), never, Panel("c", 3)], context) == [(None, [("", ["a", "c"])])]


def test_panels_stand_in_the_order_of_their_places():
    places = [panel.place for panel in all_panels()]
    assert places == sorted(set(places))


def test_every_template_of_a_panel_belongs_to_one_and_each_has_one():
    modules = {p.stem for p in (Path(rendering.__file__).parent / "panels").glob("[!_]*.py")}
    templates = {p.name.removesuffix(".html.j2") for p in (TEMPLATES / "panels").iterdir()}
    assert modules == templates == {panel.name for panel in all_panels()}


def page_of(card):
    pages = {page.path: page.content for page in render_site([card], SPECS).fragments}
    return pages[f"cells/{card.name}/l0-17.html"]


def test_the_page_of_a_cell_has_its_sections_in_order():
    found = re.findall(r'<(?:section|details)[^>]* id="([\w-]+)"', page_of(exhibit()))
    assert found == SECTIONS


def test_a_fold_tells_its_result_while_it_is_closed():
    page = page_of(exhibit())
    told = dict(re.findall(
        r'id="([\w-]+)">\s*<summary><h2>[^<]*</h2> <span class="result">([^<]*)</span>', page))
    claim = exhibit().cells[0].claim
    assert set(told) >= {"memory", "inside", "used", "untrained", "gates", "others", "compared"}
    assert f"{claim.share_h:.0%} of its variation needs memory" in told["memory"]
    assert told["used"].startswith("favours ")
    assert " nats per character more inside " in told["used"]
    assert "untrained networks reach .3" in told["untrained"] and "p = " in told["untrained"]


@pytest.mark.parametrize(("nats", "random", "said"), [
    (Estimate(.14, .12, .16), .01, "yes"), (Estimate(.014, .012, .016), .01, "yes"),
    (Estimate(.009, .008, .01), .01, "not shown"), (Estimate(.14, -.01, .16), .01, "not shown"),
    (Estimate(-.14, -.16, -.12), .01, "not shown")])
def test_a_unit_is_used_where_freezing_it_costs_more_than_freezing_others(nats, random, said):
    card = exhibit()
    cell = card.cells[0]
    results = tuple(replace(r, found=Effect(nats, random, 50)) if r.control == "ablation" else r
                    for r in cell.claim.results)
    cell = replace(cell, claim=replace(cell.claim, results=results))
    of = CellContext(Gallery((card,), MADE), card, cell, MADE[0])
    assert figures(of)[-1].said == said


@pytest.mark.parametrize(("field", "empty", "gone"), [
    ("same", (), "same-characters"), ("histogram", None, "histogram"), ("tuning", None, "tuning"),
    ("around", {}, "around-rise"), ("deltas", (), "changes"), ("weights", (), "weights"),
    ("saturation", (), "saturation"), ("others", (), "others"), ("compared", (), "compared"),
    ("untrained", None, "untrained")])
def test_what_was_not_measured_has_no_panel(field, empty, gone):
    card = exhibit()
    without = replace(card, cells=tuple(replace(c, **{field: empty}) for c in card.cells))
    all_ids, ids = (set(re.findall(r' id="([\w-]+)"', page_of(c))) for c in (card, without))
    assert all_ids - ids == {gone}


def test_the_pages_and_files_of_a_kind_lie_in_its_folders_and_in_no_other():
    for kind in PAGE_KINDS.all():
        pages = [page.name for page in planned(kind, GALLERY) if page.title]
        files = [file.path for file in downloads(kind, GALLERY)]
        assert {name.split("/")[0] for name in (*pages, *files)} == set(kind.folders), kind.name


def test_no_two_parts_of_a_page_have_the_same_name():
    """Who listens to a page finds its parts by their names."""
    card = exhibit()
    same = card.cells[0].same * 3
    assert same
    page = page_of(replace(card, cells=(replace(card.cells[0], same=same), *card.cells[1:])))
    names = re.findall(r'role="region" aria-label="([^"]*)"', page)
    assert len(names) > 6 and len(set(names)) == len(names)
