"""A counter that the visitor drives: it reads as a plain loop does, and says where it is wrong."""

import re

import numpy as np
import pytest

from builder.core.counted import DrivenNetworks
from builder.features import FEATURES
from builder.rendering import render_site
from builder.site import build, write_site
from builder.workspace.driven import DRIVEN_FILE, read_driven, write_driven
from tests.browser.visit import Visit
from tests.hosting import hosted
from tests.make_cards import exhibit
from tests.make_counted import counted, driven, read_by_hand, run
from tests.sources import PROJECT, copy_sources

pytestmark = pytest.mark.browser
OURS = read_driven(PROJECT / "gallery" / DRIVEN_FILE)
MADE = (driven("lstm"), driven("gru"))
EPSILON = float(np.finfo(np.float32).eps)
READ = """async ([k, text]) => {
  const driven = JSON.parse(document.getElementById("driven-data").textContent)[k];
  const { model, architecture } = await galleryTools.networkOf(driven);
  const network = new (galleryNetwork().Network)(model, architecture);
  const [, state, layer, index] = model.unit.match(/([a-z]+)(\\d+).(\\d+)/);
  let now = null;
  return [...text].map((letter) => {
    now = network.step(now, network.cutting.idOf(letter));
    return [now[layer][state][index], ...network.scores(now)];
  });
}"""


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Return the folder of a small site on which both networks of the gallery and made ones are."""
    root = tmp_path_factory.mktemp("driving")
    copy_sources(root)
    results = counted(run(), driven=(*OURS, *MADE))
    write_site(render_site([exhibit()], [f.spec for f in FEATURES.values()], results), root)
    build(root)
    return root / "site"


@pytest.fixture(scope="module")
def address(made):
    with hosted(made) as address:
        yield f"{address}counting/"


@pytest.fixture
def page(chromium, address):
    with Visit(chromium, address) as visit:
        visit.page.wait_for_selector("form[data-drive]:not([hidden])")
        yield visit.page
        assert visit.complaints == []


def told(page):
    return page.locator(".driven .readout").all_inner_texts()


@pytest.mark.parametrize(("place", "architecture"), [(len(OURS), "lstm"), (len(OURS) + 1, "gru")])
def test_it_reads_as_a_plain_loop_does(page, place, architecture):
    text = "aababbbaabb" * 2
    states, answers = read_by_hand(architecture, text)
    found = np.array(page.evaluate(READ, [place, text]))
    close = 100 * len(text) * EPSILON
    assert found[:, 0] == pytest.approx(states[:, 1], abs=close)
    assert found[:, 1:] == pytest.approx(answers, abs=close)


@pytest.mark.parametrize("place", range(len(OURS)))
def test_those_of_the_gallery_climb_and_fail_as_pytorch_says(page, place):
    one = OURS[place]
    found = np.array(page.evaluate(READ, [place, "a" * one.n + "b" * one.n]))
    assert found[:, 0] == pytest.approx(one.values, abs=2e-3)
    right = [[True, True, False]] * one.n + [[False, True, False]] * (one.n - 1) + [
        [False, False, True]]
    assert np.flatnonzero(((found[:, 1:] > 0) != right).any(1)).tolist() == list(one.wrong)


def test_n_is_chosen_and_the_first_wrong_letter_is_said(page):
    one = OURS[0]
    page.get_by_label("n", exact=True).fill(str(one.n))
    page.get_by_role("button", name="Read aⁿbⁿ").click()
    said = page.locator("output[name=said]").inner_text()
    assert f"LSTM: first wrong after letter {one.wrong[0] + 1}" in said
    assert page.locator(".driven figure").nth(0).locator("circle.wrong").count() == len(one.wrong)
    page.get_by_label("n", exact=True).fill(str(one.n - 1))
    page.keyboard.press("Enter")
    assert "LSTM: no answer wrong" in page.locator("output[name=said]").inner_text()


def test_letters_are_typed_pressed_and_taken_back(page):
    page.locator("[data-does=clear]").click()
    assert page.locator("output[name=said]").inner_text() == "Type a's and b's."
    box = page.get_by_label("Text")
    box.press_sequentially("a<x>ab")
    assert box.input_value() == "aab"
    assert all(text.startswith("Letter 3, b: ") for text in told(page))
    page.get_by_role("button", name="b", exact=True).click()
    page.get_by_role("button", name="b", exact=True).click()
    assert "begin no string of as many b's as a's" in told(page)[0]
    page.get_by_role("button", name="Take one back").click()
    assert box.input_value() == "aabb"
    slider = page.get_by_role("slider", name="Letter")
    slider.focus()
    page.keyboard.press("ArrowLeft")
    assert all(text.startswith("Letter 3, b: ") for text in told(page))
    box.fill("aba")
    assert "begin no string of as many b's as a's" in told(page)[0]


def test_it_is_played_to_its_end(page):
    box = page.get_by_label("Text")
    box.fill("aabb")
    page.get_by_role("button", name="Play").click()
    page.wait_for_selector("button[name=play]:has-text('Play')")
    page.wait_for_function(
        "document.querySelector('.driven .readout').textContent.startsWith('Letter 4')")


def test_without_a_script_the_curve_stands_there(chromium, address):
    with Visit(chromium, address, java_script_enabled=False) as visit:
        page = visit.page
        assert not page.locator("form[data-drive]").is_visible()
        drawn = page.locator(".driven figure").nth(0)
        assert drawn.locator("polyline").is_visible()
        label = drawn.locator("svg").get_attribute("aria-label")
        assert re.search(r"wrong after letter \d+", label)
        assert f"first at n = {OURS[0].n:,}" in drawn.locator("figcaption").inner_text()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_has_no_barriers(chromium, address, scheme):
    from axe_playwright_python.sync_playwright import Axe

    with Visit(chromium, address, color_scheme=scheme) as visit:
        visit.page.wait_for_selector("form[data-drive]:not([hidden])")
        found = Axe().run(visit.page, context="#drive ~ form, .driven").response["violations"]
        assert [(one["id"], one["nodes"][0]["html"]) for one in found] == []


def test_it_fits_a_narrow_screen_and_runs_from_disk(chromium, made):
    file = (made / "counting" / "index.html").as_uri()
    with Visit(chromium, file, viewport={"width": 320, "height": 700}) as visit:
        visit.page.wait_for_selector("form[data-drive]:not([hidden])")
        assert visit.page.evaluate("document.documentElement.scrollWidth") == 320
        assert all(text.startswith("Letter ") for text in told(visit.page))


def test_names_from_a_file_are_escaped(tmp_path):
    bad = "a </script><b>x</b>"
    path = tmp_path / DRIVEN_FILE
    write_driven(path, DrivenNetworks("x", {}, (driven(title=bad),)))
    results = counted(run(), driven=read_driven(path))
    site = render_site([exhibit()], [f.spec for f in FEATURES.values()], results)
    (page,) = [page for page in site.fragments if page.path == "counting/index.html"]
    assert "<b>x" not in page.content and "&lt;b&gt;x" in page.content
