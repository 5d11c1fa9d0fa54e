"""Colours, spans, words and pages; nothing here needs torch."""

import csv
import html
import io
import json
import re
import struct
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder.core.cards import Grade
from builder.core.evidence import Effect
from builder.core.labels import FeatureSpec, Lookahead, Tag
from builder.core.scores import Estimate, HeldOut
from builder.core.units import Kind, Signal
from builder.features import FEATURES
from builder.rendering import colour, numbers, render_site, words
from builder.rendering.addresses import cell_name
from builder.rendering.environment import environment
from builder.rendering.spans import coloured
from builder.rendering.typed import signals_of
from tests.make_cards import COUNTER, claim, exhibit, exhibits, with_results

SPECS = [f.spec for f in FEATURES.values()]
NASTY = ("<script>alert(1)</script></pre>{{ 7*7 }}{% x %}&amp;\"onmouseover=\0\x1b\x7f\u202e"
         "\U0001f468\u200d\U0001f469\u200d\U0001f467\t\r\n e\u0301 \u2028\ufeff")


def text_of(spans):
    """Strip tags, unescape, and turn drawn characters back into what they stand for."""
    drawn = re.compile(r"<i class=v data-u=([0-9A-F]+)>[^<]*</i>")
    parts = drawn.split(spans)
    plain = [html.unescape(re.sub(r"<[^>]*>", "", p)) if i % 2 == 0 else chr(int(p, 16))
             for i, p in enumerate(parts)]
    return "".join(plain)


def luminance(code):
    channels = [v / 255 for v in struct.unpack("BBB", bytes.fromhex(code[1:]))]
    linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("scheme", colour.THEMES)
@pytest.mark.parametrize("flipped", [False, True])
def test_text_can_be_read_on_every_level(scheme, flipped):
    ink = luminance(colour.THEMES[scheme][0])
    for background in colour.ramp(scheme, flipped):
        pair = sorted((ink, luminance(background)))
        assert (pair[1] + 0.05) / (pair[0] + 0.05) >= 4.5, background


def test_levels_are_equal_steps_on_one_symmetric_scale():
    assert colour.levels([-1, -0.876, -0.874, -1e-9, 0, 0.874, 0.876, 1, 9, -9]).tolist() == [
        0, 0, 1, 7, 8, 14, 15, 15, 15, 0]
    assert colour.levels([np.nan]).tolist() == [colour.NO_LEVEL]
    values = np.linspace(-0.99, 0.99, 80)
    assert (colour.levels(values) == 15 - colour.levels(-values)).all()


def test_colours_are_stretched_as_far_as_nearly_all_values_stay_on_the_scale():
    assert colour.stretch(np.linspace(-0.34, 0.34, 999)) == 3.0
    assert colour.stretch([*[0.1] * 99, -1.0]) == 8.0
    assert colour.stretch([0.7, float("nan")]) == colour.stretch([]) == 1.0


def test_stretched_levels_are_the_levels_of_stretched_values():
    sheet = colour.style_sheet()
    for at, letter in enumerate(colour.LETTERS):
        centre = (2 * at + 1) / 16 - 1
        other = colour.LETTERS[colour.levels([3 * centre])[0]]
        assert f'[data-stretch="3"] .x .{letter}{{background:var(--{other})}}' in sheet


@given(text=st.text(max_size=80), data=st.data())
def test_stripping_tags_gives_the_text_back(text, data):
    one = st.floats(-1, 1) | st.just(float("nan"))
    values = data.draw(st.lists(one, min_size=len(text), max_size=len(text)))
    on = data.draw(st.lists(st.booleans(), min_size=len(text), max_size=len(text)))
    assert text_of(coloured(text, values, on)) == text


def test_a_text_that_tries_to_be_more_is_text():
    spans = coloured(NASTY, [0.5] * len(NASTY))
    assert text_of(spans) == NASTY
    tags = set(re.findall(r"</?(\w+)", spans))
    assert tags == {"b", "i"}
    for acting in "\0\x1b\x7f\u202e\r\u2028\ufeff":
        assert acting not in spans
    assert '"' not in spans.replace('class="', "")


def test_golden_spans():
    assert coloured("ab\n c", [1, 1, -1, 0.1, 0.1], [0, 1, 1, 0, 0]) == (
        "<b class=p>a</b><u><b class=p>b</b><b class=a><i></i>\n</b></u><b class=i> c</b>")


def test_a_grapheme_is_never_cut_and_takes_its_last_level():
    family = "\U0001f468\u200d\U0001f469\u200d\U0001f467"
    spans = coloured("x" + family, [-1, -1, -1, 1, 1, 1])
    assert re.findall(r"<b class=(\w)>", spans) == ["a", "p"]


def test_wrong_lengths_are_refused():
    with pytest.raises(ValueError, match="2 characters, 1 values"):
        coloured("ab", [0.0])


@pytest.mark.parametrize(("value", "written"), [
    (0.834, ".83"), (-0.5, "\u2212.50"), (1.0, "1.00"), (-0.001, ".00"), (None, "")])
def test_numbers(value, written):
    assert numbers.number(value) == written


def test_a_lead_has_no_number_and_the_numbers_have_a_sentence():
    feature = FEATURES["in_string"].spec
    high = claim("c0.17", "in_string", 0.83, Grade.VERIFIED)
    assert words.lead(high, feature) == "c0.17 is red inside strings."
    assert words.short_lead(high, feature) == "Red inside strings"
    assert words.numbers_sentence(high, feature) == (
        "Correlation .83 on unseen text (95% interval .80 to .86); "
        ".79 among places with the same last two characters.")
    low = claim("c0.17", "in_string", -0.83, Grade.VERIFIED)
    assert words.lead(low, feature) == "c0.17 is blue inside strings."
    assert words.numbers_sentence(low, feature).startswith("Correlation \u2212.83 on unseen text")
    bare = replace(high, held_out=HeldOut(Estimate(None), Estimate(None)))
    assert words.numbers_sentence(bare, feature) == ""


@pytest.mark.parametrize(("sentence", "html_"), [
    ("c0.1 is red on red <b>.", 'c0.1 is <span class="tone" data-flipped="blue"><span>red</span>'
     "</span> on red &lt;b&gt;."),
    ("Bluer the further.", '<span class="tone" data-flipped="Redder"><span>Bluer</span></span> the '
     "further."),
    ("c0.41 drops at the end.", "c0.41 drops at the end.")])
def test_the_colour_of_a_sentence_follows_the_switch(sentence, html_):
    assert environment().filters["tones"](sentence) == html_


@pytest.mark.parametrize(("id_", "r", "grade", "said", "heading"), [
    ("expression_depth", 0.8, Grade.CAUSAL, "c0.1 gets redder the more brackets are open.",
     "Redder the more brackets are open"),
    ("expression_depth", -0.8, Grade.SUGGESTIVE,
     "c0.1 tends to get bluer the more brackets are open.",
     "Tends to get bluer the more brackets are open"),
    ("in_string", 0.2, Grade.SUGGESTIVE, "c0.1 tends to be red inside strings, but only weakly.",
     "Tends to be red inside strings (weakly)"),
    ("in_string", 0.5, Grade.NOT_SUPPORTED,
     "c0.1 seems to be red inside strings, but this does not hold up.",
     "Not supported: red inside strings"),
    ("next_is_newline", 0.5, Grade.VERIFIED, "c0.1 tends to be red just before a line ends.",
     "Tends to be red just before a line ends"),
    ("newline", -0.5, Grade.CHARACTER, "c0.1 drops at the end of every line.",
     "Drops at the end of every line"),
    ("opens", 0.5, Grade.SUGGESTIVE,
     "c0.1 tends to jump up whenever a bracket, string or comment opens.",
     "Tends to jump up whenever a bracket, string or comment opens"),
])
def test_how_sure_a_lead_sounds(id_, r, grade, said, heading):
    one, feature = claim("c0.1", id_, r, grade), FEATURES[id_].spec
    assert (words.lead(one, feature), words.short_lead(one, feature)) == (said, heading)


@pytest.mark.parametrize(("title", "tag", "said"), [
    ("inside a formula", Tag.STATE, "is red inside a formula."),
    ("a formula", Tag.STATE, "is red where “a formula” holds."),
    ("letters left", Tag.COUNT, "gets redder the larger “letters left” is."),
    ("a pause", Tag.EVENT, "jumps up whenever “a pause” happens."),
    ("a rhyme", Tag.FUTURE, "tends to be red where “a rhyme” holds."),
])
def test_a_feature_without_phrases_is_spoken_of_all_the_same(title, tag, said):
    bare = FeatureSpec("own", title, "is on", tag, Lookahead.MATCH, frozenset(), "", "")
    one = claim("h0.3", "own", 0.6, Grade.VERIFIED)
    assert words.lead(one, bare) == f"h0.3 {said}"
    steps = words.counter_sentence(exhibit(), with_results(one, counter=COUNTER), bare)
    assert f" when “{title}” " in steps


def costing(feature, *nats):
    one = claim("c0.17", feature, 0.8, Grade.VERIFIED)
    return words.effect_sentence(
        with_results(one, ablation=Effect(Estimate(*nats), 0.01, 50)), FEATURES[feature].spec)


def test_what_freezing_costs_and_where():
    assert costing("bracket_depth", 0.139, 0.116, 0.162) == (
        "Freeze this unit at its average, and predictions get worse by .139 nats per character "
        "(95% interval .116 to .162) more where many brackets are open (top third) than where few "
        "are (bottom third). For 95 of 100 randomly chosen units the difference is below .010.")
    assert costing("in_identifier", -0.05, -0.06, -0.04).startswith(
        "Freezing this unit does no extra harm inside identifiers: it costs .050 nats per "
        "character (95% interval .040 to .060) more elsewhere.")
    assert costing("in_string", -0.01, -0.03, 0.01).startswith(
        "Freezing this unit makes no clear difference: it costs .010 nats per character (95% "
        "interval \u2212.010 to .030) less inside strings than elsewhere.")


def test_a_number_of_the_future_grows_and_is_nowhere_on():
    feature = FEATURES["to_line_end"].spec
    sentence = words.lead(claim("c0.12", "to_line_end", 0.5, Grade.SUGGESTIVE), feature)
    assert sentence == "c0.12 tends to get redder the more characters are left in the line."
    assert words.label_at(feature, 7.0) == "characters left in the line: 7"
    assert words.event(feature, "rise") == "a new line begins"


def test_steps_of_both_signs_are_not_called_even():
    assert "from level to level (the smallest is 74%" in words.evenness_sentence(0.74)
    assert "nearly the same size at every level" in words.evenness_sentence(0.96)
    assert "not a clean counter" in words.evenness_sentence(-0.77)


def test_an_event_is_about_the_change_and_claims_no_memory():
    feature = FEATURES["opens"].spec
    event = claim("dc0.17", "opens", 0.5, Grade.SUGGESTIVE)
    assert words.lead(event, feature) == (
        "c0.17 tends to jump up whenever a bracket, string or comment opens.")
    numbers = words.numbers_sentence(event, feature)
    assert numbers.startswith("Correlation .50")
    assert "last two characters" not in numbers + words.meaning(event, feature)
    assert words.headline(event)[0] == "r"
    steps = words.counter_sentence(exhibit(), with_results(event, counter=COUNTER), feature)
    assert steps == (
        "On average, the cell state rises by .400 when a bracket, string or comment opens (95% "
        "interval .300 to .500, 812 times) and falls by .300 when a bracket, string or comment "
        "closes (95% interval .200 to .400, 809 times).")


def test_the_worst_passage_is_called_a_failure_only_where_it_is_one():
    excerpt = replace(exhibit().cells[0].excerpts[0], rule="fails", contribution=-0.1)
    assert words.excerpt_heading(excerpt) == "Where it fails"
    fits = replace(excerpt, contribution=0.1)
    assert words.excerpt_heading(fits) == "The worst passage we found (it still fits)"
    assert "the weakest passage" in words.excerpt_rule(fits)
    assert words.excerpt_name(fits) == words.excerpt_name(excerpt) == "Worst"
    assert words.excerpt_heading(replace(excerpt, rule="own")) == "own"


def test_what_changes_is_named_where_a_cell_has_several_states():
    lstm = exhibit()
    assert [words.changing(lstm, s) for s in ("dh", "dc")] == ["the hidden state", "the cell state"]
    one = replace(lstm, signals=tuple(s for s in lstm.signals if "c" not in (s.name, s.of)))
    assert words.changing(one, "dh") == "the unit"


def test_signals_and_architectures_are_called_what_their_card_says():
    lstm = exhibit()
    own = replace(lstm, name="own", architecture="own", architecture_title="an Elman net", signals=(
        *(s for s in lstm.signals if s.name not in "ifgo"),
        Signal("f", Kind.GATE, "leak", 0.0, 1.0), Signal("i", Kind.CANDIDATE, "drive", -1.0, 1.0),
        Signal("o", Kind.GATE, "valve", 0.0, 1.0)))
    own = replace(own, cells=tuple(replace(c, exhibit="own") for c in own.cells),
                  saturation={"f": lstm.saturation["f"]})
    excerpt = own.cells[0].excerpts[0]
    inside = replace(excerpt.inside, gates={"f": excerpt.inside.gates["f"]})
    own = replace(own, cells=(replace(own.cells[0], excerpts=(replace(excerpt, inside=inside),)),))
    assert signals_of(own) == [("f", "leak"), ("o", "valve")]
    found = {p.path: p.content for p in render_site([own], SPECS).fragments}
    page = found["exhibits/own.html"]
    assert "How an Elman net works" in page and "<dd>Elman net, 1 layer of 256 units" in page
    assert "<h3>leak</h3>" in page
    assert '<th scope="row">leak</th>' in found["cells/own/l0-17.html"]
    assert "forget gate</h3>" not in page + found["cells/own/l0-17.html"]


def test_every_grade_has_a_meaning():
    assert set(words.MEANING) == set(Grade)
    verified = claim("h0.1", "next_is_newline", 0.5, Grade.VERIFIED)
    assert "predicts" in words.meaning(verified, FEATURES["next_is_newline"].spec)
    assert words.meaning(verified, FEATURES["in_string"].spec) == words.MEANING[Grade.VERIFIED]
    assert words.grade_sentence(verified, FEATURES["in_string"].spec).startswith("Verified: it ")


def test_every_cell_exhibit_and_feature_has_a_page_and_its_numbers():
    cards = exhibits()
    site = render_site(cards, SPECS)
    pages = {p.path for p in site.markdown}
    fragments = {p.path: p.content for p in site.fragments}
    for card in cards:
        assert f"exhibits/{card.name}.md" in pages
        for cell in card.cells:
            layer, index = cell.claim.cell
            name = f"cells/{card.name}/l{layer}-{index}"
            assert f"{name}.md" in pages
            written = fragments[f"{name}.html"]
            assert numbers.estimated(cell.claim.held_out.r) in written
            for excerpt in cell.excerpts:
                assert excerpt.document in written
            assert card.license in written
    assert {f"features/{s.id}.md" for s in SPECS} <= pages
    downloads = {p.path: p.content for p in site.downloads}
    stored = json.loads(downloads[f"cells/{cards[0].name}/l0-17.json"])
    assert "NaN" not in json.dumps(stored)


def test_names_in_published_files_are_those_that_they_always_had():
    (card,) = (replace(e, seed_group="one") for e in exhibits()[:1])
    downloads = {p.path: p.content for p in render_site([card], SPECS).downloads}
    of_exhibit = json.loads(downloads[f"exhibits/{card.name}.json"])
    of_cell = json.loads(downloads[f"cells/{card.name}/l0-17.json"])
    assert of_exhibit["family"] == "one" and of_exhibit["elsewhere"] is None
    assert of_cell["elsewhere"] is None and "gap" in of_cell["claim"]
    assert not {"transfer", "seed_group"} & {*of_exhibit, *of_cell}


def long_numbers(value):
    """Yield the numbers of JSON that have more than five significant digits."""
    if isinstance(value, float) and float(f"{value:.5g}") != value:
        yield value
    for each in value if isinstance(value, list) else value.values() if isinstance(
            value, dict) else ():
        yield from long_numbers(each)


def test_measured_numbers_are_published_with_five_digits():
    exact = 0.123456789012345
    (card,) = exhibits()[:1]
    first = card.cells[0]
    claim = replace(first.claim, r=exact, held_out=replace(
        first.claim.held_out, r=Estimate(-exact * 1e-3, None, exact * 1e3)))
    others = {feature: exact for feature in card.shares}
    card = replace(card, shares=others, claims=(claim, *card.claims[1:]),
                   cells=(replace(first, claim=claim), *card.cells[1:]))
    files = {p.path: p.content for p in render_site([card], SPECS).downloads}
    published = [json.loads(files[f"{name}.json"]) for name in (
        f"exhibits/{card.name}", f"words/{card.name}", cell_name(card.cells[0]))
        if f"{name}.json" in files]
    of_exhibit, of_cell = published[0], published[-1]
    for name in ("excerpts", "same"):  # as they were stored, which is with three digits
        assert of_cell.pop(name)
    assert not list(long_numbers(published))
    for stored in (of_exhibit["claims"][0], of_cell["claim"]):
        assert stored["r"] == 0.12346
        assert stored["held_out"]["r"] == {"value": -0.00012346, "low": None, "high": 123.46}
    assert set(of_exhibit["shares"].values()) == {0.12346}
    row = next(csv.DictReader(io.StringIO(files[f"exhibits/{card.name}.csv"])))
    assert (row["r_discover"], row["r"], row["r_low"], row["r_high"]) == (
        "0.12346", "-0.00012346", "", "123.46")


def test_what_stands_between_backticks_is_code_and_escaped():
    spec = replace(SPECS[0], hypothesis="is on from `if <b>` to `:`")
    pages = {p.path: p.content for p in render_site([], [spec]).fragments}
    assert "is on from <code>if &lt;b&gt;</code> to <code>:</code>" in pages["features/index.html"]
    assert "not tested" in pages["features/index.html"]


def test_the_same_cards_give_the_same_bytes():
    assert render_site(exhibits(), SPECS) == render_site(exhibits(), SPECS)


def test_generated_headings_show_the_title_as_it_is():
    import markdown

    from builder.rendering.markdown import markdown_page

    title = "c0.1: *a* [b](c) <i> & \\ `x` #1_2 {y}!"
    page = markdown_page("cells/x/l0-1", title, searched=False)
    body = page.content.split("---\n", 2)[2]
    heading = markdown.markdown(body).splitlines()[0]
    assert html.unescape(re.sub(r"</?h1[^>]*>", "", heading)) == title


def test_in_the_search_a_unit_with_evidence_comes_before_other_pages():
    for page in render_site(exhibits(), SPECS).markdown:
        assert ("search:\n  boost: 2\n" in page.content) == page.path.startswith("cells/")


@pytest.mark.parametrize("over", ["document", "piece"])
def test_the_page_of_an_exhibit_says_what_its_intervals_are_over(over):
    shown = [replace(e, interval_over=over) for e in exhibits()]
    site = render_site(shown, SPECS)
    page = next(p.content for p in site.fragments if p.path == "exhibits/python-lstm.html")
    said = [kind for kind, words_ in words.INTERVALS.items() if html.escape(words_) in page]
    assert said == [over]
