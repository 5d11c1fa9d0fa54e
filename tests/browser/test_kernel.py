"""Products of a matrix and a vector in WebAssembly, against float64; and pages without it."""

from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("torch")

from tests.browser.asked import own_text, shown, wait_for
from tests.browser.test_typing import by_torch, expected_on_page
from tests.browser.visit import Visit

pytestmark = pytest.mark.browser
ASSETS = Path(__file__).parents[2] / "site_src" / "docs" / "assets"
PAGE = "cells/python-lstm/l0-17/"
EPSILON = float(np.finfo(np.float32).eps)
PRODUCT = """([floats, rows, x, bias]) => {
    let calls = 0;
    const kernel = galleryKernel(Float32Array.from(floats), () => { calls += 1; return []; });
    const K = x.length, matrix = kernel.weights.subarray(3, 3 + rows * K);
    const added = bias ? Float32Array.from(bias) : kernel.weights.subarray(0, rows);
    return [Array.from(kernel.affine(matrix, Float32Array.from(x), added)), calls];
}"""


@pytest.fixture(scope="module")
def page(chromium):
    page = chromium.new_page()
    page.add_script_tag(path=ASSETS / "kernel.js")
    yield page
    page.close()


@pytest.mark.parametrize(("rows", "width"), [
    (8, 1), (8, 4), (9, 3), (15, 5), (16, 8), (97, 256), (1024, 255), (768, 64), (8, 16_384)])
@pytest.mark.parametrize("own_bias", [False, True])
def test_a_product_is_that_of_float64(page, rows, width, own_bias):
    draw = np.random.default_rng(rows + width)
    floats = draw.normal(size=3 + rows * width).astype(np.float32)
    x = draw.normal(size=width).astype(np.float32)
    bias = draw.normal(size=rows).astype(np.float32)
    found, by_script = page.evaluate(PRODUCT, [
        floats.tolist(), rows, x.tolist(), bias.tolist() if own_bias else None])
    matrix = floats[3:].reshape(rows, width).astype(float)
    added = bias if own_bias else floats[:rows]
    sizes = np.abs(matrix) @ np.abs(x.astype(float)) + np.abs(added)
    assert np.all(np.abs(found - (matrix @ x + added)) <= (width / 4 + 6) * EPSILON * sizes)
    assert by_script == 0


@pytest.mark.parametrize(("rows", "width"), [(7, 4), (8, 0), (8, 16_385), (16_385, 1)])
def test_what_is_too_small_or_too_large_is_left_to_the_script(page, rows, width):
    floats = np.ones(3 + rows * max(1, width))
    assert page.evaluate(PRODUCT, [floats.tolist(), rows, [1.0] * width, [1.0] * rows]) == [[], 1]


def test_a_matrix_that_is_elsewhere_is_left_to_the_script(page):
    assert page.evaluate("""() => galleryKernel(new Float32Array(64), () => "script").affine(
        new Float32Array(64), new Float32Array(8), new Float32Array(8))""") == "script"


NONE = {
    "there is none": "delete self.WebAssembly;",
    "it may not run": "WebAssembly.Module = class { constructor() { throw new Error('no'); } };",
    "it has no memory": "WebAssembly.Memory = class { constructor() { throw new RangeError(); } };",
}
IN_WORKER = """window.Worker = class extends window.Worker {
    constructor(source) {
        const before = new Blob([%r, `importScripts(${JSON.stringify(source)})`]);
        super(String(source).startsWith("blob:") ? URL.createObjectURL(before) : source);
    }
};"""


@pytest.mark.parametrize("how", NONE)
def test_where_it_cannot_run_the_page_shows_the_same(chromium, base, how):
    with Visit(chromium, base + PAGE, script=NONE[how] + IN_WORKER % NONE[how]) as visit:
        assert visit.page.evaluate("() => galleryKernel(new Float32Array(64), null)") is None
        own_text(visit.page).fill("f('a")
        wait_for(visit.page, ".cost", "bits per character")
        p = by_torch(expected_on_page(), "f('a")[1][-1]
        assert shown(visit.page) == pytest.approx(sorted(p[1:])[:-6:-1], abs=0.0051)
        assert visit.complaints == []
