"""The classic pictures: the best cell, and what is said where there is none."""

from dataclasses import replace

from builder.core.cards import Grade
from builder.core.units import UnitId
from builder.features import FEATURES
from builder.rendering import render_site
from builder.rendering.classics import CLASSICS, POST, show, show_all
from builder.rendering.gallery import Gallery
from tests.make_cards import COUNTER, cell, claim, depth, exhibit, with_results

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
        ("in_comment", "c0.2")]


def test_a_counter_must_step_both_ways_and_the_most_even_one_is_shown():
    def counting(unit, value, **changes):
        made = cell("python-lstm", unit, "bracket_depth", value, Grade.VERIFIED)
        return replace(made, claim=with_results(
            made.claim, counter=replace(COUNTER, **changes)))

    one_way = counting("c0.1", 0.95, opposite=False)
    uneven, even = counting("c0.2", 0.9, evenness=0.5), counting("c0.3", 0.6, evenness=0.9)
    shown = show(gallery(one_way, uneven, even), BY_NAME["counter"])
    assert shown.cell == even and shown.good
    assert show(gallery(one_way), BY_NAME["counter"]).cell is None
    uneven_alone = show(gallery(one_way, uneven), BY_NAME["counter"])
    assert uneven_alone.cell == uneven and not uneven_alone.good
    assert show(gallery(one_way, uneven), BY_NAME["nesting-depth"]).cell == one_way


def test_no_two_pictures_show_the_same_unit():
    def counting(unit, value):
        made = cell("python-lstm", unit, "bracket_depth", value, Grade.VERIFIED)
        return replace(made, claim=with_results(
            made.claim, counter=replace(COUNTER, evenness=0.9)))

    best, second = counting("c0.1", 0.9), counting("c0.2", 0.8)
    found = {shown.classic.name: shown.cell for shown in show_all(gallery(best, second))}
    assert (found["nesting-depth"], found["counter"]) == (best, second)
    alone = {shown.classic.name: shown.cell for shown in show_all(gallery(best))}
    assert (alone["nesting-depth"], alone["counter"]) == (best, None)


def test_where_no_unit_is_good_the_best_try_on_a_real_text_is_shown_and_said_to_be_one():
    weak = cell("python-lstm", "c0.1", "next_is_newline", 0.1, Grade.VERIFIED)
    made = replace(exhibit("made"), made=True, cells=(replace(weak, exhibit="made"),),
                   claims=(weak.claim,))
    claimed = replace(exhibit(), cells=(), claims=(
        claim("c0.17", "next_is_newline", 0.06, Grade.NOT_SUPPORTED),))
    shown = show(Gallery((made, claimed), SPECS), BY_NAME["end-of-line"])
    assert not shown.good and shown.cell is None
    assert (shown.picture.exhibit.name, str(shown.picture.claim.unit)) == ("python-lstm", "c0.17")
    pages = {p.path: p.content for p in render_site([made, claimed], SPECS).fragments}
    lead = pages["classics/end-of-line.html"].partition('<p class="lead">')[2].partition("</p>")[0]
    assert "No unit of this gallery shows it well" in lead
    assert "The best try" in pages["classics/index.html"]


def test_the_failure_is_shown_where_the_claim_fails_and_nowhere_else():
    fits = cell("python-lstm", "c0.17", "in_string", 0.8, Grade.VERIFIED)
    fits = replace(fits, excerpts=tuple(
        replace(e, contribution=abs(e.contribution)) for e in fits.excerpts))
    fails = cell("python-lstm", "c0.17", "in_string", 0.8, Grade.VERIFIED)
    for one, wanted in ((fits, False), (fails, True)):
        card = replace(exhibit(), cells=(one,), claims=(one.claim,))
        pages = {p.path: p.content for p in render_site([card], SPECS).fragments}
        assert ("Where it fails" in pages["classics/quotes-and-comments.html"]) == wanted


def test_the_pictures_of_the_index_are_coloured_and_name_the_post_that_made_them_famous():
    page = {p.path: p.content for p in render_site([exhibit()], SPECS).fragments}[
        "classics/index.html"]
    assert page.count('<pre class="x strip">') >= 4 and "<table" not in page
    assert "Karpathy" in page and POST in page
    assert "<b class=" in page and "The three most famous" in page


def test_what_is_not_there_is_said():
    card = replace(exhibit(), cells=(), claims=())
    pages = {p.path: p.content for p in render_site([card], SPECS).fragments}
    assert "no unit of this" in pages["classics/inside-if.html"]
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
    page = pages["classics/quotes-and-comments.html"]
    assert "c0.17" in page and "Where it fails" in page
    assert ".79 among places with the same last two characters" in page
