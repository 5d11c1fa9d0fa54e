"""What the network writes in the browser, free and with a unit held, against PyTorch; and what is
counted in it.
"""

import importlib.util
import math
from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from builder.features import FEATURES, label  # noqa: E402
from builder.models.folder import load_model  # noqa: E402
from tests.browser.asked import own_text, wait_for  # noqa: E402
from tests.browser.test_cutting import KINDS, model_of, network_of  # noqa: E402
from tests.browser.test_pages import violations  # noqa: E402
from tests.browser.visit import Visit  # noqa: E402

pytestmark = [pytest.mark.browser, pytest.mark.torch]
ROOT = Path(__file__).parents[2]
ASSETS = ROOT / "site_src" / "docs" / "assets"
PAGE = "cells/python-lstm/l0-17/"
LENGTH, COUNT = 200, 20
CLOSE = 1e-6
"""Where a limit between two characters is so near to the number drawn, rounding may decide."""
ATOMS = {
    "quotes": ("c0.40", 1.0, 'def greet(name):\n    """Say'),
    "parentheses": ("c0.159", 1.0, "import os\n\nx = os.path.join("),
    "place in the line": ("c0.223", -1.0, "class Reader:\n    def read(self):\n"),
}
WRITES = """([model, question]) => {
    const tool = galleryNetwork(galleryKernel), sampling = gallerySampling(tool);
    const architecture = galleryArchitectures[model.architecture];
    const network = new tool.Network(model, architecture), written = {free: [], held: []};
    const unit = tool.unitOf(question.name, model, architecture);
    const hold = {...unit, value: question.value};
    for (const part of sampling.writes(network, {...question, unit, hold})) {
        if (part.reading) continue;
        const one = written[part.run][part.number] ??= {text: "", values: []};
        one.text += part.text;
        one.values.push(...part.values);
    }
    return written;
}"""

HOLDS = """([model, text, seed, values]) => {
    const tool = galleryNetwork(galleryKernel), sampling = gallerySampling(tool);
    const architecture = galleryArchitectures[model.architecture];
    const network = new tool.Network(model, architecture);
    const units = Object.entries(values).map(([name, value]) => (
        {...tool.unitOf(name, model, architecture), value}));
    const parts = [...sampling.writes(network, {text, unit: units[0], hold: units, seed, count: 1,
        length: 200, temperature: 0.7})];
    return parts.filter(({ run, reading }) => run === "held" && !reading).map(
        (part) => part.text).join("");
}"""


@pytest.fixture(scope="module")
def page(chromium):
    page = chromium.new_page()
    for script in ("kernel.js", "network.js", "sampling.js", "counted.js", "architectures/gru.js",
                   "architectures/lstm.js"):
        page.add_script_tag(path=ASSETS / script)
    yield page
    page.close()


@pytest.fixture(scope="module")
def shipped():
    return load_model(ROOT / "gallery" / "python-lstm").network


def mulberry32(seed):
    """Yield the numbers of the generator as its author gives it, in 32 bits."""
    whole = 2**32
    while True:
        seed = (seed + 0x6D2B79F5) % whole
        t = (seed ^ seed >> 15) * (seed | 1) % whole
        t ^= (t + (t ^ t >> 7) * (t | 61)) % whole
        yield (t ^ t >> 14) / whole


class Lstm:
    """One layer in PyTorch, with a cell held after each step."""

    def __init__(self, network, cell=None, shown=0.0):
        self.network, self.cell, self.shown = network, cell, shown
        self.h = self.c = torch.zeros(network.spec.hidden_size)

    def read(self, id_):
        """Read a character and return the probabilities of the next, float64[V]."""
        rnn, linear = self.network.rnn, torch.nn.functional.linear
        with torch.inference_mode():
            x = self.network.embedding.weight[id_]
            i, f, g, o = (linear(x, rnn.weight_ih_l0, rnn.bias_ih_l0)
                          + linear(self.h, rnn.weight_hh_l0, rnn.bias_hh_l0)).chunk(4)
            self.c = f.sigmoid() * self.c + i.sigmoid() * g.tanh()
            if self.cell is not None:
                self.c[self.cell] = math.atanh(max(-0.9999, min(0.9999, self.shown)))
            self.h = o.sigmoid() * self.c.tanh()
            decoder = self.network.decoder
            return linear(self.h, decoder.weight, decoder.bias).softmax(-1).double().numpy()


def assert_written(network, before, found, held, temperature, seed):
    """Draw with PyTorch and compare; where rounding can decide, what was found is followed.

    Returns:
        How often rounding decided.
    """
    vocabulary, known = network.spec.vocabulary, network.spec.vocabulary.known()
    lstm, random, flips = Lstm(network, *held), mulberry32(seed), 0
    for id_ in vocabulary.encode(before):
        p = lstm.read(id_)
    for place, id_ in enumerate(vocabulary.encode(found)):
        sums = np.cumsum(p[known] ** (1 / temperature))
        limits, u = sums / sums[-1], next(random)
        index = int(np.searchsorted(limits, u, side="right"))
        if known[index] != id_:
            near = int(np.flatnonzero(known == id_)[0])
            between = limits[min(index, near) : max(index, near)]
            assert np.abs(between - u).max() < CLOSE, (place, found[:place])
            flips += 1
        p = lstm.read(id_)
    return flips


@pytest.mark.parametrize("seed", [0, 1, 42, 2**32 - 1])
def test_the_generator_is_mulberry32(page, seed):
    found = page.evaluate("""seed => {
        const random = gallerySampling(galleryNetwork()).chance(seed);
        return Array.from({length: 1000}, random);
    }""", seed)
    numbers = mulberry32(seed)
    assert found == [next(numbers) for _ in found]
    assert 0.45 < np.mean(found) < 0.55 and min(found) >= 0 and max(found) < 1


@pytest.mark.parametrize("name", ATOMS)
def test_what_is_written_is_what_pytorch_writes_with_the_same_seed(page, shipped, name):
    unit, value, before = ATOMS[name]
    question = {"text": before, "name": unit, "value": value, "temperature": 0.8, "seed": 7,
                "count": COUNT, "length": LENGTH}
    written = page.evaluate(WRITES, [model_of(shipped), question])
    cell = int(unit.split(".")[1])
    for run, held in (("free", ()), ("held", (cell, value))):
        assert len(written[run]) == COUNT
        flips = [assert_written(shipped, before, one["text"], held, 0.8, 7 + n)
                 for n, one in enumerate(written[run])]
        assert sum(flips) <= 2
        for one in written[run]:
            assert len(one["text"]) == len(one["values"]) == LENGTH
    assert np.allclose([one["values"] for one in written["held"]], value, atol=2e-4)
    assert np.std([one["values"] for one in written["free"]]) > 0.05
    assert [one["text"] for one in written["free"]] != [one["text"] for one in written["held"]]


def test_the_same_seed_gives_the_same_text_and_a_low_temperature_the_likeliest(page, shipped):
    question = {"text": "import ", "name": "c0.40", "value": 0, "length": LENGTH, "count": 2}
    model = model_of(shipped)

    def free(**asked):
        return [one["text"] for one in page.evaluate(
            WRITES, [model, question | asked])["free"]]

    first = free(seed=3, temperature=1)
    assert first == free(seed=3, temperature=1) and first[0] != first[1]
    assert free(seed=4, temperature=1)[0] == first[1]  # number n is drawn with seed + n
    cold = free(seed=3, temperature=0.1), free(seed=9, temperature=0.1)
    lstm, wanted = Lstm(shipped), ""
    for id_ in shipped.spec.vocabulary.encode("import "):
        p = lstm.read(id_)
    for _ in range(20):
        id_ = int(shipped.spec.vocabulary.known()[p[shipped.spec.vocabulary.known()].argmax()])
        wanted += shipped.spec.vocabulary.name(id_)
        p = lstm.read(id_)
    assert cold[0][0].startswith(wanted) and cold[1][0].startswith(wanted)


@pytest.mark.parametrize(("name", "reset", "begin"), [
    ("characters", "document", None), ("characters", "line", None), ("characters", "line", 3),
    ("characters", 7, None), ("pieces", 5, 1), ("bytes", "document", None)])
def test_the_state_begins_anew_where_it_does_in_a_text_that_is_read(page, name, reset, begin):
    """A text that was written has, read as a whole, the values that it was written with."""
    network, before = network_of(KINDS[name], reset, begin), "a b\na"
    question = {"text": before, "name": "h1.2", "value": 0.5, "temperature": 1, "seed": 5,
                "count": 1, "length": 60}
    one = page.evaluate(WRITES, [model_of(network), question])["free"][0]
    assert len(one["values"]) == len(one["text"]) >= 60
    if name == "characters":
        read = """([model, text]) => {
            const { Network, answers } = galleryNetwork(galleryKernel);
            const network = new Network(model, galleryArchitectures[model.architecture]);
            return [...answers(network, {text, unit: {signal: "h", layer: 1, index: 2}, hold: null,
                known: {free: 0, frozen: 0}})].flatMap(({values}) => Array.from(values));
        }"""
        values = page.evaluate(read, [model_of(network), before + one["text"]])
        assert one["values"] == pytest.approx(values[len(before):], abs=1e-6)


def labels(text, feature):
    """Return what the builder says of a feature at each character, float64[N]."""
    return label(text, "python", [FEATURES[feature]]).values[:, 0].astype(float)


@pytest.mark.parametrize("module", ["textwrap", "argparse", "shlex"])
@pytest.mark.parametrize("feature", ["in_string", "in_comment", "comment_or_string", "in_parens",
                                     "in_indent", "line_position", "newline"])
def test_what_is_counted_is_nearly_what_the_builder_labels(page, module, feature):
    text = Path(importlib.util.find_spec(module).origin).read_text("utf-8")[:20_000]
    counted = page.evaluate("""text => galleryCounted.count("", text, "python")""", text)
    wanted = labels(text, feature).mean()
    assert counted[feature] == pytest.approx(
        wanted if feature == "line_position" else 100 * wanted, rel=0.02, abs=0.2)


STATE = "#write .state"
TEXTS = """() => [...document.querySelectorAll("#write pre")].map((box) => {
    const copy = box.cloneNode(true);
    copy.querySelector(".before").remove();
    return copy.textContent;
})"""


def begin_writing(page, seed=1):
    """Open what is folded, and let the network write until one pair is counted."""
    if not page.locator("#write").evaluate("fold => fold.open"):
        page.locator("#write > summary").click()
    page.locator("#write [name=seed]").fill(str(seed))
    page.locator("#write [type=submit]").click()
    wait_for(page, "#write caption", "Mean of ")


def stop(page):
    page.locator("#write [name=stop]").click()
    wait_for(page, STATE, "Stopped after ")


@pytest.mark.parametrize("from_disk", [False, True])
def test_free_and_held_stand_side_by_side_and_are_counted(chromium, base, root, from_disk):
    address = (root / "site-offline" / PAGE.rstrip("/")).as_uri() + ".html" if from_disk else (
        base + PAGE)
    with Visit(chromium, address) as visit:
        page = visit.page
        own_text(page).fill("f('a")
        page.locator("#write > summary").click()
        page.wait_for_function("document.querySelector('#write [name=frozen]').value === '1'")
        begin_writing(page, seed=12)
        stop(page)
        texts = page.evaluate(TEXTS)
        written = page.evaluate(WRITES, [page.evaluate("galleryModels['python-lstm']"), {
            "text": "f('a", "name": "c0.17", "value": 1, "temperature": 0.7, "seed": 12,
            "count": 1, "length": LENGTH}])
        assert texts == [written[run][0]["text"] for run in ("free", "held")]
        rows = page.locator("#write tbody tr")
        assert rows.first.locator("th").inner_text() == "inside a string"  # what the page is about
        done, caption = page.evaluate("""() => [
            document.querySelectorAll("#write tbody tr:first-child circle.held").length,
            document.querySelector("#write caption").textContent]""")
        assert f"Mean of {done} continuation" in caption
        assert rows.last.locator("td").nth(1).inner_text() == "1.00"
        assert page.locator("#write pre").last.locator("b:not(.p)").count() == 0
        assert visit.complaints == []
        assert from_disk or violations(page) == "[]"


def test_the_same_seed_writes_the_same_on_the_page_and_another_seed_something_else(
        chromium, base):
    with Visit(chromium, base + PAGE) as visit:
        page, found = visit.page, []
        for seed in (4, 5, 4):
            begin_writing(page, seed)
            stop(page)
            found.append(page.evaluate(TEXTS))
        assert found[0] == found[2] and found[0][0] != found[1][0]
        assert visit.complaints == []


def test_what_is_typed_while_it_writes_is_answered_and_it_writes_on(chromium, base):
    with Visit(chromium, base + PAGE) as visit:
        page, box = visit.page, own_text(visit.page)
        begin_writing(page)
        before = page.evaluate(TEXTS)
        box.fill("def g")
        wait_for(page, ".beside .readout", "after “g”")
        wait_for(page, ".cost", "bits per character")
        done = page.locator("#write progress").evaluate("bar => bar.value")
        page.wait_for_function(f"document.querySelector('#write progress').value > {done}")
        assert page.evaluate(TEXTS) == before
        stop(page)
        assert visit.complaints == []


def write(page, also):
    """Let it write with other units frozen too, and return what it wrote, free and frozen."""
    page.locator("#write [name=also]").fill(also)
    begin_writing(page, seed=3)
    stop(page)
    return page.evaluate(TEXTS)


def test_several_units_can_be_frozen_at_once_each_where_it_is_said(chromium, base):
    with Visit(chromium, base + PAGE) as visit:
        page = visit.page
        own_text(page).fill("f('a")
        page.locator("#write > summary").click()
        free, one = write(page, "")
        again, several = write(page, " h0.5 = -.5,c0.88 ")
        assert free == again and one != several
        caption = page.locator("#write caption").inner_text()
        assert "c0.17 frozen at 1.00, h0.5 at −.50, c0.88 at 1.00" in caption
        written = page.evaluate(HOLDS, [page.evaluate("galleryModels['python-lstm']"), "f('a", 3, {
            "c0.17": 1, "h0.5": -0.5, "c0.88": 1}])
        assert written == several
        page.wait_for_function("location.hash.includes('also=h0.5')")
        link = page.url
        for also, said in (("c0.999", "no such unit: c0.999."), ("h0.5, x", "no such unit: x."),
                           ("h0.5 = 2", "a number from −1 to 1"), ("h0.5 =", "a number from"),
                           ("h0.5 = a", "a number from"), ("=", "no such unit: .")):
            page.locator("#write [name=also]").fill(also)
            page.locator("#write [type=submit]").click()
            wait_for(page, STATE, said)
            assert page.locator("#write [name=also]").get_attribute("aria-invalid") == "true"
        assert visit.complaints == []
    with Visit(chromium, link) as visit:
        wait_for(visit.page, "#write caption", "h0.5 at −.50, c0.88 at 1.00")
        stop(visit.page)
        assert visit.page.evaluate(TEXTS)[1] == several and visit.complaints == []


def test_an_empty_text_is_told_and_so_is_a_unit_that_is_none(chromium, base):
    with Visit(chromium, base + "exhibits/python-lstm/") as visit:
        page = visit.page
        page.locator("#type textarea").fill("")
        page.locator("#write > summary").click()
        page.locator("#write [type=submit]").click()
        wait_for(page, STATE, "There is no text yet")
        page.locator("#type textarea").fill("a")
        page.locator("[name=unit]").fill("c0.999")
        page.locator("#write [type=submit]").click()
        wait_for(page, STATE, "no such unit")
        page.locator("[name=unit]").fill("h0.5")
        begin_writing(page)
        assert "h0.5, on average" in page.locator("#write tbody").inner_text()
        stop(page)
        assert visit.complaints == []
