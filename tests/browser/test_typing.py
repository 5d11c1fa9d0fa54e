"""The networks in the browser, against PyTorch; and the box in which a visitor types."""

import base64
import json
from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from builder.activations.blocks import read_batch  # noqa: E402
from builder.activations.signals import SignalReader, units_of  # noqa: E402
from builder.cards.browser import pack  # noqa: E402
from builder.core.units import Kind  # noqa: E402
from builder.models.architectures import ARCHITECTURES as KNOWN  # noqa: E402
from builder.models.folder import has_weights, load_model  # noqa: E402
from builder.models.network import CharNetwork  # noqa: E402
from builder.models.spec import ModelSpec  # noqa: E402
from builder.rendering.encodings import base64_of  # noqa: E402
from builder.rendering.means import means_of  # noqa: E402
from builder.tokens.characters import Vocabulary  # noqa: E402
from tests.browser.asked import ANSWER, own_text, shown, wait_for  # noqa: E402
from tests.browser.visit import Visit  # noqa: E402
from tests.make_cards import PROGRAM, exhibit  # noqa: E402
from tests.models.papers import LAYERS, read  # noqa: E402

pytestmark = pytest.mark.browser
GALLERY = Path(__file__).parents[2] / "gallery"
SHIPPED = sorted(folder for folder in GALLERY.iterdir() if has_weights(folder)
                 and "tokens" not in json.loads((folder / "model.json").read_text("utf-8")))
"""Those whose steps are characters; for others see `test_cutting`."""
ARCHITECTURES = Path(__file__).parents[2] / "site_src" / "docs" / "assets" / "architectures"
OURS = sorted(path.stem for path in ARCHITECTURES.glob("*.js"))
PAGE = "cells/python-lstm/l0-17/"
PRODUCTS = {"WebAssembly": "galleryKernel", "script": "null"}
EPSILON = float(np.finfo(np.float32).eps)  # 1.2e-7
CALM = 0.1
"""Scale of recurrent matrices with which a network shrinks what it rounds at every step."""
UNBOUNDED = 0.3
"""Scale of the matrices of a layer whose state may have any size, so that it stays near 1."""
CLOSE = 200 * EPSILON
"""For calm networks: a step sums up to 20 products of size 1, and another layer adds its own."""


def model_of(network):
    """Return the network as the page's script has it."""
    spec, packed = network.spec, pack(network)
    return {"architecture": spec.architecture, "embedding": spec.embedding_size,
            "hidden": spec.hidden_size, "layers": spec.num_layers,
            "vocabulary": packed.vocabulary, "weights": base64_of(packed.weights)}


def small(architecture, layers, seed=0, recurrent=1.0):
    """Return a network whose weights float16 can hold; `recurrent` scales what carries states."""
    torch.manual_seed(seed)
    spec = ModelSpec(architecture, 7, 12, layers, Vocabulary(tuple("abc(\"\n é𝔘")))
    network = CharNetwork(spec)
    with torch.no_grad():
        for name, weight in network.named_parameters():
            scale = recurrent if "weight_hh" in name else 1.0
            if architecture in LAYERS and name.startswith(("rnn.weight", "decoder.w")):
                scale = UNBOUNDED
            weight.copy_((scale * torch.randn_like(weight)).half().float())
    return network.eval()


def by_torch(network, text):
    """Return h of every layer, float32[L, N, H], and probabilities, float32[N, V]."""
    ids = torch.from_numpy(network.spec.vocabulary.encode(text))[:, None]
    states, state = [], network.initial_state(1)
    with torch.inference_mode():
        scores, _ = network(ids, state)
        for row in ids:
            _, state = network(row[None], state)
            states.append(state[0][:, 0])
    return torch.stack(states, 1).numpy(), scores[:, 0].softmax(-1).numpy()


def floats(packed):
    """Return float32 in base64 as float64[...]."""
    return np.frombuffer(base64.b64decode(packed), "<f4").astype(np.float64)


def alone(network, n, dtype):
    """Return layer n of a network as a network of one layer."""
    layer = network.layer(n)
    stack = network.architecture.stack(layer.width, layer.hidden, 1).to(dtype)
    stack.load_state_dict({f"{name}_l0": weight for name, weight in layer.weights.items()})
    return stack.eval()


def step_by_step(network, text, states, outputs, dtype):
    """Return what PyTorch makes of every single step, in a type of its own.

    Each layer starts each step from what is given: the states of the step before, and the output
    of the layer below. So nothing that was rounded at one step grows with the next ones.

    Args:
        network: Of L layers and H units.
        text: N characters.
        states: float64[S, L, N, H], h and, for an LSTM, c.
        outputs: float64[L, N, H].
        dtype: Of the arithmetic.

    Returns:
        States float64[S, L, N, H], outputs float64[L, N, H] and probabilities float64[N, V].
    """
    given, below = torch.from_numpy(states).to(dtype), torch.from_numpy(outputs).to(dtype)
    before = torch.cat([torch.zeros_like(given[:, :, :1]), given[:, :, :-1]], 2)
    x, found = network.embedding.weight[network.spec.vocabulary.encode(text)].to(dtype), []
    read = []
    with torch.inference_mode():
        for n in range(network.spec.num_layers):
            output, after = network.architecture.run(
                alone(network, n, dtype), x[None], tuple(before[:, n, None]))
            found.append(torch.cat(after))
            read.append(output[0])
            x = below[n]
        weight, bias = network.decoder.weight.to(dtype), network.decoder.bias.to(dtype)
        p = torch.nn.functional.linear(x, weight, bias).softmax(-1)
    return (torch.stack(found, 1).double().numpy(), torch.stack(read).double().numpy(),
            p.double().numpy())


def assert_is_that_of_pytorch(page, network, text, product="galleryKernel"):
    """Compare every step of a network in the browser with the exact one, that of float64.

    A network may amplify what is rounded, so a whole text read in float32 says little: here each
    step starts from the states that the script had, zeros at first, and what it makes of them must
    be right. It may be wrong by a few times what float32 costs PyTorch at the same steps, which
    rounds every sum where the script rounds only what it keeps. WebAssembly rounds sums too.
    """
    states, outputs, p = map(floats, page.evaluate(IN_PAGE, [model_of(network), text, product]))
    sizes = network.spec.num_layers, len(text), network.spec.hidden_size
    states, outputs = states.reshape(-1, *sizes), outputs.reshape(sizes)
    p = p.reshape(len(text), -1)
    exact = step_by_step(network, text, states, outputs, torch.float64)
    single = step_by_step(network, text, states, outputs, torch.float32)
    for found, right, rounded in zip((states, outputs, p), exact, single, strict=True):
        assert found.shape == right.shape
        assert np.abs(found - right).max() < 4 * np.abs(rounded - right).max()


IN_PAGE = """async ([given, text, makeKernel]) => {
    const { model, architecture } = await galleryTools.networkOf(given);
    const network = new (galleryNetwork(eval(makeKernel)).Network)(model, architecture);
    const reading = network.reading(null), read = reading.read;
    reading.begin(network.cutting.cut(text));
    reading.readOn(Infinity);
    const names = Object.keys(network.architecture.states);
    const packed = (arrays) => btoa(arrays.map((array) => String.fromCharCode(
        ...new Uint8Array(Float32Array.from(array).buffer))).join(""));
    const all = (name) => network.layers.flatMap(
        (_, layer) => read.map((now) => now.states[layer][name]));
    return [packed(names.flatMap(all)), packed(all("output")),
            packed(read.map((now) => now.next))];
}"""


@pytest.fixture(scope="module")
def page(chromium, base):
    with Visit(chromium, base + PAGE) as visit:
        yield visit.page


@pytest.mark.parametrize("product", PRODUCTS.values(), ids=PRODUCTS)
@pytest.mark.parametrize("layers", [1, 2, 3])
@pytest.mark.parametrize("architecture", OURS)
def test_random_networks_are_those_of_pytorch(page, architecture, layers, product):
    text = "(a𝔘\"b\nc?é \"" * 12
    assert_is_that_of_pytorch(page, small(architecture, layers), text, product)


@pytest.mark.parametrize("product", PRODUCTS.values(), ids=PRODUCTS)
@pytest.mark.parametrize("folder", SHIPPED, ids=lambda folder: folder.name)
def test_shipped_networks_are_those_of_pytorch(page, folder, product):
    text = PROGRAM + 'x = {"a": [1, (2, 3)]}\n'
    assert_is_that_of_pytorch(page, load_model(folder).network, text, product)


@pytest.mark.parametrize("architecture", OURS)
def test_values_gates_and_guesses_are_those_the_builder_reads(page, architecture):
    network, text = small(architecture, 2, recurrent=CALM), "(ab\"c\nb é" * 5
    kinds = {signal.name: signal.kind for signal in network.architecture.signals}
    wanted = [name for name, kind in kinds.items() if kind in (Kind.STATE, Kind.CHANGE)]
    names = [name for name in kinds if name not in wanted]
    signals = tuple(wanted) + tuple(names)
    ids = network.spec.vocabulary.encode(text)
    read = read_batch(SignalReader(network, signals), [ids], [0])
    values = np.concatenate([block.values[:, 0].copy() for block in read])
    columns = {(u.signal, u.layer, u.index): values[:, k]
               for k, u in enumerate(units_of(network.spec, signals))}
    _, p = by_torch(network, text)
    for signal in wanted:
        unit = {"signal": signal, "layer": 1, "index": 5}
        given = page.evaluate(ANSWER, [model_of(network), {"text": text, "unit": unit}])
        assert given["values"] == pytest.approx(columns[signal, 1, 5], abs=CLOSE)
        assert sorted(name for name, _ in given["signals"]) == sorted(names)
        for name, found in given["signals"]:
            assert found == pytest.approx(columns[name, 1, 5], abs=CLOSE)
    assert np.array(given["next"]) == pytest.approx(p, abs=CLOSE)
    bits = -np.log2(p[np.arange(len(ids) - 1), ids[1:]])
    assert given["bits"][0] != given["bits"][0]  # nothing predicts the first character
    assert given["bits"][1:] == pytest.approx(bits, abs=1e-3)


def held_by_torch(network, text, layer, index, signal, value):
    """Return probabilities with one coordinate set after every step, the layers one by one."""
    state, rows = network.initial_state(1), []
    rnn = network.rnn
    gates = {"rnn": 1, "gru": 3, "lstm": 4}[network.spec.architecture]
    with torch.inference_mode():
        for id_ in network.spec.vocabulary.encode(text):
            x, out = network.embedding.weight[id_][None], []
            for n in range(network.spec.num_layers):
                cell = {"rnn": torch.nn.RNNCell, "gru": torch.nn.GRUCell,
                        "lstm": torch.nn.LSTMCell}[network.spec.architecture](
                            x.shape[1], network.spec.hidden_size)
                for name in ("weight_ih", "weight_hh", "bias_ih", "bias_hh"):
                    getattr(cell, name).copy_(getattr(rnn, f"{name}_l{n}"))
                assert len(cell.bias_ih) == gates * network.spec.hidden_size
                past = tuple(part[n] for part in state)
                now = cell(x, past if len(past) == 2 else past[0])
                now = list(now) if isinstance(now, tuple) else [now]
                if n == layer and signal == "h":
                    now[0][0, index] = value
                elif n == layer:
                    o = now[0][0, index] / now[1][0, index].tanh()
                    now[1][0, index] = np.arctanh(value)
                    now[0][0, index] = o * value
                out.append(now)
                x = now[0]
            state = tuple(torch.stack(parts) for parts in zip(*out, strict=True))
            rows.append(network.decoder(x)[0].softmax(-1))
    return torch.stack(rows).numpy()


@pytest.mark.parametrize(("architecture", "signal"),
                         [("rnn", "h"), ("gru", "h"), ("lstm", "h"), ("lstm", "c")])
def test_a_unit_that_is_held_changes_the_guesses_as_it_does_in_pytorch(
        page, architecture, signal):
    network, text = small(architecture, 2, seed=3, recurrent=CALM), "(ab\"c\nb é" * 3
    unit = {"signal": signal, "layer": 0, "index": 4}
    hold = {"layer": 0, "index": 4, "state": signal, "value": 0.8}
    question = {"text": text, "unit": unit, "hold": hold}
    given = page.evaluate(ANSWER, [model_of(network), question])
    expected = held_by_torch(network, text, 0, 4, signal, 0.8)
    free = by_torch(network, text)[1]
    assert np.abs(expected - free).max() > 0.01
    assert np.array(given["next"]) == pytest.approx(expected, abs=CLOSE)
    without = page.evaluate(ANSWER, [model_of(network), {"text": text, "unit": unit}])
    assert given["values"] == without["values"]  # those of the network as it is


@pytest.mark.parametrize("layer", [0, 1])
@pytest.mark.parametrize("architecture", sorted(LAYERS))
def test_a_unit_that_is_held_changes_the_guesses_as_the_paper_has_it(page, architecture, layer):
    network, text = small(architecture, 2, seed=3, recurrent=CALM), "(ab\"c\nb é" * 3
    ids = network.spec.vocabulary.encode(text)
    question = {"text": text, "unit": {"signal": "h", "layer": 0, "index": 4},
                "hold": {"layer": layer, "index": 4, "state": "h", "value": 3.0}}
    given = page.evaluate(ANSWER, [model_of(network), question])
    held, free = (torch.from_numpy(read(network, ids, hold, before_first=False)[0])
                  .softmax(-1).numpy() for hold in ((layer, 4, 3.0), None))
    assert np.abs(held - free).max() > 100 * CLOSE
    assert np.array(given["next"]) == pytest.approx(held, abs=CLOSE)


def test_every_architecture_has_its_file():
    assert sorted(set(OURS)) == sorted(KNOWN._ours())


def test_a_long_text_is_told_in_parts_and_what_the_page_knows_is_not_told_again(page):
    network, text = small("lstm", 1, recurrent=CALM), "(ab" * 80
    unit = {"signal": "h", "layer": 0, "index": 4}
    hold = {"layer": 0, "index": 4, "state": "h", "value": 0.8}
    question = {"text": text, "unit": unit, "hold": hold}
    given = page.evaluate(ANSWER, [model_of(network), question])
    assert given["froms"] == [[run, at] for run in ("free", "frozen") for at in (0, 20, 120, 220)]
    assert len(given["values"]) == len(text) == len(given["bits"])
    told = page.evaluate("""async ([given, question]) => {
        const tool = galleryNetwork(galleryKernel);
        const { model, architecture } = await galleryTools.networkOf(given);
        const network = new tool.Network(model, architecture);
        const ask = (text, free) => [...tool.answers(
            network, {...question, text, hold: null, known: {free, frozen: 0}})].map(
                ({from, values}) => [from, values.length]);
        return [ask("abab", 0), ask("abab(", 4), ask("abb", 2), ask("abb", 3), ask("ab", 9)];
    }""", [model_of(network), question])
    assert told == [[[0, 4]], [[4, 1]], [[2, 1]], [[3, 0]], [[2, 0]]]


def test_what_was_read_before_is_not_read_again_and_nothing_is_forgotten(page):
    network = small("lstm", 2, recurrent=CALM)
    found = page.evaluate("""async ([given, texts]) => {
        const tool = galleryNetwork(galleryKernel);
        const { model, architecture } = await galleryTools.networkOf(given);
        const network = new tool.Network(model, architecture);
        let steps = 0;
        const step = network.step;
        network.step = function () { steps += 1; return step.apply(this, arguments); };
        return texts.map(([text, hold]) => {
            steps = 0;
            const reading = network.reading(hold), read = reading.read;
            reading.begin(network.cutting.cut(text));
            reading.readOn(Infinity);
            return [steps, Array.from(read[read.length - 1].next)];
        });
    }""", [model_of(network), [["abc(", None], ["abc(a", None], ["abb", None], ["abb", {
        "state": "h", "layer": 0, "index": 0, "value": 1}], ["abb", None]]])
    assert [steps for steps, _ in found] == [4, 1, 1, 3, 0]  # what is free is kept beside
    for (_, p), text in zip(found[:3], ["abc(", "abc(a", "abb"], strict=True):
        assert p == pytest.approx(by_torch(network, text)[1][-1], abs=CLOSE)
    assert found[4][1] == found[2][1] != found[3][1]


def expected_on_page():
    """Return the network of the made exhibit, by its own route from the packed weights."""
    card = exhibit()
    spec = ModelSpec(card.architecture, card.embedding_size, card.hidden_size, card.num_layers,
                     Vocabulary(tuple(card.in_browser.vocabulary)))
    network = CharNetwork(spec)
    weights = torch.from_numpy(np.frombuffer(
        card.in_browser.weights, np.float16).astype(np.float32))
    at = 0
    with torch.no_grad():
        for name in ("embedding.weight", "rnn.weight_ih_l0", "rnn.weight_hh_l0", "rnn.bias_ih_l0",
                     "rnn.bias_hh_l0", "decoder.weight", "decoder.bias"):
            weight = network.get_parameter(name)
            weight.copy_(weights[at : at + weight.numel()].view_as(weight))
            at += weight.numel()
    assert at == len(weights)
    return network.eval()


@pytest.mark.parametrize("from_disk", [False, True])
def test_typing_colours_the_text_and_asks_nobody(chromium, base, root, from_disk):
    address = (root / "site-offline" / PAGE.rstrip("/")).as_uri() + ".html" if from_disk else (
        base + PAGE)
    network = expected_on_page()
    with Visit(chromium, address) as visit:
        page = visit.page
        assert not any("models/" in asked for asked in visit.asked)
        box = own_text(page)
        box.fill("f('a")
        page.wait_for_function("document.querySelectorAll('.expected tbody tr').length === 5")
        box.press_sequentially("(b")
        p = by_torch(network, "f('a(b")[1][-1]
        wait_for(page, ".cost", "bits per character")
        wait_for(page, ".beside .readout", "after “b”")
        assert shown(page) == pytest.approx(sorted(p[1:])[:-6:-1], abs=0.0051)
        assert "c0.17 = " in page.locator(".beside .readout").inner_text()
        assert page.locator(".beside .gates dt").all_inner_texts() == [
            "input gate", "forget gate", "output gate"]
        assert page.locator(".typed pre").inner_text().rstrip("\n") == "f('a(b"
        assert page.locator(".typed pre b").count() >= 1
        colours = page.locator(".typed pre").inner_html()
        page.locator("[name=held]").check()
        wait_for(page, ".cost", "→")
        mean = float(page.locator("[name=value]").input_value())
        assert mean == means_of(exhibit().cells)["c0.17"] != 0
        frozen = held_by_torch(network, "f('a(b", 0, 17, "c", mean)[-1]
        rows = page.locator(".expected tbody tr").all()
        vocabulary = network.spec.vocabulary
        for row in rows:
            character = row.locator("th").get_attribute("title")
            id_ = int(vocabulary.encode({"space": " ", "newline": "\n", "tab": "\t"}.get(
                character, character))[0])
            found = [float(f) for f in row.locator(".figure").all_inner_texts()]
            assert found == pytest.approx([p[id_], frozen[id_]], abs=0.0051)
        assert page.locator(".typed pre").inner_html() == colours and visit.complaints == []
        mine = [a for a in visit.asked if not a.startswith(("blob:", "data:"))]
        assert all(a.startswith(address.split("cells/")[0]) for a in mine)
        assert len({a for a in mine if "models/python-lstm.js" in a}) == 1


def test_on_the_page_of_an_exhibit_any_unit_can_be_named(chromium, base):
    with Visit(chromium, base + "exhibits/python-lstm/") as visit:
        page = visit.page
        page.locator("#type textarea").fill("if (a")
        wait_for(page, ".beside .readout", "after “a”")
        unit, said = page.locator("[name=unit]"), page.locator(".beside .readout")
        unit.fill("h0.255")
        wait_for(page, ".beside .readout", "h0.255 = ")
        h = by_torch(expected_on_page(), "if (a")[0][0, -1, 255]
        value = said.inner_text().split("h0.255 = ")[1]
        assert float(value.replace("−", "-")) == pytest.approx(h, abs=0.0051)
        for name in ("h0.256", "h1.0", "i0.3", "dd0.3", "constructor0.3", "h0", ""):
            unit.fill("dc0.3")
            wait_for(page, ".beside .readout", "dc0.3 = ")
            assert unit.get_attribute("aria-invalid") == "false"
            unit.fill(name)
            assert said.inner_text() == "This network has no such unit.", name
            assert unit.get_attribute("aria-invalid") == "true"
        assert visit.complaints == []


NO_WORKER = {
    "throws": "window.Worker = class { constructor() { throw new Error('none'); } };",
    "fails": """window.Worker = class {
        constructor() { setTimeout(() => this.onerror?.(new Event("error")), 1000); }
        postMessage() {}
        terminate() {}
    };""",
}


@pytest.mark.parametrize("how", NO_WORKER)
def test_where_no_worker_starts_the_page_reads_by_itself(chromium, base, how):
    with Visit(chromium, base + PAGE, script=NO_WORKER[how]) as visit:
        box = own_text(visit.page)
        box.fill("f")
        box.press_sequentially("('a")
        wait_for(visit.page, ".beside .readout", "after “a”")
        wait_for(visit.page, ".cost", "bits per character")
        p = by_torch(expected_on_page(), "f('a")[1][-1]
        assert shown(visit.page) == pytest.approx(sorted(p[1:])[:-6:-1], abs=0.0051)


def test_the_box_can_be_coloured_by_a_gate_and_loads_one_architecture(chromium, base):
    with Visit(chromium, base + PAGE) as visit:
        page = visit.page
        options = page.locator("[name=shown] option")
        assert options.all_inner_texts() == [
            "c0.17", "input gate", "forget gate", "output gate", "harm done by freezing"]
        own_text(page).fill("f('a(b")
        wait_for(page, ".cost", "bits per character")
        model = page.evaluate("galleryModels['python-lstm']")
        question = {"text": "f('a(b", "unit": {"signal": "c", "layer": 0, "index": 17}}
        given = dict(page.evaluate(ANSWER, [model, question])["signals"])
        letters = """() => [...document.querySelectorAll(".typed pre b")].flatMap(
            (b) => Array.from(b.textContent).map(() => b.className)).join("")"""
        for signal, name in (("i", "input gate"), ("f", "forget gate"), ("o", "output gate")):
            page.locator("[name=shown]").select_option(label=name)
            expected = "".join("abcdefghijklmnop"[min(15, int(16 * v))] for v in given[signal])
            page.wait_for_function(f"text => ({letters})().startsWith(text)", arg=expected)
            said = page.locator(".beside .gates").inner_text()
            assert f"{name}\n{given[signal][-1]:.2f}".replace("\n0.", "\n.") in said
        loaded = [asked for asked in visit.asked if "architectures/" in asked]
        assert loaded == [base + "assets/architectures/lstm.js"]
        assert visit.complaints == []


@pytest.mark.parametrize(("architecture", "like"), [("lstmhard", "lstm"), ("gruhard", "grubefore")])
def test_a_network_with_other_gates_is_read_by_the_architecture_it_is_like(
        chromium, base, architecture, like):
    network = small(architecture, 1, recurrent=CALM)
    content = f'window.galleryModels = {{"python-lstm": {json.dumps(model_of(network))}}};'
    with Visit(chromium, base + "exhibits/python-lstm/") as visit:
        page = visit.page
        page.route("**/models/python-lstm.js", lambda route: route.fulfill(
            body=content, content_type="text/javascript"))
        page.locator("[name=unit]").fill("h0.5")
        page.locator("#type textarea").fill("(a\"b")
        wait_for(page, ".cost", "bits per character")
        h, p = by_torch(network, "(a\"b")
        assert shown(page) == pytest.approx(sorted(p[-1, 1:])[:-6:-1], abs=0.0051)
        said = page.locator(".beside .readout").inner_text().split("h0.5 = ")[1]
        assert float(said.replace("−", "-")) == pytest.approx(h[0, -1, 5], abs=0.0051)
        loaded = [asked for asked in visit.asked if "architectures/" in asked]
        assert loaded == [f"{base}assets/architectures/{n}.js" for n in (architecture, like)]
        assert visit.complaints == []


TEN = "\n".join("abcdefghij")


@pytest.mark.parametrize("text", [TEN, TEN + "\n", TEN + "\n\n\nx", "\n" * 12,
                                  "a" * 3_000 + "\n\tb", ("word " * 40 + "\n") * 4])
def test_colours_lie_under_the_text_that_is_typed(page, text):
    """Each line of colours is a box of its own, as high as what it wraps to in the box above."""
    own_text(page).fill(text)
    lines = text.count("\n") + (not text.endswith("\n"))
    page.wait_for_function("""lines => document.querySelectorAll(".typed pre > span").length
        === lines && document.querySelector(".cost").textContent.includes("bits per")""", arg=lines)
    heights = page.evaluate("""[...document.querySelectorAll(".typed > *")].map((box) => {
        const { height, minHeight } = box.style;
        Object.assign(box.style, { height: "0", minHeight: "0" });
        const found = box.scrollHeight;
        Object.assign(box.style, { height, minHeight });
        return found;
    })""")
    assert heights[0] == pytest.approx(heights[1], abs=1) and heights[1] > 200


COUNTED = """(() => {
    window.counted = {workers: 0, networks: 0};
    const decode = window.atob;   // once for each network of the page
    window.atob = (text) => { window.counted.networks += 1; return decode(text); };
    window.Worker = class extends window.Worker {
        constructor(...given) { super(...given); window.counted.workers += 1; }
    };
})();"""


def test_the_slider_begins_at_the_mean_of_the_unit_and_stays_where_it_is_put(chromium, base):
    """Of a unit without a page it is the mean over the text."""
    with Visit(chromium, base + "exhibits/python-lstm/") as visit:
        page, level = visit.page, visit.page.locator(".beside [name=level]")
        value = page.locator("[name=value]")
        assert level.inner_text().endswith(", its mean")
        page.locator(".typed textarea").fill("f('a(b')")
        page.locator("[name=unit]").fill("h0.4")
        wait_for(page, ".beside .readout", "h0.4 =")
        mean = by_torch(expected_on_page(), "f('a(b')")[0][0, :, 4].mean()
        page.wait_for_function(
            "mean => Math.abs(document.querySelector('[name=value]').value - mean) < 0.0051",
            arg=float(mean))
        value.fill("0.5")
        wait_for(page, ".cost", "→")
        page.locator("[name=unit]").fill("h0.5")
        wait_for(page, ".beside .readout", "h0.5 =")
        assert value.input_value() == "0.5" and level.inner_text() == ".50"
        assert visit.complaints == []


@pytest.mark.parametrize("from_disk", [False, True])
def test_a_page_starts_one_network_however_much_is_typed(chromium, base, root, from_disk):
    address = (root / "site-offline" / PAGE.rstrip("/")).as_uri() + ".html" if from_disk else (
        base + PAGE)
    with Visit(chromium, address, script=COUNTED) as visit:
        page, box = visit.page, own_text(visit.page)
        box.fill("")
        box.press_sequentially("def f(ab): " * 9 + "x")
        wait_for(page, ".beside .readout", "after “x”")
        page.locator("[name=held]").check()
        for _ in range(20):
            page.locator("[name=value]").press("ArrowRight")
        wait_for(page, ".cost", "→")
        counted = page.evaluate("counted")
        assert counted["workers"] <= 2  # one for the search
        assert counted["networks"] == int(from_disk)  # that of a worker decodes there
        assert visit.complaints == []


def test_a_text_that_is_pointed_at_is_read_and_a_key_makes_it_the_visitors_own(chromium, base):
    with Visit(chromium, base + PAGE) as visit:
        page, network = visit.page, expected_on_page()
        first = page.locator("#excerpt-1 > pre.x")
        first.focus()
        page.keyboard.press("Home")
        page.keyboard.press("ArrowRight")
        wait_for(page, ".cost", "bits per character")
        text = PROGRAM[:2]
        assert shown(page) == pytest.approx(
            sorted(by_torch(network, text)[1][-1][1:])[:-6:-1], abs=0.0051)
        page.keyboard.press("#")
        box = page.locator("#type textarea")
        assert box.is_visible() and first.is_hidden()
        assert box.input_value().startswith(text + "#" + PROGRAM[2:20])
        page.keyboard.type("a")
        wait_for(page, ".beside .readout", "after “a”")
        page.get_by_role("button", name="Best").click()
        assert first.is_visible() and box.is_hidden() and visit.complaints == []


def test_what_the_network_does_not_know_is_grey_and_counts_for_nothing(chromium, base):
    with Visit(chromium, base + PAGE) as visit:
        page = visit.page
        box = own_text(page)
        box.fill("ab")
        wait_for(page, ".cost", "bits per character")
        alone = page.locator(".cost").inner_text()
        box.fill("ab漢→")
        wait_for(page, ".cost", "(2)")
        assert page.locator(".typed pre b.none").inner_text() == "漢→"
        assert page.locator(".cost").inner_text().startswith(alone)
        page.locator("[name=shown]").select_option("harm")
        page.locator("[name=value]").press("ArrowRight")
        wait_for(page, ".cost", "→")
        assert page.locator("[name=held]").is_checked() and visit.complaints == []


@pytest.mark.parametrize("way", ["tap", "down"])
def test_a_text_can_be_read_by_touch_and_the_page_scrolled_by_the_keyboard(chromium, base, way):
    touch = {"has_touch": True, "viewport": {"width": 390, "height": 844}}
    with Visit(chromium, base + PAGE, **(touch if way == "tap" else {})) as visit:
        page, first = visit.page, visit.page.locator("#excerpt-1 > pre.x")
        if way == "tap":
            page.touchscreen.tap(*(first.bounding_box()[side] + 40 for side in ("x", "y")))
            wait_for(page, ".beside .readout", "c0.17 = ")
            assert page.locator("#excerpt-1 .here").is_visible()
        else:
            first.focus()
            goes_on = """box => box.dispatchEvent(new KeyboardEvent(
                "keydown", {key: "ArrowDown", bubbles: true, cancelable: true}))"""
            assert first.evaluate(goes_on)  # to the browser, which scrolls
            page.keyboard.press("Enter")
            assert not first.evaluate(goes_on)
            wait_for(page, ".beside .readout", "c0.17 = ")
            page.keyboard.press("Escape")
            assert first.evaluate(goes_on)
        assert visit.complaints == []
