"""The page on who can count: every number on it comes from the results."""

import math
import re
from dataclasses import replace

import pytest

from builder.core.counted import Fails
from builder.features import FEATURES
from builder.rendering import render_site
from builder.rendering.counting import can, measured, rows
from builder.rendering.driving import found_sentence
from builder.rendering.foretold import Foretold, foretold, miss_sentence, verdict
from builder.rendering.numbers import number
from builder.rendering.theory import PAPERS, PUBLISHED, THEORY
from tests.make_cards import exhibit
from tests.make_counted import counted, driven, run

SPECS = tuple(f.spec for f in FEATURES.values())


def page_of(*runs, **more):
    site = render_site([exhibit()], SPECS, counted(*runs, **more))
    (page,) = [page for page in site.fragments if page.path == "counting/index.html"]
    return page.content


def row_of(page, anchor, title):
    part = page.partition(f'id="{anchor}"')[2]
    found = re.search(rf'<tr><th scope="row">{title}</th>(.*?)</tr>', part, re.S)
    return [re.sub(r"<[^>]*>", "", cell).strip()
            for cell in re.findall(r"<td[^>]*>(.*?)</td>", found[1], re.S)]


def test_without_results_the_page_says_how_to_make_them():
    for what in (None, counted()):
        site = render_site([exhibit()], SPECS, what)
        (page,) = [page for page in site.fragments if page.path == "counting/index.html"]
        assert "<code>gallery count</code> does it" in page.content
        assert "<table>" not in page.content


def test_theory_stands_beside_what_was_found():
    page = page_of(*(run("mingru", seed=s, right=s == 0, r=0.6) for s in range(5)),
                   *(run("mingrusigned", seed=s) for s in range(5)))
    plain, signed = (row_of(page, "theory", t) for t in ("minGRU", "signed minGRU"))
    assert plain == ["yes", "not tried", "no", "1 of 5", "no", "not tried", "no", "not tried"]
    assert signed[2:4] == ["yes", "5 of 5"]
    assert row_of(page, "units", "minGRU")[3:6] == [".60", ".97", "none up to 1,000"]
    assert "One line apart" in page
    assert "most networks do as theory says for minGRU and signed minGRU." in page


def test_what_goes_against_theory_is_said():
    page = page_of(*(run("mingru", seed=s) for s in range(5)))
    assert "not so for minGRU (theory no, 5 of 5 do)." in page
    assert "One line apart" not in page


def test_a_counter_counts_only_if_it_goes_far_beyond_training():
    assert can(run(language="counter", failed=None))
    assert can(run(language="counter", failed=21))
    assert not can(run(language="counter", failed=20))
    assert not can(run(language="toggle", right=False))


def test_published_figures_stand_beside_ours():
    page = page_of(*(run("lstm", "anbncn", s, failed=n) for s, n in enumerate((90, 130, None))))
    row = row_of(page, "anbncn", "LSTM")
    assert row[0] == "3" and row[4] == "130"
    assert row[5].startswith("139.5:") and PAPERS["suzgun"].short in row[5]


def test_a_language_of_which_most_networks_never_fail():
    page = page_of(run("lstm", "anbn", 0, failed=90), *(run("lstm", "anbn", s) for s in (1, 2)))
    assert row_of(page, "anbn", "LSTM")[4] == "none up to 1,000"


def test_foretold_and_found():
    ns = [(20, 22), (40, 38), (100, 120), (0, None)]
    runs = [run("lstm", "counter", s, foretold=a, failed=b) for s, (a, b) in enumerate(ns)]
    shown = foretold(counted(*runs))
    xs, ys = zip(*((math.log(a or 1001), math.log(b or 1001)) for a, b in ns), strict=True)
    mean_x, mean_y = sum(xs) / 4, sum(ys) / 4
    expected = sum((x - mean_x) * (y - mean_y) for x, y in zip(xs, ys, strict=True)) / math.sqrt(
        sum((x - mean_x) ** 2 for x in xs) * sum((y - mean_y) ** 2 for y in ys))
    assert shown.r == shown.within == pytest.approx(expected)  # of one language
    assert shown.guess is None  # whose training is the same for all
    assert [r.seed for r in shown.worst] == [2, 0, 1]
    page = page_of(*runs)
    assert f"r = {number(expected)}<" in page
    assert page.count('<circle class="dot"') == 4
    assert "4 of 4 fail within a quarter of the foretold n" in page
    assert "foretold 100, found 120" in page


def test_networks_that_did_not_learn_are_left_out_of_it():
    runs = [run("lstm", "counter", 0, foretold=5, failed=5, right=False),
            run("lstm", "toggle", 0)]
    assert foretold(counted(*runs)).runs == ()
    assert "No network here counts anything yet." in page_of(*runs)


def test_too_few_networks_have_no_correlation():
    runs = [run("lstm", "counter", s, foretold=12, failed=12 + s) for s in range(2)]
    assert foretold(counted(*runs)).r is None
    assert "not known" in page_of(*runs)


def test_a_miss_is_explained_by_its_numbers():
    assert "make good for it" in miss_sentence(run(language="counter", foretold=12, failed=80))
    assert "alone would go on to 80" in miss_sentence(
        run(language="counter", foretold=80, failed=12))
    assert "alone would go past 1,000: what" in miss_sentence(
        run(language="counter", foretold=0, failed=12))


def test_nothing_is_foretold_where_no_unit_gets_through_training():
    runs = [run("lstm", "counter", 0, foretold=10, failed=30),
            run("lstm", "counter", 1, foretold=11, failed=30)]
    shown = foretold(counted(*runs))
    assert ([r.seed for r in shown.runs], [r.seed for r in shown.others]) == ([1], [0])
    page = page_of(*runs)
    assert "<strong>1 of 2</strong>" in page
    assert row_of(page, "foretold", "LSTM")[0] == "1 of 2"


def test_what_training_alone_would_say_is_taken_off():
    runs = [run("lstm", language, seed, trained_to=n, foretold=n * a, failed=n * b)
            for language, n in (("counter", 10), ("anbn", 50))
            for seed, (a, b) in enumerate(((2, 3), (3, 2)))]
    shown = foretold(counted(*runs))
    assert shown.r > 0.8 and shown.guess > 0.8
    assert shown.within == pytest.approx(-1)
    assert "tell nothing about where" in verdict(shown)


def test_the_verdict_follows_the_number():
    said = {within: verdict(Foretold((), (), None, within, None, ()))
            for within in (None, 0.1, 0.3, 0.8)}
    assert said[None] == ""
    assert "tell nothing" in said[0.1] and "a little" in said[0.3]
    assert "do tell something" in said[0.8]


def test_names_from_a_file_are_escaped():
    bad = "<b>x</b>"
    page = page_of(run("new", bad), run("lstm", "counter", foretold=12, failed=80),
                   titles={"new": f"a {bad}", "lstm": "an LSTM"}, made_by=bad,
                   versions={bad: bad})
    assert bad not in page and "&lt;b&gt;x" in page


def test_an_architecture_that_no_paper_speaks_of_has_its_row():
    results = counted(run("new"), titles={"new": "a new one"})
    (row,) = rows(results, ("toggle",))
    assert (row.title, row.said) == ("new one", (None,))
    assert measured(results, "new", "toggle").good == 1
    assert row_of(page_of(run("new"), titles={"new": "a new one"}), "theory", "new one")[2] == \
        "open"


def test_every_claim_of_a_paper_has_its_source():
    assert {figure.paper for figure in PUBLISHED} <= set(PAPERS)
    assert all(paper.url.startswith("https://arxiv.org/abs/") for paper in PAPERS.values())
    assert all(said.why for row in THEORY.values() for said in row.values())
    assert all(set(row) == {"latch", "toggle", "counter"} for row in THEORY.values())


def test_networks_to_drive_stand_there_with_what_was_found_of_them():
    alone = driven(n=60)
    page = page_of(run(), driven=(alone, driven("gru", n=6)))
    assert page.count('class="wrong"') == 2 and page.count("data-driven=") == 2
    assert "c0.1 counts (r = .99)" in page and "it fails first at n = 60." in page
    assert "does not count alone" not in found_sentence(alone)
    never = replace(alone, run=replace(alone.run, failed=None, counting=(
        replace(alone.run.counting[0], fails=Fails(None, None, "")),)))
    assert "it should fail nowhere; it fails nowhere up to 1,000." in found_sentence(never)
    early = replace(alone, run=replace(alone.run, counting=(
        replace(alone.run.counting[0], fails=Fails(9, 51, "drift")),)))
    assert "fail first at n = 9" in found_sentence(early)
    assert "does not count alone" in found_sentence(early)
    assert 'id="drive"' not in page_of(run())
