"""Two units beside each other in Chromium."""

import xml.etree.ElementTree as ET

import pytest

from tests.browser.test_pages import violations
from tests.browser.visit import Visit

pytestmark = pytest.mark.browser
PAGE = "side-by-side/"
SVG = "{http://www.w3.org/2000/svg}"
TEXT = 'if x:\n    say("hello")\n'


@pytest.fixture
def visit(chromium, base):
    with Visit(chromium, base + PAGE) as visit:
        yield visit
    assert not visit.complaints


def typed(page, text, name="text"):
    page.locator(f"textarea[name={name}]").fill(text)
    is_read(page, "left")
    is_read(page, "right")


def is_read(page, side):
    """Wait until a side shows all of its text in colour."""
    page.wait_for_function(
        "(side) => { const box = document.querySelector(`.${side} pre.x`);"
        "const wanted = side === 'right' && document.querySelector('[name=apart]').checked"
        " ? 'other' : 'text';"
        "const area = document.querySelector(`textarea[name=${wanted}]`);"
        "return box.textContent === area.value && [...box.querySelectorAll('b')]"
        ".map((run) => run.textContent).join('') === area.value; }", arg=side)


def letters(page, side):
    """Return the colour of each character of a side."""
    return page.evaluate(
        "(side) => [...document.querySelectorAll(`.${side} pre.x b`)].flatMap("
        "(run) => Array.from(run.textContent, () => run.className)).join('')", side)


def choose(page, side, unit):
    page.locator(f"[name={side}-unit]").fill(unit)
    page.wait_for_function(
        "([side, unit]) => document.querySelector(`[name=${side}-unit]`).value === unit",
        arg=[side, unit])
    is_read(page, side)


def test_the_same_unit_twice_differs_nowhere(visit):
    page = visit.page
    unit = page.locator("[name=left-unit]").input_value()
    page.locator("[name=right-network]").select_option(
        page.locator("[name=left-network]").input_value())
    choose(page, "right", unit)
    typed(page, TEXT)
    assert letters(page, "left") == letters(page, "right")
    assert set(letters(page, "difference")) <= {"h", "i"}  # those about 0
    page.wait_for_function("() => document.querySelector('.together').textContent"
                           ".includes('r = 1.00, and their changes with 1.00')")


def test_turned_around_it_is_the_opposite(visit):
    page = visit.page
    page.locator("[name=right-network]").select_option(
        page.locator("[name=left-network]").input_value())
    choose(page, "right", page.locator("[name=left-unit]").input_value())
    typed(page, TEXT)
    page.locator("[name=flip]").check()
    page.wait_for_function("() => document.querySelector('.together').textContent"
                           ".includes('r = −1.00')")
    mirrored = dict(zip("abcdefghijklmnop", "ponmlkjihgfedcba", strict=True))
    left, right = letters(page, "left"), letters(page, "right")
    assert sum(mirrored[a] != b for a, b in zip(left, right, strict=True)) <= 2  # at a limit


def test_pointing_at_one_marks_all(visit):
    page = visit.page
    typed(page, TEXT)
    page.locator(".left pre.x").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    places = page.evaluate("() => [...document.querySelectorAll('#pair pre.x .here')].map("
                           "(mark) => mark.hidden ? '' : mark.style.left)")
    assert len(places) == 3 and all(places) and places[0] == places[1]
    said = page.locator("#pair .readout").inner_text()
    assert said.startswith("f") and "left" in said and "right" in said and "difference" in said


def test_two_texts_are_not_compared(visit):
    page = visit.page
    typed(page, TEXT)
    page.locator("[name=apart]").check()
    typed(page, "x = 1\n", "other")
    assert page.locator(".difference").is_hidden()
    assert page.locator(".together").inner_text() == ""
    assert len(letters(page, "right")) == len("x = 1\n")


@pytest.mark.parametrize("is_apart", [False, True])
def test_what_is_shown_can_be_saved_as_a_picture(visit, is_apart):
    page = visit.page
    typed(page, TEXT)
    page.locator("[name=apart]").set_checked(is_apart)
    if is_apart:
        typed(page, "y = 2\n", "other")
    left = page.locator("[name=left-unit]").input_value()
    page.wait_for_function("name => document.querySelector('.left [data-title]').textContent"
                           ".includes(name)", arg=f"Left: {left} of ")
    with page.expect_download() as saved:
        page.get_by_role("button", name="Save picture").click()
    assert saved.value.suggested_filename == "side-by-side.svg"
    drawing = ET.parse(saved.value.path())
    said = [text.text for text in drawing.iter(f"{SVG}text")]
    fills = {rect.get("fill") for rect in drawing.iter(f"{SVG}rect")}
    assert f"Left: {left} of python-lstm" in said and "Red is high, blue is low." in said
    assert ("Where they differ" in said) is not is_apart and len(fills) > 2
    assert ("y = 2" in said) is is_apart


def test_an_address_opens_as_it_was(chromium, base, visit):
    page = visit.page
    typed(page, TEXT)
    page.locator("[name=flip]").check()
    page.wait_for_function("() => location.hash.includes('flip')")
    with Visit(chromium, page.url) as other:
        is_read(other.page, "left")
        is_read(other.page, "right")
        assert letters(other.page, "right") == letters(page, "right")
        assert letters(other.page, "difference") == letters(page, "difference")
        assert not other.complaints


@pytest.mark.parametrize("hash_", [
    "left=nothing:c0.1", "left=:&right=:::", "left=python-lstm:c0.99999999999999999999999999",
    "right=python-lstm:%3Cimg%20src=x%20onerror=alert(1)%3E", "apart=maybe&flip=1&other=%00",
])
def test_a_hostile_address_leaves_a_page_that_works(chromium, base, hash_):
    with Visit(chromium, f"{base}{PAGE}#{hash_}") as visit:
        page = visit.page
        page.wait_for_function("() => galleryTools.address")
        for side in ("left", "right"):
            page.locator(f"[name={side}-network]").select_option("python-lstm")
            choose(page, side, "c0.17")
        typed(page, TEXT)
        assert not visit.complaints


def test_a_unit_that_is_not_there_is_said(visit):
    page = visit.page
    page.locator("[name=left-unit]").fill("c9.999")
    page.wait_for_function("() => document.querySelector('[data-says=left]').textContent"
                           " === 'This network has no such unit.'")
    assert page.locator("[name=left-unit]").get_attribute("aria-invalid") == "true"


def test_a_page_of_a_unit_leads_here_with_it(chromium, base):
    with Visit(chromium, base + "cells/python-lstm/l0-17/") as visit:
        page = visit.page
        page.get_by_role("link", name="Put another unit beside it").click()
        is_read(page, "left")
        assert page.locator("[name=left-unit]").input_value() == "c0.17"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_accessible(chromium, base, scheme):
    with Visit(chromium, base + PAGE, color_scheme=scheme) as visit:
        typed(visit.page, TEXT)
        assert violations(visit.page) == "[]"
