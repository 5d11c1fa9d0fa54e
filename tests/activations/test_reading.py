"""Signals equal PyTorch's own cells, one step at a time in float64."""

import copy

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from builder.activations.blocks import read_batch  # noqa: E402
from builder.activations.signals import SignalReader, units_of  # noqa: E402
from builder.models.network import CharNetwork, initialise  # noqa: E402
from builder.models.spec import ModelSpec  # noqa: E402
from builder.tokens.characters import Vocabulary  # noqa: E402
from tests.tolerances import recurrence  # noqa: E402

pytestmark = pytest.mark.torch
CELLS = {"rnn": torch.nn.RNNCell, "gru": torch.nn.GRUCell, "lstm": torch.nn.LSTMCell}
TEXTS = [np.random.default_rng(0).integers(0, 7, n) for n in (150, 130, 65, 3)]
EMBEDDING, HIDDEN = 5, 16


def rounding(layers):
    """Bound the error of a signal: a text's steps once a layer, W_i x + b_i + W_h h + b_h each."""
    return recurrence(len(TEXTS[0]) * layers, 2 * HIDDEN + 2)


def network_of(architecture, layers):
    network = CharNetwork(ModelSpec(
        architecture, EMBEDDING, HIDDEN, layers, Vocabulary(tuple("abcdef"))))
    initialise(network, 1)
    return network.eval()


def one_at_a_time(network, text):
    network = copy.deepcopy(network).double()
    spec, states, rows = network.spec, {}, []
    weights = network.rnn.state_dict()
    cells = []
    for layer in range(spec.num_layers):
        width = spec.hidden_size if layer else spec.embedding_size
        cell = CELLS[spec.architecture](width, spec.hidden_size, dtype=torch.float64)
        cell.load_state_dict({k: weights[f"{k}_l{layer}"] for k in cell.state_dict()})
        cells.append(cell)
    for character in text:
        below, row = network.embedding(torch.tensor([character])), []
        for layer, cell in enumerate(cells):
            states[layer] = cell(below, states.get(layer))
            pair = isinstance(states[layer], tuple)
            below = states[layer][0] if pair else states[layer]
            row += [below, states[layer][1].tanh()] if pair else [below]
        rows.append(torch.cat(row, 1))
    return torch.cat(rows).detach().numpy()


def read_all(network, texts, rows):
    read = {i: [] for i in range(len(texts))}
    for block in read_batch(SignalReader(network), texts, range(len(texts)), rows):
        for b, number in enumerate(block.columns):
            read[number].append(block.values[: block.lengths[b], b].copy())
    return [np.concatenate(read[i]) for i in range(len(texts))]


@pytest.mark.parametrize("architecture", CELLS)
@pytest.mark.parametrize("layers", [1, 2])
def test_signals_equal_single_steps(architecture, layers):
    network = network_of(architecture, layers)
    for text, values in zip(TEXTS, read_all(network, TEXTS, 64), strict=True):
        assert values.shape == (len(text), len(units_of(network.spec)))
        assert np.abs(values - one_at_a_time(network, text)).max() < rounding(layers)


def test_tanh_c_holds_where_the_output_gate_is_almost_shut():
    """What the gate shuts in is read as it is, and loses no more digits than h."""
    network = network_of("lstm", 1)
    with torch.no_grad():
        network.rnn.bias_ih_l0[3 * HIDDEN :] = -9.0
    values = read_all(network, TEXTS[:1], 64)[0]
    assert np.abs(values - one_at_a_time(network, TEXTS[0])).max() < rounding(1)


@pytest.mark.parametrize("architecture", CELLS)
def test_another_cutting_gives_the_same_states(architecture):
    network = network_of(architecture, 2)
    for a, b in zip(read_all(network, TEXTS, 64), read_all(network, TEXTS, 7), strict=True):
        assert np.abs(a - b).max() < 2 * rounding(2)


def test_a_document_does_not_see_its_neighbours():
    network = network_of("lstm", 1)
    alone = read_all(network, TEXTS[1:2], 64)[0]
    assert np.abs(read_all(network, TEXTS, 64)[1] - alone).max() < 2 * rounding(1)


def test_units_are_named_layer_by_layer():
    names = [u.name for u in units_of(network_of("lstm", 2).spec)]
    assert names[0] == "h0.0" and names[16] == "c0.0" and names[32] == "h1.0"
    assert len(names) == len(set(names)) == 64
