"""Pictures of a cell: every number that is drawn can be read back."""

import base64
import csv
import io
import json
import re
import struct
import zlib
from dataclasses import replace
from xml.etree import ElementTree

import numpy as np
import pytest

from builder.core.cards import Grade
from builder.core.runs import labels_of, runs
from builder.core.shown import Around, Histogram, Inside
from builder.core.units import UnitId
from builder.features import FEATURES
from builder.rendering import colour, render_site
from builder.rendering.charts import (
    around_chart,
    bar,
    histogram_chart,
    saturation_chart,
    trace_chart,
)
from builder.rendering.comparing import same_text, values_of
from builder.rendering.encodings import safe_json
from builder.rendering.figures import drawing
from builder.rendering.filmed import when
from builder.rendering.gallery import Gallery, ends
from builder.rendering.guesses import guesses_html
from builder.rendering.marks import marks_of
from builder.rendering.numbers import short
from builder.rendering.png import heat_map
from builder.rendering.quiz import questions
from builder.rendering.spans import coloured
from builder.rendering.units import matrix, unit_rows
from tests.make_cards import PROGRAM, UNITS, cell, excerpt, exhibit, exhibits
from tests.rendering.test_rendering import NASTY, text_of

SPECS = tuple(f.spec for f in FEATURES.values())
SHOWN = Gallery(exhibits(), SPECS)


def files(*cards):
    site = render_site(cards or exhibits(), SPECS)
    return {p.path: p.content for p in (*site.fragments, *site.downloads)}


def path_values(svg, kind):
    """Read a path of steps back, as the script of the pages does."""
    d = ElementTree.fromstring(svg).find(f"path[@class='{kind}']").get("d")
    out = []
    for part in d.split("M")[1:]:
        x, y, *steps = map(int, re.findall(r"-?\d+", part))
        out.append((x, -y / 1000))
        for dx, dy in zip(steps[::2], steps[1::2], strict=True):
            x, y = x + dx, y + dy
            out.append((x, -y / 1000))
    return out


def test_a_trace_holds_every_value_label_and_twin():
    one = excerpt("in_string", "strongest", 0)
    svg = trace_chart("c0.1", one, False)
    assert path_values(svg, "value") == list(enumerate(one.values))
    assert path_values(svg, "twin") == [
        (at, v) for at, v in enumerate(one.twin) if v is not None]
    drawn = ElementTree.fromstring(svg)
    assert labels_of(drawn.get("data-labels")) == list(one.labels)
    shade = drawn.find("path[@class='shade']").get("d")
    on = [at for start, length in re.findall(r"M(\d+) -?\d+h(\d+)v", shade)
          for at in range(int(start), int(start) + int(length))]
    assert on == [at for at, label in enumerate(one.labels) if label]
    assert ElementTree.fromstring(trace_chart("c0.1", one, False, twin=False)).find(
        "path[@class='twin']") is None


def test_a_trace_of_a_count_and_of_a_change_beyond_the_scale():
    one = replace(excerpt("bracket_depth", "strongest", 0), twin=())
    one = replace(one, values=(2.5, *one.values[1:]))
    drawn = ElementTree.fromstring(trace_chart("dc0.1", one, True))
    assert drawn.get("viewBox") == f"0 -2500 {len(one.text)} 5000"
    assert drawn.find("path[@class='count']") is not None
    assert drawn.find("path[@class='shade']") is None
    assert trace_chart("h0.1", replace(one, text="", values=(), labels=()), True) == ""


def test_runs_come_back():
    for labels in ([], [0.0], [0.0, 0.0, 1.0, 2.5, 2.5, -1.0]):
        assert labels_of(runs(labels)) == labels


def test_lines_around_a_moment_are_scaled_to_what_is_there():
    one = Around(812, (*[0.0] * 10, 1.0, *[0.5] * 30), (0.1,) * 41)
    svg = ElementTree.fromstring(around_chart("it <ends>", one))
    assert svg.get("aria-label") == ("Mean of the unit around 812 moments: .00 just before it "
                                     "<ends>, 1.00 at it, .50 30 characters later")
    line, dashed = (svg.find(f"polyline[@class='{kind}']").get("points").split()
                    for kind in ("line", "line untrained"))
    assert len(line) == len(dashed) == 41
    heights = [float(point.split(",")[1]) for point in line]
    assert heights[10] == min(heights) and heights[9] == max(heights)
    far = ElementTree.fromstring(around_chart("x", replace(one, values=(2.0,) * 41)))
    assert [t.text for t in far.findall("text[@class='side']")] == ["2", "0", "−2"]


def test_both_halves_of_a_histogram_have_the_same_area():
    svg = ElementTree.fromstring(histogram_chart(Histogram((8, 2), (1, 9))))
    areas = []
    for kind in ("on", "off"):
        points = [tuple(map(float, p.split(",")))
                  for p in svg.find(f"polygon[@class='{kind}']").get("points").split()]
        pairs = zip(points, points[1:] + points[:1], strict=True)
        areas.append(abs(sum(a[0] * b[1] - b[0] * a[1] for a, b in pairs)) / 2)
    assert areas[0] == pytest.approx(areas[1], rel=0.01)
    assert "is near 0.5, elsewhere near −0.5" in svg.get("aria-label")
    assert histogram_chart(Histogram((1, 0), (0, 0))) == ""


def test_bars_and_dots():
    up, down = (ElementTree.fromstring(bar(v, 2.0)).find("rect") for v in (1.0, -2.0))
    assert float(up.get("x")) == 80 and float(up.get("width")) == 40
    assert float(down.get("x")) == 0 and float(down.get("width")) == 80
    svg = saturation_chart("forget gate", [(0.0, 0.95), (0.95, 0.0), (0.5, 0.25)])
    assert "open at more than 90% of characters for 1, shut at more than 90% for 1" in svg
    assert len(re.findall("h0", svg)) == 3


def test_a_list_of_changes_has_both_ends_once():
    rows = [("a", 3.0), ("b", 1.0), ("c", 0.0), ("d", -2.0)]
    assert ends(rows) == [("a", 3.0), ("b", 1.0), ("d", -2.0)]
    many = [(str(n), 10.0 - n) for n in range(20)]
    assert len(ends(many, 4)) == 8 and ends(many, 4)[-1] == many[-1]
    assert ends(many[:5], 4) == many[:4]


def test_guesses_stand_under_their_characters():
    one = excerpt("in_string", "strongest", 0)
    html = guesses_html(one)
    lines = text_of(html).split("\n")
    texts = one.text.split("\n")
    assert len(lines) == 6 * (len(texts) - 1) + 1
    for number, text in enumerate(texts[:-1]):
        rows = lines[6 * number + 1 : 6 * number + 6]
        assert {len(row) for row in rows} == {len(text) + 1}
        assert set(rows[1]) == {"<"} and set(rows[2]) == {"↵"} and set(rows[3]) == {"␣"}
    right = re.findall(r"<u>([^<]*)</u>", html)
    assert sum(map(len, right)) > len(one.text)  # the first guess is always what came
    assert set(re.findall(r"class=q(\d)", html)) == {"4", "1", "0"}


def test_guesses_of_longer_steps_are_cut_to_their_columns():
    text = "ab (cd\n  ef"
    likeliest = {1: " ", 2: "(", 3: "cd", 5: "\n  ", 8: "ef", 10: "x"}
    guesses = tuple(((likeliest[at], 0.9), ("longest", 0.06)) if at in likeliest else ()
                    for at in range(len(text)))
    one = replace(excerpt("in_string", "strongest", 0, text=text), inside=Inside({}, guesses))
    html = guesses_html(one)
    assert text_of(html).split("\n") == [
        "ab (cd", "␣ (c↵… ", "l…lll… ",
        "  ef", "efx ", "l…l…", ""]
    assert re.findall(r"<u>([^<]*)</u>", html) == ["␣ (c↵…", "ef"]


def test_guesses_that_would_break_the_columns_are_replaced():
    one = excerpt("in_string", "strongest", 0, text="a界\u0301\x1b<b\n")
    html = guesses_html(one)
    first = text_of(html).split("\n")[0]
    assert first == "a\ufffd\ufffd\ufffd<b"


def test_a_picture_of_numbers_is_the_numbers():
    rows = [[-1.0, 0.0, float("nan")], [0.5, 0.99, -0.1]]
    data = heat_map(rows)
    assert data[:8] == b"\x89PNG\r\n\x1a\n"
    chunks, at = {}, 8
    while at < len(data):
        (length,) = struct.unpack(">I", data[at : at + 4])
        kind, content = data[at + 4 : at + 8], data[at + 8 : at + 8 + length]
        (check,) = struct.unpack(">I", data[at + 8 + length : at + 12 + length])
        assert check == zlib.crc32(kind + content)
        chunks[kind] = content
        at += 12 + length
    assert struct.unpack(">II", chunks[b"IHDR"][:8]) == (3, 2)
    pixels = zlib.decompress(chunks[b"IDAT"])
    levels = colour.levels(rows[1]).tolist()
    assert list(pixels) == [0, 0, 8, 16, 0, *levels]
    assert chunks[b"tRNS"][16] == 0 and len(chunks[b"PLTE"]) == 3 * 17


def test_all_units_are_in_the_table_and_the_picture():
    card = exhibit()
    rows = unit_rows(card, SPECS)
    assert [row.unit for row in rows] == list(UNITS)
    table = card.table
    for row, within in zip(rows, table.r_within, strict=True):
        assert abs(row.r_within) == max(abs(v) for v in within if v is not None) / 1000
    svg = matrix(card, SPECS)
    assert svg.count("<text") == len(table.features)
    pictures = re.findall(r'class="of-(\w+)".*?data:image/png;base64,([^"]+)', svg)
    assert [scheme for scheme, _ in pictures] == list(colour.THEMES)
    for scheme, data in pictures:
        low, *_, high = colour.ramp_without_text(scheme)
        found = base64.b64decode(data)
        assert bytes.fromhex(low[1:]) in found and bytes.fromhex(high[1:]) in found
    assert len({data for _, data in pictures}) == 2


def test_the_data_of_the_explorer_are_the_values_and_cannot_act():
    card = exhibit()
    found = files(card)
    script = found["explore/data/python-lstm-0.js"]
    content = json.loads(script.split('"] = ', 1)[1].rstrip(";\n"))
    named = {'word=="<b>"'}  # that a formula is about
    assert content["text"] == PROGRAM
    assert named <= set(content["labels"]) <= {s.id for s in SPECS} | named
    raw = np.frombuffer(base64.b64decode(content["activations"]), np.int8)
    own = raw.reshape(len(PROGRAM), len(UNITS))[:, UNITS.index(UnitId("c", 0, 17))] / 127
    assert values_of(card, card.explored[0], UnitId("c", 0, 17)) == pytest.approx(own)
    assert "</" not in safe_json({"x": "</script><!--\u2028&"})
    assert json.loads(safe_json({"x": "</script>\u2028"})) == {"x": "</script>\u2028"}
    assert "</script" not in script


def test_one_text_is_shared_by_the_exhibits_that_have_it():
    found = same_text(SHOWN, "in_string")
    assert [one.exhibit.name for one in found.units] == ["python-lstm", "shakespeare"]
    first, second = exhibit().explored  # of these, the label changes more in the second
    on = [np.mean(labels_of(e.labels["in_string"])) for e in (first, second)]
    assert abs(on[1] - 0.5) < abs(on[0] - 0.5)
    assert found.excerpt == second and list(found.labels) == labels_of(second.labels["in_string"])
    assert same_text(SHOWN, "in_url") is None
    alone = replace(exhibit(), explored=())
    assert same_text(Gallery((alone,), SPECS), "in_string") is None
    page = files()["features/in_string.html"]
    assert page.count("An LSTM that read *Python*") >= 1 and "Several networks, same text" in page


QUIZZED = ("in_string", "in_comment", "bracket_depth", "next_is_newline", "is_upper")


def quizzed(count=5):
    """Return a gallery of one exhibit for each of a few features, with room to be wrong."""
    table = exhibit().table
    weak = replace(table, features=tuple(s.id for s in SPECS[:12]), r_within=tuple(
        (10,) * 12 for _ in table.units))
    shares = {s.id: 0.5 for s in SPECS}
    cards = []
    for n, feature in enumerate(QUIZZED[:count]):
        cells = tuple(
            replace(one, untrained=replace(one.untrained, values=one.excerpts[0].values))
            for unit in ("c0.17", "c0.30")
            for one in [cell(f"net-{n}", unit, feature, 0.8, Grade.VERIFIED)])
        cards.append(replace(exhibit(f"net-{n}"), cells=cells, table=weak, shares=shares))
    return Gallery(tuple(cards), SPECS)


def test_a_text_that_people_wrote_is_shared_before_a_made_one():
    real, made = exhibit("real"), replace(exhibit("made"), made=True)
    toy = tuple(replace(e, document="toy.txt") for e in made.explored)
    toys = tuple(replace(made, name=f"made-{n}", explored=toy) for n in range(3))
    for exhibits_, document in (((real, exhibit("other"), *toys), "html/part1.py"),
                                ((real, *toys), "toy.txt")):
        assert same_text(Gallery(exhibits_, SPECS), "in_string").excerpt.document == document


def test_a_quiz_has_its_answers_among_its_options():
    shown = quizzed()
    asked = questions(shown)
    whats = [q for q in asked if "track" in q.asked]
    assert len(whats) >= 4 and len(asked) > len(whats)
    for question in whats:
        right = shown.feature(question.cell.claim.feature).title
        assert question.options[question.answer] == right
        assert len(set(question.options)) == 4
        wrong = set(question.options) - {right}
        assert all(f"“{title}” .01" in question.others for title in wrong)
    for question in asked:
        if question not in whats:
            assert (question.answer == 0) == ("from the trained network" in question.explanation)
            said = "In the trained network that is" in question.explanation
            assert question.pale and said == (question.answer == 1)
    assert {q.answer for q in asked if q not in whats} == {0, 1}
    assert questions(quizzed(3)) == []
    assert [q.explanation for q in questions(shown)] == [q.explanation for q in asked]


def test_a_quiz_asks_what_its_pictures_can_answer_and_nothing_twice():
    asked = questions(quizzed())
    assert len({(q.cell.exhibit, q.cell.claim.unit) for q in asked}) == len(asked)
    assert len({text_of(q.picture) + q.cell.excerpts[0].document for q in asked}) == len(asked)
    for question in asked:
        assert re.search(r"<u[ >]", question.picture), "the feature is on"
        marked = re.sub(r"<u[ >].*?</u>", "", question.picture, flags=re.S)
        assert text_of(marked).strip(), "and off"


def test_what_looks_like_the_right_answer_is_no_wrong_one(monkeypatch):
    right = {q.cell.claim.feature for q in questions(quizzed()) if "track" in q.asked}
    monkeypatch.setattr("builder.rendering.quiz.overlap", lambda _, one, two: -0.9)
    assert right and questions(quizzed()) == []


def test_a_quiz_never_shows_the_same_lines_twice():
    shown = quizzed()
    same = tuple(replace(e, cells=tuple(replace(c, excerpts=tuple(
        replace(x, document="one.py") for x in c.excerpts)) for c in e.cells))
        for e in shown.exhibits)
    assert len(questions(Gallery(same, SPECS))) < len(questions(shown))


def test_a_drawing_is_xml_with_the_text_and_nothing_else():
    one = excerpt("in_string", "strongest", 0, text=NASTY)
    svg = drawing(one, FEATURES["in_string"].spec, "<&> said")
    root = ElementTree.fromstring(svg)
    assert {element.tag.split("}")[1] for element in root.iter()} == {
        "svg", "title", "rect", "g", "path", "text"}
    texts = "".join(root.itertext())
    assert "<script>alert(1)</script>" in texts and "<&> said" in texts
    assert "\x1b" not in svg and "\u202e" not in svg


def drawn_boxes(svg):
    """Return colour, x, y, width and height of what each stroke of a drawing covers."""
    for group in ElementTree.fromstring(svg).iter("{http://www.w3.org/2000/svg}g"):
        for path in group.findall("{http://www.w3.org/2000/svg}path"):
            thick = int(group.get("stroke-width"))
            assert group.get("transform") == f"translate(0,{thick / 2:g})"
            strokes = re.findall(r"M(\d+) (\d+)h(\d+)", path.get("d"))
            assert "".join("M{} {}h{}".format(*stroke) for stroke in strokes) == path.get("d")
            for x, y, width in strokes:
                yield path.get("stroke"), int(x), int(y), int(width), thick


def test_a_drawing_has_the_colour_of_each_character_where_the_character_stands():
    one = replace(excerpt("in_string", "strongest", 0, text="a = 'b'\n\tc"),
                  values=(-1.0, -1.0, 0.0, 0.0, 1.0, 1.0, 0.5, 0.5, -0.5, 1.0),
                  labels=(0.0, 0.0, 0.0, 0.0, 1.0, 1.0, 0.0, 0.0, 0.0, 0.0))
    svg = drawing(one, FEATURES["in_string"].spec, "said")
    colours = colour.ramp("default")
    steps = colour.levels(one.values).tolist()
    places = [(16 + 8 * n, 16, 8) for n in range(8)] + [(16, 36, 32), (48, 36, 8)]
    wanted = {(colours[step], *place) for step, place in zip(steps, places, strict=True)
              if step != colour.NO_LEVEL}
    boxes = [box for box in drawn_boxes(svg) if box[4] == 19]
    covered = {(fill, at, y, 8) for fill, x, y, width, _ in boxes for at in range(x, x + width, 8)}
    single = {(fill, at, y, 8) for fill, x, y, width in wanted for at in range(x, x + width, 8)}
    assert covered == single and len(boxes) < len(wanted)
    assert [box[1:4] for box in drawn_boxes(svg) if box[4] == 1] == [(48, 33, 16)]
    (first, second) = [t for t in ElementTree.fromstring(svg).iter(
        "{http://www.w3.org/2000/svg}text") if t.get("textLength")]
    assert (first.text, first.get("x"), first.get("textLength")) == ("a = 'b'↵", "16", "64")
    assert (second.text, second.get("x"), second.get("textLength")) == ("c", "48", "8")


def test_a_drawing_of_a_count_has_as_many_lines_and_that_of_an_event_a_bar():
    one = replace(excerpt("bracket_depth", "strongest", 0, text="f(a[1]"),
                  values=(0.5,) * 6, labels=(0.0, 1.0, 1.0, 2.0, 2.0, 1.0))
    lines = [box[1:] for box in drawn_boxes(drawing(one, FEATURES["bracket_depth"].spec, "said"))
             if box[4] == 1]
    assert sorted(lines) == [(24, 33, 16, 1), (40, 33, 16, 1), (40, 35, 16, 1), (56, 33, 8, 1)]
    event = replace(one, labels=(0.0, 1.0, 0.0, 1.0, 0.0, 0.0))
    bars = [box[1:] for box in drawn_boxes(drawing(event, FEATURES["opens"].spec, "said"))
            if box[4] == 3]
    assert sorted(bars) == [(24, 31, 8, 3), (40, 31, 8, 3)]


def test_every_excerpt_has_its_drawing_and_every_table_its_file():
    found = files()
    stored = json.loads(found["cells/python-lstm/l0-17.json"])
    for number in range(1, len(stored["excerpts"]) + 1):
        assert f"cells/python-lstm/l0-17-{number}.svg" in found
    rows = list(csv.DictReader(io.StringIO(found["cells/python-lstm/l0-17.csv"])))
    whole = [(e["text"][at], e["values"][at]) for e in stored["excerpts"]
             for at in range(len(e["text"]))]
    assert [(row["character"], float(row["value"])) for row in rows] == whole
    claims = list(csv.DictReader(io.StringIO(found["exhibits/python-lstm.csv"])))
    assert len(claims) == len(exhibit().claims) and claims[0]["unit"] == "c0.17"
    assert float(claims[0]["r"]) == 0.83
    pairs = list(csv.DictReader(io.StringIO(found["units/python-lstm.csv"])))
    assert len(pairs) == len(UNITS) * len(exhibit().table.features)
    stored = json.loads(found["units/python-lstm.json"])
    first = pairs[len(stored["features"]) + 1]  # second unit, second feature
    assert (first["unit"], first["feature"]) == (stored["units"][1], stored["features"][1])
    assert float(first["r"]) == stored["r"][1][1]
    assert float(first["r_within"]) == stored["r_within"][1][1]
    assert "explored" not in json.loads(found["exhibits/python-lstm.json"])


def test_a_character_that_is_pointed_at_keeps_the_text():
    spans = coloured(NASTY, [0.5] * len(NASTY), at=9)
    assert text_of(spans) == NASTY and spans.count("<mark>") == 1
    assert re.search(r"<mark>.*?>l</b></mark>", spans)


def test_the_cell_page_shows_every_picture_with_its_numbers():
    page = files()["cells/python-lstm/l0-17.html"]
    for anchor in ("memory", "same-characters", "inside", "histogram", "around-rise", "changes",
                   "weights", "saturation", "more-excerpts", "untrained", "numbers", "compared",
                   "provenance", "use"):
        assert page.count(f'id="{anchor}"') == 1, anchor
    assert page.count("<svg class=\"trace\"") == 8
    assert "c0.17 = .90" in page and "c0.17 = −.80" in page and "412 places" in page
    assert "r = .31" in page and "h0.3" in page


def test_a_cell_without_pictures_has_a_page_too():
    bare = replace(cell("python-lstm", "h0.7", "opens", 0.5, Grade.SUGGESTIVE), excerpts=(),
                   histogram=None, same=(), around={}, compared=(), untrained=None, deltas=(),
                   weights=(), saturation=(), tuning=None)
    card = replace(exhibit(), cells=(bare,), explored=(), saturation={}, sample="")
    found = files(card)
    assert "<svg class=\"trace\"" not in found["cells/python-lstm/l0-7.html"]
    assert "explore/python-lstm.html" not in found
    assert "No exhibit has a text with all units" in found["classics/uninterpretable.html"]


def test_the_film_has_every_moment_of_its_cells_with_their_numbers():
    card = exhibit()
    page = files()["films/python-lstm.html"]
    boxes = re.findall(r'<figure class="excerpt" data-frame="(\d)".*?</figure>', page, re.S)
    assert boxes == ["0", "1", "2"] * 2
    for one in card.film.cells:
        text = re.findall(rf'<h2 id="{one.feature}">.*?</section>', page, re.S)[0]
        assert text.count("<circle") == 3
        for moment, box in enumerate(re.findall(r"<pre class=\"x\".*?</pre>", text, re.S)):
            assert text_of(box) == one.text
            truth = marks_of(one.labels, FEATURES[one.feature].spec)
            assert coloured(one.text, one.values[moment], truth.lines) in box
    assert "After 80,000 characters" in page and \
        "<code>h0.1</code> was best on the discovery text: here its" in page
    assert "c0.17 reached half of its final score (r′ = .79) between 80 thousand and " \
           "1.5 million characters of training." in page
    assert 'href="page:films/python-lstm"' in files()["exhibits/python-lstm.html"]


def test_an_exhibit_without_a_film_has_no_page_for_it():
    found = files(replace(exhibit(), film=None))
    assert "films/python-lstm.html" not in found
    assert "films/" not in found["exhibits/python-lstm.html"]


@pytest.mark.parametrize(("own", "said"), [
    ((0.8, 0.7, 0.8), "had half of its final score (r′ = .80) after 80 thousand characters"),
    ((0.1, 0.2, 0.8), "between 1.5 million and 90 million"),
    ((0.5, 0.1, 0.8), "between 1.5 million and 90 million"),
    ((0.1, -0.7, -0.8), "score (r′ = −.80) between 80 thousand and 1.5 million")])
def test_when_a_unit_took_it_up(own, said):
    film = exhibit().film
    assert said in when(film, replace(film.cells[0], r_within=own))


@pytest.mark.parametrize(("count", "said"), [
    (850, "850"), (1_000, "1 thousand"), (9_240, "9.2 thousand"), (92_160, "92 thousand"),
    (1_500_000, "1.5 million"), (140_000_000, "140 million")])
def test_numbers_of_characters_as_they_are_said(count, said):
    assert short(count) == said
