"""Every signal equals plain formulas, one step at a time."""

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from builder.activations.blocks import read_batch  # noqa: E402
from builder.activations.opened import Opened  # noqa: E402
from builder.activations.signals import SignalReader, units_of  # noqa: E402
from builder.core.errors import UserError  # noqa: E402
from builder.models.architectures import ARCHITECTURES  # noqa: E402
from builder.models.network import CharNetwork, initialise  # noqa: E402
from builder.models.spec import ModelSpec  # noqa: E402
from builder.tokens.characters import Vocabulary  # noqa: E402
from tests.tolerances import UNIT, product, recurrence  # noqa: E402

pytestmark = pytest.mark.torch
TEXTS = [np.random.default_rng(0).integers(0, 7, n) for n in (150, 130, 65, 3)]
EMBEDDING, HIDDEN = 5, 12


def rounding(layers):
    """Bound the error of a signal: a text's steps once a layer, W_i x + b_i + W_h h + b_h each."""
    return recurrence(len(TEXTS[0]) * layers, 2 * HIDDEN + 2)


def signals_of(architecture):
    return tuple(signal.name for signal in ARCHITECTURES.get(architecture).signals)


def network_of(architecture, layers=1):
    network = CharNetwork(ModelSpec(
        architecture, EMBEDDING, HIDDEN, layers, Vocabulary(tuple("abcdef"))))
    initialise(network, 1)
    with torch.no_grad():
        for name, parameter in network.named_parameters():
            if "bias" in name:
                parameter += 0.3 * torch.randn(parameter.shape, generator=torch.Generator()
                                               .manual_seed(len(name)))
    return network.eval()


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def step(architecture, x, state, w, out):
    """One step of one layer in float64; puts the signals into `out` and returns the state."""
    ih, hh, bi, bh = w
    h = state["h"]
    if architecture == "rnn":
        new = np.tanh(ih @ x + bi + hh @ h + bh)
    elif architecture == "gru":
        gi, gh = np.split(ih @ x + bi, 3), np.split(hh @ h + bh, 3)
        out["r"], out["z"] = sigmoid(gi[0] + gh[0]), sigmoid(gi[1] + gh[1])
        out["n"] = np.tanh(gi[2] + out["r"] * gh[2])
        new = (1 - out["z"]) * out["n"] + out["z"] * h
    else:
        i, f, g, o = np.split(ih @ x + bi + hh @ h + bh, 4)
        out |= {"i": sigmoid(i), "f": sigmoid(f), "g": np.tanh(g), "o": sigmoid(o)}
        cell = out["f"] * state["c"] + out["i"] * out["g"]
        out["dc"], out["c"] = cell - state["c"], np.tanh(cell)
        new, state["c"] = out["o"] * np.tanh(cell), cell
    out["h"], out["dh"] = new, new - h
    state["h"] = new


def expected(network, text):
    spec = network.spec
    weights = {k: v.detach().double().numpy() for k, v in network.rnn.named_parameters()}
    states = [{"h": np.zeros(HIDDEN), "c": np.zeros(HIDDEN)} for _ in range(spec.num_layers)]
    rows = []
    for character in text:
        below, row = network.embedding.weight[character].detach().double().numpy(), []
        for layer, state in enumerate(states):
            w = [weights[f"{part}_l{layer}"]
                 for part in ("weight_ih", "weight_hh", "bias_ih", "bias_hh")]
            out = {}
            step(spec.architecture, below, state, w, out)
            below = out["h"]
            row += [out[name] for name in signals_of(spec.architecture)]
        rows.append(np.concatenate(row))
    return np.array(rows)


def read_all(reader, rows=64):
    read = {i: [] for i in range(len(TEXTS))}
    for block in read_batch(reader, TEXTS, range(len(TEXTS)), rows):
        for b, number in enumerate(block.columns):
            read[number].append(block.values[: block.lengths[b], b].copy())
    return [np.concatenate(read[i]) for i in range(len(TEXTS))]


@pytest.mark.parametrize("architecture", ["rnn", "gru", "lstm"])
@pytest.mark.parametrize("layers", [1, 2])
def test_every_signal_equals_the_formulas(architecture, layers):
    network = network_of(architecture, layers)
    signals = signals_of(architecture)
    reader = SignalReader(network, signals)
    assert reader.units == units_of(network.spec, signals)
    for text, values in zip(TEXTS, read_all(reader), strict=True):
        assert values.shape == (len(text), reader.width)
        assert np.abs(values - expected(network, text)).max() < rounding(layers)


def test_signals_come_in_the_order_that_was_asked_for():
    network = network_of("lstm", 2)
    both = read_all(SignalReader(network, ("o", "h")))[0]
    every = dict(zip(units_of(network.spec, signals_of("lstm")), expected(
        network, TEXTS[0]).T, strict=True))
    for unit, column in zip(units_of(network.spec, ("o", "h")), both.T, strict=True):
        assert np.abs(column - every[unit]).max() < rounding(2)


FROM_THE_LAST = 4
"""Places by which a sigmoid may miss the nearest float32 number; libraries promise 1 to 4."""


def test_changes_keep_their_digits_where_the_cell_is_large():
    """(f − 1) c + i g: the gates lack a few units in their last place, here times c."""
    network = network_of("lstm")
    with torch.no_grad():
        network.rnn.bias_ih_l0[: 2 * HIDDEN] = 9.0
        network.rnn.bias_ih_l0[2 * HIDDEN : 3 * HIDDEN] = 3.0
    wanted = expected(network, TEXTS[0])
    found = read_all(SignalReader(network, signals_of("lstm")))[0]
    changes = slice(3 * HIDDEN, 4 * HIDDEN)
    largest = np.cumsum(wanted[:, changes], 0).max()
    assert largest > 50
    assert np.abs(found - wanted)[:, changes].max() < FROM_THE_LAST * UNIT * largest + rounding(1)
    assert np.abs(np.delete(found - wanted, changes, 1)).max() < rounding(1)


@pytest.mark.parametrize("bias", [-30.0, -68.0, -75.0, -88.0, -104.0, -500.0])
@pytest.mark.parametrize(("layers", "rows"), [(1, 64), (2, 7)])
def test_tanh_c_holds_where_the_output_gate_is_nothing_at_all(bias, layers, rows):
    network = network_of("lstm", layers)
    with torch.no_grad():
        for layer in range(layers):
            o = getattr(network.rnn, f"weight_ih_l{layer}")[3 * HIDDEN :]
            getattr(network.rnn, f"bias_ih_l{layer}")[3 * HIDDEN : 3 * HIDDEN + 5] = bias
            o[:3] *= 12.0  # now shut, now open
    worst = bound_of_large_sums(network)
    for text, values in zip(TEXTS, read_all(SignalReader(network, ("c", "dh")), rows), strict=True):
        wanted = expected(network, text).reshape(len(text), layers, -1, HIDDEN)
        found = values.reshape(len(text), layers, 2, HIDDEN)
        assert np.isfinite(values).all()
        assert np.abs(found - wanted[:, :, 1:3]).max() < worst


def bound_of_large_sums(network):
    """Return how far tanh(c) and the change of h may be off where sums before a gate are large.

    The sum x before a gate has E + H + 2 terms, each rounded: off by (E + H + 2) u Σ|terms|. σ(x)
    is off by no more than that, and the change of h is the difference of two products with it.
    """
    weights = {name: w.detach().abs() for name, w in network.state_dict().items()}
    most = max(1.0, float(weights["embedding.weight"].max()))
    terms = sum(max(float(w.sum(-1).max() if "weight" in part else w.max()) * scale
                    for name, w in weights.items() if part in name)
                for part, scale in (("weight_ih", most), ("weight_hh", 1.0), ("bias_ih", 1.0),
                                    ("bias_hh", 1.0)))
    count = max(network.spec.embedding_size, HIDDEN) + HIDDEN + 2
    return 2 * count * 2.0**-24 * terms


def test_a_signal_that_is_not_there_is_refused():
    with pytest.raises(UserError, match="not a signal of a GRU; there are: h dh r z n"):
        units_of(network_of("gru").spec, ("h", "o"))


def test_probabilities_of_sets_of_characters():
    network = network_of("lstm")
    found = read_all(Opened(network, (), ["a", "bd", "z"]))[0]
    h = expected(network, TEXTS[0])[:, :HIDDEN]
    w, b = (x.detach().double() for x in (network.decoder.weight, network.decoder.bias))
    p = (torch.from_numpy(h) @ w.T + b).softmax(-1).numpy()
    close = product(HIDDEN + 1, float(w.norm(dim=1).max()), rounding(1))
    np.testing.assert_allclose(found, np.stack([p[:, 1], p[:, 2] + p[:, 4], 0 * p[:, 0]], 1),
                               rtol=0, atol=close)
