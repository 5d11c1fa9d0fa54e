"""Scans, steps and held units against plain loops that say what the papers say."""

import math
import pickle

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from builder.activations.blocks import read_batch  # noqa: E402
from builder.activations.signals import SignalReader  # noqa: E402
from builder.models import scan as scans  # noqa: E402
from builder.models.folder import load_model  # noqa: E402
from builder.models.hold import ablate  # noqa: E402
from builder.models.importing.live import save_model  # noqa: E402
from builder.models.losses import Hold, character_losses  # noqa: E402
from builder.models.network import CharNetwork, initialise  # noqa: E402
from builder.models.spec import ModelSpec  # noqa: E402
from builder.tokens.characters import Vocabulary  # noqa: E402
from tests.models.papers import INPUT_GATED, LAYERS, read  # noqa: E402

pytestmark = pytest.mark.torch
HIDDEN, INPUTS = 8, 5
TEXT = np.random.default_rng(0).integers(0, 7, 150)
CLOSE = 1e-5
"""Between the papers' lines in float64 and ours, as a share of the largest value if above 1."""
each = pytest.mark.parametrize("architecture", sorted(LAYERS))


def network_of(architecture, layers=2, dtype=torch.float32):
    network = CharNetwork(ModelSpec(architecture, INPUTS, HIDDEN, layers,
                                    Vocabulary(tuple("abcdef"))))
    initialise(network, 7)
    with torch.no_grad():
        for name, parameter in network.named_parameters():
            if "bias" in name:
                parameter += torch.linspace(-0.5, 0.5, len(parameter))
    return network.to(dtype).eval()


@pytest.mark.parametrize("length", [0, 1, 7, 150, 400])
def test_in_chunks_it_is_what_it_is_step_by_step(length):
    draw = np.random.default_rng(1)
    keep, add = (torch.from_numpy(draw.uniform(-1, 1, (150, 3, 4))) for _ in range(2))
    before = torch.from_numpy(draw.normal(0, 1, (3, 4)))
    h, wanted = before.numpy(), []
    for a, b in zip(keep.numpy(), add.numpy(), strict=True):
        h = a * h + b
        wanted.append(h)
    for found in (scans.step_by_step(keep, add, before),
                  scans.in_chunks(keep, add, before, length)):
        np.testing.assert_allclose(found.numpy(), wanted, rtol=0, atol=1e-12)


@pytest.mark.parametrize("way", [scans.step_by_step, scans.in_chunks])
def test_gradients_of_a_scan_are_those_of_differences(way, monkeypatch):
    monkeypatch.setattr(scans, "_forwards", way)
    draw = np.random.default_rng(2)
    given = [torch.from_numpy(draw.uniform(-1, 1, shape)).requires_grad_()
             for shape in ((11, 2, 3), (11, 2, 3), (2, 3))]
    assert torch.autograd.gradcheck(scans.scan, given)


@each
@pytest.mark.parametrize("layers", [1, 2, 3])
def test_every_signal_and_guess_is_that_of_the_paper(architecture, layers):
    network = network_of(architecture, layers)
    names = tuple(s.name for s in network.architecture.signals)
    found = np.concatenate([block.values[:, 0].copy() for block in read_batch(
        SignalReader(network, names), [TEXT], [0], 64)])
    logits, rows = read(network, TEXT)
    wanted = np.array([[row[layer][name] for layer in range(layers) for name in names]
                       for row in rows]).reshape(len(TEXT), -1)
    assert np.abs(wanted).max() > 0.5
    assert np.abs(found - wanted).max() < CLOSE * max(1, np.abs(wanted).max())
    losses = character_losses(network, [TEXT])[0][:-1]
    exact = torch.from_numpy(logits[:-1]).log_softmax(-1)[range(149), TEXT[1:]].numpy()
    assert np.abs(losses + exact).max() < CLOSE * max(1, np.abs(exact).max())


@each
@pytest.mark.parametrize("way", [scans.step_by_step, scans.in_chunks])
def test_training_reads_what_the_paper_says_and_carries_the_state_on(architecture, way,
                                                                     monkeypatch):
    monkeypatch.setattr(scans, "_forwards", way)
    network = network_of(architecture, dtype=torch.float64)
    logits, _ = read(network, TEXT)
    ids = torch.from_numpy(TEXT)[:, None]
    state = tuple(part.double() for part in network.initial_state(1))
    found = []
    for start, stop in ((0, 1), (1, 60), (60, 150)):
        scores, state = network(ids[start:stop], state)
        found.append(scores[:, 0].detach().numpy())
    np.testing.assert_allclose(np.concatenate(found), logits, rtol=0, atol=1e-10)


@each
@pytest.mark.parametrize(("layers", "layer"), [(1, 0), (2, 0), (2, 1)])
def test_a_held_unit_is_one_that_a_loop_overwrites(architecture, layers, layer):
    network = network_of(architecture, layers)
    wanted, _ = read(network, TEXT, (layer, 4, 0.37))
    assert np.abs(wanted - read(network, TEXT)[0]).max() > 0.01
    held = ablate(network, layer, 4, 0.37)
    with torch.no_grad():
        found = held(torch.from_numpy(TEXT)[:, None], held.initial_state(1))[0][:, 0].numpy()
    assert np.abs(found - wanted).max() < CLOSE * max(1, np.abs(wanted).max())
    exact = torch.from_numpy(wanted[:-1]).log_softmax(-1)[range(149), TEXT[1:]].numpy()
    copied = pickle.loads(pickle.dumps(network))  # as another process gets it
    beside = character_losses(copied, [TEXT, TEXT], held=[Hold(layer, 4, 0.37),
                                                           Hold(layer, 3, 0.1)])
    assert np.abs(beside[0][:-1] + exact).max() < CLOSE * max(1, np.abs(exact).max())
    assert np.abs(beside[1][:-1] + exact).max() > 0.01


def test_memories_are_of_many_lengths_as_training_starts():
    for architecture in sorted(INPUT_GATED):
        spec = ModelSpec(architecture, 5, 200, 1, Vocabulary(tuple("abcdef")))
        network = CharNetwork(spec)
        initialise(network, 3)
        with torch.no_grad():
            network.embedding.weight.zero_()
            keep = network.architecture.inside(
                network.layer(0).weights, network.embedding.weight[:1]).keep[0]
        steps = -1 / keep.abs().clamp(1e-3, 1 - 1e-6).log()
        assert 1 <= float(steps.quantile(0.9)) / float(steps.quantile(0.1)) < math.inf
        assert float(steps.quantile(0.9)) > 20


def test_only_a_signed_gate_turns_a_switch_over():
    """One unit, and one character that asks for the other side."""
    ends = {}
    for architecture in ("mingru", "mingrusigned"):
        network = CharNetwork(ModelSpec(architecture, 2, 1, 1, Vocabulary(("\"", "x"))))
        with torch.no_grad():
            for parameter in network.parameters():
                parameter.zero_()
            network.embedding.weight[1, 0] = 1.0       # a quotation mark
            network.rnn.weight_z_l0[0, 0] = 60.0       # renews at a quotation mark,
            network.rnn.bias_z_l0[0] = -30.0           # keeps at anything else,
            network.rnn.bias_n_l0[0] = 0.5             # and what is new is a half
        ids = network.spec.vocabulary.encode('xx"xxx"x"xx"x')
        (block,) = read_batch(SignalReader(network, ("h",)), [ids], [0], 64)
        ends[architecture] = block.values[:, 0, 0].round(4).tolist()
    assert ends["mingrusigned"] == [0, 0, 1, 1, 1, 1, 0, 0, 1, 1, 1, 0, 0]
    assert ends["mingru"] == [0, 0] + [0.5] * 11


@each
def test_a_live_stack_is_kept_as_a_model_folder(architecture, tmp_path):
    network = network_of(architecture)
    save_model(tmp_path, network.rnn, network.embedding, network.decoder, "abcdef")
    stored = load_model(tmp_path).network
    assert stored.spec == network.spec
    for name, tensor in network.state_dict().items():
        assert torch.equal(stored.state_dict()[name], tensor.half().float())
