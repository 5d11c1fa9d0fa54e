"""The page of all results: every number on it comes from the cards."""

import gzip
import html
import json
import random
import re
from dataclasses import replace

import pytest

from builder.core.cards import Grade
from builder.core.evidence import Detection, Effect
from builder.core.scores import Estimate, HeldOut
from builder.core.shown import Transfer
from builder.features import FEATURES
from builder.rendering import render_site
from builder.rendering.environment import environment
from builder.rendering.gallery import Gallery
from builder.rendering.page_kind import PAGE_KINDS, planned
from builder.rendering.results import all_claims, all_counters, all_seeds, all_transferred
from tests.make_cards import cell, claim, exhibit, with_results

SPECS = tuple(f.spec for f in FEATURES.values())
FOLD = re.compile(r'<details class="more" id="claims-([\w-]+)">(.*?)</details>', re.S)


def page_of(*cards):
    gallery = Gallery(cards, SPECS)
    kind = next(kind for kind in PAGE_KINDS.all() if kind.name == "results")
    (page,) = planned(kind, gallery)
    assert page.name == "results/index" and page.title and page.searched
    template = environment().get_template(str(page.template))
    return template.render({"gallery": gallery, **page.given()})


def section(page, anchor):
    """Return what stands between a heading and the next; empty where there is none of it."""
    return page.partition(f'<h2 id="{anchor}">')[2].partition("<h2 ")[0]


def rows(part):
    """Return the cells of every row of a table, as they are read."""
    bodies = re.findall(r"<tbody>(.*?)</tbody>", part, re.S)
    found = [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.S)
             for body in bodies for row in re.findall(r"<tr>(.*?)</tr>", body, re.S)]
    return [[read(cell) for cell in row] for row in found]


def read(cell):
    return " ".join(html.unescape(re.sub(r"<[^>]*>", "", cell)).split())


def with_claims(name, *claims, **more):
    card = exhibit(name)
    return replace(card, claims=claims, shares={c.feature: 0.5 for c in claims}, **more)


def test_a_row_for_each_network_with_its_counts():
    causal = claim("c0.17", "in_string", 0.8, Grade.CAUSAL)
    other = claim("h0.17", "in_comment", 0.7, Grade.VERIFIED)
    third = claim("h0.9", "bracket_depth", 0.7, Grade.VERIFIED)
    weak = claim("h0.8", "is_upper", 0.1, Grade.NOT_SUPPORTED)
    page = page_of(with_claims("one", causal, other, third, weak, tokens="words"),
                   with_claims("two", weak, training={}, parameters=4_858))
    assert rows(section(page, "networks")) == [
        ["one", "The Python standard library", "LSTM", "359,011", "140,000,000 words", "1.60",
         "2 of 256", "1"],
        ["two", "The Python standard library", "LSTM", "4,858", "", "1.60", "0 of 256", "0"]]


def test_what_is_no_character_is_said_of_the_network_that_reads_it():
    page = page_of(exhibit("letters"), replace(exhibit("words"), tokens="words"))
    folds = dict(FOLD.findall(page))
    assert "The network reads words" in folds["words"]
    assert "The network reads" not in folds["letters"]


def test_the_pictures_show_the_cells_that_their_own_pages_show():
    page = page_of(exhibit())
    found = rows(section(page, "classics"))
    assert found[0] == ["Inside quotes and comments", "python-lstm", "c0.17", "inside a string",
                        ".83 [.80, .86]", ".79 [.76, .82]", "verified"]
    assert [row[0] for row in found if row[1] == "none"] == [
        "Position in the line", "Inside the condition of an if", "A counter"]
    card = exhibit()
    second = cell(card.name, "c0.30", "bracket_depth", 0.5, Grade.VERIFIED)
    page = page_of(replace(card, cells=(*card.cells, second)))
    counting = section(page, "classics").partition("</table>")[2]
    assert "Does c0.30 of python-lstm count?" in read(counting)
    assert "the cell state rises by .400 when a " in read(counting)
    assert "The network's own prediction of it, all units together, has r′ = .70." in read(counting)
    assert counting.count("own prediction") == 1  # of the one picture that is about the future


def test_every_control_of_a_claim_has_its_column():
    full = with_results(claim("c0.17", "in_string", 0.83, Grade.CAUSAL),
                        detection=Detection(0.954, 0.401, 0.1, 0.8, 0.7),
                        ablation=Effect(Estimate(0.0531, 0.04, 0.06), 0.0214, 50))
    bare = replace(claim("h0.5", "in_comment", -0.4, Grade.SUGGESTIVE), results=())
    fold = dict(FOLD.findall(page_of(with_claims("one", bare, full))))["one"]
    assert rows(fold) == [
        ["inside a string", "c0.17", ".83 [.80, .86]", ".79 [.76, .82]", ".35", ".001",
         ".95 (40%)", ".44", ".053 (.021)", ".40, −.30", "82%", "causal"],
        ["inside a comment", "h0.5", "−.40 [−.43, −.37]", "−.44 [−.47, −.41]", "", "", "", "", "",
         "", "", "suggestive"]]


def test_claims_stand_by_grade_and_what_is_not_supported_is_named():
    made = [claim("h0.1", "in_string", 0.5, Grade.VERIFIED),
            claim("h0.2", "in_comment", -0.9, Grade.VERIFIED),
            claim("h0.3", "bracket_depth", 0.4, Grade.CAUSAL),
            claim("h0.4", "opens", 0.9, Grade.NOT_SUPPORTED)]
    card = with_claims("one", *made)
    card = replace(card, shares={**card.shares, "is_upper": 0.0})
    (of,) = all_claims(Gallery((card,), SPECS))
    assert [best.feature.id for best in of.best] == ["bracket_depth", "in_comment", "in_string"]
    assert {spec.id for spec in of.unsupported} == {"opens", "is_upper"}
    fold = dict(FOLD.findall(page_of(card)))["one"]
    assert "claims on 3 of 5 features" in fold
    named = read(fold.partition("</table>")[2])
    assert FEATURES["opens"].spec.title in named and FEATURES["in_string"].spec.title not in named


def seed(name, *found):
    return with_claims(name, *(claim("h0.1", feature, 0.8, grade) for feature, grade in found),
                       seed_group="one", model_digest=name)


def test_seeds_say_in_how_many_of_them_a_feature_is_found():
    shown = (seed("s-1", ("in_string", Grade.VERIFIED), ("in_comment", Grade.SUGGESTIVE)),
             seed("s-2", ("in_string", Grade.CAUSAL), ("in_comment", Grade.VERIFIED)),
             exhibit("other"))
    (group,) = all_seeds(Gallery(shown, SPECS))
    assert [e.name for e in group.networks] == ["s-1", "s-2"]
    assert [(words, [f.id for f in features]) for words, features in group.found] == [
        ("2 of 2 seeds", ["in_string"]), ("1 of 2 seeds", ["in_comment"])]
    part = section(page_of(*shown), "seeds")
    assert re.findall(r"<li><strong>(.*?)</strong>: .*?>([^<]+)</a>", part) == [
        ("2 of 2 seeds", "inside a string"), ("1 of 2 seeds", "inside a comment")]


def test_counters_are_the_counts_that_any_architecture_has():
    lstm = with_claims("l", claim("h0.1", "bracket_depth", -0.8, Grade.VERIFIED),
                       claim("h0.2", "in_string", 0.8, Grade.VERIFIED), budget="b")
    gru = with_claims("g", claim("h0.3", "bracket_depth", 0.2, Grade.NOT_SUPPORTED), budget="b",
                      architecture="gru", architecture_title="a GRU", parameters=9)
    (group,) = all_counters(Gallery((lstm, gru), SPECS))
    assert [row.feature.id for row in group.rows] == ["bracket_depth"]
    title = FEATURES["bracket_depth"].spec.title
    assert rows(section(page_of(lstm, gru), "counters")) == [
        [title, "h0.3 .16 not supported", "h0.1 −.84 verified"]]


def test_transfer_counts_what_is_left_with_the_same_sign():
    text = Transfer("English licences", "Licences", "free", 12, 90_000, 2.5)
    card = exhibit()
    left = {"c0.17": 0.35, "c0.203": -0.6, "h0.5": -0.7}  # of .79, −.68 and .68 at home
    cells = tuple(replace(c, transfer=HeldOut(Estimate(0.1), Estimate(left[str(c.claim.unit)])))
                  if str(c.claim.unit) in left else c for c in card.cells)
    card = replace(card, transfer=text, cells=cells)
    (found,) = all_transferred(Gallery((card,), SPECS))
    assert [str(c.claim.unit) for c in found.cells] == ["c0.203", "c0.17", "h0.5"]
    assert found.held == 2
    assert rows(section(page_of(card), "transfer")) == [
        ["python-lstm", "English licences", "2.50", "2 of 3",
         f"c0.203, {FEATURES['bracket_depth'].spec.title}", "−.68 [−.71, −.65]", "−.60"]]


def test_a_film_is_told_in_a_sentence_for_each_of_its_cells():
    part = section(page_of(exhibit()), "films")
    assert part.count("<li>") == 2
    assert "c0.17 reached half of its final score (r′ = .79) between 80 thousand and " \
           "1.5 million characters of training." in read(part)


@pytest.mark.parametrize("anchor", ["seeds", "counters", "films", "transfer"])
def test_there_is_no_heading_over_nothing(anchor):
    assert section(page_of(replace(exhibit(), film=None)), anchor) == ""


def test_without_exhibits_the_page_says_so():
    assert "No exhibit has been built yet." in page_of()


def test_names_from_outside_are_escaped():
    page = page_of(replace(exhibit("shakespeare", "A GRU that read <plays>"),
                           source="<b>plays</b>"))
    assert "<plays>" not in page and "<b>plays" not in page and "&lt;plays&gt;" in page


def test_thirteen_exhibits_with_all_features_are_a_light_page():
    """No page of the site may have more than 60 kB gzipped; the theme takes some of these."""
    draw = random.Random(1)

    def drawn(number, spec):
        one = claim(f"c0.{draw.randrange(256)}", spec.id, draw.uniform(-0.9, 0.9),
                    draw.choice([Grade.CAUSAL, Grade.VERIFIED, Grade.SUGGESTIVE,
                                 Grade.NOT_SUPPORTED]))
        return with_results(one, untrained=draw.random(), shuffled_labels=draw.random(),
                            localisation=draw.random(), rank_correlation=draw.random(),
                            detection=Detection(draw.random(), draw.random(), 0.1, 0.8, 0.7),
                            ablation=Effect(Estimate(draw.random()), draw.random(), 50))

    cards = [with_claims(f"exhibit-{n}", *(drawn(n, spec) for spec in SPECS)) for n in range(13)]
    page = page_of(*(replace(card, cells=()) for card in cards))
    assert page.count("<tr>") > 13 * 30
    assert len(gzip.compress(page.encode(), 6)) < 50_000


@pytest.mark.parametrize(("reset", "said"), [
    ("document", None), ("line", "at each line"), (100, "every 100 characters, as in training")])
def test_where_the_state_begins_anew_is_said(reset, said):
    made = replace(exhibit("letters"), reset=reset)
    site = render_site([made], [f.spec for f in FEATURES.values()])
    page = next(p.content for p in site.fragments if p.path == "exhibits/letters.html")
    fact = "<dt>the state is set to zero</dt><dd>"
    assert fact not in page if said is None else f"{fact}{said}</dd>" in page
    (record,) = [p.content for p in site.downloads if p.path == "exhibits/letters.json"]
    record = json.loads(record)
    assert record.get("reset", "document") == reset
