"""Networks of Flax, Equinox and Haiku, whose biases and gates lie otherwise than PyTorch's."""

import json

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from tests.cli.conftest import here  # noqa: E402, F401
from tests.models.made_files import CHARACTERS, E, H, arrays_of, network_of, text_of  # noqa: E402
from tests.models.test_importing import imported, same  # noqa: E402

pytestmark = pytest.mark.torch


@pytest.fixture
def folder(here):  # noqa: F811
    (here / "vocabulary.json").write_text(json.dumps(list(CHARACTERS)), "utf-8")
    return here


FLAX = {
    "params/GRUCell": ("/", lambda w, e: {"params/Embed_0/embedding": e}),
    "rnn.cell": (".", lambda w, e: {"embed.embedding": e}),
    "cell": ("_", lambda w, e: {"embedding": e}),
}


def of_flax(network, name, sep):
    """Return the arrays of layers: of what reads h, the candidate alone has a bias."""
    weights, arrays = arrays_of(network), {}
    for number in range(network.spec.num_layers):
        parts = (np.split(weights[f"rnn.{n}_l{number}"].numpy(), 3) for n in (
            "weight_ih", "weight_hh", "bias_ih", "bias_hh"))
        for gate, w, u, b, d in zip("rzn", *parts, strict=True):
            at = f"{name}_{number}{sep}"
            arrays |= {f"{at}i{gate}{sep}kernel": w.T, f"{at}i{gate}{sep}bias": b,
                       f"{at}h{gate}{sep}kernel": u.T}
            if gate == "n":
                arrays[f"{at}h{gate}{sep}bias"] = d
    return arrays, weights


def candidate_alone(architecture, layers=1, hidden=H):
    network = network_of(architecture, layers, hidden=hidden)
    with torch.no_grad():
        for number in range(layers):
            network.rnn.get_parameter(f"bias_hh_l{number}")[:2 * hidden] = 0
    return network


@pytest.mark.parametrize(("name", "layers", "hidden"), [
    *((name, 1, hidden) for name in FLAX for hidden in (H, E)),
    ("params/GRUCell", 2, H), ("rnn.cell", 2, H)])
def test_a_gru_of_flax(folder, name, layers, hidden, capsys):
    network = candidate_alone("gru", layers, hidden)
    sep, below = FLAX[name]
    arrays, weights = of_flax(network, name, sep)
    np.savez("x.npz", **below(weights, weights["embedding.weight"]), **arrays,
             **{f"Dense_0{sep}kernel": weights["decoder.weight"].T,
                f"Dense_0{sep}bias": weights["decoder.bias"]}, chars=np.array(list(CHARACTERS)))
    imported("x.npz")
    same(network)
    said = capsys.readouterr().out
    assert "not used" not in said and "reset after the product" in said


@pytest.mark.parametrize("written", ["lstm", "gru"])
def test_cells_of_equinox(folder, written):
    network = candidate_alone(written) if written == "gru" else network_of(written)
    weights = {n: t.numpy() for n, t in arrays_of(network).items()}
    w, b, d = (weights[f"rnn.{n}_l0"] for n in ("weight_hh", "bias_ih", "bias_hh"))
    biases = {"cell.bias": b + d}
    if written == "gru":
        biases = {"cell.bias": b, "cell.bias_n": d[2 * H:]}
    np.savez("x.npz", **{
        "embed.weight": weights["embedding.weight"], "cell.weight_ih": weights["rnn.weight_ih_l0"],
        "cell.weight_hh": w, **biases, "out.weight": weights["decoder.weight"],
        "out.bias": weights["decoder.bias"], "chars": np.array(list(CHARACTERS))})
    imported("x.npz")
    same(network)


def test_a_bias_of_the_candidate_alone_is_told_by_its_shape(folder):
    network = candidate_alone("gru")
    weights = {n: t.numpy() for n, t in arrays_of(network).items()}
    np.savez("x.npz", **{
        "embedding.weight": weights["embedding.weight"], "rnn.Wx": weights["rnn.weight_ih_l0"],
        "rnn.Wh": weights["rnn.weight_hh_l0"], "rnn.b": weights["rnn.bias_ih_l0"],
        "rnn.bhn": weights["rnn.bias_hh_l0"][2 * H:], "out.weight": weights["decoder.weight"],
        "out.bias": weights["decoder.bias"], "chars": np.array(list(CHARACTERS))})
    imported("x.npz")
    same(network)


def test_a_gru_of_haiku_is_told_by_the_text_and_by_its_names(folder, capsys):
    network = network_of("grubefore", one_hot=True)
    weights = arrays_of(network)
    w, u, b, d = (np.split(weights[f"rnn.{n}_l0"].numpy(), 3) for n in (
        "weight_ih", "weight_hh", "bias_ih", "bias_hh"))
    b = [one + other for one, other in zip(b, d, strict=True)]
    zrn = [np.concatenate([-part[1], part[0], part[2]]).T for part in (w, u, b)]
    np.savez("x.npz", **dict(zip(("gru/w_i", "gru/w_h", "gru/b"), zrn, strict=True)),
             **{"linear/w": weights["decoder.weight"].T, "linear/b": weights["decoder.bias"]},
             chars=np.array(list(CHARACTERS)))
    (folder / "text.txt").write_text(text_of(network), "utf-8")
    imported("x.npz", "--text", "text.txt")
    same(network)
    assert "z lets the new in (Haiku)" in capsys.readouterr().out
    imported("x.npz", out="by-name")
    same(network, "by-name")
    assert "(Haiku)\nnot checked" in capsys.readouterr().out
