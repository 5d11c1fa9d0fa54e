"""WCAG 2.2 AA for fingers and the keyboard: targets of 24 pixels, a focus that nothing hides."""

import json

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import TimeoutError as PlaywrightTimeout

from tests.browser.test_pages import PAGES, at
from tests.browser.visit import Visit

pytestmark = pytest.mark.browser
WALKED = ("home", "cell", "exhibit", "feature", "classic", "explorer")
TARGETS = {"runOnly": ["target-size"], "rules": {"target-size": {"enabled": True}}}
OPEN = "document.querySelectorAll('.md-content details').forEach((fold) => { fold.open = true; })"
MOST = 120
"""Presses after which a walk ends wherever it is."""
FOCUS = """() => {
    const found = document.activeElement;
    if (found === document.body) return null;
    // The ring of these is around their label.
    const shown = found.matches(".md-option") ? found.nextElementSibling : found;
    const boxes = [...shown.getClientRects()].filter(({ width, height }) => width && height);
    const mine = (hit) => hit && shown.contains(hit);
    const seen = boxes.some(({ left, top, width, height }) => [.1, .3, .5, .7, .9].some((x) =>
        [.1, .3, .5, .7, .9].some((y) => mine(
            document.elementFromPoint(left + x * width, top + y * height)))));
    return [found.outerHTML.slice(0, 120), seen, boxes.map(({ left, top, width, height }) =>
        [left, top, width, height].map(Math.round))];
}"""


@pytest.mark.parametrize("width", [320, 390])
@pytest.mark.parametrize("name", [*PAGES, "side-by-side"])
def test_targets_have_24_pixels_or_room_around_them(chromium, base, name, width):
    address = at(base, name) if name in PAGES else f"{base}{name}/"
    with Visit(chromium, address, viewport={"width": width, "height": 800}) as visit:
        visit.page.evaluate(OPEN)
        found = Axe().run(visit.page, options=TARGETS).response["violations"]
        assert json.dumps([node["target"] for rule in found for node in rule["nodes"]]) == "[]"


@pytest.mark.parametrize("viewport", [(1280, 600), (390, 500)], ids=["wide", "narrow"])
@pytest.mark.parametrize("name", [*WALKED, "side-by-side"])
def test_what_has_the_focus_is_not_hidden_however_one_walks(chromium, base, name, viewport):
    address = at(base, name) if name in PAGES else f"{base}{name}/"
    width, height = viewport
    with Visit(chromium, address, viewport={"width": width, "height": height}) as visit:
        page, hidden, walked = visit.page, [], []
        page.add_style_tag(content="* { transition: none !important; animation: none !important; }")
        for key in ("Tab", "Shift+Tab"):
            for _ in range(MOST):
                page.keyboard.press(key)
                found = page.evaluate(FOCUS)
                if found is None:
                    break
                walked.append(found[0])
                if found[1]:
                    continue
                # what loads above it may have pushed it out of view; what covers it still does
                page.evaluate("document.activeElement.scrollIntoView({ block: 'nearest' })")
                try:  # what the page hides or shows as it scrolls may take a moment
                    page.wait_for_function(f"() => ({FOCUS})()[1]", timeout=2_000)
                except PlaywrightTimeout:
                    hidden.append((key, *found))
        assert hidden == [] and len(set(walked)) > 10
