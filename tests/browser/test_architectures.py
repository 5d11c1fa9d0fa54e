"""An architecture that is not ours: one file beside the scripts of the site, and nothing else."""

import base64
import json

import numpy as np
import pytest

from tests.browser.asked import ANSWER, own_text, shown, wait_for
from tests.browser.visit import Visit
from tests.extension.recipes import files_of

pytestmark = pytest.mark.browser
SCRIPT = files_of("architecture")["trnn.js"]
PAGE = "cells/python-lstm/l0-17/"
VOCABULARY = "ab(\" é𝔘"
E, H, LAYERS, V = 5, 9, 2, 8
EPSILON = float(np.finfo(np.float32).eps)
CLOSE = 100 * EPSILON
"""h forgets as fast as z renews it, so what is rounded at a step does not grow."""


def weights(seed=0):
    """Return the tensors in the order in which the page has them, float16 values in float64."""
    draw = np.random.default_rng(seed)
    shapes = [(V, E)]
    for layer in range(LAYERS):
        width = H if layer else E
        shapes += [(H, width), (H,), (H, width), (H,)]
    return [draw.normal(0, 1, shape).astype("<f2").astype(float) for shape in (*shapes, (V, H), V)]


def model():
    packed = np.concatenate([w.ravel() for w in weights()]).astype("<f2").tobytes()
    return {"architecture": "trnn", "embedding": E, "hidden": H, "layers": LAYERS,
            "vocabulary": VOCABULARY, "weights": base64.b64encode(packed).decode()}


def by_loop(text, hold=None):
    """Return h, z and n of every layer, float64[N, L, H] each, and probabilities float64[N, V]."""
    embedding, *layers, decoder, bias = weights()
    h, rows, chances = np.zeros((LAYERS, H)), [], []
    for character in text:
        x, row = embedding[VOCABULARY.find(character) + 1], []
        for layer in range(LAYERS):
            wz, bz, wn, bn = layers[4 * layer : 4 * layer + 4]
            z, n = 1 / (1 + np.exp(-(wz @ x + bz))), wn @ x + bn
            h[layer] = (1 - z) * h[layer] + z * n
            if hold and hold["layer"] == layer:
                h[layer, hold["index"]] = hold["value"]
            x = h[layer]
            row.append((x.copy(), z, n))
        rows.append(row)
        powers = np.exp(decoder @ x + bias)
        chances.append(powers / powers.sum())
    return *np.array(rows).transpose(2, 0, 1, 3), np.array(chances)


@pytest.fixture(scope="module")
def page(chromium, base):
    with Visit(chromium, base + PAGE) as visit:
        visit.page.add_script_tag(content=SCRIPT)
        yield visit.page


def test_it_is_short():
    assert len(SCRIPT.splitlines()) < 60


@pytest.mark.parametrize("signal", ["h", "dh"])
@pytest.mark.parametrize("held", [False, True])
def test_it_runs_as_a_plain_loop_does(page, signal, held):
    text = "(a𝔘\"b\ncé \"" * 8
    hold = {"state": "h", "layer": 0, "index": 2, "value": 0.4} if held else None
    h, z, n, p = by_loop(text, hold)
    for layer in range(LAYERS):
        unit = {"signal": signal, "layer": layer, "index": 2}
        given = page.evaluate(ANSWER, [model(), {"text": text, "unit": unit, "hold": hold}])
        assert np.array(given["next"]) == pytest.approx(p, abs=CLOSE)
        if held:  # values and signals are those of the network as it is
            h, z, n, _ = by_loop(text)
        values = h[:, layer, 2]
        wanted = values if signal == "h" else np.diff(values, prepend=0)
        assert given["values"] == pytest.approx(wanted, abs=CLOSE)
        signals = dict(given["signals"])
        assert list(signals) == ["z", "n"]
        assert signals["z"] == pytest.approx(z[:, layer, 2], abs=CLOSE)
        assert signals["n"] == pytest.approx(n[:, layer, 2], abs=CLOSE)


def test_the_box_of_a_page_takes_it_in_its_worker(chromium, base):
    """The model names its architecture, and the page finds the file of that name."""
    content = f'window.galleryModels = {{"python-lstm": {json.dumps(model())}}};'
    with Visit(chromium, base + PAGE) as visit:
        page, workers = visit.page, []
        page.on("worker", lambda worker: workers.append(worker.url))
        page.route("**/models/python-lstm.js", lambda route: route.fulfill(
            body=content, content_type="text/javascript"))
        page.route("**/assets/architectures/trnn.js", lambda route: route.fulfill(
            body=SCRIPT, content_type="text/javascript"))
        box = own_text(page)
        box.fill("(a\"b")
        # The cell of an LSTM is no unit of this network.
        wait_for(page, ".beside .readout", "This network has no such unit.")
        page.evaluate("document.getElementById('play').dataset.unit = 'h1.3'")
        box.press_sequentially("(")
        wait_for(page, ".cost", "bits per character")
        h, _, _, p = by_loop("(a\"b(")
        assert shown(page) == pytest.approx(sorted(p[-1][1:])[:-6:-1], abs=0.0051)
        said = page.locator(".beside .readout").inner_text().split("h1.3 = ")[1]
        assert float(said.replace("−", "-")) == pytest.approx(h[-1, 1, 3], abs=0.0051)
        ours = [url for url in workers if url.startswith("blob:")]  # the search has one of its own
        assert len(ours) == 1
        assert visit.complaints == []
