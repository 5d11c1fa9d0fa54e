"""Files of other libraries as model folders: containers, conventions, and what is broken."""

import json
import pickle
import re
import sys
from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from safetensors.torch import load_file, save_file  # noqa: E402
from torch import nn  # noqa: E402
from torch.nn.utils import prune  # noqa: E402

from builder.cli import main  # noqa: E402
from builder.models.folder import load_model, write_model  # noqa: E402
from tests.cli.conftest import complaint, here  # noqa: E402, F401
from tests.models.made_files import (  # noqa: E402
    CHARACTERS,
    E,
    H,
    V,
    arrays_of,
    by_hand,
    network_of,
    of_keras,
    text_of,
    write_h5,
    write_keras,
)

pytestmark = pytest.mark.torch
KERAS = {"lstm": ("LSTM", (0, 1, 2, 3)), "gru": ("GRU", (1, 0, 2)), "rnn": ("SimpleRNN", (0,))}
BITS = re.compile(r"^ +(\d+\.\d\d)  (.+)$", re.M)


@pytest.fixture
def folder(here):  # noqa: F811
    (here / "vocabulary.json").write_text(json.dumps(list(CHARACTERS)), "utf-8")
    return here


@pytest.fixture(scope="module")
def networks():
    """Networks and what they wrote, each made once."""
    made = {}

    def network(*what, **more):
        key = (what, *more.items())
        if key not in made:
            made[key] = network_of(*what, **more)
        return made[key]

    return network


@pytest.fixture(scope="module")
def texts(networks):
    made = {}

    def text(*what, **more):
        key = (what, *more.items())
        if key not in made:
            made[key] = text_of(networks(*what, **more))
        return made[key]

    return text


def imported(*arguments, out="m"):
    assert main(["import", *map(str, arguments), "--out", out]) == 0


def same(network, out="m", close=2e-3):
    """Compare with what a folder does on 150 characters."""
    ids = torch.from_numpy(np.random.default_rng(1).integers(1, V + 1, (150, 1)))
    kept = load_model(Path(out)).network
    with torch.no_grad():
        ours, theirs = (n.architecture.run(n.rnn, n.embedding(ids), n.initial_state(1))[0]
                        for n in (kept, network))
        assert (ours - theirs).abs().mean() < close
        assert (kept.decoder(theirs) - network.decoder(theirs))[:, 0, 1:].abs().max() < 0.1
    assert kept.spec.vocabulary.characters == tuple(CHARACTERS)


# PyTorch


class CharRnn(nn.Module):
    def __init__(self, network):
        super().__init__()
        weights, spec = arrays_of(network), network.spec
        kind = getattr(nn, spec.architecture.upper())
        self.emb = nn.Embedding(V, E)
        self.recurrent = kind(E, H, spec.num_layers)
        self.out = nn.Linear(H, V)
        self.load_state_dict({
            {"embedding": "emb", "rnn": "recurrent", "decoder": "out"}[name.partition(".")[0]]
            + "." + name.partition(".")[2]: t for name, t in weights.items()})


PREFIXED = {
    "state dict": lambda m: m.state_dict(),
    "DataParallel": lambda m: nn.DataParallel(m).state_dict(),
    "compile": lambda m: {f"_orig_mod.{n}": t for n, t in m.state_dict().items()},
    "Lightning": lambda m: {"state_dict": {f"model.{n}": t for n, t in m.state_dict().items()},
                            "epoch": 3, "pytorch-lightning_version": "2.1"},
    "with an optimiser": lambda m: {"model": m.state_dict(), "optimizer": torch.optim.Adam(
        m.parameters()).state_dict(), "loss": 1.5, "args": {"hidden": H, "layers": 1}},
    "parts apart": lambda m: {"emb": m.emb.state_dict(), "recurrent": m.recurrent.state_dict(),
                              "out": m.out.state_dict()},
    "twice the same": lambda m: {"model": m.state_dict(), "best": m.state_dict()},
    "half": lambda m: {n: t.half() for n, t in m.state_dict().items()},
    "in a tuple": lambda m: (m.state_dict(), {"epoch": 3}),
}


@pytest.mark.parametrize("way", PREFIXED)
def test_checkpoints_of_pytorch(folder, networks, way, capsys):
    torch.save(PREFIXED[way](CharRnn(networks("gru"))), "x.pt")
    imported("x.pt", "--vocabulary", "vocabulary.json")
    said = capsys.readouterr().out
    assert "rnn.weight_hh_l0" in said and "not checked on a text" in said
    same(networks("gru"))


@pytest.mark.parametrize("architecture", KERAS)
@pytest.mark.parametrize("layers", [1, 2])
@pytest.mark.parametrize("suffix", ["ckpt", "bin", "pth", "safetensors"])
def test_every_architecture_and_container(folder, networks, architecture, layers, suffix):
    network = networks(architecture, layers)
    weights = {n: t.contiguous() for n, t in arrays_of(network).items()}
    if suffix == "safetensors":
        save_file(weights, "x.safetensors", {"vocab": json.dumps(CHARACTERS)})
        imported("x.safetensors")
    else:
        torch.save({"net": weights, "chars": list(CHARACTERS)}, f"x.{suffix}")
        imported(f"x.{suffix}")
    same(network, close=0.02)


@pytest.mark.parametrize("zipped", [True, False])
def test_a_checkpoint_of_any_name(folder, networks, zipped):
    """As a course has it: one-hot input, characters as `tokens`, and a name of its own."""
    network = networks("lstm", 2, one_hot=True)
    weights = {n.replace("rnn.", "lstm.").replace("decoder.", "fc."): t
               for n, t in arrays_of(network).items() if not n.startswith("embedding")}
    torch.save({"n_hidden": H, "n_layers": 2, "state_dict": weights, "tokens": tuple(CHARACTERS)},
               "rnn_20_epoch.net", _use_new_zipfile_serialization=zipped)
    imported("rnn_20_epoch.net")
    same(network, close=0.02)


def test_the_old_format_of_pytorch(folder, networks):
    torch.save(arrays_of(networks("lstm")), "x.pth", _use_new_zipfile_serialization=False)
    imported("x.pth", "--vocabulary", "vocabulary.json")
    same(networks("lstm"))


INSIDE = {
    "list": {"chars": list(CHARACTERS)},
    "tuple": {"tokens": tuple(CHARACTERS)},
    "text": {"all": CHARACTERS},
    "char2int": {"hyper": {"char2int": {c: i for i, c in enumerate(CHARACTERS)}}},
    "both": {"stoi": {c: i for i, c in enumerate(CHARACTERS)}, "itos": dict(enumerate(CHARACTERS)),
             "seed": "The quick brown fox"},
}


@pytest.mark.parametrize("way", INSIDE)
def test_a_vocabulary_inside(folder, networks, way):
    torch.save({"weights": arrays_of(networks("rnn")), **INSIDE[way]}, "x.pt")
    imported("x.pt")
    same(networks("rnn"))


def test_two_vocabularies_inside(folder, complaint, networks):  # noqa: F811
    torch.save({"w": arrays_of(networks("rnn")), "a": CHARACTERS, "b": CHARACTERS[::-1]}, "x.pt")
    said = complaint("import", "x.pt", "--out", "m")
    assert "several vocabularies in it; a, b; give the right one with --vocabulary FILE" in said
    imported("x.pt", "--vocabulary", "vocabulary.json")


@pytest.mark.parametrize("order", ["of the gallery", "unknown first", "unknown last"])
def test_where_the_unknown_row_is(folder, networks, texts, order, capsys):
    network = networks("lstm")
    weights = {n: t.detach() for n, t in network.state_dict().items()}
    if order == "unknown last":
        weights = {n: t if n.startswith("rnn") else t.roll(-1, 0) for n, t in weights.items()}
    torch.save(weights, "x.pt")
    (folder / "text.txt").write_text(texts("lstm"), "utf-8")
    imported("x.pt", "--vocabulary", "vocabulary.json", "--text", "text.txt")
    row = "last" if order == "unknown last" else "first"
    assert f"the {row} row is that of unknown" in BITS.search(capsys.readouterr().out)[2]
    same(network)


def test_cells_with_names_of_ones_own(folder, networks):
    weights = arrays_of(networks("lstm", 2))
    renamed = {"lookup.weight": weights["embedding.weight"], "head.weight":
               weights["decoder.weight"], "head.bias": weights["decoder.bias"]}
    for layer in (0, 1):
        for part in ("weight_ih", "weight_hh", "bias_ih", "bias_hh"):
            renamed[f"cells.{layer}.{part}"] = weights[f"rnn.{part}_l{layer}"]
    torch.save(renamed, "x.pt")
    imported("x.pt", "--vocabulary", "vocabulary.json")
    same(networks("lstm", 2), close=0.02)


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("norm", [
    lambda m: nn.utils.weight_norm(m, "weight_hh_l0"),
    lambda m: nn.utils.parametrizations.weight_norm(m, "weight_hh_l0"),
    lambda m: prune.l1_unstructured(m, "weight_hh_l0", 0.3),
    lambda m: nn.utils.parametrizations.spectral_norm(m, "weight_hh_l0"),
    lambda m: nn.utils.spectral_norm(m, "weight_hh_l0"),
])
def test_what_is_stored_in_parts(folder, networks, norm):
    module = CharRnn(networks("gru"))
    norm(module.recurrent)
    module.eval()
    with torch.no_grad():
        module.recurrent(torch.zeros(1, 1, E))
        live = module.recurrent.weight_hh_l0.detach().clone()
    torch.save(module.state_dict(), "x.pt")
    imported("x.pt", "--vocabulary", "vocabulary.json")
    kept = load_model(folder / "m").network.rnn.weight_hh_l0
    assert (kept - live).abs().max() < 2e-3 * live.abs().max()


def test_tied_weights(folder, networks):
    weights = arrays_of(networks("rnn"))
    tied = torch.randn(V, H)
    torch.save({"rnn.weight_ih_l0": torch.randn(H, H), "rnn.weight_hh_l0":
                weights["rnn.weight_hh_l0"], "encoder.weight": tied, "decoder.weight": tied},
               "a.pt")
    torch.save({"rnn.weight_ih_l0": torch.randn(H, H), "rnn.weight_hh_l0":
                weights["rnn.weight_hh_l0"], "encoder.weight": tied}, "b.pt")
    for name in "ab":
        imported(f"{name}.pt", "--vocabulary", "vocabulary.json", out=name)
        network = load_model(folder / name).network
        assert torch.equal(network.embedding.weight[1:], network.decoder.weight[1:])


def test_names_that_say_nothing_are_told_by_shape(folder, networks):
    weights = arrays_of(networks("lstm"))
    del weights["rnn.bias_hh_l0"]
    torch.save({f"t{i}": t for i, t in enumerate(weights.values())}, "x.pt")
    imported("x.pt", "--vocabulary", "vocabulary.json")
    kept = load_model(folder / "m").network.state_dict()
    for name, tensor in weights.items():
        rows = kept[name] if name.startswith("rnn") else kept[name][1:]
        assert torch.equal(rows, tensor.half().float())


def state_with(**more):
    return lambda network: {**arrays_of(network), **more}


NO_NETWORK = {
    "both ways": (state_with(**{"rnn.weight_hh_l0_reverse": torch.zeros(4, 4)}), "reads both ways"),
    "projection": (state_with(**{"rnn.weight_hr_l0": torch.zeros(4, 4)}), "projects its state"),
    "attention": (state_with(**{"attention.query": torch.zeros(H, H)}),
                  "it attends to earlier steps, .*attention.query"),
    "two decoders": (state_with(**{"fc1.weight": torch.zeros(V, H)}), "besides its layers"),
    "a layer in part": (lambda n: {k: t for k, t in arrays_of(n).items() if "weight_hh" not in k},
                        "a layer is not whole"),
    "no layers": (lambda n: {"a": torch.zeros(3, 4)}, "no recurrent layer among a"),
    "nothing": (lambda n: {}, "x.pt: there are no tensors in it; save"),
    "a number": (lambda n: 7, "x.pt: there are no tensors in it; save"),
    "not numbers": (state_with(**{"decoder.bias": torch.full((V,), torch.nan)}),
                    "x.pt: holds values that are not finite numbers; 97 in decoder.bias; copy"),
    "not numbers in all tensors": (
        lambda n: {name: t * torch.nan for name, t in arrays_of(n).items()},
        r"x.pt: holds values that are not finite numbers; 97 in decoder.bias, [\d,]+ in .*"
        "and 3 more tensors; copy or save the file again"),
    "other shapes": (state_with(**{"rnn.bias_ih_l0": torch.zeros(7)}), "no layer that can be kept"),
    "two networks": (lambda n: {"a": arrays_of(n), "b": {k: t + 1 for k, t in
                                                         arrays_of(n).items()}},
                     "several networks in it; a, b; save one"),
}


@pytest.mark.parametrize("way", NO_NETWORK)
def test_one_message_for_what_is_no_network(folder, complaint, networks, way):  # noqa: F811
    make, message = NO_NETWORK[way]
    torch.save(make(networks("lstm")), "x.pt")
    said = complaint("import", "x.pt", "--out", "m", "--vocabulary", "vocabulary.json")
    assert re.search(message, said), said


def test_a_model_folder_that_does_not_fit_float16_leaves_nothing_behind(here, complaint):  # noqa: F811
    write_model(here / "large", network_of("rnn"), {}, ["0" * 64])
    weights = load_file(here / "large" / "model.safetensors")
    weights["decoder.bias"] = torch.full((V + 1,), 1e6)
    save_file(weights, here / "large" / "model.safetensors")
    assert "does not fit float16" in complaint("import", "large", "--out", "m")


# numpy, by hand


NAMES = {
    "as in the best known program": {},
    "with underscores": {"Wxh": "W_xh", "Whh": "W_hh", "Why": "W_hy", "bh": "b_h", "by": "b_y"},
    "as in a framework": {"Wxh": "i2h", "Whh": "h2h", "Why": "h2o", "bh": "bias_h", "by": "bias_o"},
}


@pytest.mark.parametrize("way", NAMES)
@pytest.mark.parametrize("turned", [False, True])
def test_numpy_by_hand(folder, networks, way, turned, capsys):
    network = networks("rnn", one_hot=True)
    arrays = {NAMES[way].get(n, n): a.T if turned else a for n, a in by_hand(network).items()}
    np.savez("x.npz", **arrays, chars=np.array(list(CHARACTERS)), n=np.int64(7))
    imported("x.npz")
    same(network)
    assert capsys.readouterr().out.count("rnn.weight_ih_l0") == 1


def test_what_training_kept_is_no_part(folder, networks, capsys):
    network = networks("rnn", one_hot=True)
    arrays = by_hand(network)
    np.savez("x.npz", **arrays, **{f"m{n}": a * 0 for n, a in arrays.items()},
             chars=np.array(list(CHARACTERS)), hprev=arrays["bh"], losses=np.ones(50))
    imported("x.npz")
    same(network)
    assert capsys.readouterr().out.count("not used") == len(arrays) + 2


@pytest.mark.parametrize("turned", [False, True])
def test_square_matrices_are_told_by_the_text(folder, complaint, networks, texts, turned):  # noqa: F811
    network = networks("rnn", one_hot=True, hidden=V)
    arrays = {n: a.T if turned else a for n, a in by_hand(network).items()}
    np.savez("x.npz", **arrays, chars=np.array(list(CHARACTERS)))
    said = complaint("import", "x.npz", "--out", "m")
    assert "read in several ways" in said and "--text FILE" in said and "--map" in said
    (folder / "text.txt").write_text(texts("rnn", one_hot=True, hidden=V), "utf-8")
    imported("x.npz", "--text", "text.txt")
    same(network, close=0.05)


def test_names_that_say_nothing_are_asked_for(folder, complaint, networks, texts, capsys):  # noqa: F811
    network = networks("rnn", one_hot=True)
    arrays = dict(zip("UWVbc", by_hand(network).values(), strict=True))
    np.savez("x.npz", **arrays)
    more = ("--vocabulary", "vocabulary.json")
    said = complaint("import", "x.npz", "--out", "m", *more)
    assert "read in several ways" in said
    imported("x.npz", *more, "--map", "decoder.weight=V")
    same(network)
    (folder / "text.txt").write_text(texts("rnn", one_hot=True), "utf-8")
    capsys.readouterr()
    imported("x.npz", *more, "--text", "text.txt", out="n")
    bits = [float(b) for b, _ in BITS.findall(capsys.readouterr().out)]
    assert len(bits) == 2 and bits[0] < bits[1] - 1
    same(network, "n")


def apart(weights, blocks):
    """Return matrices and biases by gate: what it reads, its state, its bias."""
    w, u, b, d = (np.split(weights[f"rnn.{n}_l0"].numpy(), blocks) for n in (
        "weight_ih", "weight_hh", "bias_ih", "bias_hh"))
    return w, u, [one + other for one, other in zip(b, d, strict=True)]


BY_GATE = {
    "as in a textbook": lambda g, w, u, b: {
        f"W_x{g}": w.T, f"W_h{g}": u.T, f"b_{g}": b},
    "input and state in one": lambda g, w, u, b: {f"W{g}": np.hstack([u, w]), f"b{g}": b[:, None]},
    "linear layers": lambda g, w, u, b: {
        f"cell.W_{g}.weight": w, f"cell.U_{g}.weight": u, f"cell.U_{g}.bias": b},
    "Flax": lambda g, w, u, b: {
        f"params/LSTMCell_0/i{g}/kernel": w.T, f"params/LSTMCell_0/h{g}/kernel": u.T,
        f"params/LSTMCell_0/h{g}/bias": b},
    "words": lambda g, w, u, b: {
        f"{dict(i='input', f='forget', g='cell', o='output')[g]}_gate": np.hstack([w, u]),
        f"{dict(i='input', f='forget', g='cell', o='output')[g]}_bias": b},
}


@pytest.mark.parametrize("way", BY_GATE)
def test_gates_that_have_tensors_of_their_own(folder, networks, texts, way, capsys):
    network = networks("lstm", one_hot=True)
    weights, arrays = arrays_of(network), {}
    for gate, *parts in reversed(list(zip("ifgo", *apart(weights, 4), strict=True))):
        arrays |= BY_GATE[way](gate, *parts)
    turned = any(a.shape[0] == V for a in arrays.values())
    decoder = weights["decoder.weight"].numpy()
    np.savez("x.npz", **arrays, out=decoder.T if turned else decoder,
             out_bias=weights["decoder.bias"].numpy(), chars=np.array(list(CHARACTERS)))
    (folder / "text.txt").write_text(texts("lstm", one_hot=True), "utf-8")
    imported("x.npz", "--text", "text.txt")
    same(network)
    said = capsys.readouterr().out
    assert "not used" not in said and "*" in said


@pytest.mark.parametrize("lets_in", [False, True])
def test_a_gru_by_hand_lets_in_or_keeps_with_z(folder, networks, texts, lets_in):
    network = networks("gru", one_hot=True)
    weights = arrays_of(network)
    w, u, b, d = (np.split(weights[f"rnn.{n}_l0"].numpy(), 3) for n in (
        "weight_ih", "weight_hh", "bias_ih", "bias_hh"))
    arrays = {}
    for gate, wg, ug, bg, dg in zip("rzn", w, u, b, d, strict=True):
        sign = -1 if lets_in and gate == "z" else 1
        arrays |= {f"w{gate}.weight": sign * wg, f"w{gate}.bias": sign * bg,
                   f"u{gate}.weight": sign * ug, f"u{gate}.bias": sign * dg}
    torch.save({n: torch.tensor(a) for n, a in arrays.items()} | {
        "fc.weight": weights["decoder.weight"], "fc.bias": weights["decoder.bias"]}, "x.pt")
    (folder / "text.txt").write_text(texts("gru", one_hot=True), "utf-8")
    imported("x.pt", "--vocabulary", "vocabulary.json", "--text", "text.txt")
    same(network)


@pytest.mark.parametrize("first", ["input", "state"])
def test_one_matrix_for_input_and_state(folder, complaint, networks, texts, first):  # noqa: F811
    network = networks("rnn", one_hot=True)
    hand = by_hand(network)
    pair = [hand["Wxh"], hand["Whh"]]
    arrays = {"W": np.hstack(pair if first == "input" else pair[::-1]), "b": hand["bh"],
              "V": hand["Why"], "c": hand["by"]}
    np.savez("x.npz", **arrays, chars=np.array(list(CHARACTERS)))
    assert "read in several ways" in complaint("import", "x.npz", "--out", "m")
    (folder / "text.txt").write_text(texts("rnn", one_hot=True), "utf-8")
    imported("x.npz", "--text", "text.txt")
    same(network)


def test_arrays_of_objects_alone_are_refused_as_such(folder, complaint):  # noqa: F811
    np.savez("x.npz", np.array([{"a": 1}], object))
    assert "Python objects, which are never opened; arr_0" in complaint(
        "import", "x.npz", "--out", "m")


def test_a_vocabulary_of_python_objects_is_not_opened(folder, complaint, networks):  # noqa: F811
    arrays = by_hand(networks("rnn", one_hot=True))
    np.savez("x.npz", **arrays, char_to_ix=np.array({"a": 1}, object))
    said = complaint("import", "x.npz", "--out", "m")
    assert "not known what the rows stand for; 97 rows; name them with --vocabulary FILE" in said
    imported("x.npz", "--vocabulary", "vocabulary.json")
    same(networks("rnn", one_hot=True))


# Keras


@pytest.mark.parametrize("architecture", KERAS)
@pytest.mark.parametrize("layers", [1, 2])
@pytest.mark.parametrize("one_hot", [False, True])
@pytest.mark.parametrize("suffix", ["h5", "hdf5", "keras"])
def test_keras(folder, networks, architecture, layers, one_hot, suffix, capsys):
    network, (kind, order) = networks(architecture, layers, one_hot=one_hot), KERAS[architecture]
    writer = write_keras if suffix == "keras" else write_h5
    writer(f"x.{suffix}", kind, *of_keras(network, order), one_hot=one_hot, reset_after=True)
    imported(f"x.{suffix}", "--vocabulary", "vocabulary.json")
    assert "not checked on a text" in capsys.readouterr().out
    same(network, close=0.02)


@pytest.mark.parametrize("architecture", KERAS)
def test_keras_is_checked_on_a_text(folder, networks, texts, architecture, capsys):
    network, (kind, order) = networks(architecture), KERAS[architecture]
    write_h5("x.h5", kind, *of_keras(network, order), reset_after=True)
    (folder / "text.txt").write_text(texts(architecture), "utf-8")
    imported("x.h5", "--vocabulary", "vocabulary.json", "--text", "text.txt")
    found = BITS.findall(capsys.readouterr().out)
    assert ("Keras" in found[0][1]) or architecture == "rnn"
    assert len(found) == {"lstm": 8, "gru": 4, "rnn": 1}[architecture]
    assert all(float(b) > float(found[0][0]) + 0.5 for b, _ in found[1:])
    same(network)


@pytest.mark.parametrize("wrong", [(0, 1, 2), (1, 0, 2)])
def test_a_text_finds_gates_in_an_order_that_the_container_does_not_have(
        folder, networks, texts, wrong, capsys):
    network = networks("gru")
    write_h5("x.h5", "GRU", *of_keras(network, wrong), reset_after=True)
    (folder / "text.txt").write_text(texts("gru"), "utf-8")
    imported("x.h5", "--vocabulary", "vocabulary.json", "--text", "text.txt")
    same(network)


@pytest.mark.parametrize("settings", [{}, {"reset_after": False}])
def test_a_gru_with_reset_before_the_product_is_kept_as_one(folder, networks, settings, capsys):
    network = networks("grubefore")
    write_h5("x.h5", "GRU", *of_keras(network, (1, 0, 2), before=True), **settings)
    imported("x.h5", "--vocabulary", "vocabulary.json")
    assert "read with gates z r n, reset before the product (Keras" in capsys.readouterr().out
    same(network)


def test_without_biases_the_settings_say_where_the_reset_gate_is(folder, networks):
    layers, ends = of_keras(networks("grubefore"), (1, 0, 2), before=True)
    bare = [{k: v for k, v in layers[0].items() if k != "bias"}]
    for after, kept in ((False, "grubefore"), (True, "gru")):
        write_h5("x.h5", "GRU", bare, ends, reset_after=after)
        imported("x.h5", "--vocabulary", "vocabulary.json", out=kept)
        assert load_model(Path(kept)).network.spec.architecture == kept


@pytest.mark.parametrize("written", ["gru", "grubefore"])
def test_the_bits_tell_on_which_side_the_reset_gate_is(folder, networks, texts, written, capsys):
    network, other = networks(written), {"gru": "grubefore", "grubefore": "gru"}[written]
    (folder / "text.txt").write_text(texts(written), "utf-8")
    write_h5("x.h5", "GRU", *of_keras(network, (1, 0, 2), before=written != "gru"))
    given = ("x.h5", "--vocabulary", "vocabulary.json", "--text", "text.txt")
    imported(*given)
    right = float(BITS.findall(capsys.readouterr().out)[0][0])
    same(network)
    imported(*given, "--architecture", other, out="forced")
    found = BITS.findall(capsys.readouterr().out)
    assert len(found) == 2 and all("reset" in name for _, name in found)
    assert float(found[0][0]) > right + 0.3
    assert load_model(Path("forced")).network.spec.architecture == other


HARD_GATES = [("LSTM", "lstmhard", (0, 1, 2, 3), {}), ("GRU", "gruhard", (1, 0, 2), {}),
              ("GRU", "gruhard", (1, 0, 2), {"reset_after": False})]


@pytest.mark.parametrize(("kind", "kept", "order", "settings"), HARD_GATES)
def test_the_gates_of_old_keras_are_hard(folder, networks, kind, kept, order, settings, capsys):
    write_h5("x.h5", kind, *of_keras(networks(kept), order, before=True),
             recurrent_activation="hard_sigmoid", **settings)
    imported("x.h5", "--vocabulary", "vocabulary.json")
    assert "hard" in capsys.readouterr().out
    assert load_model(Path("m")).network.spec.architecture == kept
    same(networks(kept))


@pytest.mark.parametrize(("kind", "architecture", "order"), [
    ("SimpleRNN", "rnn", (0,)), ("CuDNNLSTM", "lstm", (0, 1, 2, 3))])
def test_a_layer_without_such_a_setting_has_no_hard_gates(
    folder, networks, kind, architecture, order
):
    write_h5("x.h5", kind, *of_keras(networks(architecture), order),
             recurrent_activation="hard_sigmoid")
    imported("x.h5", "--vocabulary", "vocabulary.json")
    assert load_model(Path("m")).network.spec.architecture == architecture


def test_weights_alone_do_not_say_whether_gates_are_hard(folder, networks, texts, capsys):
    """Over a text hard gates are too much like smooth ones to be told from them."""
    import h5py

    network = networks("lstmhard")
    (folder / "text.txt").write_text(texts("lstmhard"), "utf-8")
    write_h5("x.h5", "LSTM", *of_keras(network, (0, 1, 2, 3)))
    with h5py.File("x.h5", "a") as file:
        del file.attrs["model_config"]
    given = "x.h5", "--vocabulary", "vocabulary.json", "--text", "text.txt"
    imported(*given, out="smooth")
    assert "with Keras before 2.3 say --architecture lstmhard" in capsys.readouterr().out
    assert load_model(Path("smooth")).network.spec.architecture == "lstm"
    imported(*given, "--architecture", "lstmhard")
    assert load_model(Path("m")).network.spec.architecture == "lstmhard"
    same(network)


@pytest.mark.parametrize(("write", "kind", "settings", "said"), [
    (write_keras, "LSTM", {}, "those of Keras 3, which rise otherwise"),
    (write_h5, "GRU", {"reset_after": True}, "with reset_after")])
def test_hard_gates_that_are_none_of_ours(
        folder, complaint, networks, write, kind, settings, said):  # noqa: F811
    network = networks("lstmhard" if kind == "LSTM" else "gruhard")
    path = "x.keras" if write is write_keras else "x.h5"
    write(path, kind, *of_keras(network, range(4 if kind == "LSTM" else 3), before=True),
          recurrent_activation="hard_sigmoid", **settings)
    found = complaint("import", path, "--out", "m", "--vocabulary", "vocabulary.json")
    assert f"hard gates that cannot be kept; {said}; " in found and not Path("m").exists()


def test_rows_that_nobody_names_are_the_sorted_characters_of_the_text(
        folder, networks, texts, capsys):
    network = networks("lstm")
    (folder / "text.txt").write_text(texts("lstm") + CHARACTERS, "utf-8")
    torch.save(arrays_of(network), "x.pt")
    imported("x.pt", "--text", "text.txt")
    said = capsys.readouterr().out
    assert f"taken for the {len(CHARACTERS)} characters of the text, sorted" in said
    assert load_model(Path("m")).network.spec.vocabulary.characters == tuple(sorted(CHARACTERS))


@pytest.mark.parametrize(("text", "found"), [
    (None, "{0} rows; name them"),
    ("abcABC", "{0} rows; the text has 6 characters, 3 in small letters; name them"),
    ("abc", "{0} rows; the text has 3 characters; name them")])
def test_rows_are_not_named_by_a_text_that_has_other_characters(
        folder, complaint, networks, text, found):  # noqa: F811
    torch.save(arrays_of(networks("lstm")), "x.pt")
    given = []
    if text:
        (folder / "text.txt").write_text(text, "utf-8")
        given = ["--text", "text.txt"]
    said = complaint("import", "x.pt", "--out", "m", *given)
    assert f"it is not known what the rows stand for; {found.format(len(CHARACTERS))}" in said
    assert "its sorted characters are tried" in said


def test_keras_both_ways_in_weights_alone(folder, complaint, networks):  # noqa: F811
    import h5py

    layer = of_keras(networks("lstm"), (0, 1, 2, 3))[0][0]
    with h5py.File("x.weights.h5", "w") as file:
        for way in ("forward", "backward"):
            for number, array in enumerate(layer.values()):
                file[f"layers/bidirectional/{way}_layer/cell/vars/{number}"] = array
    said = complaint("import", "x.weights.h5", "--out", "m", "--vocabulary", "vocabulary.json")
    assert "it reads both ways; a gallery keeps networks of one direction" in said


def test_attention_over_steps_is_named_with_the_way_by_states(
        folder, complaint, networks):  # noqa: F811
    import h5py

    write_h5("x.h5", "LSTM", *of_keras(networks("lstm"), (0, 1, 2, 3)))
    with h5py.File("x.h5", "a") as file:
        del file.attrs["model_config"]
        file["model_weights/attention/attention/attention_W:0"] = np.ones((H + E, 1))
    said = complaint("import", "x.h5", "--out", "m", "--vocabulary", "vocabulary.json")
    assert "it attends to earlier steps, which a gallery cannot keep; attention/" in said
    assert "store its states with builder.save_states: gallery inspect --states" in said


def test_one_of_two_networks_in_a_file_is_taken_where_its_tensors_are_named(
        folder, complaint, networks):  # noqa: F811
    network, named = networks("gru"), {}
    for name in arrays_of(network):
        named[name] = "dec_" + name.split(".")[0][0] + "_" + name.partition(".")[2]
    arrays = {named[name]: tensor.numpy() for name, tensor in arrays_of(network).items()}
    others = {name.replace("dec", "enc"): 0.5 * array for name, array in arrays.items()}
    np.savez("x.npz", **others, **arrays)
    given = ("x.npz", "--vocabulary", "vocabulary.json")
    assert "--map" in complaint("import", *given, "--out", "m")
    imported(*given, "--map", *(f"{role}={name}" for role, name in named.items()))
    same(network)


def test_onnx_is_refused_with_a_way_to_go(folder, complaint):  # noqa: F811
    (folder / "x.ONNX").write_bytes(b"\x08\x07\x12\x07pytorch")
    said = complaint("import", "x.ONNX", "--out", "m")
    assert "files of ONNX are not read; import the checkpoint" in said and "--states" in said


KERAS_REFUSED = {
    "activation": ({"activation": "relu"}, "its activation is not tanh; relu"),
    "gate": ({"recurrent_activation": "relu"}, "recurrent_activation is not sigmoid; relu"),
    "backwards": ({"go_backwards": True}, "go_backwards is not False"),
}


@pytest.mark.parametrize("way", KERAS_REFUSED)
def test_layers_of_keras_that_compute_something_else(folder, complaint, networks, way):  # noqa: F811
    settings, message = KERAS_REFUSED[way]
    write_keras("x.keras", "LSTM", *of_keras(networks("lstm"), (0, 1, 2, 3)), **settings)
    said = complaint("import", "x.keras", "--out", "m", "--vocabulary", "vocabulary.json")
    assert message in said and "lstm" in said


@pytest.mark.parametrize("suffix", ["h5", "keras"])
@pytest.mark.parametrize("name", ["model", "model.hdf", "model.zip"])
def test_keras_by_any_name(folder, networks, suffix, name):
    write = {"h5": write_h5, "keras": write_keras}[suffix]
    write(f"x.{suffix}", "LSTM", *of_keras(networks("lstm"), (0, 1, 2, 3)))
    Path(f"x.{suffix}").rename(name)
    imported(name, "--vocabulary", "vocabulary.json")
    same(networks("lstm"))


NOT_FETCHED = {
    "an empty file": b"", "a pointer of Git LFS": b"version https://git-lfs.github.com/spec/v1\n",
    "a page of the web": b"\n<!DOCTYPE html><html>"}


@pytest.mark.parametrize("found", NOT_FETCHED)
@pytest.mark.parametrize("suffix", ["pt", "safetensors", "h5", "npz"])
def test_a_file_that_was_not_fetched(folder, complaint, suffix, found):  # noqa: F811
    (folder / f"x.{suffix}").write_bytes(NOT_FETCHED[found])
    assert found in complaint("import", f"x.{suffix}", "--out", "m")


def test_a_plain_pickle_is_called_so(folder, complaint):  # noqa: F811
    (folder / "x.pkl").write_bytes(pickle.dumps({"W": np.ones((3, 3))}))
    assert "not written by torch.save; save model.state_dict() with torch.save, arrays with" in (
        complaint("import", "x.pkl", "--out", "m"))


def test_keras_without_h5py(folder, complaint, monkeypatch):  # noqa: F811
    monkeypatch.setitem(sys.modules, "h5py", None)
    (folder / "x.h5").write_bytes(b"x")
    said = complaint("import", "x.h5", "--out", "m")
    assert "h5py is needed to read it; pip install 'unit-gallery[keras]'" in said


def test_arrays_of_tensorflow_and_cudnn(folder, networks, texts, capsys):
    network = networks("lstm", one_hot=True)
    w, u, b, d = (arrays_of(network)[f"rnn.{n}_l0"].numpy() for n in (
        "weight_ih", "weight_hh", "bias_ih", "bias_hh"))
    dense = {"dense/kernel": arrays_of(network)["decoder.weight"].numpy().T,
             "dense/bias": arrays_of(network)["decoder.bias"].numpy()}
    order = [k * H + i for k in (0, 2, 1, 3) for i in range(H)]
    forget = np.repeat([0, 0, 1, 0], H)
    np.savez("tf.npz", **dense, **{
        "rnn/basic_lstm_cell/kernel": np.vstack([w.T, u.T])[:, order],
        "rnn/basic_lstm_cell/bias": (b + d)[order] - forget,
        "dense/kernel/Adam_1": 0 * dense["dense/kernel"]})
    flat = np.hstack([g.T.ravel(order="F").reshape(g.T.shape) for g in np.split(w, 4)])
    np.savez("cudnn.npz", **dense, **{
        "cu_dnnlstm/kernel": flat, "cu_dnnlstm/recurrent_kernel": np.hstack(np.split(u, 4)),
        "cu_dnnlstm/bias": np.concatenate([b, d])})
    (folder / "text.txt").write_text(texts("lstm", one_hot=True), "utf-8")
    for name in ("tf", "cudnn"):
        for more in ((), ("--text", "text.txt")):
            out = f"{name}{len(more)}"
            imported(f"{name}.npz", "--vocabulary", "vocabulary.json", *more, out=out)
            same(network, out)
            assert (folder / out / "model.safetensors").read_bytes()
    assert capsys.readouterr().out.count("1 added to f (TensorFlow's BasicLSTMCell)") == 3


# What is said besides


VOCABULARIES = {
    "list.json": json.dumps(list("abc")),
    "to_numbers.json": json.dumps({"a": 0, "c": 2, "b": 1}),
    "to_characters.json": json.dumps({"2": "c", "0": "a", "1": "b"}),
    "pairs.json": json.dumps([["b", 1], ["a", 0], ["c", 2]]),
    "numbered.json": json.dumps(list(enumerate("abc"))),
    "one_text.json": json.dumps("abc"),
    "beside.json": json.dumps({"vocab": list("abc"), "size": 3, "layers": [64, 128]}),
    "both_ways.json": json.dumps({"stoi": {"a": 0, "c": 2, "b": 1}, "itos": list("abc")}),
    "lines.txt": "a\nb\nc\n",
    "lines_without_end.txt": "a\nb\nc",
    "row.txt": "abc",
}


@pytest.mark.parametrize("name", VOCABULARIES)
def test_files_of_vocabularies(folder, name):
    np.savez("x.npz", Wxh=np.ones((5, 3)), Whh=np.ones((5, 5)), Why=np.ones((3, 5)))
    (folder / name).write_text(VOCABULARIES[name], "utf-8")
    imported("x.npz", "--vocabulary", name)
    assert load_model(folder / "m").network.spec.vocabulary.characters == ("a", "b", "c")


def test_a_newline_on_a_line_of_its_own(folder):
    np.savez("x.npz", Wxh=np.ones((5, 3)), Whh=np.ones((5, 5)), Why=np.ones((3, 5)))
    (folder / "v.txt").write_text("a\n\n\nc\n", "utf-8")
    imported("x.npz", "--vocabulary", "v.txt")
    assert load_model(folder / "m").network.spec.vocabulary.characters == ("a", "\n", "c")


NO_VOCABULARY = {
    "ends.txt": ("ab\n", "it can be read in two ways; as 2 or as 3 characters"),
    "twice.txt": ("abca", "characters stand in it twice"),
    "twice.json": ('{"a": 0, "b": 1, "a": 2}', "cannot be read as JSON; twice: 'a'"),
    "number.json": ("3", "not a vocabulary; int"),
    "broken.json": ('["a", "b"', "cannot be read as JSON"),
    "mixed.json": ('{"a": 0, "b": "c"}', "neither from characters to numbers"),
    "nested.json": ('[["a"], "b", "c"]', "not a character"),
    "two.json": ('{"a": ["a", "b", "c"], "b": ["c", "b", "a"]}',
                 "there are several vocabularies in it; a, b; give one of them alone"),
    "gap.json": ('{"a": 0, "b": 1, "c": 7}', "for 3 rows"),
    "empty.txt": ("", "not a vocabulary"),
    "deep.json": ("[" * 100_000, "cannot be read as JSON"),
}


@pytest.mark.parametrize("name", NO_VOCABULARY)
def test_files_that_are_no_vocabulary(folder, complaint, name):  # noqa: F811
    text, message = NO_VOCABULARY[name]
    np.savez("x.npz", Wxh=np.ones((5, 3)), Whh=np.ones((5, 5)), Why=np.ones((3, 5)))
    (folder / name).write_text(text, "utf-8")
    assert message in complaint("import", "x.npz", "--out", "m", "--vocabulary", name)


OPTIONS = {
    "no such file": (["--vocabulary", "none.json"], "none.json: cannot be read"),
    "no text": (["--text", "none"], "none: there is no such file or folder; look at --text"),
    "no role": (["--map", "decoder.wieght=a"], "not ROLE=TENSOR; decoder.wieght=a; did you mean"),
    "no pair": (["--map", "x"], "not ROLE=TENSOR; x; roles are"),
    "no tensor": (["--map", "decoder.weight=x"], "there is no tensor 'x' in x.npz"),
    "no architecture": (["--architecture", "lstn"], "did you mean 'lstm'?"),
    "another one": (["--architecture", "gru"], "it is no gru; the shapes are those of rnn"),
}


@pytest.mark.parametrize("way", OPTIONS)
def test_options_that_are_wrong(folder, complaint, way):  # noqa: F811
    arguments, message = OPTIONS[way]
    np.savez("x.npz", Wxh=np.ones((5, 3)), Whh=np.ones((5, 5)), Why=np.ones((3, 5)), c=["abc"])
    assert message in complaint("import", "x.npz", "--out", "m", *arguments)


def test_a_text_that_the_best_reading_does_not_fit(folder, networks, capsys):
    torch.save(arrays_of(networks("lstm")), "x.pt")
    (folder / "text").mkdir()
    (folder / "text/a.txt").write_text("the cat sat on the mat\r\n" * 90, "utf-8", newline="")
    (folder / "text/b.bin").write_bytes(b"\xff\xfe\x00")
    imported("x.pt", "--vocabulary", "vocabulary.json", "--text", "text")
    assert "it does not fit this text: the frequencies of characters alone need 3." in (
        capsys.readouterr().out)


# What is broken, or worse


class Payload:
    def __reduce__(self):
        return (open, ("ran", "w"))


@pytest.mark.parametrize("suffix", ["pt", "pth", "ckpt", "bin", "pkl", "npz", "safetensors", "h5",
                                    "hdf5", "keras"])
def test_a_payload_does_nothing(folder, complaint, suffix):  # noqa: F811
    (folder / f"x.{suffix}").write_bytes(pickle.dumps({"model": Payload()}))
    complaint("import", f"x.{suffix}", "--out", "m")
    assert not (folder / "ran").exists()


def test_a_payload_in_an_archive_does_nothing(folder, complaint, networks):  # noqa: F811
    torch.save({"model": arrays_of(networks("lstm")), "config": Payload()}, "x.pt")
    said = complaint("import", "x.pt", "--out", "m")
    assert "nothing else in it is ever run" in said and "it names" in said
    np.savez("x.npz", **by_hand(networks("rnn", one_hot=True)), c=np.array(Payload(), object))
    complaint("import", "x.npz", "--out", "m")
    assert not (folder / "ran").exists()


class Settings:
    """As it lies beside the weights in many a checkpoint."""

    def __init__(self):
        self.hidden, self.chars = H, CHARACTERS

    def __setstate__(self, state):
        raise AssertionError("nothing of it is made")


def test_settings_beside_the_weights_are_not_made(folder, networks, capsys):
    from argparse import Namespace

    torch.save({"model": arrays_of(networks("lstm")), "config": Settings(), "loss": np.float64(2),
                "args": Namespace(hidden=H), "chars": CHARACTERS}, "x.pt")
    imported("x.pt")
    said = capsys.readouterr().out
    assert "looked into, and not made: objects of argparse.Namespace, " in said
    assert "Settings" in said and "numpy" not in said
    same(networks("lstm"))


@pytest.mark.parametrize("call", [
    (eval, ("open('ran', 'w')",)), (__import__("os").system, ("touch ran",)),
    (__import__("subprocess").run, (["touch", "ran"],)), (getattr, ("x", "upper"))])
def test_a_checkpoint_that_would_call_something(folder, complaint, networks, call):  # noqa: F811
    class Calling:
        def __reduce__(self):
            return call

    torch.save({"model": arrays_of(networks("lstm")), "chars": CHARACTERS, "x": Calling()}, "x.pt")
    complaint("import", "x.pt", "--out", "m")
    assert not (folder / "ran").exists()
