"""The built pages in Chromium: over HTTP under a sub-path, and from disk."""

import json

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.browser.visit import Visit

pytestmark = pytest.mark.browser
CELL = "cells/python-lstm/l0-17"
PAGES = {"home": "", "exhibit": "exhibits/python-lstm", "cell": CELL,
         "classics": "classics", "classic": "classics/quotes-and-comments",
         "unexplained": "classics/uninterpretable",
         "features": "features", "feature": "features/in_string", "how": "how-to-read",
         "why": "why-correlation-is-not-enough", "networks": "networks", "glossary": "glossary",
         "units": "units/python-lstm", "explorer": "explore/python-lstm", "quiz": "quiz",
         "film": "films/python-lstm", "architectures": "architectures", "results": "results",
         "embed": "embed/python-lstm/l0-17", "panel": "extend/panel",
         "page-kind": "extend/page-kind"}


def at(base, name):
    return base + (PAGES[name] + "/" if PAGES[name] else "")


@pytest.mark.parametrize("name", PAGES)
def test_over_http_under_a_sub_path(chromium, base, name):
    with Visit(chromium, at(base, name)) as visit:
        visit.page.wait_for_load_state("networkidle")
        assert visit.page.locator("h1").count() == 1
        assert visit.complaints == []
        assert all(url.startswith((base, "blob:", "data:")) for url in visit.asked), visit.asked


@pytest.mark.parametrize("name", PAGES)
def test_from_disk(chromium, root, name):
    site = root / "site-offline"
    page = site / "index.html" if name == "home" else site / f"{PAGES[name]}.html"
    page = page if page.is_file() else site / PAGES[name] / "index.html"
    with Visit(chromium, page.as_uri()) as visit:
        visit.page.wait_for_load_state("networkidle")
        assert visit.page.locator("h1").count() == 1
        assert visit.complaints == []
        assert all(url.startswith(("file:", "blob:", "data:")) for url in visit.asked), visit.asked


def test_from_disk_links_lead_on(chromium, root):
    with Visit(chromium, (root / "site-offline" / "index.html").as_uri()) as visit:
        visit.page.get_by_role("link", name="evidence").click()
        visit.page.locator("h2", has_text="Numbers").wait_for()


def violations(page):
    """Return what axe finds, targets of less than 24 pixels included, which it leaves out else."""
    found = Axe().run(page, options={"rules": {"target-size": {"enabled": True}}})
    return json.dumps([(v["id"], [n["target"] for n in v["nodes"]][:4])
                       for v in found.response["violations"]])


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing(chromium, base, name, scheme):
    """With all that is folded closed, and with it open."""
    with Visit(chromium, at(base, name), color_scheme=scheme) as visit:
        assert violations(visit.page) == "[]"
        folds = visit.page.locator(".md-content details:not([open])")
        if folds.count():
            visit.page.evaluate("document.querySelectorAll('.md-content details').forEach("
                                "(fold) => { fold.open = true; })")
            assert violations(visit.page) == "[]"


@pytest.mark.parametrize("name", PAGES)
def test_a_narrow_screen_scrolls_sideways_in_boxes_only(chromium, base, name):
    with Visit(chromium, at(base, name), viewport={"width": 320, "height": 700}) as visit:
        width = visit.page.evaluate("document.documentElement.scrollWidth")
        assert width <= 320


def test_the_results_can_be_read_without_script(chromium, base):
    with Visit(chromium, at(base, "results"), java_script_enabled=False) as visit:
        page = visit.page
        fold = page.locator("details", has_text="An LSTM that read").first
        assert page.get_by_text("359,011").first.is_visible()
        assert fold.locator("table").is_hidden() and page.locator(".filter").count() == 0
        fold.locator("summary").click()
        assert fold.locator("table").is_visible()


@pytest.mark.parametrize("name", ["home", "exhibit", "cell", "feature", "quiz", "why", "embed"])
def test_it_can_be_read_without_script(chromium, base, name):
    with Visit(chromium, at(base, name), java_script_enabled=False) as visit:
        assert visit.page.locator("pre.x").first.is_visible()
        assert visit.page.locator(".legend-switches").first.is_hidden()


def test_what_is_drawn_is_what_the_json_says(chromium, base, root):
    stored = json.loads((root / "site" / f"{CELL}.json").read_text())
    texts = [e["text"] for e in stored["excerpts"]]
    with Visit(chromium, at(base, "cell")) as visit:
        shown = [visit.page.locator(f"#excerpt-{n} > pre.x") for n in range(1, 1 + len(texts))]
        assert [box.evaluate("e => e.textContent") for box in shown] == texts
        assert visit.page.locator("figure.excerpt[data-unit]").count() == len(texts)


def test_what_is_copied_is_what_the_json_says(chromium, base, root):
    stored = json.loads((root / "site" / f"{CELL}.json").read_text())
    copy = """box => {
        getSelection().selectAllChildren(box);
        const clipboardData = new DataTransfer();
        box.dispatchEvent(new ClipboardEvent("copy", {clipboardData, bubbles: true}));
        return [getSelection().toString(), clipboardData.getData("text/plain")];
    }"""
    with Visit(chromium, at(base, "cell")) as visit:
        for number, excerpt in enumerate(stored["excerpts"], 1):
            box = visit.page.locator(f"#excerpt-{number} > pre.x")
            visit.page.evaluate(f"location.hash = '#excerpt-{number}'")
            box.wait_for()  # a passage behind another, or in a fold, is shown when it is asked for
            selected, copied = box.evaluate(copy)
            assert copied == excerpt["text"]
            # A browser may leave out the last newline by itself, and nothing else.
            assert selected.removesuffix("\n") == excerpt["text"].removesuffix("\n")


def test_the_search_works_from_disk(chromium, root):
    with Visit(chromium, (root / "site-offline" / "index.html").as_uri()) as visit:
        visit.page.locator(".md-search__input").click()
        visit.page.keyboard.type("string", delay=20)
        visit.page.locator(".md-search-result__item").first.wait_for()
        assert visit.complaints == []


def test_red_is_high_and_the_switch_flips_it(chromium, base):
    colour = "e => getComputedStyle(e).backgroundColor"
    with Visit(chromium, at(base, "cell"), color_scheme="light") as visit:
        page = visit.page
        high, low = page.locator("pre.x b.p").first, page.locator("pre.x b.a").first
        before = high.evaluate(colour), low.evaluate(colour)
        assert before == ("rgb(214, 96, 77)", "rgb(67, 147, 195)")
        page.locator(".legend-switches > summary").click()
        page.get_by_role("button", name="Swap red and blue").click()
        assert (high.evaluate(colour), low.evaluate(colour)) == before[::-1]
        page.reload()
        assert page.locator("pre.x b.p").first.evaluate(colour) == before[1]


def test_the_dark_theme_has_its_own_colours(chromium, base):
    with Visit(chromium, at(base, "cell"), color_scheme="dark") as visit:
        high = visit.page.locator("pre.x b.p").first
        assert high.evaluate("e => getComputedStyle(e).backgroundColor") == "rgb(178, 24, 43)"


def test_an_excerpt_can_be_reached_with_the_keyboard(chromium, base):
    with Visit(chromium, at(base, "cell")) as visit:
        for _ in range(40):
            visit.page.keyboard.press("Tab")
            if visit.page.evaluate("document.activeElement.matches('pre.x')"):
                break
        else:
            pytest.fail("no excerpt takes the focus")


def test_forced_colours_keep_a_second_cue(chromium, base):
    with Visit(chromium, at(base, "cell"), forced_colors="active") as visit:
        line = ("e => getComputedStyle(e).textDecorationStyle"
                " + getComputedStyle(e).textDecorationLine")
        assert visit.page.locator("pre.x b.p").first.evaluate(line) == "solidunderline"
        assert visit.page.locator("pre.x b.a").first.evaluate(line) == "dottedunderline"
