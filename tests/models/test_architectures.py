"""What every architecture promises: ours, and whatever else is registered."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

torch = pytest.importorskip("torch")

from builder.core.errors import ModelError  # noqa: E402
from builder.core.units import Kind, UnitId  # noqa: E402
from builder.models.architecture import Reads  # noqa: E402
from builder.models.architectures import ARCHITECTURES  # noqa: E402
from builder.models.folder import weight_shapes  # noqa: E402
from builder.models.importing.live import save_model  # noqa: E402
from builder.models.network import CharNetwork, initialise  # noqa: E402
from builder.models.spec import ModelSpec  # noqa: E402
from builder.models.untrained import OF_EACH_KIND, TWINS, untrained_twin  # noqa: E402
from builder.tokens.characters import Vocabulary  # noqa: E402
from tests.make_cards import SIGNALS  # noqa: E402

pytestmark = pytest.mark.torch
BUILDER = Path(__file__).parents[2] / "builder"
OURS = ("gru", "grubefore", "gruhard", "lstm", "lstmhard", "mingru", "mingrusigned", "minlstm",
        "rglru", "rnn", "slstm", "ssm")
each = pytest.mark.parametrize("architecture", list(ARCHITECTURES.all()), ids=lambda a: a.name)


def network_of(architecture, layers=2):
    return CharNetwork(ModelSpec(architecture.name, 5, 8, layers, Vocabulary(tuple("abc"))))


def test_ours_are_known_without_torch():
    code = ("import sys; from builder.models.architectures import ARCHITECTURES; "
            "print(*ARCHITECTURES.names(), 'torch' in sys.modules)")
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True,
                          cwd=BUILDER.parent)
    assert done.stdout.split() == [*OURS, "False"]


def test_no_other_file_knows_their_names():
    """In quotes a name decides something; the default and the starter of recipes may have one.

    What papers say of each is told by its name.
    """
    quoted = re.compile(rf"""["']({'|'.join(OURS)})["']""", re.IGNORECASE)
    found = {path.relative_to(BUILDER).as_posix(): set(quoted.findall(path.read_text("utf-8")))
             for path in BUILDER.rglob("*") if path.suffix in (".py", ".j2")}
    known = {place: names for place, names in found.items()
             if names and not place.startswith(
                 ("models/architectures/", "models/foreign/", "models/importing/",
                  "rendering/theory.py", "rendering/counting.py"))}
    assert known == {"workspace/recipe.py": {"lstm"}, "workspace/starter.py": {"lstm"}}


@each
def test_signals_hang_together(architecture):
    names = [signal.name for signal in architecture.signals]
    assert len(set(names)) == len(names)
    assert all(UnitId.parse(f"{name}0.1").signal == name for name in names)
    assert architecture.output in architecture.states
    assert architecture.signal(architecture.change).kind is Kind.CHANGE
    for signal in architecture.signals:
        assert signal.low < signal.high and signal.title
        assert bool(signal.of) == (signal.kind is Kind.CHANGE)
        assert not signal.of or signal.of in architecture.states
        if signal.kind is Kind.GATE:
            assert (signal.low, signal.high) == (0.0, 1.0)
    assert architecture.title.startswith(("a ", "an "))


@each
def test_what_a_gate_keeps_is_what_is_left_of_a_state(architecture):
    """Where no gate reads the state, two states come closer by just that share."""
    network = network_of(architecture, 1).double()
    initialise(network, 3)
    for parameter in architecture.parameters:
        if parameter.reads is Reads.OUTPUT:
            network.get_parameter(f"rnn.{parameter.name}_l0").data.zero_()
    ids, hidden = torch.tensor([[1, 2]]), network.spec.hidden_size
    generator = torch.Generator().manual_seed(5)
    zero = architecture.initial_state(1, 2, hidden, torch.device("cpu"))
    before = tuple(0.5 + 0.1 * torch.rand(part.shape, generator=generator) for part in zero)
    assert set(architecture.keeping) <= set(architecture.states)
    for state, gate in architecture.keeping.items():
        assert architecture.signal(gate).kind is Kind.GATE
        place, after = architecture.states.index(state), []
        for more in (0.0, 0.25):
            moved = list(before)
            moved[place] = before[place] + more
            out = {gate: torch.empty(1, 2, hidden)}
            reader = architecture.reader(network.float().layer(0), (gate,))
            _, last = reader.read(ids, network.embedding(ids).detach(), tuple(moved), out)
            after.append(last[place][0])
        left = ((after[1] - after[0]) / 0.25).abs()
        assert torch.allclose(architecture.kept(out[gate][0]), left, atol=1e-5)


@each
@pytest.mark.parametrize("layers", [1, 3])
def test_the_stack_has_the_weights_of_the_model_folder(architecture, layers):
    network = network_of(architecture, layers)
    assert {name: tuple(p.shape) for name, p in network.state_dict().items()} == weight_shapes(
        network.spec)
    assert list(network.state_dict()) == list(weight_shapes(network.spec))


@each
def test_fresh_weights_are_all_set_and_hang_on_the_seed_alone(architecture):
    first, second, other = (network_of(architecture) for _ in range(3))
    added = {f"rnn.{p.name}" for p in architecture.parameters if p.reads is Reads.NOTHING} | {
        "decoder.bias"}
    with torch.no_grad():
        for parameter in first.parameters():
            parameter.fill_(torch.nan)
    for network, seed in ((first, 5), (second, 5), (other, 6)):
        initialise(network, seed)
    for name, tensor in first.state_dict().items():
        assert torch.equal(tensor, second.state_dict()[name])
        assert name.split("_l")[0] in added or not torch.equal(tensor, other.state_dict()[name])


def test_the_forget_gate_of_an_lstm_starts_open_and_no_other_bias_is_set():
    network = network_of(ARCHITECTURES.get("lstm"))
    initialise(network, 1)
    for layer in range(2):
        weights = network.layer(layer).weights
        assert weights["bias_ih"].view(4, 8).tolist() == [[0] * 8, [1] * 8, [0] * 8, [0] * 8]
        assert not weights["bias_hh"].any()
        for block in weights["weight_hh"].chunk(4):
            assert torch.allclose(block @ block.T, torch.eye(8), atol=1e-5)


def test_the_gates_are_called_what_they_always_were():
    titles = {name: {s.name: s.title for s in ARCHITECTURES.get(name).signals
                     if s.kind is Kind.GATE} for name in OURS}
    assert titles == {
        "lstm": {"i": "input gate", "f": "forget gate", "o": "output gate"},
        "lstmhard": {"i": "input gate", "f": "forget gate", "o": "output gate"},
        "gru": {"r": "reset gate", "z": "update gate"}, "rnn": {},
        "grubefore": {"r": "reset gate", "z": "update gate"},
        "gruhard": {"r": "reset gate", "z": "update gate"},
        "mingru": {"z": "update gate"}, "mingrusigned": {"z": "update gate"},
        "minlstm": {"f": "forget gate", "i": "input gate"},
        "rglru": {"r": "recurrence gate", "i": "input gate", "a": "share that is kept"},
        "slstm": {"i": "input gate", "f": "forget gate", "o": "output gate"},
        "ssm": {"a": "share that is kept"}}
    assert [ARCHITECTURES.get(n).title for n in OURS] == [
        "a GRU", "a GRU (reset before)", "a GRU (hard gates)", "an LSTM",
        "an LSTM (hard gates)", "a minGRU", "a signed minGRU", "a minLSTM",
        "an RG-LRU", "an RNN", "an sLSTM", "a selective state space"]
    assert [n for n in OURS if ARCHITECTURES.get(n).change != "dh"] == [
        "lstm", "lstmhard", "slstm"]


def test_channels_of_a_state_space_have_whole_cells():
    with pytest.raises(ModelError, match="take a multiple of 4"):
        ARCHITECTURES.get("ssm").shapes(5, 7, 1)


def test_made_cards_have_the_signals_of_an_lstm():
    assert ARCHITECTURES.get("lstm").signals == SIGNALS


def test_a_module_of_no_architecture_is_refused_by_name(tmp_path):
    own = torch.nn.RNN(3, 6)
    own.mode = "OWN"
    with pytest.raises(ModelError, match=r"OWN; it must be one of these: a GRU, .* an RNN"):
        save_model(tmp_path, own, torch.nn.Embedding(4, 3), torch.nn.Linear(6, 4), "abcd")


@each
def test_untrained_twins_have_its_shape_and_other_weights(architecture):
    network = network_of(architecture)
    initialise(network, 9)
    reads = {f"rnn.{p.name}": p.reads for p in architecture.parameters}
    for number in range(TWINS):
        twin = untrained_twin(network, number).state_dict()
        for name, own in network.state_dict().items():
            assert twin[name].shape == own.shape and torch.isfinite(twin[name]).all()
            if reads.get(name.split("_l")[0], Reads.NOTHING) is not Reads.NOTHING:
                assert not torch.equal(twin[name], own)
                same = torch.equal(twin[name].flatten().sort()[0], own.flatten().sort()[0])
                assert same == (number >= TWINS - OF_EACH_KIND)
