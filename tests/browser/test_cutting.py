"""A text that is typed is cut, and read, as the builder does it: whatever a step is."""

import random
from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from builder.cards.browser import pack  # noqa: E402
from builder.models.folder import load_model  # noqa: E402
from builder.models.losses import character_losses  # noqa: E402
from builder.models.network import CharNetwork, initialise  # noqa: E402
from builder.models.spec import ModelSpec  # noqa: E402
from builder.rendering.encodings import base64_of  # noqa: E402
from builder.tokens.bytes import Bytes  # noqa: E402
from builder.tokens.characters import Vocabulary  # noqa: E402
from builder.tokens.contract import of_steps  # noqa: E402
from builder.tokens.pieces import Pieces  # noqa: E402
from builder.tokens.words import Words  # noqa: E402
from tests.tokens.test_kinds import BYTES, WORDS, byte_level  # noqa: E402

pytestmark = [pytest.mark.browser, pytest.mark.torch]
ASSETS = Path(__file__).parents[2] / "site_src" / "docs" / "assets"
SAMPLE = ("def total(a, b):\n    return 'don\u2019t', \"é\U0001f600\"  # <pad> <s>\n\n\n"
          "a b ab abc d \u3000x1_y \x85 \ufeff 123 \t end.  ")
KINDS = {
    "characters": Vocabulary.read({"vocabulary": ["<pad>", "<unk>", "<s>", *"abcdé \n<"]}, "m"),
    "names": Vocabulary.read({"vocabulary": [".", *"abcde "], "special": ["."], "end": "."}, "m"),
    "bytes": BYTES,
    "some bytes": Bytes.read({"vocabulary": ["<unk>", *range(97, 123), 10, 0xC3, 0xA9]}, "m"),
    "pieces": Pieces.read({"vocabulary": ["<s>", "a", "ab", "abc", "c d", " ", "\n", "é"]}, "m"),
    "lines of words": Words.read({"vocabulary": ["<unk>", "<eos>", "a", "b"], "end": "<eos>"}, "m"),
    **{f"words, {name}": Words.read({"vocabulary": v}, "m") for name, v in WORDS.items()},
}
READ = """([model, text, unit, known]) => {
    const { Network, answers } = galleryNetwork(galleryKernel);
    const network = new Network(model, galleryArchitectures[model.architecture]);
    const parts = [...answers(network, {text, unit, hold: null, known: {free: known, frozen: 0}})];
    const all = (name) => parts.flatMap((part) => Array.from(part[name]));
    const steps = network.cutting.cut(text);
    return {steps: steps.map(({ id, size, fresh }) => [id, size, fresh]), from: parts[0].from,
            values: all("values"), bits: all("bits"), strange: all("strange"),
            next: Array.from(network.probabilities(network.reading(null).read.at(-1).states))};
}"""


@pytest.fixture(scope="module")
def page(chromium):
    page = chromium.new_page()
    for script in ("kernel.js", "network.js", "architectures/gru.js", "architectures/lstm.js"):
        page.add_script_tag(path=ASSETS / script)
    yield page
    page.close()


def subwords(texts):
    library = pytest.importorskip("tokenizers")
    from builder.tokens.subwords import Subwords

    made, trainer = byte_level(library)
    made.train_from_iterator(texts, trainer)
    return Subwords.of(made.to_str(), "m")


def network_of(tokens, reset="document", begin=None):
    network = CharNetwork(ModelSpec("gru", 5, 6, 2, tokens, reset, begin))
    initialise(network, 1)
    with torch.no_grad():
        for weight in network.parameters():
            weight.copy_(weight.half().float())
    return network.eval()


def model_of(network):
    spec, packed = network.spec, pack(network)
    return {"architecture": spec.architecture, "embedding": spec.embedding_size,
            "hidden": spec.hidden_size, "layers": spec.num_layers,
            "vocabulary": packed.vocabulary, **packed.reading,
            "weights": base64_of(packed.weights)}


def texts():
    chance = random.Random(0)
    letters = "abcdé\U0001f600 \n\t.'_1x<\u3000\u2028\u0301"
    return ["", "a", "\n", "é", SAMPLE,
            *("".join(chance.choices(letters, k=40)) for _ in range(60))]


@pytest.mark.parametrize("reset", ["document", "line", 5])
@pytest.mark.parametrize("name", [*KINDS, "subwords"])
def test_steps_are_those_of_the_builder(page, name, reset):
    tokens = subwords([SAMPLE, "return total end"] * 20) if name == "subwords" else KINDS[name]
    model = model_of(network_of(tokens, reset))
    cut = """([model, texts]) => {
        const cutting = new (galleryNetwork().Cutting)(model);
        return texts.map((text) => cutting.cut(text).map(
            ({ id, size, fresh }) => [id, size, fresh]));
    }"""
    spec = ModelSpec("gru", 5, 6, 2, tokens, reset)
    for text, found in zip(texts(), page.evaluate(cut, [model, texts()]), strict=True):
        steps = spec.cutting.steps(text)
        fresh = steps.fed < 0 if reset != "document" else np.arange(len(steps)) == 0
        assert found == [[int(i), int(size), bool(f)] for i, size, f in zip(
            steps.ids, steps.sizes, fresh, strict=True)]


@pytest.mark.parametrize(("name", "reset", "begin"), [
    ("characters", "line", 3), ("characters", "document", 3), ("names", "line", 1),
    ("bytes", 7, None), ("words, all", "line", None), ("words, spaces", "document", None),
    ("lines of words", "line", None), ("pieces", 7, 1)])
def test_what_is_read_is_what_the_builder_reads(page, name, reset, begin):
    network = network_of(KINDS[name], reset, begin)
    steps, unit = network.spec.cutting.steps(SAMPLE), {"signal": "h", "layer": 1, "index": 2}
    found = page.evaluate(READ, [model_of(network), SAMPLE, unit, 0])
    with torch.no_grad():
        output, _ = network.run(torch.from_numpy(steps.fed)[:, None], network.initial_state(1))
        last = network.decoder(output)[-1, 0].softmax(-1).numpy()
    assert found["values"] == pytest.approx(of_steps(output[:, 0, 2].numpy(), steps), abs=1e-5)
    assert found["next"] == pytest.approx(last, abs=1e-5)
    unknown = of_steps(network.spec.vocabulary.are_unknown(steps.ids), steps)
    assert found["strange"] == unknown.astype(int).tolist()
    (loss,) = character_losses(network, [steps.fed])
    bits = np.concatenate([[np.nan], loss[:-1] / np.log(2)])
    bits[network.spec.vocabulary.are_unknown(steps.ids)] = np.nan
    at, total, expected = 0, 0.0, []
    for one, size in zip(bits.tolist(), steps.sizes.tolist(), strict=True):
        if begin is not None and not size and steps.ids[at] == begin and steps.fed[at] < 0:
            at += 1
            continue
        at, total = at + 1, total + one
        if size:
            expected += [total / size] * size
            total = 0.0
    assert found["bits"] == pytest.approx(expected, abs=1e-4, nan_ok=True)


def test_the_shipped_network_of_subwords_is_that_of_pytorch(page):
    pytest.importorskip("tokenizers")
    network = load_model(Path(__file__).parents[2] / "gallery" / "python-subword-lstm").network
    text, unit = 'def f(x):\n    return "é", [x]\n', {"signal": "h", "layer": 0, "index": 2}
    steps = network.spec.cutting.steps(text)
    found = page.evaluate(READ, [model_of(network), text, unit, 0])
    with torch.no_grad():
        output, _ = network.run(torch.from_numpy(steps.fed)[:, None], network.initial_state(1))
        last = network.decoder(output)[-1, 0].softmax(-1).numpy()
    assert found["values"] == pytest.approx(of_steps(output[:, 0, 2].numpy(), steps), abs=1e-4)
    assert found["next"] == pytest.approx(last, abs=1e-4)


def test_a_text_that_goes_on_is_read_from_the_step_that_changed(page):
    network = network_of(KINDS["words, all"])
    unit, read = {"signal": "h", "layer": 0, "index": 1}, """([model, texts, unit]) => {
        const { Network, answers } = galleryNetwork(galleryKernel);
        const network = new Network(model, galleryArchitectures[model.architecture]);
        return texts.map(([text, known]) => [...answers(network, {
            text, unit, hold: null, known: {free: known, frozen: 0}})].map((part) => part.from)[0]);
    }"""
    texts = [["a tot", 0], ["a total", 5], ["a total ", 7], ["b", 0]]
    assert page.evaluate(read, [model_of(network), texts, unit]) == [0, 2, 7, 0]


def test_what_no_script_can_cut_is_not_packed():
    library = pytest.importorskip("tokenizers")
    from builder.tokens.subwords import Subwords

    made = library.Tokenizer(library.models.BPE(vocab={"a": 0, "b": 1, "ab": 2},
                                                merges=[("a", "b")]))
    assert pack(network_of(Subwords.of(made.to_str(), "m"))) is None
