"""A unit that is held at a constant, against a loop that overwrites it at every step."""

import copy

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from builder.activations.networks import NetworkSource  # noqa: E402
from builder.core.units import UnitId  # noqa: E402
from builder.models.evaluate import bits_per_character  # noqa: E402
from builder.models.hold import ablate, drawn  # noqa: E402
from builder.models.losses import Hold, character_losses, decoder_weights  # noqa: E402
from builder.models.network import CharNetwork, initialise  # noqa: E402
from builder.models.spec import ModelSpec  # noqa: E402
from builder.tokens.characters import Vocabulary  # noqa: E402
from tests.tolerances import product, recurrence  # noqa: E402

pytestmark = pytest.mark.torch
CELLS = {"rnn": torch.nn.RNNCell, "gru": torch.nn.GRUCell, "lstm": torch.nn.LSTMCell}
TEXTS = [np.random.default_rng(0).integers(0, 7, n) for n in (90, 200, 1, 65, 2)]
HIDDEN = 9


def rounding(network, text):
    """Bound the error of a logit: a text's steps once a layer, then a row of the decoder."""
    state = recurrence(len(text) * network.spec.num_layers, 2 * HIDDEN + 2)
    return product(HIDDEN + 1, float(network.decoder.weight.detach().norm(dim=1).max()), state)


def network_of(architecture, layers, seed=1):
    network = CharNetwork(ModelSpec(architecture, 5, HIDDEN, layers, Vocabulary(tuple("abcdef"))))
    initialise(network, seed)
    with torch.no_grad():
        network.decoder.weight *= 3
        for name, parameter in network.named_parameters():
            if "bias" in name:
                parameter += torch.linspace(-0.5, 0.5, len(parameter))
    return network.eval()


def step_by_step(network, text, held=None):
    """Logits after each character; `held` is (layer, index, value) seen by every reader."""
    network = copy.deepcopy(network).double()
    spec, weights = network.spec, network.rnn.state_dict()
    cells = []
    for layer in range(spec.num_layers):
        width = spec.hidden_size if layer else spec.embedding_size
        cells.append(CELLS[spec.architecture](width, spec.hidden_size, dtype=torch.float64))
        cells[-1].load_state_dict({k: weights[f"{k}_l{layer}"] for k in cells[-1].state_dict()})
    states, logits = {}, []
    zero = torch.zeros(1, spec.hidden_size, dtype=torch.float64)
    for character in text.tolist():
        below = network.embedding(torch.tensor([character]))
        for layer, cell in enumerate(cells):
            state = states.get(layer, (zero, zero) if spec.architecture == "lstm" else zero)
            if held and held[0] == layer:
                own = state[0] if isinstance(state, tuple) else state
                own = own.clone()
                own[0, held[1]] = held[2]
                state = (own, state[1]) if isinstance(state, tuple) else own
            states[layer] = cell(below, state)
            below = states[layer][0] if isinstance(states[layer], tuple) else states[layer]
            if held and held[0] == layer:
                below = below.clone()
                below[0, held[1]] = held[2]
        logits.append(network.decoder(below))
    return torch.cat(logits).detach()


@pytest.mark.parametrize("architecture", CELLS)
@pytest.mark.parametrize("layers", [1, 2])
def test_a_cell_of_its_own_in_each_stream_is_the_same_as_changed_weights(architecture, layers):
    network = network_of(architecture, layers)
    texts = [*TEXTS, *TEXTS]
    held = [Hold(n % layers, 2 + n, 0.3 - 0.2 * n) for n in range(len(TEXTS))] + [
        Hold(0, 1, 0.9)] * len(TEXTS)
    first = [0, 70, 0, 20, 0] * 2
    found = character_losses(network, texts, 10, first, held)
    for text, hold, start, losses in zip(texts, held, first, found, strict=True):
        alone = ablate(network, hold.layer, hold.index, hold.value)
        (wanted,) = character_losses(alone, [text])
        assert np.isnan(losses[-1:]).all() and len(losses) == len(text)
        if len(text) > 1:
            # a loss is a sum of two logits, each of two runs
            assert np.abs(losses - wanted)[start:-1].max() < 4 * rounding(alone, text)
        whole = character_losses(network, [text])[0]
        assert len(text) < 60 or np.abs(whole - wanted)[:-1].max() > 1e-3


@pytest.mark.parametrize("architecture", CELLS)
@pytest.mark.parametrize(("layers", "layer"), [(1, 0), (2, 0), (2, 1)])
def test_changed_weights_are_the_same_as_overwriting_the_unit(architecture, layers, layer):
    network = network_of(architecture, layers)
    before = {k: v.clone() for k, v in network.state_dict().items()}
    held = ablate(network, layer, 4, 0.37)
    ids = torch.tensor(TEXTS[0])[:, None]
    with torch.no_grad():
        found = held(ids, held.initial_state(1))[0][:, 0]
    wanted = step_by_step(network, TEXTS[0], (layer, 4, 0.37))
    assert (found - wanted).abs().max() < rounding(network, TEXTS[0])
    assert (wanted - step_by_step(network, TEXTS[0])).abs().max() > 0.01
    assert all(torch.equal(before[k], v) for k, v in network.state_dict().items())


def test_random_cells_are_distinct_and_the_same_every_time():
    there = NetworkSource(network_of("lstm", 2)).peers(UnitId("h", 1, 0))
    cells = drawn(there, 7, 0)
    assert cells == drawn(there, 7, 0) and len(set(cells)) == 7
    assert {unit.layer for unit in cells} == {1}
    assert cells != drawn(there, 7, 1)
    assert sorted(drawn(there, 99, 0)) == [UnitId("h", 1, index) for index in range(9)]


@pytest.mark.parametrize("architecture", CELLS)
def test_losses_are_those_of_single_steps(architecture):
    network = network_of(architecture, 2)
    for text, found in zip(TEXTS, character_losses(network, TEXTS), strict=True):
        logits = step_by_step(network, text)
        wanted = torch.nn.functional.cross_entropy(
            logits[:-1], torch.tensor(text[1:]), reduction="none").numpy()
        assert np.isnan(found[-1]) and len(found) == len(text)
        close = 2 * rounding(network, text)  # log Σ exp of the logits less one of them
        np.testing.assert_allclose(found[:-1], wanted, rtol=0, atol=close)
    nats = np.concatenate([loss[:-1] for loss in character_losses(network, TEXTS)])
    assert bits_per_character(network, TEXTS) == pytest.approx(nats.mean() / np.log(2))


def test_output_weights():
    network = network_of("gru", 2)
    assert decoder_weights(network, 0, 3) is None
    np.testing.assert_array_equal(decoder_weights(network, 1, 3),
                                  network.decoder.weight[:, 3].detach().numpy())
