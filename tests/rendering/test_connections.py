"""What moves a unit on its page: in a line, drawn, in tables, with links; nowhere else."""

import re
from dataclasses import replace

from markupsafe import Markup

from builder.features import FEATURES
from builder.rendering import render_site
from builder.rendering.charts.ties import End, ties_chart
from builder.rendering.connections import drawing, given, in_a_line
from builder.rendering.gallery import Gallery
from tests.make_cards import exhibit as made_card
from tests.make_connected import connected

SPECS = [feature.spec for feature in FEATURES.values()]
FIRST, SECOND, _ = connected().units


def exhibit():
    return replace(made_card(), connected=connected())


def fragments(card):
    return {page.path: page.content for page in render_site([card], SPECS).fragments}


def fold_of(card, page):
    found = re.search(r'<details class="fold" id="connections">.*?</details>',
                      fragments(card)[f"cells/{card.name}/{page}.html"], re.DOTALL)
    return found and found[0]


def text(html):
    return re.sub(r"\s+", " ", Markup(html).striptags())


def test_the_closed_fold_says_what_moves_it_most():
    assert in_a_line(FIRST) == \
        '" and <b> push it up; ↵ pushes it down; h0.5 drives it most; it drives c0.88 most'
    assert in_a_line(SECOND) == "<b> pushes it up; ↵ pushes it down"


def test_a_driver_that_is_not_there_is_not_named_in_the_line():
    weak = replace(FIRST, drivers=FIRST.drivers[3:], driven=())
    assert "drives" not in in_a_line(weak)


def test_a_page_has_the_numbers_links_and_what_is_known_of_other_units():
    fold = fold_of(exhibit(), "l0-17")
    assert '<a href="page:cells/python-lstm/l0-5"><code>h0.5</code></a>' in fold
    assert '<th scope="row"><code>h0.9</code></th>' in fold  # it has no page
    said = text(fold)
    assert "name 4 units that drive it; when one of them is frozen, 3 of these are there, and 2 " \
        "are there that were not named." in said
    assert "name 1 unit that it drives; when it is frozen, 1 of these is there." in said
    assert "4 of 5 drivers that are named are there" in said
    assert "inside a comment" in said  # what h0.5 is on for
    rows = re.findall(r"<tr>(.*?)</tr>", fold, re.DOTALL)
    ten = text(next(row for row in rows if "h0.10" in row))
    assert "down" in ten and "13%" in ten and "6%" in ten and ten.rstrip().endswith("no")
    assert "either way" in text(next(row for row in rows if "h0.9<" in row))


def test_a_state_that_is_wholly_another_is_not_cut_at_its_own_size():
    ties = (replace(FIRST.drivers[0], running=1.43), replace(FIRST.drivers[1], running=None))
    changed = replace(connected(), units=(replace(FIRST, drivers=ties),))
    fold = fold_of(replace(exhibit(), connected=changed), "l0-17")
    assert ">143%</td>" in fold and '<td class="figure"></td><td>yes</td>' in fold


def test_it_stands_after_what_the_unit_does_and_before_what_it_is_for():
    page = fragments(exhibit())["cells/python-lstm/l0-17.html"]
    folds = re.findall(r'<details class="fold" id="([\w-]+)"', page)
    at = folds.index("connections")
    assert folds[at - 1] == "inside" and folds[at + 1] == "used"


def test_a_unit_that_has_a_page_for_its_words_has_it_too():
    shown = replace(exhibit(), cells=tuple(
        cell for cell in exhibit().cells if cell.claim.cell != (0, 17)))
    assert "h0.5 drives it most" in text(fold_of(shown, "l0-17"))


def test_a_unit_without_drivers_says_so():
    said = text(fold_of(exhibit(), "l0-203"))
    assert "Weights times activity name no unit that drives it." in said
    assert "name no unit that it drives, and 1 is there that was not named." in said


def test_nothing_of_a_text_acts():
    fold = fold_of(exhibit(), "l0-17")
    assert "<b>" not in fold and "&lt;b&gt;" in fold


def test_units_without_connections_and_exhibits_without_have_no_fold():
    assert fold_of(exhibit(), "l0-5") is None
    assert fold_of(replace(exhibit(), connected=None), "l0-17") is None


def test_an_architecture_whose_units_do_not_read_each_other_says_so():
    card = replace(exhibit(), connected=replace(connected(), within=False), num_layers=2)
    assert "each reads those of the layer below" in given(
        Gallery((card,), tuple(SPECS)), card, FIRST.unit)["apart"]


def test_lines_have_a_direction_a_strength_and_doubt():
    svg = drawing(exhibit(), FIRST)
    assert svg.count("<path") == 3 + 4 + 1 + 2  # `e` does too little
    assert svg.count('class="down') == 1 + 2 + 1 + 1 and svg.count('class="either') == 1
    assert len(re.findall(r'class="down unsure"', svg)) == 1
    assert 'aria-label="What moves c0.17: &#34;, ↵, &lt;b&gt;, h0.5, h0.203, h0.9, h0.10.' in svg
    widths = [float(w) for w in re.findall(r'stroke-width="([\d.]+)"', svg)]
    assert max(widths) == 7.0 and min(widths) >= 1


def test_the_units_of_the_drawing_are_links_where_they_are_shown_somewhere():
    def links(card):
        return re.findall(r'<a href="([^"]*)">.*?>([^<]*)</text></a>', drawing(card, FIRST))

    assert links(exhibit()) == [
        ("page:cells/python-lstm/l0-5", "h0.5"), ("page:cells/python-lstm/l0-203", "h0.203"),
        ("page:explore/python-lstm#h0.9", "h0.9"), ("page:explore/python-lstm#h0.10", "h0.10"),
        ("page:cells/python-lstm/l0-88", "c0.88")]
    assert [name for _, name in links(replace(exhibit(), explored=()))] == [
        "h0.5", "h0.203", "c0.88"]


def test_nothing_to_draw_is_no_drawing():
    assert ties_chart("c0.1", [], [], "x") == ""
    assert ties_chart("c0.1", [End("<", 0.5, 1.0)], [], "x").count("&lt;") == 1


def test_a_page_stays_light():
    card = exhibit()
    with_, without = (len(fragments(c)["cells/python-lstm/l0-17.html"])
                      for c in (card, replace(card, connected=None)))
    assert 2_000 < with_ - without < 12_000
