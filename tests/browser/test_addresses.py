"""Addresses that were changed at random: no page complains, asks elsewhere, or stands still."""

from __future__ import annotations

import os
import random
from urllib.parse import quote, urlsplit

import pytest

from tests.browser.conftest import ARGUMENTS
from tests.browser.visit import Visit
from tests.hosting import chromium_path
from tests.soak.mutations import NUMBERS, TEXTS

pytestmark = pytest.mark.browser

MANY = int(os.environ.get("GALLERY_SOAK_MUTATIONS", "1000"))
FEW, TOGETHER = 12, 50
HANGS = 10_000
"""Milliseconds in which a page must answer, however busy the machine."""

PAGES = {
    "cell": ("cells/python-lstm/l0-17/", (
        "text=ab%0A%28%22c%22&at=3&level=0.5&frozen=yes&by=f&display=flipped", "excerpt=2&at=7",
        "text=def+a%28&write=yes&level=1&seed=77&temperature=0.5", "c0.17")),
    "explorer": ("explore/python-lstm/", (
        "excerpt=1&unit=c0.30&feature=in_string&pattern=t%5Bab%5D", "c0.30",
        "formula=in_string+%26+%7Ein_comment&everywhere=yes")),
    "side by side": ("side-by-side/", (
        "left=python-lstm+c0.17&right=python-lstm+h0.5&text=ab&apart=yes&other=c&flip=yes",
        "text=ab%0A")),
}

GIVE = """async (hashes) => {
    let slowest = 0;
    for (const hash of hashes) {
        const begun = performance.now();
        location.hash = hash;
        await new Promise((done) => setTimeout(done));
        await new Promise(requestAnimationFrame);
        slowest = Math.max(slowest, performance.now() - begun);
    }
    return slowest;
}"""
"""Gives a page one address after the other; says how long the slowest took until it was drawn."""


@pytest.fixture(scope="module")
def patient(driver):
    """A browser that lets a page change its address as often as it likes."""
    browser = driver.chromium.launch(executable_path=chromium_path(), args=[
        *ARGUMENTS, "--disable-ipc-flooding-protection"])
    yield browser
    browser.close()


def changed(chance, rights):
    """Return what may stand behind # instead of what is right."""
    parts = chance.choice(rights).split("&")
    for _ in range(chance.choice((1, 1, 2, 3))):
        at = chance.randrange(len(parts))
        name = parts[at].partition("=")[0]
        act = chance.randrange(8)
        if act == 0:
            parts.insert(at, chance.choice(parts))
        elif act == 1:
            parts[at] = parts[at][:chance.randrange(len(parts[at]) + 1)] + chance.choice(
                ("%", "%E0%A4%A", "+", "#", "&", "=", "\\", '"', "<", "%00", "%1B", "%F0%9F"))
        elif act == 2:
            parts[at] = f"{chance.choice(TEXTS)[:9_000]}={parts[at].partition('=')[2]}"
        else:
            value = str(chance.choice((*NUMBERS, *TEXTS, ".*", "(a+)+$", "(" * 400, "~" * 400)))
            value = value.encode("utf-8", "replace").decode()[:20_000]
            parts[at] = f"{name}={quote(value) if chance.random() < 0.8 else value}"
    return "&".join(parts).encode("utf-8", "replace").decode()


@pytest.mark.parametrize("count", [FEW, pytest.param(MANY, marks=pytest.mark.soak)])
@pytest.mark.parametrize("name", PAGES)
def test_an_address_that_was_changed_at_random(patient, base, name, count):
    page_address, rights = PAGES[name]
    hashes = [changed(random.Random(f"{name} {seed}"), rights) for seed in range(count)]
    slowest = 0
    with Visit(patient, base + page_address, "window.alert = () => { window.harm = 1; };") as visit:
        page = visit.page
        for at in range(0, count, TOGETHER):
            page.wait_for_function("document.querySelector('pre.x b')")
            slowest = max(slowest, page.evaluate(GIVE, hashes[at:at + TOGETHER]))
            assert page.evaluate("window.harm") is None
            assert page.locator("pre.x:visible").count() >= 1
            assert visit.complaints == [], hashes[at:at + TOGETHER]
            page.goto("about:blank")
            page.goto(f"{base}{page_address}#{hashes[at]}")
        page.goto("about:blank")
        page.goto(f"{base}{page_address}#{rights[0]}")
        page.wait_for_function("document.querySelector('pre.x b')")
        ours = urlsplit(base).netloc
        assert {urlsplit(url).netloc for url in visit.asked if url.startswith("http")} == {ours}
        assert visit.complaints == []
    print(f"{name}: {count} addresses, the slowest took {slowest:.0f} ms")
    assert slowest < HANGS


@pytest.mark.parametrize("place", ["7.5", "0.1", "-3", "1e300", "nine"])
def test_a_place_that_is_no_character_is_the_nearest(chromium, base, place):
    with Visit(chromium, f"{base}{PAGES['cell'][0]}#excerpt=1&at={place}") as visit:
        visit.page.wait_for_function("document.querySelector('#excerpt-1 .here:not([hidden])')")
        assert visit.complaints == []
