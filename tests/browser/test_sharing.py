"""What a visitor did is in the address, and opens again as it was, whoever wrote the address."""

import xml.etree.ElementTree as ET
from html import unescape
from urllib.parse import quote_plus

import pytest

from tests.browser.asked import own_text, wait_for
from tests.browser.visit import Visit
from tests.make_cards import exhibit

pytestmark = pytest.mark.browser
CELL = "cells/python-lstm/l0-17"
TEXT = "x = f('a+b & c',\n\t\"é#%41\")  # 👩‍👩‍👧 ½\n"
CLIPBOARD = ["clipboard-read", "clipboard-write"]
SVG = "{http://www.w3.org/2000/svg}"


def address_of(base, root, page, from_disk):
    return (root / "site-offline" / page).as_uri() + ".html" if from_disk else f"{base}{page}/"


def copied(page, inside, name="Copy link"):
    """Press a button of a part of the page, and return what it copied."""
    page.evaluate("""() => { window.copied = null;
        Object.defineProperty(navigator, "clipboard", {configurable: true, value: {
            writeText: async (text) => { window.copied = text; }}}); }""")
    page.locator(inside).get_by_role("button", name=name).click()
    page.wait_for_function("window.copied !== null")
    return page.evaluate("window.copied")


def picture(page, selector):
    """Return a part of the page as it is drawn, with nothing in focus and nothing pointed at.

    Corners are square: how a browser smooths a round one hangs on what it drew before.
    """
    page.set_viewport_size({"width": 1280, "height": 2000})  # nothing scrolls behind the header
    page.evaluate("document.activeElement.blur(); scrollTo(0, 0)")
    page.mouse.move(0, 0)
    page.wait_for_function(
        "![...document.querySelectorAll('[data-copies]')].some((b) => b.textContent === 'Copied')")
    return page.locator(selector).screenshot(style="* { border-radius: 0 !important; }")


@pytest.mark.parametrize("from_disk", [False, True])
def test_a_text_of_ones_own_opens_as_it_was_to_the_pixel(chromium, base, root, from_disk):
    address = address_of(base, root, CELL, from_disk)
    with Visit(chromium, address) as visit:
        page = visit.page
        box = own_text(page)
        box.fill(TEXT)
        box.evaluate("box => box.setSelectionRange(8, 8)")
        box.press("ArrowLeft")
        page.locator("[name=value]").fill("0.8")
        page.locator("[name=shown]").select_option("f")
        page.locator("#play .legend-switches > summary").click()
        page.get_by_role("button", name="Swap red and blue").click()
        page.locator("#play .legend-switches > summary").click()
        wait_for(page, ".cost", "→")
        link = copied(page, "#type")
        before = picture(page, "#play .stage")
        assert visit.complaints == []
        said = page.locator(".beside").inner_text()
    assert link.startswith(address + "#")
    with Visit(chromium, link) as visit:
        page = visit.page
        wait_for(page, ".cost", "→")
        wait_for(page, ".beside .readout", "frozen at .80")
        assert page.locator("#type textarea").input_value() == TEXT
        assert page.locator(".beside").inner_text() == said
        assert picture(page, "#play .stage") == before
        assert page.url == link and visit.complaints == []
        assert all(url.split("#")[0].startswith((address[:7], "blob:", "data:"))
                   for url in visit.asked)


def test_an_excerpt_and_a_place_in_it_open_as_they_were(chromium, base):
    with Visit(chromium, f"{base}{CELL}/") as visit:
        page = visit.page
        other = page.locator(".picks [data-pick]").nth(1)
        number = other.get_attribute("data-pick")
        other.click()
        page.locator(f"#{number} > pre.x").focus()
        page.keyboard.press("Home")
        for _ in range(6):
            page.keyboard.press("ArrowRight")
        page.locator("[name=held]").check()
        wait_for(page, ".cost", "→")
        link = copied(page, ".topline")
        before, said = picture(page, "#play .stage"), page.locator(".beside").inner_text()
    with Visit(chromium, link) as visit:
        page = visit.page
        wait_for(page, ".cost", "→")
        page.wait_for_function("said => document.querySelector('.beside').innerText === said",
                               arg=said)
        assert page.locator(f"#{number}").is_visible()
        assert picture(page, "#play .stage") == before and visit.complaints == []


def test_a_continuation_is_written_again_with_its_seed_and_temperature(chromium, base):
    shown = """() => [...document.querySelectorAll("#write pre")].map((box) => box.innerHTML)"""
    with Visit(chromium, f"{base}{CELL}/") as visit:
        page = visit.page
        own_text(page).fill("def a(")
        page.locator("#write > summary").click()
        page.locator("#write [name=temperature]").fill("0.5")
        page.locator("#write [name=seed]").fill("77")
        page.locator("#write [name=frozen]").fill("-0.5")
        page.locator("#write [type=submit]").click()
        wait_for(page, "#write caption", "Mean of ")
        before, link = page.evaluate(shown), copied(page, "#write")
    with Visit(chromium, link) as visit:
        page = visit.page
        wait_for(page, "#write caption", "frozen at −.50")
        assert page.evaluate(shown) == before
        assert page.locator("#write [name=seed]").input_value() == "77"
        assert page.locator("#write [name=temperature]").input_value() == "0.5"
        assert visit.complaints == []


@pytest.mark.parametrize(("field", "words"), [("pattern", r"t[ab]\w*"),
                                              ("formula", "in_string & ~in_comment")])
def test_a_search_of_the_explorer_opens_as_it_was(chromium, base, field, words):
    with Visit(chromium, f"{base}explore/python-lstm/#c0.30") as visit:
        page = visit.page
        page.locator("select[name=excerpt]").select_option(index=1)
        page.wait_for_function("""text => document.querySelector(
            "#explorer pre.x").textContent === text""", arg=exhibit().explored[1].text)
        page.locator("select[name=feature]").select_option("in_string")
        page.locator(f"input[name={field}]").fill(words)
        page.locator(f"input[name={field}]").press("Enter")
        page.locator("#found tbody tr").first.wait_for()
        page.get_by_role("button", name="Next unit").click()
        link = copied(page, "figure.excerpt .take")
        before = picture(page, "#explorer pre.x")
        table, unit = page.locator("#found").inner_text(), page.locator("[name=unit]").input_value()
    with Visit(chromium, link) as visit:
        page = visit.page
        page.wait_for_function("table => document.getElementById('found').innerText === table",
                               arg=table)
        assert page.locator("[name=unit]").input_value() == unit
        assert page.locator("select[name=excerpt]").evaluate("e => e.selectedIndex") == 1
        assert picture(page, "#explorer pre.x") == before and visit.complaints == []


def test_on_the_page_of_an_exhibit_the_unit_is_in_the_address(chromium, base):
    with Visit(chromium, f"{base}exhibits/python-lstm/#unit=h0.5&text=a(b") as visit:
        wait_for(visit.page, ".beside .readout", "h0.5 = ")
        assert visit.page.locator("#type textarea").input_value() == "a(b"
        assert visit.complaints == []


def test_who_has_done_nothing_copies_the_plain_address(chromium, base):
    for page_address in (f"{base}{CELL}/", f"{base}{CELL}/#numbers"):
        with Visit(chromium, page_address) as visit:
            assert copied(visit.page, ".topline") == page_address


def test_the_code_of_a_frame_has_what_is_shown(chromium, base):
    with Visit(chromium, f"{base}{CELL}/") as visit:
        page = visit.page
        page.locator(".picks [data-pick]").nth(1).click()
        number = page.locator(".picks [aria-pressed=true]").get_attribute("data-pick")[8:]
        assert f'embed/python-lstm/l0-17/?excerpt={number}"' in copied(
            page, ".topline", "Copy embed code")
        own_text(page).fill(TEXT)
        code = copied(page, "#type", "Copy embed code")
        wait_for(page, ".cost", "bits per character")
        drawn = page.locator("#type pre").evaluate("""box => [...box.querySelectorAll("b")].map(
            (b) => b.className + b.textContent)""")
    source = unescape(code.split('src="')[1].split('"')[0])
    assert source.startswith(f"{base}embed/python-lstm/l0-17/#text={quote_plus(TEXT[:9])}")
    with Visit(chromium, base) as visit:
        visit.page.set_content(code)
        frame = visit.page.frame_locator("iframe")
        frame.locator("pre.x b").first.wait_for()
        box = frame.locator("pre.x:visible")
        assert box.evaluate("e => e.textContent") == TEXT
        assert box.evaluate("""box => [...box.querySelectorAll("b")].map(
            (b) => b.className + b.textContent)""") == drawn
        assert "typed by a visitor" in frame.locator("body").inner_text()


def test_a_text_that_is_too_long_for_an_address_is_not_copied_and_it_is_said(chromium, base):
    with Visit(chromium, f"{base}{CELL}/") as visit:
        page = visit.page
        own_text(page).fill("(" * 2_500)
        page.locator("#type").get_by_role("button", name="Copy link").click()
        wait_for(page, "#type .take [role=status]",
                 "once encoded it has 7,500 characters, and 6,000 fit")
        assert "#" not in page.url
        page.locator("#type textarea").fill("(" * 2_000)
        assert len(copied(page, "#type")) > 6_000
        assert page.locator("#type .take [role=status]").inner_text() == ""


HOSTILE = {
    "broken encoding": "text=%E0%A4%A&at=%",
    "broken encoding of an anchor": "%E0%A4%A",
    "a megabyte": "text=" + "a" * 1_000_000,
    "a megabyte of nothing": "a" * 1_000_000,
    "a script": "text=%3Cscript%3Ealert(1)%3C/script%3E%3Cimg src=x onerror=alert(1)%3E",
    "a script for a unit": "unit=%3Cimg src=x onerror=alert(1)%3E&by=%3Cscript%3E",
    "an address of a script": "javascript:alert(1)",
    "names of JavaScript": "__proto__=1&constructor=2&toString=3&text=a&hasOwnProperty=4",
    "no numbers": "excerpt=x&at=NaN&level=Infinity&seed=-1&temperature=1e999&frozen=yes",
    "numbers far away": "excerpt=99999999999&at=-9999999999999999999&level=1e308&seed=1e99",
    "selectors": 'excerpt=1"],script,[id="x&at=]]>',
    "a selector of the theme": '"]*\\',
    "many": "&".join(f"text={n}" for n in range(900)),
    "an expression without end": "pattern=([^;]%2B)%2B%2B&formula=((((((((",
    "zeros": "text=%00%00a%1B[31m%EF%BF%BF&display=%00",
}


@pytest.mark.parametrize("page_address", [f"{CELL}/", "explore/python-lstm/",
                                          "embed/python-lstm/l0-17/"])
@pytest.mark.parametrize("name", HOSTILE)
def test_an_address_that_anybody_wrote_does_no_harm(chromium, base, name, page_address):
    with Visit(chromium, f"{base}{page_address}", "window.alert = () => { window.harm = 1; };") as (
            visit):
        visit.page.goto("about:blank")
        visit.page.goto(f"{base}{page_address}#{HOSTILE[name]}")
        page = visit.page
        page.wait_for_function("document.querySelector('pre.x b')")
        assert page.evaluate("window.harm") is None
        assert page.locator("pre.x:visible").count() >= 1
        assert page.evaluate("document.querySelectorAll('.md-content img[src=x]').length") == 0
        if page_address == f"{CELL}/":
            own_text(page).fill("ab")  # it still works
            wait_for(page, ".beside .readout", "after “b”")
        if page_address.startswith("explore"):
            page.get_by_role("button", name="Next unit").click()
            assert page.locator("[name=unit]").get_attribute("aria-invalid") == "false"
        assert visit.complaints == []


@pytest.mark.parametrize("kind", ["svg", "png"])
def test_a_coloured_text_is_saved_as_a_picture(chromium, base, kind):
    with Visit(chromium, f"{base}{CELL}/") as visit:
        page = visit.page
        own_text(page).fill(TEXT)
        wait_for(page, ".cost", "bits per character")
        page.wait_for_function("document.querySelectorAll('.typed pre b').length > 2")
        colours = page.locator(".typed pre").evaluate("""box => [...box.querySelectorAll("b")].map(
            (b) => getComputedStyle(b).backgroundColor)""")
        name = {"svg": "Save picture", "png": "as PNG"}[kind]
        with page.expect_download() as saved:
            page.locator("#type").get_by_role("button", name=name).click()
        assert saved.value.suggested_filename == f"python-lstm-c0.17.{kind}"
        content = saved.value.path().read_bytes()
        assert visit.complaints == []
    if kind == "png":
        assert content[:8] == b"\x89PNG\r\n\x1a\n"
        return
    drawing = ET.fromstring(content)
    fills = [rect.get("fill") for rect in drawing.iter(f"{SVG}rect")]
    assert set(fills[1:]) == {c for c in colours if c != "rgba(0, 0, 0, 0)"} | (
        set(fills[1:]) & {"rgba(0, 0, 0, 0)"})
    letters = "".join(text.text for text in drawing.iter(f"{SVG}text"))
    assert "x = f('a+b & c'," in letters and "é" in letters and "c0.17 of python-lstm" in letters


def test_a_search_is_saved_with_its_underlines_and_what_is_written_with_both_texts(
        chromium, base):
    with Visit(chromium, f"{base}explore/python-lstm/#c0.30") as visit:
        page = visit.page
        page.locator("select[name=feature]").select_option("in_string")
        with page.expect_download() as saved:
            page.get_by_role("button", name="Save picture").click()
        assert saved.value.suggested_filename == "python-lstm-c0.30.svg"
        drawing = ET.parse(saved.value.path())
        assert [r for r in drawing.iter(f"{SVG}rect") if r.get("height") == "1"]
    with Visit(chromium, f"{base}{CELL}/#text=ab&write=yes&level=1") as visit:
        page = visit.page
        wait_for(page, "#write caption", "Mean of ")
        with page.expect_download() as saved:
            page.locator("#write").get_by_role("button", name="Save picture").click()
        words = saved.value.path().read_text("utf-8")
        assert ">Free<" in words and ">Frozen at 1.00<" in words
        assert visit.complaints == []
