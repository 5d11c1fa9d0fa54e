"""The network in the browser, from a key to its colours; nothing where there is no Chromium."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

from builder.features import FEATURES
from builder.rendering import render_site
from builder.site import build, write_site
from tests.bench.sizes import Row, Sizes
from tests.hosting import chromium_path, hosted
from tests.make_cards import exhibit
from tests.sources import copy_sources

PAGE = "cells/python-lstm/l0-17/"
KEYS, LONG, SHORT = 20, 2_000, 100
LINE = 'def f(self, name):\n    return self.table[name](x + 1, "a string")  # note\n'
COUNT_WORKERS = """window.workers = 0;
window.Worker = class extends window.Worker {
    constructor(...given) { super(...given); window.workers += 1; }
};"""
HELPERS = """() => {
    const area = document.querySelector("#type textarea");
    const coloured = () => [...document.querySelectorAll(".typed pre b")].reduce(
        (sum, run) => sum + run.textContent.length, 0);
    const frame = () => new Promise(requestAnimationFrame);
    const until = async (done) => { while (!done()) await frame(); };
    const input = () => area.dispatchEvent(new Event("input", {bubbles: true}));
    const cost = document.querySelector(".beside .cost");
    window.bench = {
        async put(text) {       // milliseconds to the first colours, and to the last
            area.value = "";
            input();
            await until(() => coloured() === 0);
            const start = performance.now();
            area.value = text;
            input();
            await until(() => coloured() > 5);
            const first = performance.now() - start;
            await until(() => coloured() >= text.length);
            return [first, performance.now() - start];
        },
        async key(character) {  // milliseconds from a key at the end to its colour
            const at = area.value.length, start = performance.now();
            area.setRangeText(character, at, at, "end");
            input();
            await until(() => coloured() >= area.value.length);
            return performance.now() - start;
        },
        async slide(value) {    // milliseconds from a step of the slider to the frame after it
            const slider = document.querySelector("[name=value]"), start = performance.now();
            slider.value = String(value);
            slider.dispatchEvent(new Event("input", {bubbles: true}));
            await frame();
            await frame();
            const shown = performance.now() - start;
            await until(() => cost.textContent.includes("→"));
            return shown;
        },
    };
}"""


def typing_rows(sizes: Sizes) -> list[Row]:
    """Measure the box for a text of one's own; an empty list where there is no Chromium."""
    path = chromium_path()
    if path is None:
        return []
    keys = KEYS * sizes.repeats
    with _site() as address, _page(path, address) as page:
        _put(page, LINE[:SHORT])
        short, before = _keys(page, keys), _megabytes(page)
        _keys(page, keys)
        after, workers = _megabytes(page), page.evaluate("workers")
        pasted = [_put(page, (LINE * LONG)[:LONG]) for _ in range(sizes.repeats)]
        long = _keys(page, keys)
        slid = [page.evaluate("value => bench.slide(value)", step / 10) for step in range(-9, 10)]
    first, last = (median(each) for each in zip(*pasted, strict=True))
    return [
        Row(f"a key, {LONG:,} characters in the box, ms", f"{median(long):.0f}", "<= 50"),
        Row("the same / a key in a short text", f"{median(long) / median(short):.2f}"),
        Row(f"a paste of {LONG:,}, first colours, ms", f"{first:.0f}", "<= 100"),
        Row("the same, all of it, characters/s", f"{LONG / last * 1000:,.0f}"),
        Row("a step of the slider, shown, ms", f"{median(slid):.0f}", "<= 100"),
        Row("workers of a page, that of the search included", f"{workers}", "<= 2"),
        Row(f"memory after {keys} more keys / before", f"{after / before:.2f}" if before else "",
            "<= 1.20"),
    ]


def _put(page: Any, text: str) -> tuple[float, float]:
    first, last = page.evaluate("text => bench.put(text)", text)
    return first, last


def _keys(page: Any, count: int) -> list[float]:
    return [page.evaluate("key => bench.key(key)", "(x)y"[turn % 4]) for turn in range(count)]


def _megabytes(page: Any) -> float:
    """Return the memory of the largest process of a page, after what is free is given back."""
    page.request_gc()
    page.wait_for_timeout(500)
    session = page.context.browser.new_browser_cdp_session()
    processes = session.send("SystemInfo.getProcessInfo")["processInfo"]
    found = [Path(f"/proc/{process['id']}/statm") for process in processes
             if process["type"] == "renderer"]
    pages = [int(path.read_text("ascii").split()[1]) for path in found if path.exists()]
    return max(pages, default=0) * os.sysconf("SC_PAGE_SIZE") / 1e6


@contextmanager
def _page(path: str, address: str) -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=path, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page()
        page.add_init_script(COUNT_WORKERS)
        page.goto(address + PAGE)
        page.locator("[data-pick=type]").click()
        page.locator(".cost", has_text="bits per character").wait_for()
        page.evaluate(HELPERS)
        yield page
        browser.close()


@contextmanager
def _site() -> Iterator[str]:
    with TemporaryDirectory() as folder:
        root = Path(folder)
        copy_sources(root)
        write_site(render_site([exhibit()], [f.spec for f in FEATURES.values()]), root)
        build(root)
        with hosted(root / "site") as address:
            yield address
