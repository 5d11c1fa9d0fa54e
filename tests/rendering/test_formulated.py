"""Formulas in plain English, and the pages that say them."""

import csv
import io
import json
import re
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from builder.core.evidence import Effect
from builder.core.formulas import parsed
from builder.core.grades import Grade
from builder.core.labels import Tag
from builder.core.runs import labels_of
from builder.core.scores import Estimate
from builder.core.worded import Spread
from builder.features import FEATURES
from builder.rendering import formulated, render_site, spreading
from builder.rendering.charts import spread_chart
from builder.rendering.environment import environment
from builder.rendering.followed import followed
from builder.rendering.gallery import Gallery
from builder.rendering.given import given_on
from builder.rendering.page_kind import PAGE_KINDS, planned
from tests.make_cards import FEATURES as MADE
from tests.make_cards import PROGRAM, exhibit, formula_claim

SPECS = tuple(f.spec for f in FEATURES.values())
GALLERY = Gallery((), SPECS)


@pytest.mark.parametrize(("formula", "said"), [
    ("in_string", "inside strings"),
    ("~in_string", "everywhere except inside strings"),
    ("in_indent & ~in_string & ~in_comment",
     "in the spaces at the start of a line, but not inside strings or inside comments"),
    ("in_string | in_comment", "inside strings, or inside comments"),
    ("(in_string | in_comment) & ~bracket_depth>=2",
     "either inside strings or inside comments, but not where 2 or more brackets are open"),
    ('(last_mark=="(" | last_mark=="[" | in_import) & in_string',
     "inside strings and either where the last punctuation mark is “(” or “[” or in import "
     "statements"),
    ('(last_mark=="(" | last_mark=="[") & in_string',
     "inside strings and where the last punctuation mark is “(” or “[”"),
    ("line_position>=7", "after 7 or more characters of a line"),
    ("blank_lines & last_line_length>=9",
     "after 1 or more blank lines and where the previous line has 9 or more characters"),
    ("block_depth>=2 & ~indent_depth>=12",
     "inside 2 or more blocks of code, but not in lines indented by 12 or more"),
    ('in_indent & ~last_mark==")" & ~last_mark=="="',
     "in the spaces at the start of a line, but not where the last punctuation mark is “)” or “=”"),
    ("in_indent & (~in_string | ~in_comment)",
     "in the spaces at the start of a line, but not (inside strings and inside comments)"),
    ("in_string | in_comment & in_parens",
     "inside strings, or (inside comments and inside parentheses)"),
    ("~in_string & ~in_comment", "everywhere except inside strings or inside comments"),
    ("paragraph_line>=3", "3 or more lines below a blank line"),
    ("block_lines>=1", "1 or more lines after a block began or ended"),
    ("to_line_end>=20", "where 20 or more characters are left in the line"),
    ('first_word=="import"', "in lines that begin with “import”"),
    ('last_mark=="\\u202e"', "where the last punctuation mark is “U+202E”"),
    ("of_some_package & in_string", "where “of_some_package” holds and inside strings"),
])
def test_said(formula, said):
    assert formulated.written(formula, GALLERY) == said


@pytest.mark.parametrize(("character", "said"), [
    (")", "all “)”"), ("\\n", "all newlines"), (" ", "all spaces"), ("\\t", "all tabs")])
def test_characters_that_cannot_be_seen_have_names(character, said):
    claim = SimpleNamespace(given=f'character=="{character}"')
    assert formulated.among(claim, GALLERY) == said


def test_every_count_says_where_it_has_reached_a_number():
    for spec in SPECS:
        if spec.tag is Tag.COUNT:
            assert "3 or more" in formulated.written(f"{spec.id}>=3", GALLERY), spec.id


def test_every_feature_can_be_a_term():
    for spec in SPECS:
        for atom in (spec.id, f"{spec.id}>=3"):
            words = formulated.written(f"{atom} & ~{atom}", GALLERY)
            assert words.count(formulated.written(atom, GALLERY)) == 2


@pytest.mark.parametrize(("value", "grade", "said"), [
    (0.6, Grade.CAUSAL, "c0.1 is red inside strings."),
    (-0.6, Grade.VERIFIED, "c0.1 is blue inside strings."),
    (0.6, Grade.SUGGESTIVE, "c0.1 tends to be red inside strings."),
    (0.6, Grade.NOT_SUPPORTED, "c0.1 seems to be red inside strings, but this does not hold up."),
])
def test_the_sentence_says_how_sure_it_is(value, grade, said):
    assert formulated.sentence(formula_claim("c0.1", "in_string", value, grade), GALLERY) == said


def test_a_formula_that_explains_little_holds_weakly():
    claim = formula_claim("c0.1", "in_string")
    weak = replace(claim, explained=replace(claim.explained, formula=0.12))
    assert formulated.sentence(weak, GALLERY) == \
        "c0.1 tends to be red inside strings, but only weakly."


def test_the_share_is_said_only_where_there_is_one():
    claim = formula_claim("c0.1", "in_string")
    assert "33% of what it does is in these words" in formulated.share_sentence(claim)
    assert formulated.share_sentence(claim).endswith("would tell 52%.")
    for nothing in (None, -0.2, 0.0):
        explained = replace(claim.explained, formula=nothing)
        assert not formulated.share_sentence(replace(claim, explained=explained))


def test_drawn_lines_are_those_of_the_text_with_the_formula_under_them():
    card = exhibit()
    claim = card.worded.formulas[0]
    drawn = followed(card, claim)
    at = PROGRAM.index(drawn.whole.text) if drawn.whole.document == "html/part0.py" else \
        PROGRAM[::-1].index(drawn.whole.text)
    (marked,) = [m for m in card.worded.marked if m.document == drawn.whole.document]
    on = {atom: labels_of(marked.holds[str(atom)]) for atom in parsed(claim.text).atoms}
    for n, (label, missed) in enumerate(zip(drawn.whole.labels, drawn.misses, strict=True)):
        quoted, commented, deep = (on[a][at + n] for a in parsed("in_string & in_comment & "
                                                                 "bracket_depth>=2").atoms)
        assert label == float(bool((quoted or commented) and not deep))
        assert missed in (0.0, 1.0)
    assert [str(t.formula) for t in drawn.terms] == [str(a) for a in parsed(claim.text).atoms]
    assert 0 < drawn.missed < 1


def test_nothing_is_drawn_where_it_is_not_known_where_terms_hold():
    card = exhibit()
    bare = replace(card, worded=replace(card.worded, marked=()))
    assert followed(bare, card.worded.formulas[0]) is None
    short = tuple(replace(m, holds={a: "1x3" for a in m.holds}) for m in card.worded.marked)
    assert followed(replace(card, worded=replace(card.worded, marked=short)),
                    card.worded.formulas[0]) is None


def pages(*cards):
    gallery = Gallery(cards, MADE)
    kind = next(kind for kind in PAGE_KINDS.all() if kind.name == "words")
    return {page.name: environment().get_template(str(page.template)).render(
        {"gallery": gallery, **(page.given() if callable(page.given) else page.given)})
        for page in planned(kind, gallery)}


def test_a_page_for_each_network_in_words_and_one_for_all():
    plain = replace(exhibit("plain"), worded=None)
    made = pages(exhibit(), plain)
    assert list(made) == ["words/index", "words/python-lstm"]
    one, whole = made["words/python-lstm"], made["words/index"]
    assert "2 of 256 units can be put into words" in one
    assert "&lt;b&gt;" in one and "<b>”" not in one
    assert "all “)”" in one and ".85" in one
    assert 'href="page:words/python-lstm"' in whole and "words/plain" not in whole


def test_without_words_the_page_of_all_says_so():
    made = pages(replace(exhibit(), worded=None))
    assert list(made) == ["words/index"] and "No exhibit" in made["words/index"]


def test_the_files_hold_every_formula():
    card = exhibit()
    kind = next(kind for kind in PAGE_KINDS.all() if kind.name == "words")
    site = {file.path: file.make() for file in kind.downloads(Gallery((card,), MADE))}
    rows = list(csv.DictReader(io.StringIO(site["words/python-lstm.csv"])))
    content = json.loads(site["words/python-lstm.json"])
    assert [row["formula"] for row in rows] == [c.text for c in card.worded.formulas]
    assert content["formulas"][1]["tree"] == parsed(card.worded.formulas[1].text).as_json()
    assert "marked" not in content and len(content["conditions"]) == 1


def test_the_page_of_a_cell_says_it_in_words():
    site = render_site((exhibit(),), MADE)
    told, untold = ("".join(page.content for page in site.fragments if page.path.startswith(
        f"cells/python-lstm/{name}")) for name in ("l0-17", "l0-88"))
    assert 'id="in-words"' in told and "is in these words" in told
    assert "Each part of the formula alone" in told
    assert 'id="in-words"' not in untold


def test_the_clearest_come_first_whatever_their_grade():
    claims = [formula_claim("c0.1", "in_string", 0.4, Grade.CAUSAL),
              formula_claim("c0.2", "in_string", -0.7),
              formula_claim("c0.3", "in_string", 0.9, Grade.SUGGESTIVE)]
    assert [c.unit.index for c in formulated.clearest(claims)] == [2, 1]


def test_the_classic_shows_a_unit_among_the_characters_that_it_is_about():
    card = exhibit()
    shown = given_on(Gallery((card,), MADE), {"next_is_newline"})
    claim, picture = shown[0].claim, shown[0].picture
    assert formulated.condition_sentence(claim, GALLERY) == \
        "Among all “)”, c0.88 is red just before a line ends."
    text = PROGRAM if picture.document == "html/part0.py" else PROGRAM[::-1]
    at = text.index(picture.text)
    for n, (c, value, label) in enumerate(zip(picture.text, picture.values, picture.labels,
                                              strict=True)):
        assert np.isnan(value) == (c != ")")
        assert label == float(c == ")" and text[at + n + 1 : at + n + 2] == "\n")
    weak = replace(claim, grade=Grade.SUGGESTIVE)
    none = replace(card, worded=replace(card.worded, conditions=(weak,)))
    assert not given_on(Gallery((none,), MADE), {"next_is_newline"})


def test_a_unit_that_says_several_things_says_them_all():
    one = exhibit()
    gallery = Gallery((one,), MADE)
    first, second, weak = one.worded.formulas
    said = formulated.several_sentence(first, gallery)
    assert said == ("It says more than one thing: besides, it is bluer inside a comment. "
                    "Together these words tell 44% of what it does.")
    assert formulated.several_sentence(second, gallery) == ""
    assert formulated.several_sentence(
        replace(weak, several=first.several), gallery) == ""  # its first formula is not sure
    assert formulated.saying_several(one.worded.formulas) == [first]


@pytest.mark.parametrize(("explained", "linear", "said"), [
    ((0.55, 0.57, 0.57, 0.58, 0.58), 0.6,
     "One unit alone tells nearly all that the network tells about it (60%)."),
    ((0.2, 0.3, 0.5, 0.55, 0.58), 0.6,
     "No single unit has it: the best one tells 20% of it, five together 50%, all 60%."),
    ((0.0, -0.1, 0.1, None, 0.2), 0.6,
     "It is spread over many units: the best one tells 0% of it, all together 60%."),
    ((), 0.6, "It is spread over many units: the best one tells little of it, all together 60%."),
])
def test_over_how_many_units_a_feature_is_spread(explained, linear, said):
    sizes = (1, 2, 5, 10, 20)[:len(explained)]
    assert spreading.spread_said(Spread("in_string", (), sizes, explained, linear, 0.1)) == said


def test_features_that_a_network_tells_are_listed_with_what_it_learned_most_of_first():
    one = exhibit()
    gallery = Gallery((one,), MADE)
    assert [f.id for f, _ in spreading.spreads_of(one, gallery)] == [
        "bracket_depth", "in_string"]
    rows = spreading.spreads_of(one, gallery)
    assert [f.id for f, _ in spreading.drawn(rows)] == ["bracket_depth"]  # one best unit of both
    told = next(f for f in MADE if f.id == "in_string")
    assert [(e.name, s.linear) for e, s in spreading.networks_telling(gallery, told)] == [
        (one.name, 0.6)]
    bare = replace(one, worded=None)
    assert spreading.spreads_of(bare, gallery) == [] and spreading.spread_over(bare, "x") is None


@pytest.mark.parametrize(("sizes", "explained", "points"), [
    ((1, 2, 5), (0.1, 0.5, -0.2), 4), ((1,), (0.5,), 0), ((1, 2), (0.5, None), 0), ((), (), 0)])
def test_a_curve_has_a_point_for_each_number_of_units(sizes, explained, points):
    drawn = str(spread_chart(Spread("in_string", (), sizes, explained, 0.6, 0.1)))
    assert drawn.count("<circle") == points
    assert not points or ("1 unit: 10%" in drawn and "all units: 60%" in drawn
                          and drawn.count("<polyline") == 2)


def test_sums_and_spread_stand_on_the_pages():
    site = render_site([exhibit()], MADE)
    pages = {page.path: page.content for page in site.fragments}
    worded = next(c for p, c in pages.items() if "words/" in p and p.count("/") > 0
                  and 'id="spread"' in c)
    assert 'id="several"' in worded and "bluer inside a comment" in worded
    assert worded.count('class="curve-chart"') >= 2
    feature = next(c for p, c in pages.items() if "features/in_string" in p)
    assert 'id="spread"' in feature and "One unit, a few, or many" in feature
    other = next(c for p, c in pages.items() if "features/in_comment" in p)
    assert 'id="spread"' not in other


def effect(nats):
    return Effect(Estimate(nats, None, None), None, 0)


@pytest.mark.parametrize(("nats", "said"), [
    (0.0214, ".021 nats per character more where the formula holds than elsewhere"),
    (-0.2561, ".256 nats per character less where the formula holds than elsewhere")])
def test_what_freezing_costs_is_a_size_and_a_direction(nats, said):
    card = exhibit()
    claims = tuple(replace(c, effect=effect(nats)) for c in card.worded.formulas)
    assert said in page_of_17(replace(card, worded=replace(card.worded, formulas=claims)))


def page_of_17(card):
    return next(page.content for page in render_site((card,), MADE).fragments
                if page.path == "cells/python-lstm/l0-17.html")


def test_a_single_term_is_named_where_the_formula_is_more_than_that():
    card = exhibit()
    assert "The best single term" in page_of_17(card)
    alone = tuple(replace(c, single=c.text) for c in card.worded.formulas)
    assert "The best single term" not in page_of_17(
        replace(card, worded=replace(card.worded, formulas=alone)))


def test_long_tables_and_many_pictures_in_words_begin_with_the_first():
    one = pages(exhibit())["words/python-lstm"]
    folds = re.findall(r'<details class="more whole"[^>]*>', one)
    assert folds and all("data-first=" in fold for fold in folds)
    assert all("sorts" in table for table in re.findall(r'<div class="table[^>]*>', one))


def with_formulas_of(card, trained, untrained):
    coverage = card.worded.coverage
    first = {name: replace(row, formulas=(count, *row.formulas[1:])) for name, row, count in (
        ("trained", coverage.trained, trained), ("untrained", coverage.untrained, untrained))}
    return replace(card, worded=replace(card.worded, coverage=replace(coverage, **first)))


EASY = "A network that learned nothing is easy to put into words too"


def test_only_where_it_is_so_a_network_that_learned_nothing_is_called_easy_to_put_into_words():
    assert EASY in pages(with_formulas_of(exhibit(), 90, 140))["words/python-lstm"]
    assert EASY not in pages(with_formulas_of(exhibit(), 90, 24))["words/python-lstm"]


def test_the_page_on_correlation_shows_where_networks_that_learned_nothing_look_best():
    cards = [with_formulas_of(exhibit("fair"), 90, 60), with_formulas_of(exhibit("trap"), 60, 120)]
    page = next(page.content for page in render_site(cards, MADE).fragments
                if page.path == "why-words.html")
    assert "page:exhibits/trap" in page and "page:exhibits/fair" not in page
    assert "we understand such a network better" in page
    page = next(page.content for page in render_site(cards[:1], MADE).fragments
                if page.path == "why-words.html")
    assert "page:exhibits/fair" in page and "we understand" not in page
