"""What a visitor does on the pages, each number compared with the JSON of the cell."""

import json
import re

import numpy as np
import pytest

from builder.core.runs import labels_of
from builder.rendering.passages import first
from tests.browser.visit import Visit
from tests.make_cards import PROGRAM, UNITS, exhibit, read_on

pytestmark = pytest.mark.browser
CELL = "cells/python-lstm/l0-17"
COUNT = "cells/python-lstm/l0-203"
NAMES = [unit.name for unit in UNITS]


def said(text):
    """Return the numbers of a line as Python reads them."""
    return [float(n.replace("−", "-")) for n in re.findall(r"−?\d*\.\d+", text)]


@pytest.fixture
def stored(root):
    return json.loads((root / "site" / f"{CELL}.json").read_text())


def open_cell(chromium, base, **options):
    return Visit(chromium, f"{base}{CELL}/", **options)


def test_pointing_at_a_character_says_its_value_change_and_label(chromium, base, stored):
    first = stored["excerpts"][0]
    with open_cell(chromium, base) as visit:
        figure = visit.page.locator("figure.excerpt").first
        box = figure.locator(":scope > pre.x")
        for at in (first["text"].index("unescape"), first["text"].index("amp")):
            place = box.evaluate("""(box, at) => {
                const walker = document.createTreeWalker(box, NodeFilter.SHOW_TEXT);
                for (let node = walker.nextNode(); node; node = walker.nextNode()) {
                    if (at < node.length) {
                        const range = document.createRange();
                        range.setStart(node, at); range.setEnd(node, at + 1);
                        const r = range.getBoundingClientRect();
                        return [r.left + r.width / 2, r.top + r.height / 2];
                    }
                    at -= node.length;
                }
            }""", at)
            visit.page.mouse.move(*place)
            text = figure.locator(".readout").inner_text()
            value, change = said(text)[-2:]
            assert text.startswith(first["text"][at])
            assert value == pytest.approx(first["values"][at], abs=0.0051)
            assert change == pytest.approx(
                first["values"][at] - first["values"][at - 1], abs=0.0051)
            assert ("yes" in text) == bool(first["labels"][at])
            assert figure.locator(".needle").get_attribute("x1") == str(at)
        assert visit.complaints == []


def test_the_keyboard_leads_to_every_value(chromium, base, stored):
    first = stored["excerpts"][0]
    with open_cell(chromium, base) as visit:
        figure = visit.page.locator("figure.excerpt").first
        figure.locator(":scope > pre.x").focus()
        for key in ("ArrowRight", "ArrowRight", "ArrowRight", "ArrowLeft", "ArrowRight"):
            visit.page.keyboard.press(key)
        live = figure.locator("[aria-live]")
        assert said(live.inner_text())[0] in (0.17,) and said(live.inner_text())[1] == (
            pytest.approx(first["values"][2], abs=0.0051))
        visit.page.keyboard.press("End")
        end = first["text"].index("\n")
        assert live.inner_text().startswith("newline")
        assert said(live.inner_text())[1] == pytest.approx(first["values"][end], abs=0.0051)
        visit.page.keyboard.press("Home")
        assert said(live.inner_text())[1] == pytest.approx(first["values"][0], abs=0.0051)
        visit.page.keyboard.press("ArrowDown")  # goes to the page, until Enter
        assert said(live.inner_text())[1] == pytest.approx(first["values"][0], abs=0.0051)
        visit.page.keyboard.press("Enter")
        visit.page.keyboard.press("ArrowDown")
        assert said(live.inner_text())[1] == pytest.approx(first["values"][end + 1], abs=0.0051)


def test_the_readout_of_a_count_is_the_count(chromium, base, root):
    stored = json.loads((root / "site" / f"{COUNT}.json").read_text())
    first = stored["excerpts"][0]
    with Visit(chromium, f"{base}{COUNT}/") as visit:
        figure = visit.page.locator("figure.excerpt").first
        figure.locator(":scope > pre.x").focus()
        visit.page.keyboard.press("ArrowRight")
        for _ in range(first["text"].index("(")):
            visit.page.keyboard.press("ArrowRight")
        assert figure.locator("[aria-live]").inner_text().endswith("bracket depth: 1")


def test_the_trace_is_pointed_at_too(chromium, base, stored):
    first = stored["excerpts"][0]
    with open_cell(chromium, base) as visit:
        figure = visit.page.locator("figure.excerpt").first
        trace = figure.locator("svg.trace")
        trace.scroll_into_view_if_needed()
        size = trace.bounding_box()
        at = len(first["text"]) // 3
        visit.page.mouse.move(size["x"] + (at + 0.5) * size["width"] / len(first["text"]),
                              size["y"] + size["height"] / 2)
        value = said(figure.locator(".readout").inner_text())[-2]
        assert value == pytest.approx(first["values"][at], abs=0.0051)


def test_guesses_and_gates_are_those_of_the_json(chromium, base, stored):
    inside = stored["excerpts"][0]["inside"]
    with open_cell(chromium, base) as visit:
        page = visit.page
        page.locator("#guesses > summary").click()
        rows = page.locator("pre.guesses").inner_text().split("\n")
        first_line = stored["excerpts"][0]["text"].split("\n")[0]
        for rank in range(5):
            expected = [guesses[rank][0] for guesses in inside["guesses"][: len(first_line)]]
            shown = {"\n": "↵", "\t": "→", " ": "␣"}
            assert rows[1 + rank][: len(first_line)] == "".join(shown.get(c, c) for c in expected)
        page.locator("#gates > summary").click()
        assert page.locator("pre.gate").count() == len(inside["gates"])
        assert page.locator("pre.gate").first.is_visible()


def test_the_numbers_of_the_page_are_those_of_the_json(chromium, base, stored):
    claim = stored["claim"]
    with open_cell(chromium, base) as visit:
        page = visit.page
        assert page.locator(".lead").inner_text() == "c0.17 is red inside strings."
        glance = said(page.locator(".glance").inner_text().replace("95%", ""))
        assert glance[:3] == pytest.approx(
            [claim["held_out"]["r"][k] for k in ("value", "low", "high")], abs=0.0051)
        assert glance[3] == pytest.approx(claim["held_out"]["r_within"]["value"], abs=0.0051)
        page.evaluate("document.querySelectorAll('details').forEach((d) => { d.open = true; })")
        pairs = page.locator(".same figcaption").all_inner_texts()
        expected = [place["values"][place["at"]] for pair in stored["same"]
                    for place in (pair["high"], pair["low"])]
        assert [said(text.replace("c0.17 =", ""))[0] for text in pairs] == pytest.approx(
            expected, abs=0.0051)
        rows = page.locator("#changes tbody tr").all_inner_texts()
        assert [said(row)[-1] for row in rows] == [d[1] for d in stored["deltas"]]
        weights = page.locator("#weights tbody tr").all_inner_texts()
        assert [said(row)[-1] for row in weights] == [w[1] for w in stored["weights"] if w[1]]
        other = page.locator("#compared .table").first.inner_text()
        assert said(other)[:2] == pytest.approx(
            [stored["compared"][0]["r"], stored["compared"][0]["r_within"]], abs=0.0051)
        assert f"{stored['around']['rise']['count']} places" in page.locator(
            "#around-rise").inner_text()
        untrained = page.locator("#untrained > p").first.inner_text()
        assert said(untrained.replace("h0.3", ""))[0] == stored["untrained"]["r"]


def test_any_unit_over_any_excerpt(chromium, base, root):
    raw = exhibit().explored[0]
    values = np.frombuffer(raw.activations, np.int8).reshape(-1, len(UNITS))
    with Visit(chromium, f"{base}explore/python-lstm/#c0.30") as visit:
        page = visit.page
        box = page.locator("#explorer pre.x")
        page.wait_for_function("document.querySelector('#explorer pre.x').textContent.length > 9")
        assert box.evaluate("e => e.textContent") == PROGRAM
        assert page.locator("input[name=unit]").input_value() == "c0.30"

        def letters():
            return box.evaluate("""box => [...box.querySelectorAll("b")].flatMap(
                b => Array.from(b.textContent).map(() => b.className))""")

        def expected(unit):
            column = values[:, NAMES.index(unit)] / 127
            return ["abcdefghijklmnop"[min(15, max(0, int(np.floor((v + 1) * 8))))] for v in column]

        assert letters() == expected("c0.30")
        page.get_by_role("button", name="Next unit").click()
        assert letters() == expected("c0.88") and page.url.endswith("#c0.88")
        page.locator("select[name=feature]").select_option("in_string")
        lined = box.evaluate("""box => [...box.querySelectorAll("b")].flatMap(
            b => Array.from(b.textContent).map(() => !!b.closest("u")))""")
        assert lined == [bool(v) for v in labels_of(raw.labels["in_string"])]
        assert visit.complaints == []


@pytest.mark.parametrize("sizes", [(), (2, 1, 0, 3)], ids=["characters", "longer-steps"])
def test_an_excerpt_of_which_only_the_state_before_it_is_sent_is_read_on_from_there(
        chromium, base, root, sizes):
    raw, name = exhibit().explored[1], "python-lstm-1.js"
    script = (root / "site" / "explore" / "data" / name).read_text("utf-8")
    assert '"before"' in script and '"activations"' not in script and raw.before
    if sizes:
        raw = read_on(raw.text, [*sizes, *[1] * (len(raw.text) - sum(sizes))])
        script = script.replace('{"', f'{{"steps": "{raw.steps}", "', 1)
    values = np.frombuffer(raw.activations, np.int8).reshape(-1, len(UNITS)) / 127
    with Visit(chromium, f"{base}explore/python-lstm/#c0.203") as visit:
        page = visit.page
        page.route(f"**/{name}*", lambda route: route.fulfill(
            body=script, content_type="text/javascript"))
        page.wait_for_function("document.querySelector('#explorer pre.x').textContent.length > 9")
        page.locator("select[name=excerpt]").select_option(index=1)
        page.wait_for_function("""text => document.querySelector(
            "#explorer pre.x").textContent === text""", arg=raw.text)
        for unit in ("c0.203", "h0.5", "c0.2"):
            page.locator("input[name=unit]").fill(unit)
            page.locator("input[name=unit]").press("Enter")
            drawn = page.locator("#explorer pre.x").evaluate("""box => [
                ...box.querySelectorAll("b")].flatMap(
                    b => Array.from(b.textContent).map(() => b.className))""")
            column = values[:, NAMES.index(unit)]
            wanted = np.floor((column + 1) * 8)
            near = [abs("abcdefghijklmnop".index(letter) - w) for letter, w in
                    zip(drawn, wanted, strict=True)]
            assert max(near) <= 1 and np.mean(near) < 0.02 and len(set(drawn)) > 3
        assert visit.complaints == []


def test_units_are_found_by_an_expression_and_by_marking(chromium, base):
    texts = exhibit().explored
    values = [np.frombuffer(raw.activations, np.int8).reshape(-1, len(UNITS))
              for raw in texts]
    pattern, masks = r"t[ab]\w*", []
    for raw in texts:
        masks.append(np.zeros(len(raw.text)))
        for match in re.finditer(pattern, raw.text):
            masks[-1][match.start() : match.end()] = 1
    assert all(mask.any() for mask in masks)

    def found_first(page, parts):
        mask, column = np.concatenate(masks[:parts]), np.concatenate(values[:parts])
        r = {u: np.corrcoef(column[:, i], mask)[0, 1] for i, u in enumerate(NAMES)}
        best = max(r, key=lambda u: abs(r[u]))
        page.wait_for_function(f"document.querySelector('#outcome').textContent.startsWith("
                               f"'{int(mask.sum())} of {len(mask):,} characters')")
        cells = page.locator("#found tbody tr").first.locator("th, td").all_inner_texts()
        assert cells[0] == best and said(cells[1])[0] == pytest.approx(r[best], abs=0.0051)
        there = column[mask > 0, NAMES.index(best)].mean() / 127
        assert said(cells[3])[0] == pytest.approx(there, abs=0.0051)

    with Visit(chromium, f"{base}explore/python-lstm/") as visit:
        page = visit.page
        page.wait_for_function("document.querySelector('#explorer pre.x').textContent.length > 9")
        page.locator("input[name=pattern]").fill(pattern)
        page.get_by_role("button", name="Find", exact=True).click()
        found_first(page, 2)
        page.locator("input[name=everywhere]").uncheck()
        page.get_by_role("button", name="Find", exact=True).click()
        found_first(page, 1)
        page.evaluate("""() => getSelection().selectAllChildren(
            document.querySelector("#explorer pre.x b"))""")
        page.get_by_role("button", name="Use what is marked").click()
        assert page.locator("#found tbody tr").count() == 10
        page.locator("input[name=pattern]").fill("(")
        page.get_by_role("button", name="Find", exact=True).click()
        assert "not a regular expression" in page.locator("#outcome").inner_text()
        assert visit.complaints == []


def beyond_pairs(text, mask, column):
    """Return r of a unit with a mask within pairs of characters that are there five times."""
    pairs = [text[at - 1 : at + 1] if at else "" for at in range(len(text))]
    kept = np.array([pair != "" and pairs.count(pair) >= 5 for pair in pairs])
    left = [np.array(values, float) for values in (mask, column)]
    for pair in {p for p, k in zip(pairs, kept, strict=True) if k}:
        there = np.array([p == pair for p in pairs])
        for values in left:
            values[there] -= values[there].mean()
    return np.corrcoef(left[0][kept], left[1][kept])[0, 1]


@pytest.mark.parametrize(("formula", "holds"), [
    ("in_string & ~in_comment", lambda f: (f["in_string"] > 0) & ~(f["in_comment"] > 0)),
    ('bracket_depth >= 2 | character=="#"',
     lambda f: (f["bracket_depth"] >= 2) | (f["text"] == "#")),
    ('in_string & ~word=="<b>"', lambda f: f["in_string"] > 0),
    (r"/[aeiou]/ & ~(in_string|in_comment)",
     lambda f: np.isin(f["text"], list("aeiou")) & ~(f["in_string"] > 0) & ~(f["in_comment"] > 0)),
])
def test_units_are_found_by_a_formula(chromium, base, formula, holds):
    first = exhibit().explored[0]
    labels = {name: np.array(labels_of(runs)) for name, runs in first.labels.items()}
    mask = holds(labels | {"text": np.array(list(first.text))}).astype(float)
    column = np.frombuffer(first.activations, np.int8).reshape(-1, len(UNITS)).astype(float)
    r = {u: np.corrcoef(column[:, i], mask)[0, 1] for i, u in enumerate(NAMES)}
    with Visit(chromium, f"{base}explore/python-lstm/") as visit:
        page = visit.page
        page.wait_for_function("document.querySelector('#explorer pre.x').textContent.length > 9")
        page.locator("input[name=everywhere]").uncheck()
        page.locator("input[name=formula]").fill(formula)
        page.get_by_role("button", name="Find by formula").click()
        page.wait_for_function("document.querySelector('#outcome').textContent.startsWith("
                               f"'{int(mask.sum())} of {len(mask):,} characters')")
        for line in page.locator("#found tbody tr").all():
            cells = line.locator("th, td").all_inner_texts()
            assert said(cells[1])[0] == pytest.approx(r[cells[0]], abs=0.0051)
            within = beyond_pairs(first.text, mask, column[:, NAMES.index(cells[0])])
            assert said(cells[2])[0] == pytest.approx(within, abs=0.0051)
        lined = "".join(page.locator("#explorer pre.x u").all_text_contents())
        assert lined == "".join(c for c, on in zip(first.text, mask, strict=True) if on)
        assert visit.complaints == []


@pytest.mark.parametrize(("formula", "told"), [
    ("in_strin", "no such feature here"), ("in_string &", "expected a feature here"),
    ("(in_string", "a parenthesis is not closed"), ("in_string in_comment", "expected & or |"),
    ("/(/", "Invalid regular expression"), ("", "expected a feature here"),
    ("(" * 40 + "in_string", "parentheses are open"),
])
def test_a_formula_that_is_none_is_told(chromium, base, formula, told):
    with Visit(chromium, f"{base}explore/python-lstm/") as visit:
        page = visit.page
        page.wait_for_function(WHOLE)
        page.locator("input[name=formula]").fill(formula)
        page.locator("input[name=formula]").press("Enter")
        assert told in page.locator("#outcome").inner_text()
        assert page.locator("#found").is_hidden() and visit.complaints == []


def test_a_formula_in_an_address_has_a_limit(chromium, base):
    long = "in_string%20" * 60
    with Visit(chromium, f"{base}explore/python-lstm/#formula={long}") as visit:
        visit.page.wait_for_function(
            "document.querySelector('#outcome').textContent.includes('at most 500')")
        assert visit.complaints == []


class Slow:
    """Holds back what a page asks for under an address, until it is let go."""

    def __init__(self, page, address):
        self.page, self.held = page, []
        page.route(address, lambda route: self.held.append(route))

    def wait(self, count=1):
        while len(self.held) < count:
            self.page.wait_for_timeout(20)

    def let_go(self):
        for route in self.held:
            with self.page.expect_request_finished():
                route.continue_()
        self.page.wait_for_timeout(100)

    def refuse(self):
        for route in self.held:
            with self.page.expect_event("requestfailed"):
                route.abort()
        self.page.wait_for_timeout(100)


SECOND = "**/python-lstm-1.js"
WHOLE = "document.querySelector('#explorer pre.x').textContent.length > 9"


@pytest.mark.parametrize("comes", [True, False])
def test_of_two_excerpts_the_one_chosen_last_is_shown_however_late_the_other(
        chromium, base, comes):
    with Visit(chromium, f"{base}explore/python-lstm/#c0.30") as visit:
        page = visit.page
        page.wait_for_function(WHOLE)
        slow, choice = Slow(page, SECOND), page.locator("select[name=excerpt]")
        first, second = (e.text for e in exhibit().explored[:2])
        said_first = page.locator("#explored").inner_text()
        choice.select_option(index=1)
        slow.wait()
        choice.select_option(index=0)
        (slow.let_go if comes else slow.refuse)()
        assert page.locator("#explorer pre.x").evaluate("e => e.textContent") == first != second
        assert page.locator("#explored").inner_text() == said_first
        page.unroute(SECOND)
        choice.select_option(index=1)
        page.wait_for_function("""text => document.querySelector(
            "#explorer pre.x").textContent === text""", arg=second)


def test_a_search_that_answers_late_leaves_what_was_chosen_or_looked_for_since(chromium, base):
    with Visit(chromium, f"{base}explore/python-lstm/#c0.30") as visit:
        page = visit.page
        page.wait_for_function(WHOLE)
        slow, unit = Slow(page, SECOND), page.locator("input[name=unit]")
        find = page.get_by_role("button", name="Find", exact=True)
        page.locator("input[name=pattern]").fill(r"t[ab]\w*")
        find.click()
        slow.wait()
        unit.fill("h0.5")
        unit.press("Enter")
        slow.let_go()
        page.locator("#found").wait_for()
        assert page.locator("#found tbody th").first.inner_text() != "h0.5"
        assert unit.input_value() == "h0.5" and "#unit=h0.5&" in page.url
        assert page.locator("#explored").inner_text().startswith("h0.5 ")
    with Visit(chromium, f"{base}explore/python-lstm/") as visit:
        page = visit.page
        page.wait_for_function(WHOLE)
        slow = Slow(page, SECOND)
        find = page.get_by_role("button", name="Find", exact=True)
        page.locator("input[name=pattern]").fill("a")
        find.click()
        slow.wait()
        page.locator("input[name=pattern]").fill("text")
        page.locator("input[name=everywhere]").uncheck()
        find.click()
        page.wait_for_function(
            "document.getElementById('outcome').innerText.includes('this excerpt')")
        outcome = page.locator("#outcome").inner_text()
        found = page.locator("#found").inner_text()
        slow.let_go()
        assert page.locator("#outcome").inner_text() == outcome
        assert page.locator("#found").inner_text() == found


@pytest.mark.parametrize(("query", "shown"), [
    ("", [0]), ("?excerpt=3", [2]), ("?excerpts=off", []), ("?excerpts=off&excerpt=2", []),
    ("?excerpts=off&excerpt=hello", []), ("?excerpts=on&excerpt=3", [2]),
    *((f"?{odd}", [0]) for odd in ("excerpts=on", "excerpts=")),
    *((f"?{odd}", "all") for odd in (
        "excerpt=hello", "excerpt=99", "excerpt=0", "excerpt=-1", "excerpt=1.5", "excerpt=",
        "excerpt=Infinity"))])
def test_the_address_of_an_embed_decides_what_it_shows(chromium, base, query, shown):
    with Visit(chromium, f"{base}embed/python-lstm/l0-17/{query}") as visit:
        figures = visit.page.locator("figure.excerpt").all()
        wanted = list(range(len(figures))) if shown == "all" else shown
        assert [n for n, figure in enumerate(figures) if figure.is_visible()] == wanted
        assert visit.page.locator(".lead").is_visible()
        assert visit.complaints == []


def test_an_embed_hides_the_label_and_takes_its_theme(chromium, base):
    address = f"{base}embed/python-lstm/l0-17/?label=off&theme=dark&colours=flipped"
    with Visit(chromium, address, color_scheme="light") as visit:
        page = visit.page
        assert page.locator(".lead").is_hidden() and page.locator("h1").is_hidden()
        assert page.title() == "A unit"
        page.locator("pre.x").first.focus()
        page.keyboard.press("ArrowRight")
        assert "string" not in page.locator("figure.excerpt").first.inner_text().split("\n")[-1]
        assert "yes" not in page.locator(".readout").first.inner_text()
        assert page.locator("figcaption").first.is_hidden()
        assert page.locator(".trace .shade").first.is_hidden()
        border = "e => getComputedStyle(e).borderBottomStyle"
        assert page.locator("pre.x u").first.evaluate(border) == "none"
        colour = "e => getComputedStyle(e).backgroundColor"
        assert page.locator("pre.x b.p").first.evaluate(colour) == "rgb(33, 102, 172)"


@pytest.mark.parametrize(("query", "scheme"), [
    ("", "slate"), ("?theme=blue", "slate"), ("?theme=light", "default"), ("?theme=dark", "slate")])
def test_a_theme_that_is_none_leaves_the_one_of_the_visitor(chromium, base, query, scheme):
    address = f"{base}embed/python-lstm/l0-17/{query}"
    with Visit(chromium, address, color_scheme="dark") as visit:
        assert visit.page.locator("body").get_attribute("data-md-color-scheme") == scheme


def test_an_embed_stands_in_a_frame(chromium, base):
    with Visit(chromium, base) as visit:
        visit.page.set_content(
            f'<iframe src="{base}embed/python-lstm/l0-17/" width=640 height=400></iframe>')
        frame = visit.page.frame_locator("iframe")
        frame.locator("pre.x").first.wait_for()
        assert frame.get_by_role("link", name="Unit c0.17").get_attribute("target") == "_top"


def test_a_table_sorts_and_filters(chromium, base):
    with Visit(chromium, f"{base}units/python-lstm/") as visit:
        page = visit.page
        rows = page.locator(".sorts tbody tr")
        assert rows.count() == len(UNITS)
        page.get_by_role("button", name="r′").click()
        column = page.locator(".sorts tbody td:last-child").all_inner_texts()
        sizes = [abs(said(text)[0]) for text in column]
        assert sizes == sorted(sizes, reverse=True) and len(set(sizes)) > 3
        page.get_by_role("button", name="r′").click()
        column = page.locator(".sorts tbody td:last-child").all_inner_texts()
        assert [abs(said(text)[0]) for text in column] == sorted(sizes)
        page.get_by_label("Filter").fill("c0.17")
        assert [r.locator("th").inner_text() for r in rows.all() if r.is_visible()] == ["c0.17"]
        assert "1 of 14" in page.locator(".filter").inner_text()


SHORT = """new MutationObserver(() => document.querySelectorAll("[data-first='25']").forEach(
    (fold) => { fold.dataset.first = "5"; })).observe(document, { childList: true, subtree: true })
"""


def test_of_a_long_table_the_first_rows_come_first_and_all_when_asked(chromium, base):
    with Visit(chromium, f"{base}units/python-lstm/", SHORT) as visit:
        page = visit.page
        rows = page.locator(".sorts tbody tr")
        page.get_by_role("button", name=f"Show all {len(UNITS)}").wait_for()
        assert page.locator(".sorts tbody tr:visible").count() == 5
        first = rows.first.locator("td").last.inner_text()
        page.get_by_role("button", name="unit").click()
        names = [r.locator("th").inner_text() for r in rows.all() if r.is_visible()]
        assert names == sorted(NAMES, key=lambda n: (n[0], int(n.split(".")[1])))[:5] and first
        page.get_by_label("Filter").fill("h0")
        assert page.locator(".sorts tbody tr:visible").count() == len(UNITS) // 2
        page.get_by_label("Filter").fill("")
        assert page.locator(".sorts tbody tr:visible").count() == 5
        page.get_by_role("button", name="Show all").click()
        assert page.locator(".sorts tbody tr:visible").count() == len(UNITS)
        assert page.get_by_role("button", name="Show all").count() == 0
        assert visit.complaints == []


def test_on_a_narrow_screen_fewer_rows_come_first(chromium, base):
    with Visit(chromium, f"{base}units/python-lstm/",
               viewport={"width": 320, "height": 700}) as visit:
        page = visit.page
        page.get_by_role("button", name=f"Show all {len(UNITS)}").wait_for()
        assert page.locator(".sorts tbody tr:visible").count() == 6
        page.get_by_role("button", name="Show all").click()
        page.wait_for_function("""n => [...document.querySelectorAll(".sorts tbody tr")]
            .filter((row) => !row.hidden).length === n""", arg=len(UNITS))


def test_without_a_script_all_units_are_in_a_fold(chromium, base):
    with Visit(chromium, f"{base}units/python-lstm/", java_script_enabled=False) as visit:
        page = visit.page
        rows = page.locator("details.whole tbody tr")
        assert rows.count() == len(UNITS) and rows.first.is_hidden()
        page.locator("details.whole summary").click()
        assert rows.first.is_visible() and rows.last.is_visible()


def test_a_table_knows_numbers_with_commas(chromium, base):
    with Visit(chromium, f"{base}results/") as visit:
        page = visit.page
        weights = page.locator("[aria-label='The networks'] tbody td:nth-child(4)")
        for cell, text in zip(weights.all(), ("4,858", "1,234,567"), strict=True):
            cell.evaluate("(e, text) => { e.textContent = text; }", text)
        page.get_by_role("button", name="weights").click()
        assert weights.all_inner_texts() == ["1,234,567", "4,858"]


@pytest.mark.parametrize(("heading", "cells", "turned", "key", "words"), [
    ("r′", "td:last-child", True, lambda text: abs(said(text)[0]), ("descending", "ascending")),
    ("feature", "td:nth-child(2)", False, str, ("ascending", "descending"))])
def test_a_table_says_the_order_it_is_in(chromium, base, heading, cells, turned, key, words):
    """The order that a column now has, as WAI-ARIA defines aria-sort: a first click puts the
    largest numbers first, and words in the order of the alphabet.
    """
    with Visit(chromium, f"{base}units/python-lstm/") as visit:
        page = visit.page
        head = page.locator(".sorts th", has=page.get_by_role("button", name=heading, exact=True))
        for turn, word in zip((turned, not turned), words, strict=True):
            head.get_by_role("button").click()
            found = [key(text) for text in page.locator(f".sorts tbody {cells}").all_inner_texts()]
            assert found == sorted(found, reverse=turn) != sorted(found, reverse=not turn)
            assert head.get_attribute("aria-sort") == word
            assert page.locator(".sorts th[aria-sort]").count() == 1
            assert page.locator(".sorts tbody tr").count() == len(UNITS)


def test_the_quiz_asks_one_question_at_a_time_and_counts_right_answers(chromium, base):
    with Visit(chromium, f"{base}quiz/") as visit:
        page = visit.page
        page.locator("button[name=next]").wait_for()
        forms, score = page.locator("form.question").all(), page.locator(".score")
        assert len(forms) >= 4 and score.inner_text() == f"Question 1 of {len(forms)}"
        for number, form in enumerate(forms):
            assert [f.is_visible() for f in forms] == [f is form for f in forms]
            line = form.locator("pre.x u").first
            border = "e => getComputedStyle(e).borderBottomStyle"
            assert line.evaluate(border) == "none"
            answer = int(form.get_attribute("data-answer"))
            chosen = answer if number else (answer + 1) % form.locator("input").count()
            form.locator("input").nth(chosen).check()
            assert form.locator("details").get_attribute("open") is not None
            assert line.evaluate(border) == "solid", "the truth is drawn with the answer"
            assert form.locator(".right").count() == 1
            if number + 1 < len(forms):
                page.get_by_role("button", name="Next question").click()
        assert page.locator("button[name=next]").is_hidden()
        text = score.inner_text()
        assert text == f"That was all: {len(forms) - 1} of {len(forms)} correct."
        page.get_by_role("button", name="Again from the start").click()
        assert score.inner_text() == f"Question 1 of {len(forms)}"
        assert page.locator(".right, .wrong, details[open]").count() == 0
        assert visit.complaints == []


def test_an_address_leads_to_one_question(chromium, base):
    with Visit(chromium, f"{base}quiz/#question-3") as visit:
        page = visit.page
        page.locator("button[name=next]").wait_for()
        assert [f.get_attribute("id") for f in page.locator("form.question").all()
                if f.is_visible()] == ["question-3"]


def test_without_a_script_all_questions_are_there_with_their_answers(chromium, base):
    with Visit(chromium, f"{base}quiz/", java_script_enabled=False) as visit:
        forms = visit.page.locator("form.question").all()
        assert len(forms) >= 4 and all(form.is_visible() for form in forms)
        assert "questions" in visit.page.locator(".score").inner_text()
        assert forms[0].locator("details p").first.is_hidden()
        forms[0].locator("summary").click()
        assert forms[0].locator("details p").first.is_visible()


def test_a_figure_is_saved_as_svg_and_as_png(chromium, base):
    with open_cell(chromium, base) as visit:
        take = visit.page.locator("#excerpt-1 .take")
        with visit.page.expect_download() as svg:
            take.get_by_role("link", name="SVG").click()
        assert svg.value.suggested_filename == "l0-17-1.svg"
        with visit.page.expect_download() as png:
            take.get_by_role("button", name="PNG").click()
        assert png.value.suggested_filename == "l0-17-1.png"
        assert png.value.path().read_bytes()[:8] == b"\x89PNG\r\n\x1a\n"


def test_the_explorer_works_from_disk(chromium, root):
    page = root / "site-offline" / "explore" / "python-lstm.html"
    with Visit(chromium, page.as_uri()) as visit:
        visit.page.wait_for_function(
            "document.querySelector('#explorer pre.x').textContent.length > 9")
        assert visit.complaints == []


def test_what_is_typed_or_seen_stays_inside_at_320_pixels(chromium, base):
    with open_cell(chromium, base, viewport={"width": 320, "height": 700}) as visit:
        folds = visit.page.locator("details.fold > summary, details.more > summary")
        for summary in folds.all():  # those around others come first
            if not summary.evaluate("summary => summary.parentElement.open"):
                summary.click()
        assert visit.page.evaluate("document.documentElement.scrollWidth") <= 320


def test_paper_has_no_menus(chromium, base):
    with open_cell(chromium, base) as visit:
        visit.page.emulate_media(media="print")
        for selector in (".legend-switches", ".take", ".md-header", ".readout"):
            assert visit.page.locator(selector).first.is_hidden(), selector
        assert visit.page.locator("svg.trace").first.is_visible()


def test_pale_colours_can_be_stretched_and_stay_so(chromium, base):
    background = """letter => getComputedStyle(document.querySelector(
        "figure.excerpt pre.x b." + letter)).backgroundColor"""
    with Visit(chromium, f"{base}cells/python-lstm/l0-2/") as visit:
        page = visit.page
        button = page.locator('[data-switch="stretched"]')
        visit.page.locator(".legend-switches > summary").click()
        assert button.inner_text() == "Boost contrast (×3)"
        before = page.evaluate(background, "f"), page.evaluate(background, "g")
        button.click()
        after = page.evaluate(background, "f")
        assert after != before[0]
        page.reload()
        assert page.evaluate(background, "f") == after
        assert button.get_attribute("aria-pressed") == "true"
        visit.page.locator(".legend-switches > summary").click()
        button.click()
        assert (page.evaluate(background, "f"), page.evaluate(background, "g")) == before
        assert visit.complaints == []
    with open_cell(chromium, base) as visit:
        assert visit.page.locator('[data-switch="stretched"]').count() == 0


def test_every_line_is_read_in_its_own_direction(chromium, base):
    with open_cell(chromium, base) as visit:
        sides = visit.page.evaluate("""() => {
            const box = document.querySelector("pre.x");
            box.textContent = "(שלום a)\\n(hello ש)\\n";
            const frame = box.getBoundingClientRect(), range = document.createRange();
            const middle = (at) => {
                range.setStart(box.firstChild, at); range.setEnd(box.firstChild, at + 1);
                const r = range.getBoundingClientRect();
                return (r.left + r.right) / 2 - (frame.left + frame.right) / 2;
            };
            return [middle(1), middle(4), middle(10), middle(14)];
        }""")
        first, last, latin, later = sides
        assert first > 0 and last < first
        assert latin < 0 and later > latin


def test_a_film_shows_one_unit_and_one_moment_at_a_time(chromium, base):
    with Visit(chromium, f"{base}films/python-lstm/") as visit:
        page = visit.page
        slider, said = page.locator("input[name=moment]"), page.locator("output[name=said]")

        def seen():
            return [f.get_attribute("data-frame") for f in page.locator("[data-frame]").all()
                    if f.is_visible()]

        slider.wait_for()
        assert seen() == ["2"] and said.inner_text() == "90 million characters read"
        slider.focus()
        page.keyboard.press("ArrowLeft")
        assert seen() == ["1"] and "2.04 bits per character" in said.inner_text()
        assert page.locator("circle.now").count() == 2
        choice = page.locator("select[name=film]")
        names = choice.locator("option").all_inner_texts()
        assert len(names) == 2 and names[0].startswith("c0.17: ")
        heading = page.locator(".one-film h2:visible")
        first = heading.inner_text()
        choice.select_option(index=1)
        assert heading.inner_text() != first and seen() == ["1"]
        assert page.url.endswith("#bracket_depth")
        page.get_by_role("button", name="Play").click()
        page.wait_for_function("document.querySelector('form[data-film] button').textContent "
                               "=== 'Play'")
        assert seen() == ["2"]
        page.get_by_role("button", name="Play").click()
        assert seen() == ["0"]
        page.get_by_role("button", name="Stop").click()
        assert visit.complaints == []


def test_an_address_leads_to_one_film(chromium, base):
    with Visit(chromium, f"{base}films/python-lstm/#bracket_depth") as visit:
        visit.page.locator("input[name=moment]").wait_for()
        assert visit.page.locator(".one-film:visible h2").get_attribute("id") == "bracket_depth"


def test_without_a_script_a_film_is_all_its_moments(chromium, base):
    with Visit(chromium, f"{base}films/python-lstm/", java_script_enabled=False) as visit:
        frames = visit.page.locator("[data-frame]").all()
        assert len(frames) == 6 and all(f.is_visible() for f in frames)
        assert visit.page.locator("form[data-film]").is_hidden()


@pytest.mark.parametrize(("typed", "unit"), [
    ("c0.203", "c0.203"), ("c203", "c0.203"), ("0.203", "c0.203"), ("203", "c0.203"),
    ("H203", "h0.203"), (" h0.5 ", "h0.5")])
def test_a_unit_is_found_by_a_part_of_its_name(chromium, base, typed, unit):
    with Visit(chromium, f"{base}explore/python-lstm/") as visit:
        page = visit.page
        page.wait_for_function(WHOLE)
        field = page.locator("input[name=unit]")
        field.fill(typed)
        field.press("Enter")
        assert field.input_value() == unit and page.url.endswith(f"#{unit}")
        assert field.get_attribute("aria-invalid") == "false"


def test_a_unit_that_is_none_is_marked(chromium, base):
    with Visit(chromium, f"{base}explore/python-lstm/#c0.30") as visit:
        page = visit.page
        page.wait_for_function(WHOLE)
        field = page.locator("input[name=unit]")
        field.fill("c0.9999")
        field.press("Enter")
        assert field.get_attribute("aria-invalid") == "true"
        assert "no unit c0.9999" in page.locator("#explored").inner_text()
        page.get_by_role("button", name="Next unit").click()
        assert field.get_attribute("aria-invalid") == "false"


def test_what_an_expression_finds_is_underlined_and_its_units_lead_to_their_pages(chromium, base):
    with Visit(chromium, f"{base}explore/python-lstm/") as visit:
        page = visit.page
        page.wait_for_function(WHOLE)
        page.locator("input[name=pattern]").fill(r"t[ab]\w*")
        find = page.get_by_role("button", name="Find", exact=True)
        find.click()
        page.locator("#found tbody tr").first.wait_for()
        lined = "".join(page.locator("#explorer pre.x u").all_text_contents())
        assert lined == "".join(re.findall(r"t[ab]\w*", PROGRAM))
        links = page.locator("#found a").all()
        assert links
        for link in links:
            name = link.get_attribute("aria-label").removeprefix("Page of ")
            layer, index = name[1:].split(".")
            assert link.get_attribute("href").endswith(f"cells/python-lstm/l{layer}-{index}/")
        page.locator("input[name=pattern]").fill("no such text at all")
        find.click()
        page.wait_for_function("document.querySelector('#outcome').textContent === 'No match.'")
        assert page.locator("#found").is_hidden() and page.locator("#explorer pre.x u").count() == 0
        assert visit.complaints == []


def test_an_expression_that_is_none_takes_the_old_table_away(chromium, base):
    with Visit(chromium, f"{base}explore/python-lstm/") as visit:
        page = visit.page
        page.wait_for_function(WHOLE)
        find = page.get_by_role("button", name="Find", exact=True)
        page.locator("input[name=pattern]").fill("text")
        find.click()
        page.locator("#found").wait_for()
        page.locator("input[name=pattern]").fill("(")
        find.click()
        page.wait_for_function("""() => document.getElementById(
            "outcome").innerText.includes("not a regular expression")""")
        assert page.locator("#found").is_hidden()


def test_an_expression_that_would_take_for_ever_is_stopped(chromium, base):
    with Visit(chromium, f"{base}explore/python-lstm/") as visit:
        page = visit.page
        page.wait_for_function(WHOLE)
        find = page.get_by_role("button", name="Find", exact=True)
        page.locator("input[name=pattern]").fill(r"([^;]|[^,])+\x00")
        find.click()
        stopped = "() => document.getElementById('outcome').innerText.includes('after a second')"
        page.wait_for_function(stopped)
        assert page.locator("#found").is_hidden()
        page.locator("input[name=pattern]").fill("text")
        find.click()
        page.locator("#found").wait_for()
        assert "characters, " in page.locator("#outcome").inner_text()
        page.locator("[name=formula]").fill(r"/([^;]|[^,])+\x00/")
        page.locator("[name=formulated]").click()
        page.wait_for_function(stopped)
        assert visit.complaints == []


def test_what_was_marked_last_is_remembered_when_a_tap_takes_the_mark_away(chromium, base):
    with Visit(chromium, f"{base}explore/python-lstm/") as visit:
        page = visit.page
        page.wait_for_function(WHOLE)
        marked = page.get_by_role("button", name="Use what is marked")
        marked.click()
        assert page.locator("#outcome").inner_text() == "Select some text first."
        page.evaluate("""() => getSelection().selectAllChildren(
            document.querySelector("#explorer pre.x b"))""")
        page.wait_for_timeout(50)
        page.evaluate("() => getSelection().removeAllRanges()")
        page.wait_for_timeout(50)
        marked.click()
        page.locator("#found tbody tr").first.wait_for()


@pytest.mark.parametrize("address", [
    "", "classics/", "classics/quotes-and-comments/", "exhibits/python-lstm/",
    "features/bracket_depth/", "films/python-lstm/", "architectures/"])
def test_something_coloured_is_on_the_first_screen(chromium, base, address):
    with Visit(chromium, base + address, viewport={"width": 1280, "height": 800}) as visit:
        page = visit.page
        page.wait_for_timeout(200)
        if "No two networks" in page.content():
            return
        tops = page.evaluate("""() => [...document.querySelectorAll("pre.x b")].filter(
            (run) => run.getClientRects().length).map((run) => run.getBoundingClientRect().top)""")
        assert tops and min(tops) < 700


@pytest.mark.parametrize("address", [
    "classics/quotes-and-comments/", "exhibits/python-lstm/", "features/in_string/",
    "units/python-lstm/"])
def test_a_page_that_is_closed_is_short(chromium, base, address):
    with Visit(chromium, base + address, viewport={"width": 1280, "height": 800}) as visit:
        visit.page.wait_for_timeout(300)
        assert visit.page.evaluate("document.documentElement.scrollHeight") <= 3000


@pytest.mark.parametrize("address", ["quiz/", "explore/python-lstm/", "films/python-lstm/",
                                     "units/python-lstm/"])
def test_what_is_pressed_is_large_enough_for_a_finger(chromium, base, address):
    with Visit(chromium, base + address, viewport={"width": 390, "height": 844}) as visit:
        page = visit.page
        page.wait_for_timeout(300)
        small = page.evaluate("""() => [...document.querySelectorAll(
            ".gallery :is(button, input, select, summary)")].filter((one) => {
                const { width, height } = one.getBoundingClientRect();
                return one.checkVisibility() && width && Math.min(width, height) < 23.9;
            }).map((one) => one.outerHTML.slice(0, 80))""")
        assert small == []


def test_without_a_script_everything_of_a_cell_is_open(chromium, base):
    with open_cell(chromium, base, java_script_enabled=False) as visit:
        page = visit.page
        for name in ("excerpt-1", "excerpt-3", "memory", "histogram", "numbers"):
            assert page.locator(f"#{name}").is_visible(), name
        assert page.locator("#numbers .table").is_visible()
        for selector in (".picks", ".beside form", "#type", ".take button"):
            assert page.locator(selector).first.is_hidden(), selector
        assert page.locator(".beside .expected tbody tr").count() == 5


def test_paper_has_all_that_is_folded(chromium, base):
    with open_cell(chromium, base) as visit:
        page = visit.page
        assert page.locator("#numbers .table").is_hidden()
        page.emulate_media(media="print")
        page.evaluate("dispatchEvent(new Event('beforeprint'))")
        assert page.locator("#numbers .table").is_visible()
        page.evaluate("dispatchEvent(new Event('afterprint'))")
        page.emulate_media(media="screen")
        assert page.locator("#numbers .table").is_hidden()


def test_one_passage_stands_in_front_and_an_address_brings_another(chromium, base):
    behind = first(exhibit().cells[0].excerpts)[1]
    with Visit(chromium, f"{base}{CELL}/#excerpt-{behind}") as visit:
        page = visit.page
        best, other = (page.locator(f"#excerpt-{number}") for number in (1, behind))
        assert other.is_visible() and best.is_hidden()
        pressed = page.locator(".picks [aria-pressed=true]")
        assert pressed.get_attribute("data-pick") == f"excerpt-{behind}" and pressed.count() == 1
        page.get_by_role("button", name="Best").click()
        assert best.is_visible() and other.is_hidden()
        page.evaluate("location.hash = '#changes'")
        page.locator("#changes").wait_for()
        assert page.locator("#inside").get_attribute("open") is not None
        assert visit.complaints == []


def test_what_is_copied_to_be_shared_works(chromium, base):
    with open_cell(chromium, base, permissions=["clipboard-read", "clipboard-write"]) as visit:
        page = visit.page
        copied = {}
        for name in ("Copy link", "Copy embed code", "Copy citation"):
            page.get_by_role("button", name=name).first.click()
            page.get_by_role("button", name="Copied").first.wait_for()
            copied[name] = page.evaluate("navigator.clipboard.readText()")
        assert copied["Copy link"] == f"{base}{CELL}/"
        assert f'<iframe src="{base}embed/python-lstm/l0-17/"' in copied["Copy embed code"]
        assert f"\\url{{{base}{CELL}/}}" in copied["Copy citation"]
        assert "…" not in "".join(copied.values()) and "TODAY" not in copied["Copy citation"]
        page.set_content(copied["Copy embed code"])
        page.frame_locator("iframe").locator("pre.x").first.wait_for()


@pytest.mark.parametrize("name", ["c0.17", "h0.17"])
def test_the_name_of_a_unit_is_an_address_of_its_page(chromium, base, name):
    with Visit(chromium, f"{base}cells/python-lstm/{name}/#numbers") as visit:
        visit.page.wait_for_url(f"{base}{CELL}/#numbers")
        assert visit.page.title().startswith("c0.17 of python-lstm: ")


def test_the_search_finds_a_unit_and_asks_for_its_index_only_then(chromium, base):
    with Visit(chromium, base) as visit:
        page = visit.page
        page.wait_for_load_state("networkidle")
        assert not any("search_index" in asked for asked in visit.asked)
        page.locator(".md-search__input").click()
        page.keyboard.type("c0.17", delay=20)
        first = page.locator(".md-search-result__link").first
        first.wait_for()
        assert first.get_attribute("href").split("?")[0].endswith(f"{CELL}/")
        assert sum("search_index" in asked for asked in visit.asked) == 1
        assert visit.complaints == []


def test_a_page_asks_for_no_script_that_it_does_not_use(chromium, base):
    def own(visit):
        return {asked.split("/")[-1] for asked in visit.asked
                if "/assets/" in asked and "/javascripts/" not in asked and asked.endswith(".js")}

    always = {"search.js", "tools.js", "gallery.js", "scripts.js"}
    with Visit(chromium, f"{base}glossary/") as visit:
        assert own(visit) == always
    with Visit(chromium, f"{base}units/python-lstm/") as visit:
        assert "tables.js" in own(visit) and "typing.js" not in own(visit)
    with open_cell(chromium, base) as visit:
        assert own(visit) >= always | {"reader.js", "network.js", "engine.js", "typing.js",
                                       "folds.js", "share.js"}
        assert "explorer.js" not in own(visit)


def test_more_of_a_count_is_more_lines_under_the_text_and_none_is_copied(chromium, base, root):
    stored = json.loads((root / "site" / f"{COUNT}.json").read_text())
    with Visit(chromium, f"{base}features/bracket_depth/") as visit:
        box = visit.page.locator("#best pre.x")
        depths = box.evaluate("""box => {
            const walker = document.createTreeWalker(box, NodeFilter.SHOW_TEXT), found = [];
            while (walker.nextNode()) {
                let depth = 0;
                for (let up = walker.currentNode.parentElement; up !== box; up = up.parentElement) {
                    depth += up.localName === "u";
                }
                for (const _ of Array.from(walker.currentNode.data)) found.push(depth);
            }
            return found; }""")
        text = box.evaluate("e => e.textContent")
        labels, whole = next((e["labels"], e["text"]) for e in stored["excerpts"]
                             if text in e["text"])
        start = whole.index(text)
        assert depths == labels[start : start + len(text)] and max(depths) >= 2
        bottoms = box.locator("u u").first.evaluate("""inner => [inner, inner.parentElement].map(
            (one) => one.getClientRects()[0].bottom)""")
        assert bottoms[0] >= bottoms[1] + 2, "the second line is below the first"
        copied = box.evaluate("""box => { getSelection().selectAllChildren(box);
            return getSelection().toString(); }""")
        assert copied == text.removesuffix("\n")


@pytest.mark.parametrize("address", ["exhibits/python-lstm/", "features/in_string/",
                                     "classics/quotes-and-comments/"])
def test_without_a_script_folds_open_and_say_what_is_in_them(chromium, base, address):
    with Visit(chromium, base + address, java_script_enabled=False) as visit:
        folds = visit.page.locator("details.more:not(.needs-script)").all()
        assert folds
        for fold in folds:
            assert len(fold.locator("summary").first.inner_text()) > 10
            fold.locator("summary").first.click()
            assert fold.evaluate("e => e.open && e.children[1].checkVisibility()")


def test_the_code_is_linked_where_the_site_says_where_it_is_and_nowhere_else(chromium, base):
    with Visit(chromium, base) as visit:
        assert visit.page.locator(".code-link").count() == 0
        assert visit.page.get_by_role("link", name="Unreasonable Effectiveness").count() == 1
        assert visit.page.locator("ul.doors > li").count() == 3


def test_the_explorer_draws_more_lines_for_more_of_a_count(chromium, base):
    raw = exhibit().explored[0]
    with Visit(chromium, f"{base}explore/python-lstm/") as visit:
        page = visit.page
        page.wait_for_function(WHOLE)
        page.locator("select[name=feature]").select_option("bracket_depth")
        lines = page.locator("#explorer pre.x").evaluate("""box => [
            ...box.querySelectorAll("b")].flatMap((run) => {
                let depth = 0;
                for (let up = run.parentElement; up !== box; up = up.parentElement) depth += 1;
                return Array.from(run.textContent, () => depth);
            })""")
        assert lines == labels_of(raw.labels["bracket_depth"]) and max(lines) >= 2


HINT = "Click a character to read its value."
HINT_COSTS = """(hint) => {
    const height = () => hint.closest("figcaption").offsetHeight, with_ = height();
    hint.hidden = true;
    return (with_ - height()) / parseFloat(getComputedStyle(hint).lineHeight);
}"""


def test_the_first_passage_says_that_one_may_click_in_one_line(chromium, base):
    with open_cell(chromium, base, viewport={"width": 390, "height": 844}) as visit:
        hints = visit.page.locator("figcaption .needs-script", has_text=HINT)
        assert hints.count() == 1 and hints.is_visible()
        assert hints.evaluate("(hint) => hint.closest('figure').id") == "excerpt-1"
        visit.page.emulate_media(media="print")
        assert hints.is_hidden()
        visit.page.emulate_media(media="screen")
        assert hints.evaluate(HINT_COSTS) <= 1.01
    with open_cell(chromium, base, java_script_enabled=False) as visit:
        assert visit.page.locator("figcaption .needs-script", has_text=HINT).is_hidden()


STARTS = """(box) => {
    const walker = document.createTreeWalker(box, NodeFilter.SHOW_TEXT), rows = [];
    const side = (element, name) => parseFloat(getComputedStyle(element)[name]);
    const left = box.getBoundingClientRect().left + side(box, "paddingLeft") +
        side(box, "borderLeftWidth");
    let isNew = true, bottom = -Infinity;
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
        for (let at = 0; at < node.length; at += 1) {
            const range = document.createRange();
            range.setStart(node, at); range.setEnd(node, at + 1);
            const place = [...range.getClientRects()].find(({ width }) => width);
            if (place && (isNew || place.top > bottom)) {
                rows.push([isNew, Math.round(place.left - left)]);
                bottom = place.bottom;
            }
            isNew = node.data[at] === "\\n" || isNew && !place;
        }
    }
    return rows;
}"""


def test_what_a_narrow_screen_wraps_is_indented_and_a_line_of_its_own_is_not(chromium, base):
    with open_cell(chromium, base, viewport={"width": 320, "height": 700}) as visit:
        page = visit.page
        if not page.evaluate("CSS.supports('text-indent', '1em hanging each-line')"):
            pytest.skip("a browser that does not know it wraps as before")
        rows = page.locator("figure.excerpt > pre.x").first.evaluate(STARTS)
        own, wrapped = ({x for is_own, x in rows if is_own is kind} for kind in (True, False))
        assert own == {0} and wrapped and min(wrapped) > 10
