"""`lab.py` says what the product says: PyTorch's numbers, from what the site publishes."""

import importlib.util
import json
import math
import sys
from dataclasses import replace
from html.parser import HTMLParser

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from safetensors.torch import save_file  # noqa: E402

from builder.activations.signals import SignalReader  # noqa: E402
from builder.cards.browser import pack  # noqa: E402
from builder.core.cards import ExhibitCard  # noqa: E402
from builder.core.digests import uniform  # noqa: E402
from builder.models.folder import load_model  # noqa: E402
from builder.models.hold import ablate  # noqa: E402
from builder.models.network import CharNetwork, initialise  # noqa: E402
from builder.models.spec import ModelSpec  # noqa: E402
from builder.rendering.exploring import excerpt_script  # noqa: E402
from builder.rendering.typed import model_script  # noqa: E402
from builder.tokens.characters import Vocabulary  # noqa: E402
from tests.make_cards import exhibit  # noqa: E402
from tests.notebooks.running import FOLDER, cells_of  # noqa: E402
from tests.reading import values_from  # noqa: E402

pytestmark = pytest.mark.torch

ROOT = FOLDER.parents[2]
CHARACTERS = tuple('abc("\n é𝔘')
TEXT = 'ab("c𝔘\né z)' * 40
AGREES = 1e-5


@pytest.fixture(scope="module")
def lab():
    """Return the module; nothing is left where it lies."""
    spec = importlib.util.spec_from_file_location("lab_of_the_notebooks", FOLDER / "lab.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "dont_write_bytecode", True)
        spec.loader.exec_module(module)
    return module


def network_of(architecture, layers=2):
    """Return a network whose weights are as float16 keeps them."""
    network = CharNetwork(ModelSpec(architecture, 7, 12, layers, Vocabulary(CHARACTERS)))
    initialise(network, 1)
    with torch.no_grad():
        for parameter in network.parameters():
            parameter.copy_(parameter.half().float())
    return network.eval().requires_grad_(False)


def save(network, folder, dtype=torch.float32):
    """Write a model folder as others write them."""
    folder.mkdir(parents=True)
    spec = network.spec
    (folder / "model.json").write_text(json.dumps({
        "format": 1, "architecture": spec.architecture, "embedding_size": spec.embedding_size,
        "hidden_size": spec.hidden_size, "num_layers": spec.num_layers,
        "vocabulary": list(CHARACTERS)}), "utf-8")
    save_file({name: t.to(dtype).contiguous() for name, t in network.state_dict().items()},
              folder / "model.safetensors")


def loaded(lab, network, tmp_path):
    save(network, tmp_path / "gallery/one")
    return lab.load("one", str(tmp_path))[0]


def product(network, text, names):
    """Return every signal at every step, [T, L, H] by its name, and the logits, by the product."""
    ids = torch.from_numpy(network.spec.vocabulary.encode(text).astype(np.int64))[:, None]
    reader = SignalReader(network, names)
    out = torch.empty(len(ids), 1, reader.width)
    reader.read(ids, reader.initial_state(1), out)
    values = {unit.name: out[:, 0, at].numpy() for at, unit in enumerate(reader.units)}
    return values, torch.log_softmax(network.decoder(reader.top[:, 0]), -1).numpy()


@pytest.mark.parametrize(("architecture", "names"), [
    ("lstm", "hcifgo"), ("gru", "hrzn"), ("rnn", "h")])
@pytest.mark.parametrize("layers", [1, 3])
def test_signals_and_predictions_are_those_of_the_product(
        lab, tmp_path, architecture, names, layers):
    network = network_of(architecture, layers)
    reading = lab.read(loaded(lab, network, tmp_path), TEXT)
    values, logs = product(network, TEXT, list(names))
    assert len(values) == len(names) * layers * 12
    for unit, expected in values.items():
        assert np.abs(reading[unit] - expected).max() < AGREES, unit
    assert np.abs(reading.log_probs() - logs).max() < 10 * AGREES
    ids = network.spec.vocabulary.encode(TEXT).astype(int)
    assert np.allclose(reading.loss(), -logs[np.arange(len(ids) - 1), ids[1:]], atol=10 * AGREES)


@pytest.mark.parametrize("architecture", ["lstm", "gru", "rnn"])
@pytest.mark.parametrize("layer", [0, 1])
def test_a_frozen_unit_is_that_of_the_product(lab, tmp_path, architecture, layer):
    network = network_of(architecture)
    ours = loaded(lab, network, tmp_path)
    frozen = lab.read(ours, TEXT, freeze={f"h{layer}.5": 0.75})
    _, logs = product(ablate(network, layer, 5, 0.75), TEXT, ["h"])
    assert np.abs(frozen.log_probs() - logs).max() < 10 * AGREES
    assert np.abs(lab.read(ours, TEXT).log_probs() - logs).max() > 0.01
    assert np.ptp(frozen[f"h{layer}.5"]) == 0


def test_texts_side_by_side_are_as_one_after_the_other(lab, tmp_path):
    ours = loaded(lab, network_of("gru"), tmp_path)
    texts = [TEXT, TEXT[7:50], "é"]
    for text, side in zip(texts, lab.read_all(ours, texts, keep="hz"), strict=True):
        alone = lab.read(ours, text)
        assert side.text == text and set(side.signals) == {"h0", "h1", "z0", "z1"}
        for name, values in side.signals.items():
            assert values.shape == (len(text), 12)
            assert np.abs(values - alone.signals[name]).max() < AGREES


@pytest.mark.parametrize("name", ["python-small-1", "counters-rnn", "counters-gru"])
def test_a_passage_goes_on_where_the_product_stood(lab, name):
    """Its states are the product's, and what stands before it helps to predict its beginning."""
    network, passages = lab.load(name, str(ROOT))
    assert len(passages) == 8
    product = load_model(ROOT / "gallery" / name).network
    units = SignalReader(product).units
    with_state, without = 0.0, 0.0
    for passage in passages:
        reading = lab.read(network, passage.text, before=passage.before)
        values = values_from(product, passage.before, passage.text)
        assert max(np.abs(reading[unit.name] - values[:, at]).max()
                   for at, unit in enumerate(units)) < AGREES
        assert all(len(values) == len(passage.text) for values in passage.labels.values())
        with_state += reading.loss()[:20].mean()
        without += lab.read(network, passage.text).loss()[:20].mean()
    assert with_state < without


def test_a_site_gives_what_the_folder_gives(lab, tmp_path):
    network = network_of("lstm")
    save(network, tmp_path / "gallery/one", torch.float16)
    card: ExhibitCard = exhibit()
    passage = replace(card.explored[0], before=np.ones((2, 2, 12), "<f4").tobytes(),
                      labels={"in_string": f"0x3 1x{len(card.explored[0].text) - 3}"})
    card = replace(card, name="one", architecture="lstm", embedding_size=7, hidden_size=12,
                   num_layers=2, in_browser=pack(network), explored=(passage,), worded=None)
    for path, text in (("models/one.js", model_script(card)),
                       ("explore/data/one-0.js", excerpt_script(card, 0))):
        (tmp_path / "site" / path).parent.mkdir(parents=True)
        (tmp_path / "site" / path).write_text(text, "utf-8")
    here, _ = lab.load("one", str(tmp_path))
    there, passages = lab.load("one", str(tmp_path / "site"))
    served, _ = lab.load("one", (tmp_path / "site").as_uri() + "/")
    for other in (there, served):
        assert other.vocabulary == here.vocabulary and other.layers == here.layers
        assert other.weights.keys() == here.weights.keys()
        assert all(np.array_equal(here.weights[k], other.weights[k]) for k in here.weights)
    (found,) = passages
    assert found.text == passage.text and found.before == passage.before
    assert found.labels["in_string"].tolist() == [0.0] * 3 + [1.0] * (len(found.text) - 3)


@pytest.mark.parametrize("dtype", [torch.float32, torch.float16, torch.bfloat16])
def test_weights_are_read_as_they_were_written(lab, tmp_path, dtype):
    network = network_of("rnn")
    save(network, tmp_path / "gallery/one", dtype)
    weights = lab.load("one", str(tmp_path))[0].weights
    for name, tensor in network.state_dict().items():
        assert np.array_equal(weights[name], tensor.to(dtype).float().numpy())


def test_broken_weights_are_one_clear_error(lab, tmp_path):
    network = network_of("rnn", 1)
    ours = loaded(lab, network, tmp_path)
    path = tmp_path / "gallery/one/model.safetensors"
    whole = path.read_bytes()
    shapes = {name: tensor.shape for name, tensor in ours.weights.items()}
    generator = np.random.default_rng(1)
    for _ in range(300):
        broken = bytearray(whole[:generator.integers(len(whole) + 1)])
        for at in generator.integers(max(1, len(broken)), size=3) if broken else ():
            broken[at] = generator.integers(256)
        try:
            found = lab.safetensors(bytes(broken), shapes)
        except lab.LabError as error:
            assert str(error)
        else:
            assert all(found[name].shape == shape for name, shape in shapes.items())
    with pytest.raises(lab.LabError, match="its shape is"):
        lab.safetensors(whole, shapes | {"decoder.bias": (3,)})


@pytest.mark.parametrize(("changed", "said"), [
    ({"architecture": "mingru"}, "LSTMs, GRUs and RNNs"),
    ({"tokens": "words"}, "single characters"),
    ({"reset": "line"}, "from its beginning"), ({"vocabulary": ["ab", "c"]}, "single characters")])
def test_other_networks_are_refused(lab, tmp_path, changed, said):
    save(network_of("rnn"), tmp_path / "gallery/one")
    path = tmp_path / "gallery/one/model.json"
    path.write_text(json.dumps(json.loads(path.read_text("utf-8")) | changed), "utf-8")
    with pytest.raises(lab.LabError, match=said):
        lab.load("one", str(tmp_path))


def test_what_is_not_there_is_said(lab, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(lab.LabError, match="set GALLERY"):
        lab.load("one")
    with pytest.raises(lab.LabError, match="set GALLERY"):
        lab.load("one", str(tmp_path))
    with pytest.raises(lab.LabError, match=r"models/one\.js: cannot be read"):
        lab.load("one", tmp_path.as_uri())
    ours = loaded(lab, network_of("rnn"), tmp_path)
    for unit in ("c0.1", "h0.12", "h7.1", "h0", "", "h0.1x"):
        with pytest.raises(lab.LabError, match=r"no such unit|there is no c"):
            lab.read(ours, "ab")[unit]
    with pytest.raises(lab.LabError, match="no such unit"):
        lab.read(ours, "ab", freeze={"h0.12": 0.0})


class Shown(HTMLParser):
    """Collects the text and the names of elements."""

    def __init__(self):
        super().__init__()
        self.text, self.tags = "", set()

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)

    def handle_data(self, data):
        self.text += data


def test_a_text_cannot_act_in_a_picture(lab):
    text = '<script>alert("1")</script>&amp;</pre>\n\t<b onclick=\'x\'>'
    shown = Shown()
    shown.feed(lab.draw(text, np.linspace(-2, 2, len(text)), [1] * len(text))._repr_html_())
    assert shown.text == text.replace("\n", "↵\n") and shown.tags == {"pre", "span"}


def test_colours_are_red_above_and_blue_below(lab):
    html = lab.draw("abc", [1.0, -1.0, math.nextafter(0, -1)])._repr_html_()
    assert "rgb(214,96,77)\">a" in html and "rgb(67,147,195)\">b" in html and "border" not in html


def test_checks_say_right_wrong_and_not_yet(lab, capsys):
    lab.check(None, lambda answer: True, "hint")
    lab.check(1, lambda answer: answer == 1, "hint")
    assert capsys.readouterr().out == "Not answered yet.\nRight.\n"
    with pytest.raises(lab.NotYet, match="hint"):
        lab.check(2, lambda answer: answer == 1, "hint")


def test_unseen_files_are_those_that_the_product_keeps_from_training():
    (source,) = (c["source"] for c in cells_of("controls") if c["id"] == "labels")
    names = {"np": np}
    exec("import hashlib, io, tokenize\n" + source, names)
    for name in (f"folder/file{number}.py" for number in range(500)):
        assert names["unseen"](name) == (uniform(name, "split") < 0.2)


def test_labels_of_a_program_are_right():
    (source,) = (c["source"] for c in cells_of("controls") if c["id"] == "labels")
    names = {"np": np}
    exec("import hashlib, io, tokenize\n" + source, names)
    text = 'x = f("a", [b])  # c\ny = f"{z}"\n'
    found = {name: values.astype(int).tolist() for name, values in names["labels_of"](text).items()}
    assert "".join(map(str, found["comment_or_string"])) == (
        "000000110000000001110" "0000" "11111" "00")
    assert "".join(map(str, found["bracket_depth"][:15])) == "000001111112210"
    assert found["line_position"][:4] == [1, 2, 3, 4] and found["line_position"][20:23] == [0, 1, 2]
    assert found["recent_newline"][19:27] == [0, 1, 1, 1, 1, 1, 0, 0]
