"""Networks, windows, model folders and training."""

import copy
import json
import math
import pickle
from itertools import islice, pairwise

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from builder import save_model  # noqa: E402
from builder.core.digests import digest  # noqa: E402
from builder.core.errors import CorpusError, ModelError, OutputError  # noqa: E402
from builder.core.text import Corpus, Document, Piece, Split  # noqa: E402
from builder.corpora.trained import keep_unseen, read_trained  # noqa: E402
from builder.models.evaluate import bits_per_character  # noqa: E402
from builder.models.folder import load_model, write_model  # noqa: E402
from builder.models.lockstep import batches, blocks  # noqa: E402
from builder.models.network import CharNetwork, initialise  # noqa: E402
from builder.models.spec import ModelSpec  # noqa: E402
from builder.models.training import train as training  # noqa: E402
from builder.models.training.windows import PADDING, windows  # noqa: E402
from builder.tokens.characters import Vocabulary  # noqa: E402
from builder.workspace.recipe import ModelSettings, TrainingSettings  # noqa: E402
from tests.tolerances import product, recurrence  # noqa: E402

pytestmark = pytest.mark.torch
ARCHITECTURES = ("rnn", "gru", "lstm")


def network_of(architecture="lstm", layers=1, hidden=8, characters="abc\n"):
    network = CharNetwork(ModelSpec(architecture, 5, hidden, layers, Vocabulary(tuple(characters))))
    initialise(network, 3)
    return network.eval()


def rounding(network, steps):
    """Bound the error of a logit after some steps."""
    hidden = network.spec.hidden_size
    state = recurrence(steps * network.spec.num_layers, 2 * hidden + 2)
    return product(hidden + 1, float(network.decoder.weight.detach().norm(dim=1).max()), state)


def in_halves(module):
    """Round all weights to float16, as model folders keep them."""
    with torch.no_grad():
        for weight in module.parameters():
            weight.copy_(weight.half().float())
    return module


def corpus_of(texts, split=Split.TRAIN):
    documents = tuple(
        Document(f"d{i:02}", t, (Piece(0, len(t), split, i % 64),)) for i, t in enumerate(texts))
    return Corpus(documents, (), "made", "none")


def small_corpus():
    texts = [("abc" * 40 + "\n") * (3 + i % 3) for i in range(8)]
    train, rest = corpus_of(texts), corpus_of(["cab" * 90 + "\n"], Split.DISCOVER)
    return Corpus(train.documents + rest.documents, (), "made", "none")


MODEL = ModelSettings(architecture="lstm", embedding_size=4, hidden_size=6)
SETTINGS = TrainingSettings(characters=8_000, streams=4, window=16, minimum_count=1,
                            learning_rate=0.02,
                            precision="float32", threads=1, dropout=0.1)


def test_vocabulary_encodes_known_and_unknown():
    vocabulary = Vocabulary(("b", "a", "\U0001f600"))
    assert vocabulary.encode("ab\U0001f600z").tolist() == [2, 1, 3, 0]
    assert [vocabulary.name(i) for i in (0, 1, 3)] == ["\ufffd", "b", "\U0001f600"]
    assert Vocabulary.of_texts(["aab", "ac"], 2).characters == ("a",)
    assert Vocabulary(()).encode("ab").tolist() == [0, 0]


def test_windows_read_each_text_once_a_pass_in_order():
    texts = [np.arange(1, n + 1) * 10 + i for i, n in enumerate((5, 9, 2, 7, 3))]
    streams = {b: [] for b in range(2)}
    for window in islice(windows(texts, 2, 3, seed=1), 40):
        for b in range(2):
            real = window.targets[:, b] != PADDING
            if window.fresh[b]:
                streams[b].append([int(window.ids[0, b])])
            streams[b][-1] += window.targets[real, b].tolist()
    read = [tuple(text) for b in range(2) for text in streams[b][:-1]]
    assert set(read) == {tuple(t.tolist()) for t in texts}
    counts = [read.count(tuple(t.tolist())) for t in texts]
    assert max(counts) - min(counts) <= 2


def test_blocks_tile_the_documents():
    texts = [np.arange(n) for n in (11, 7, 3, 0)]
    order = batches([len(t) for t in texts], 8)[0]
    assert order == [0, 1, 2]
    read = {i: [] for i in order}
    for block in blocks([texts[i] for i in order], 4):
        for b, length in enumerate(block.lengths):
            read[order[b]] += block.ids[:length, b].tolist()
    assert all(read[i] == texts[i].tolist() for i in order)


def test_batches_of_long_documents_are_small():
    sizes = [1_500_000, 900_000, 600_000, 10, 0]
    assert batches(sizes, 128, 2_000_000) == [[0], [1, 2, 3]]


@pytest.mark.parametrize("architecture", ARCHITECTURES)
def test_bits_per_character_against_one_step_at_a_time(architecture):
    network = network_of(architecture, layers=2)
    texts = [np.array([1, 2, 3, 0, 4, 4]), np.array([2, 1]), np.array([3])]
    nats, count, wide = 0.0, 0, copy.deepcopy(network).double()
    for text in texts:
        state = tuple(part.double() for part in network.initial_state(1))
        for now, ahead in pairwise(text):
            logits, state = wide(torch.tensor([[now]]), state)
            nats -= torch.log_softmax(logits[0, 0], 0)[ahead].item()
            count += 1
    close = 2 * rounding(network, 6) / math.log(2)
    assert bits_per_character(network, texts) == pytest.approx(
        nats / count / math.log(2), abs=close)
    assert math.isnan(bits_per_character(network, [np.array([1])]))


def test_learning_rate_rises_then_falls():
    rates = [training.learning_rate(s, 1000, 1.0) for s in range(1000)]
    assert max(rates) == pytest.approx(1.0) and rates.index(max(rates)) in (19, 20)
    assert rates[-1] == pytest.approx(0.05, abs=1e-3)
    assert rates[0] == pytest.approx(1 / 20)


def trained(tmp_path, name, **kwargs):
    folder = tmp_path / name
    training.train(small_corpus(), MODEL, SETTINGS, folder, tmp_path / f"{name}.safetensors",
                   device="cpu", **kwargs)
    return folder


def test_training_learns_and_the_same_recipe_gives_the_same_bytes(tmp_path):
    first, second = trained(tmp_path, "a"), trained(tmp_path, "b")
    for name in ("model.json", "model.safetensors", "training_documents.txt"):
        assert (first / name).read_bytes() == (second / name).read_bytes()
    record = json.loads((first / "model.json").read_text("utf-8"))["training"]
    assert record["bits_per_character"] < 1.8 < math.log2(5)
    assert not list(tmp_path.glob("*.safetensors"))


@pytest.mark.parametrize("stop", [KeyboardInterrupt, RuntimeError])
def test_a_run_that_was_stopped_resumes_to_the_same_weights(tmp_path, monkeypatch, stop):
    whole = trained(tmp_path, "whole")
    monkeypatch.setattr(training, "CHECKPOINT_SECONDS", 0.0)
    step, calls = training.train_step, []

    def stopping(*arguments):
        calls.append(1)
        if len(calls) == 20:
            raise stop
        return step(*arguments)

    monkeypatch.setattr(training, "train_step", stopping)
    with pytest.raises(stop):
        trained(tmp_path, "part")
    assert not (tmp_path / "part").exists()
    monkeypatch.setattr(training, "train_step", step)
    part = trained(tmp_path, "part", resume=True)
    assert (part / "model.safetensors").read_bytes() == (whole / "model.safetensors").read_bytes()
    assert (part / "model.json").read_bytes() == (whole / "model.json").read_bytes()


@pytest.mark.parametrize("stop", [KeyboardInterrupt, RuntimeError])
def test_a_training_that_fails_puts_the_threads_back(tmp_path, monkeypatch, stop):
    seen, before = [], torch.get_num_threads()

    def failing(*_):
        seen.append(torch.get_num_threads())
        raise stop

    monkeypatch.setattr(training, "train_step", failing)
    torch.set_num_threads(2)
    try:
        with pytest.raises(stop):
            trained(tmp_path, "a")
        assert seen == [1] and torch.get_num_threads() == 2
    finally:
        torch.set_num_threads(before)


def test_the_record_of_a_training_is_measured_with_its_threads(tmp_path, monkeypatch):
    seen, measure = [], training.bits_per_character

    def noting(*given):
        seen.append(torch.get_num_threads())
        return measure(*given)

    monkeypatch.setattr(training, "bits_per_character", noting)
    before = torch.get_num_threads()
    torch.set_num_threads(2)
    try:
        trained(tmp_path, "a")
    finally:
        torch.set_num_threads(before)
    assert set(seen) == {1}


def test_a_checkpoint_of_another_run_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(training, "CHECKPOINT_SECONDS", 0.0)
    with pytest.raises(ModelError, match="nothing to resume"):
        trained(tmp_path, "a", resume=True)
    (tmp_path / "a.safetensors").write_bytes(b"torn")
    with pytest.raises(ModelError, match="not a whole checkpoint"):
        trained(tmp_path, "a", resume=True)


def test_too_little_text_to_train_on(tmp_path):
    with pytest.raises(CorpusError, match="too little to train on"):
        training.train(corpus_of(["ab"]), MODEL, TrainingSettings(), tmp_path / "m",
                       tmp_path / "c")


def test_what_was_trained_on_is_never_judged(tmp_path):
    folder = trained(tmp_path, "a")
    text = small_corpus().documents[0].text
    moved = corpus_of([text, "new"], Split.HELD_OUT)
    unseen = keep_unseen(moved, read_trained(folder))
    assert [d.pieces[0].split for d in unseen.documents] == [Split.TRAIN, Split.HELD_OUT]
    assert digest(text) in read_trained(folder)


@pytest.mark.parametrize("architecture", ARCHITECTURES)
@pytest.mark.parametrize("layers", [1, 2])
def test_a_model_folder_keeps_the_function(tmp_path, architecture, layers):
    network = network_of(architecture, layers)
    write_model(tmp_path, network, {"seed": 3})
    stored = load_model(tmp_path)
    ids = torch.arange(14).view(7, 2) % 5
    in_halves(network)
    for name, tensor in network.state_dict().items():
        assert torch.equal(stored.network.state_dict()[name], tensor)
    logits, _ = stored.network(ids, stored.network.initial_state(2))
    expected, _ = network(ids, network.initial_state(2))
    assert (logits - expected).abs().max() < 2 * rounding(network, 7)
    assert stored.training == {"seed": 3}


@pytest.mark.parametrize("rows", [4, 5])
@pytest.mark.parametrize("bias", [True, False])
def test_save_model_of_a_students_own_network(tmp_path, rows, bias):
    rnn = torch.nn.GRU(3, 6, num_layers=2, bias=bias, batch_first=True)
    embedding, decoder = torch.nn.Embedding(rows, 3), torch.nn.Linear(6, rows, bias=bias)
    for part in (rnn, embedding, decoder):
        in_halves(part)
    save_model(tmp_path, rnn, embedding, decoder, "abcd")
    network = load_model(tmp_path).network
    theirs = decoder(rnn(embedding(torch.tensor([[0, 3, 1]]) + (rows - 4)))[0])[0]
    ours, _ = network(torch.tensor([[1], [4], [2]]), network.initial_state(1))
    assert (theirs[:, rows - 4 :] - ours[:, 0, 1:]).abs().max() < 2 * rounding(network, 3)


@pytest.mark.parametrize(("rnn", "match"), [
    (torch.nn.LSTM(3, 6, bidirectional=True), "reads both ways"),
    (torch.nn.LSTM(3, 6, proj_size=2), "projects its state"),
    (torch.nn.RNN(3, 6, nonlinearity="relu"), "RNN_RELU"),
    (torch.nn.LSTM(2, 6), "3 wide, rnn reads 2"),
])
def test_save_model_refuses_what_it_cannot_keep(tmp_path, rnn, match):
    with pytest.raises(ModelError, match=match):
        save_model(tmp_path, rnn, torch.nn.Embedding(4, 3), torch.nn.Linear(6, 4), "abcd")
    assert not list(tmp_path.iterdir())


def damage_json(folder, **changes):
    path = folder / "model.json"
    data = json.loads(path.read_text("utf-8")) | changes
    path.write_text(json.dumps({k: v for k, v in data.items() if v is not None}))


BAD_FOLDERS = {
    "other sizes": (lambda f: damage_json(f, hidden_size=9), "another shape than model.json"),
    "other layers": (lambda f: damage_json(f, num_layers=2), "rnn.weight_hh_l1: missing"),
    "other kind": (lambda f: damage_json(f, architecture="gru"), "another shape"),
    "no such kind": (lambda f: damage_json(f, architecture="mamba"), "architecture"),
    "missing key": (lambda f: damage_json(f, vocabulary=None), "vocabulary"),
    "twice": (lambda f: damage_json(f, vocabulary=["a", "a", "b", "c"]), "stands in it twice"),
    "not json": (lambda f: (f / "model.json").write_text("{"), "cannot be read as JSON"),
    "no json": (lambda f: (f / "model.json").unlink(), "there is no model"),
    "no weights": (lambda f: (f / "model.safetensors").unlink(), "there are no weights"),
    "truncated": (lambda f: (f / "model.safetensors").write_bytes(
        (f / "model.safetensors").read_bytes()[:-9]), "not a whole safetensors file"),
    "foreign": (lambda f: (f / "model.safetensors").write_bytes(b"\0" * 400),
                "not a whole safetensors file"),
    "pickle": (lambda f: (f / "model.safetensors").write_bytes(pickle.dumps({"a": 1})),
               "looks like a pickle"),
    "zip": (lambda f: torch.save({"a": torch.zeros(3)}, f / "model.safetensors"),
            "looks like a pickle"),
}


@pytest.mark.parametrize("what", BAD_FOLDERS)
def test_bad_model_folders(tmp_path, what):
    write_model(tmp_path, network_of(), {})
    spoil, message = BAD_FOLDERS[what]
    spoil(tmp_path)
    with pytest.raises(ModelError, match=message) as caught:
        load_model(tmp_path)
    assert str(tmp_path) in str(caught.value)


def test_weights_that_are_not_numbers(tmp_path):
    import safetensors.torch

    write_model(tmp_path, network_of(), {})
    path = tmp_path / "model.safetensors"
    weights = safetensors.torch.load_file(path)
    weights["decoder.bias"][1] = math.nan
    weights["extra"] = torch.zeros(2)
    safetensors.torch.save_file(weights, path)
    with pytest.raises(ModelError) as caught:
        load_model(tmp_path)
    assert len(caught.value.problems) == 2
    assert "not finite" in str(caught.value) and "not a part of this model" in str(caught.value)


def test_nan_is_never_written(tmp_path):
    network = network_of()
    with torch.no_grad():
        network.decoder.bias[0] = math.nan
    with pytest.raises(ModelError, match="does not fit float16"):
        write_model(tmp_path, network, {})
    assert not list(tmp_path.iterdir())


def test_a_place_that_cannot_be_written(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError, match="cannot be written"):
        write_model(tmp_path / "file" / "model", network_of(), {})
