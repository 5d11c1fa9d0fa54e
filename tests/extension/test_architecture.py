"""An architecture of one's own, in one file, from the page that tells how to the page of a cell."""

import sys
from importlib import import_module

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from builder.activations.blocks import read_batch  # noqa: E402
from builder.activations.signals import SignalReader  # noqa: E402
from builder.core.errors import RecipeError  # noqa: E402
from builder.evidence.connections.find import connections  # noqa: E402
from builder.exhibits import card_of  # noqa: E402
from builder.models.architectures import ARCHITECTURES  # noqa: E402
from builder.models.folder import load_model, write_model  # noqa: E402
from builder.models.hold import ablate  # noqa: E402
from builder.models.network import CharNetwork, initialise  # noqa: E402
from builder.models.spec import ModelSpec  # noqa: E402
from builder.models.untrained import TWINS, untrained_twin  # noqa: E402
from builder.pipeline import feature_specs, recipes  # noqa: E402
from builder.rendering import render_site  # noqa: E402
from builder.tokens.characters import Vocabulary  # noqa: E402
from builder.work import local  # noqa: E402
from builder.workspace.gallery import Workspace  # noqa: E402
from tests.extension.recipes import write_package  # noqa: E402
from tests.truth.text import small_corpus  # noqa: E402

pytestmark = pytest.mark.torch
HIDDEN, INPUTS = 9, 5
TEXT = np.random.default_rng(0).integers(0, 7, 150)
RECIPE = '''
title = "A network of one's own"
language = "python"
[corpus]
kind = "synthetic"
documents = 80
characters = 1500
[split]
discover = 0.3
held_out_share = 0.3
[model]
architecture = "trnn"
embedding_size = 8
hidden_size = 10
[training]
characters = 60_000
streams = 16
window = 32
learning_rate = 0.02
threads = 1
[selection]
features = ["bracket_depth", "in_string", "opens", "is_digit"]
cells = 3
minimum_r = 0.05
'''


@pytest.fixture(scope="module", autouse=True)
def module(tmp_path_factory):
    folder = tmp_path_factory.mktemp("package")
    write_package(folder, "architecture")
    sys.path.insert(0, str(folder))
    try:
        yield import_module("trnn")
    finally:
        sys.path.remove(str(folder))
        sys.modules.pop("trnn", None)
        ARCHITECTURES._things.pop("trnn", None)


def network_of(layers):
    spec = ModelSpec("trnn", INPUTS, HIDDEN, layers, Vocabulary(tuple("abcdef")))
    network = CharNetwork(spec)
    initialise(network, 7)
    with torch.no_grad():
        for name, parameter in network.named_parameters():
            if "bias" in name:
                parameter += torch.linspace(-0.5, 0.5, len(parameter))
    return network.eval()


def loop(network, text, held=None):
    """Logits and signals after each character, step by step in float64.

    Args:
        network: Whose weights.
        text: Rows of the embedding.
        held: Layer, index and value of a cell that every reader of h sees at that value.
    """
    w = {name: p.detach().double().numpy() for name, p in network.named_parameters()}
    states = np.zeros((network.spec.num_layers, HIDDEN))
    logits, rows = [], []
    for character in text:
        x, row = w["embedding.weight"][character], []
        for layer, h in enumerate(states):
            z = 1 / (1 + np.exp(-(w[f"rnn.weight_z_l{layer}"] @ x + w[f"rnn.bias_z_l{layer}"])))
            n = w[f"rnn.weight_n_l{layer}"] @ x + w[f"rnn.bias_n_l{layer}"]
            new = (1 - z) * h + z * n
            row += [new.copy(), new - h, z, n]
            if held and held[0] == layer:
                new[held[1]] = held[2]
            x = states[layer] = new
        logits.append(w["decoder.weight"] @ x + w["decoder.bias"])
        rows.append(np.concatenate(row))
    return np.array(logits), np.array(rows)


def bound(network):
    """Return how far float32 may be from float64: a bound of the first order, u = 2^-24.

    A product of k terms is off by (k + 1) u Σ|terms|. The recurrence is a weighted mean: what a
    step adds to the error is weighted by 1 - z from then on and adds up to no more than 1 / min z
    of it. Layers multiply the error by the largest row sum of their weights.
    """
    weights = {name: p.detach().abs() for name, p in network.named_parameters()}
    rows = [float(w.sum(1).max()) + 1 for n, w in weights.items() if "embedding" not in n
            and w.ndim == 2]
    size = max(1.0, float(weights["embedding.weight"].max()))
    worst = float(np.prod(sorted(rows)[-network.spec.num_layers - 1 :])) * size
    _, signals = loop(network, TEXT)
    z = signals.reshape(len(TEXT), network.spec.num_layers, 4, HIDDEN)[:, :, 2]
    return (max(INPUTS, HIDDEN) + 5) * 2.0**-24 * worst / z.min()


@pytest.mark.parametrize("layers", [1, 2])
def test_every_signal_equals_a_plain_loop(layers):
    network = network_of(layers)
    reader = SignalReader(network, ("h", "dh", "z", "n"))
    found = np.concatenate([block.values[:, 0].copy()
                            for block in read_batch(reader, [TEXT], [0], 64)])
    _, wanted = loop(network, TEXT)
    assert bound(network) < 1e-3 < np.abs(wanted).max()
    assert np.abs(found - wanted).max() < bound(network)


@pytest.mark.parametrize(("layers", "layer"), [(1, 0), (2, 0), (2, 1)])
def test_holding_a_unit_equals_a_loop_that_overwrites_it(layers, layer):
    network = network_of(layers)
    held = ablate(network, layer, 4, 0.37)
    with torch.no_grad():
        found = held(torch.from_numpy(TEXT)[:, None], held.initial_state(1))[0][:, 0].numpy()
    wanted, _ = loop(network, TEXT, (layer, 4, 0.37))
    assert np.abs(wanted - loop(network, TEXT)[0]).max() > 0.01
    assert np.abs(found - wanted).max() < bound(network)


def test_untrained_twins_have_its_shape_and_other_weights():
    network = network_of(2)
    twins = [untrained_twin(network, number).state_dict() for number in range(TWINS)]
    for name, own in network.state_dict().items():
        for number, twin in enumerate(twins):
            assert twin[name].shape == own.shape
            if "weight" in name and name.startswith("rnn"):
                assert not torch.equal(twin[name], own)
                same = torch.equal(twin[name].flatten().sort()[0], own.flatten().sort()[0])
                assert same == (number >= 8)


def test_what_moves_its_units_is_found_with_the_gate_it_goes_through():
    found = connections(network_of(2), small_corpus(documents=60, characters=1000), [(1, 3)])
    (one,) = found.units
    assert not found.within and found.pairs == HIDDEN**2
    assert {tie.unit.layer for tie in one.drivers} <= {0}
    assert {tie.through for tie in one.drivers} <= {"z", "n"}
    assert all(tie.running is None for tie in one.drivers)  # it does not hold side by side
    assert one.characters and one.following


def test_a_model_folder_keeps_it(tmp_path):
    network = network_of(2)
    write_model(tmp_path, network, {})
    stored = load_model(tmp_path).network
    assert stored.spec == network.spec
    for name, tensor in network.state_dict().items():
        assert torch.equal(stored.state_dict()[name], tensor.half().float())


@pytest.fixture(scope="module")
def workspace(tmp_path_factory):
    root = tmp_path_factory.mktemp("project")
    (root / "gallery" / "own").mkdir(parents=True)
    (root / "gallery" / "own" / "exhibit.toml").write_text(RECIPE, "utf-8")
    return Workspace(root)


def test_a_recipe_may_name_it_and_a_near_miss_is_told(workspace, tmp_path):
    assert recipes(workspace)[0].recipe.model.architecture == "trnn"
    (tmp_path / "gallery" / "own").mkdir(parents=True)
    (tmp_path / "gallery" / "own" / "exhibit.toml").write_text(
        RECIPE.replace("trnn", "trmn"), "utf-8")
    with pytest.raises(RecipeError, match="did you mean 'trnn'"):
        recipes(Workspace(tmp_path))


@pytest.fixture(scope="module")
def card(workspace):
    """Train it a little, measure it with all controls, and cut its pictures."""
    (exhibit,) = recipes(workspace)
    return card_of(workspace, exhibit, None, local(1), required=True)


def test_it_is_measured_with_controls(card):
    assert card.units == 10 and card.cells
    assert {c.unit.signal for c in card.claims} == {"h", "dh"}
    assert [c for c in card.claims if c.p_family is not None and c.untrained_floor is not None]
    changes = [c for c in card.claims if c.feature == "opens"]
    assert changes and {c.change_of for c in changes} == {"h"}


def test_its_signals_are_on_the_page_of_a_cell(card, workspace):
    specs = feature_specs(recipes(workspace))
    pages = {p.path: p.content for p in render_site([card], specs).fragments}
    cell = card.cells[0]
    layer, index = cell.claim.cell
    page = pages[f"cells/own/l{layer}-{index}.html"]
    assert "<h3>renewal gate</h3>" in page and "<th scope=\"row\">renewal gate</th>" in page
    assert "forget gate" not in page and "reset gate" not in page
    assert set(cell.excerpts[0].inside.gates) == {"z"}
    assert "How a T-RNN works" in pages["exhibits/own.html"]
    assert "<dd>T-RNN, 1 layer of 10 units</dd>" in pages["exhibits/own.html"]
