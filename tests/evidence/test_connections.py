"""What moves a unit: planted wires are named and there, nothing else is, and holding is exact."""

from dataclasses import replace

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from builder.core.errors import CorpusError  # noqa: E402
from builder.core.text import Split  # noqa: E402
from builder.evidence.connections.find import connections  # noqa: E402
from builder.evidence.connections.halves import halves  # noqa: E402
from builder.evidence.connections.links import links  # noqa: E402
from builder.models.architectures import ARCHITECTURES  # noqa: E402
from builder.models.heldalong import HeldAlong  # noqa: E402
from builder.models.hold import ablate  # noqa: E402
from builder.models.losses import Hold  # noqa: E402
from builder.models.network import CharNetwork, initialise  # noqa: E402
from builder.models.onestep import OneStep  # noqa: E402
from builder.models.spec import ModelSpec  # noqa: E402
from builder.models.stepping import Stepping  # noqa: E402
from builder.tokens.characters import Vocabulary  # noqa: E402
from tests.truth.text import small_corpus  # noqa: E402

pytestmark = pytest.mark.torch
HIDDEN = 8
CORPUS = small_corpus(documents=60, characters=1_000)
LETTERS = tuple(sorted({c for d in CORPUS.documents for c in d.text}))
CONNECTING = [name for name in ARCHITECTURES.names() if ARCHITECTURES.get(name).connects]
NEAR = 2e-3
"""Of what float32 and a finite nudge leave of a number of size 1."""


def network_of(architecture="rnn", layers=1, seed=3):
    """A network as training starts, with biases."""
    network = CharNetwork(ModelSpec(architecture, 6, HIDDEN, layers, Vocabulary(LETTERS)))
    initialise(network, seed)
    with torch.no_grad():
        for name, parameter in network.named_parameters():
            if "bias" in name:
                parameter += torch.linspace(-0.3, 0.3, len(parameter))
    return network.eval().requires_grad_(False)


def wired(*wires, of=HIDDEN, order=None):
    """An RNN whose units hear only the characters, but for wires (driven, driver, weight).

    Args:
        order: Where each unit is put; as it is where it is None.
    """
    network = network_of()
    weights = dict(network.named_parameters())
    inputs, recurrent = weights["rnn.weight_ih_l0"], torch.zeros(of, of)
    inputs *= 0.5
    for driven, driver, weight in wires:
        recurrent[driven, driver] = weight
    order = list(range(of)) if order is None else order
    weights["rnn.weight_hh_l0"].copy_(recurrent[order][:, order])
    for name in ("rnn.weight_ih_l0", "rnn.bias_ih_l0", "rnn.bias_hh_l0"):
        weights[name].copy_(weights[name][order].clone())
    weights["decoder.weight"].copy_(weights["decoder.weight"][:, order].clone())
    return network


def found_of(network, cells=None):
    return connections(network, CORPUS, cells or [(0, n) for n in range(HIDDEN)])


def named(one):
    return [(tie.unit.name, tie.there) for tie in one.drivers]


def test_a_unit_that_one_other_drives_has_that_as_its_only_driver():
    found = found_of(wired((3, 5, 1.2)))
    third, fifth = found.by_cell[0, 3], found.by_cell[0, 5]
    assert named(third) == [("h0.5", True)] and third.drivers[0].turn > 0.1
    assert [tie.unit.name for tie in fifth.driven] == ["h0.3"]
    assert (fifth.drives.named, fifth.drives.there, fifth.drives.both) == (1, 1, 1)
    others = [one for one in found.units if one.unit.index != 3]
    assert all(not one.drivers and one.driven_by.there == 0 for one in others)
    assert found.pairs == HIDDEN * (HIDDEN - 1) and found.within


def test_a_wire_of_the_other_sign_pushes_the_other_way():
    down = found_of(wired((3, 5, -1.2))).by_cell[0, 3].drivers[0]
    assert down.turn < -0.1 and down.there


def test_wires_go_with_their_units_when_these_change_places():
    order = [4, 0, 7, 1, 5, 2, 3, 6]  # unit 5 is now 4, unit 3 is 6
    there = found_of(wired((3, 5, 1.2))).by_cell[0, 3].drivers[0]
    (here,) = found_of(wired((3, 5, 1.2), order=order)).by_cell[0, 6].drivers
    assert here.unit.name == "h0.4"
    assert here.held == pytest.approx(there.held, abs=NEAR)
    assert here.running == pytest.approx(there.running, abs=NEAR)


def test_a_weight_from_a_unit_that_never_moves_is_no_drive():
    network = wired((3, 5, 1.2), (2, 1, 1.2))
    with torch.no_grad():
        network.rnn.weight_ih_l0[1] = 0.0  # what it puts out is constant: a bias
    found = found_of(network)
    assert named(found.by_cell[0, 2]) == [] and found.by_cell[0, 2].driven_by.there == 0
    assert named(found.by_cell[0, 3]) == [("h0.5", True)]


def test_what_holds_along_goes_further_than_one_step():
    found = found_of(wired((3, 5, 1.2), (2, 3, 1.2)))
    assert [tie.unit.name for tie in found.by_cell[0, 5].driven] == ["h0.3"]
    network = wired((3, 5, 1.2), (2, 3, 1.2))
    texts = [network.spec.cutting.steps(d.text[:300]).fed for d in CORPUS.documents[:3]]
    along = HeldAlong(network, texts, [20] * 3).differences([Hold(0, 5, 0.0)])
    assert along[0, 3] > 0.02 and along[0, 2] > 0.02  # through unit 3
    assert along[0, [0, 1, 4, 6, 7]] == pytest.approx(0.0, abs=1e-6)


def test_a_character_that_alone_is_heard_moves_its_unit_most():
    network = wired()
    mark = network.spec.vocabulary.encode("(")[0]
    with torch.no_grad():
        network.embedding.weight[:, 0] = 0.0
        network.embedding.weight[mark, 0] = 4.0
        network.rnn.weight_ih_l0[6] = 0.0
        network.rnn.weight_ih_l0[6, 0] = 1.0
    one = found_of(network).by_cell[0, 6]
    assert one.characters[0].character == "(" and one.characters[0].put > 1
    assert all(abs(m.put) < one.characters[0].put for m in one.characters[1:])


def test_the_next_character_that_a_unit_votes_for_is_likelier():
    network = wired()
    mark = network.spec.vocabulary.encode(")")[0]
    with torch.no_grad():
        network.decoder.weight *= 0.01
        network.decoder.weight[mark, 2] = 3.0
    first, *rest = found_of(network).by_cell[0, 2].following
    assert first.character == ")" and first.chance > 0 and first.nats > 0
    assert all(one.chance < first.chance for one in rest)


@pytest.mark.parametrize("architecture", CONNECTING)
def test_drives_are_what_holding_shows_where_everything_is_small(architecture):
    """To the first order, weights times activity are exact; small weights leave nothing else."""
    network = network_of(architecture, layers=2)
    with torch.no_grad():
        for name, parameter in network.named_parameters():
            if name.startswith("rnn.weight") and ("hh" in name or "l1" in name):
                parameter *= 0.1
    one = OneStep(network)
    both = halves(one, network.spec.cutting, CORPUS)
    found = links(one, network.architecture, 2, both[0], both[0])
    assert {(link.source, link.target) for link in found} >= {(0, 1)}
    for link in found:
        drive, held = link.drive[link.pairs], link.held[link.pairs]
        assert drive == pytest.approx(held, rel=0.2, abs=0.01 * held.max())
        assert np.corrcoef(drive, held)[0, 1] > 0.99
        assert np.all(np.abs(link.turn) <= link.held + 1e-6)


@pytest.mark.parametrize("architecture", ["rnn", "gru", "lstm"])
def test_one_step_is_that_of_the_layers_of_torch(architecture):
    network = network_of(architecture)
    kind = {"rnn": torch.nn.RNNCell, "gru": torch.nn.GRUCell, "lstm": torch.nn.LSTMCell}
    cell = kind[architecture](6, HIDDEN).double()
    cell.load_state_dict({k: network.rnn.state_dict()[f"{k}_l0"] for k in cell.state_dict()})
    one = OneStep(network)
    moments = halves(one, network.spec.cutting, CORPUS)[0].moments
    h, *more = (part[0].double() for part in moments.before[0])
    held = h.clone()
    held[:, 4] = 0.2
    state = (held, *more) if more else held
    after = cell(moments.inputs[0].double(), state)
    expected = (after[1] - more[0] if more else after - h).detach().numpy()
    found = one.held_before(moments, 0, 4, 0.2)
    others = [n for n in range(HIDDEN) if n != 4]
    assert found[:, others] == pytest.approx(expected[:, others], abs=1e-5)


def test_held_along_is_what_changed_weights_do():
    network = network_of("lstm")
    texts = [network.spec.cutting.steps(d.text[:150]).fed for d in CORPUS.documents[:4]]
    found = HeldAlong(network, texts, [0] * 4).differences([Hold(0, 2, 0.3), Hold(0, 6, -0.1)])
    for row, (index, value) in zip(found, [(2, 0.3), (6, -0.1)], strict=True):
        changed = [_states(made, texts) for made in (network, ablate(network, 0, index, value))]
        expected = np.sqrt(np.square(changed[0] - changed[1]).mean((0, 1)))
        others = [n for n in range(HIDDEN) if n != index]
        assert row[others] == pytest.approx(expected[others], abs=1e-5)


def _states(network, texts):
    ids = torch.from_numpy(np.stack(texts, 1))
    out = torch.empty(*ids.shape, HIDDEN)
    Stepping(network, ("c",)).read(ids, network.initial_state(len(texts)), out)
    return out.double().numpy()


def test_units_that_read_only_the_layer_below_have_no_drivers_beside_them():
    found = found_of(network_of("mingru", layers=2), [(0, 1), (1, 2)])
    below, above = found.units
    assert not found.within and not below.drivers and below.driven_by.there == 0
    assert {tie.unit.layer for tie in (*above.drivers, *below.driven)} <= {0, 1}
    assert all(tie.unit.signal == "h" and tie.unit.layer == 0 for tie in above.drivers)
    assert found.pairs == HIDDEN**2


def test_two_runs_give_the_same(tmp_path):
    network = network_of("gru")
    assert found_of(network) == found_of(network)


def test_too_little_unseen_text_is_said():
    few = replace(CORPUS, documents=tuple(
        d for d in CORPUS.documents if all(p.split is not Split.HELD_OUT for p in d.pieces)))
    with pytest.raises(CorpusError, match="too little unseen text"):
        connections(network_of(), few, [(0, 0)])


def test_architectures_that_read_something_else_of_a_unit_do_not_connect():
    assert "lstm" in CONNECTING and not {"ssm", "rglru"} & set(CONNECTING)
    for name in CONNECTING:
        signals = {signal.name for signal in ARCHITECTURES.get(name).signals}
        for parameter in ARCHITECTURES.get(name).parameters:
            assert set(filter(None, parameter.gives)) <= signals
            assert not parameter.gives or len(parameter.gives) == parameter.blocks
