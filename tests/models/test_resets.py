"""A network that begins anew inside a text: as if each line, or window, were read alone."""

import json
import re

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from builder.activations.blocks import read_batch  # noqa: E402
from builder.activations.carried import states_after  # noqa: E402
from builder.activations.signals import SignalReader  # noqa: E402
from builder.core.errors import ModelError  # noqa: E402
from builder.models.architectures import ARCHITECTURES  # noqa: E402
from builder.models.evaluate import bits_per_character  # noqa: E402
from builder.models.folder import load_model, write_model  # noqa: E402
from builder.models.hold import ablate  # noqa: E402
from builder.models.losses import Hold, character_losses  # noqa: E402
from builder.models.network import CharNetwork, initialise  # noqa: E402
from builder.models.spec import ModelSpec  # noqa: E402
from builder.models.writing import write  # noqa: E402
from builder.tokens.characters import Vocabulary  # noqa: E402
from tests.reading import values_from  # noqa: E402
from tests.tolerances import recurrence  # noqa: E402

pytestmark = pytest.mark.torch
KNOWN = tuple("\nabc <")
TEXT = "abc a\nbb\n\ncab cab\naaa bbb ccc and a longer line\n" * 6 + "a"
each = pytest.mark.parametrize("architecture", ["lstm", "gru", "rnn"])
resets = pytest.mark.parametrize(("reset", "begin"), [("line", None), ("line", 6), (7, None),
                                                      (1000, None)])


def network_of(architecture, reset="document", begin=None, layers=2):
    network = CharNetwork(ModelSpec(architecture, 4, 9, layers, Vocabulary(KNOWN), reset, begin))
    initialise(network, 1)
    with torch.no_grad():
        network.decoder.weight *= 3
        for name, parameter in network.named_parameters():
            if "bias" in name:
                parameter += torch.linspace(-0.5, 0.5, len(parameter))
    return network.eval()


def all_signals(network):
    return [signal.name for signal in ARCHITECTURES.get(network.spec.architecture).signals]


def read(network, fed):
    reader = SignalReader(network, all_signals(network))
    parts = [block.values[:, 0].copy() for block in read_batch(reader, [fed], [0], 3)]
    return np.concatenate(parts)


def segments(steps):
    starts = np.flatnonzero(steps.fed < 0).tolist()
    return [slice(a, b) for a, b in zip(starts, [*starts[1:], len(steps)], strict=True)]


@each
@resets
def test_signals_are_those_of_each_part_read_alone(architecture, reset, begin):
    network = network_of(architecture, reset, begin)
    steps = network.spec.cutting.steps(TEXT)
    found, parts = read(network, steps.fed), segments(steps)
    close = recurrence(2 * max(p.stop - p.start for p in parts), 20)
    for part in parts:
        assert np.abs(found[part] - read(network, steps.ids[part])).max() < close
    assert len(parts) == {"line": 31, 7: -(-len(steps) // 7), 1000: 1}[reset]


@each
def test_streams_begin_anew_each_in_its_own_place(architecture):
    network = network_of(architecture, "line")
    fed = [network.spec.cutting.steps(TEXT[at:]).fed for at in (0, 3, 50, len(TEXT) - 1)]
    alone = [read(network, one) for one in fed]
    found = [[] for _ in fed]
    reader = SignalReader(network, all_signals(network))
    for block in read_batch(reader, fed, range(4), 5):
        for b, number in enumerate(block.columns):
            found[number].append(block.values[: block.lengths[b], b].copy())
    for one, parts in zip(alone, found, strict=True):
        assert np.abs(np.concatenate(parts) - one).max() < recurrence(80, 20)


@each
@resets
def test_losses_are_those_of_each_part_read_alone(architecture, reset, begin):
    network = network_of(architecture, reset, begin)
    steps = network.spec.cutting.steps(TEXT)
    (found,) = character_losses(network, [steps.fed])
    alone = [character_losses(network, [steps.ids[part]])[0] for part in segments(steps)]
    assert np.allclose(found, np.concatenate(alone), atol=1e-4, equal_nan=True)
    told = np.concatenate(alone)
    bits = bits_per_character(network, [steps.fed])
    assert bits == pytest.approx(np.nanmean(told) / np.log(2), abs=1e-5)


@each
def test_a_held_cell_is_held_from_the_start_of_each_line(architecture):
    network = network_of(architecture, "line")
    fed = network.spec.cutting.steps(TEXT).fed
    for layer in range(2):
        (expected,) = character_losses(ablate(network, layer, 3, 0.4), [fed])
        (found,) = character_losses(network, [fed], held=[Hold(layer, 3, 0.4)])
        assert np.allclose(found, expected, atol=1e-4, equal_nan=True)
        assert not np.allclose(found, character_losses(network, [fed])[0], equal_nan=True)


@each
def test_the_library_reads_as_our_own_loop_does(architecture):
    network = network_of(architecture, 7)
    fed = torch.from_numpy(network.spec.cutting.steps(TEXT).fed)[:, None]
    with torch.no_grad():
        scores, after = network(fed, network.initial_state(1))
        output, same = network.run(fed, network.initial_state(1))
    reader = SignalReader(network, ["h"])
    out = torch.empty(len(fed), 1, reader.width)
    state = reader.read(fed, network.initial_state(1), out)
    assert torch.allclose(out[..., 9:], output, atol=1e-5)
    assert torch.allclose(scores, network.decoder(output), atol=1e-5)
    for one, other, third in zip(after, state, same, strict=True):
        assert torch.allclose(one, other, atol=1e-5) and torch.equal(one, third)


def test_gradients_pass_where_a_state_begins_anew():
    network = network_of("lstm", 7).train()
    fed = torch.from_numpy(network.spec.cutting.steps(TEXT).fed)[:, None]
    network(fed, network.initial_state(1))[0].sum().backward()
    assert all(p.grad is not None and torch.isfinite(p.grad).all() for p in network.parameters())


def test_the_state_after_a_text_is_that_after_its_last_line():
    network = network_of("gru", "line")
    whole, last = states_after(network, [network.spec.cutting.steps(text).fed for text in (
        TEXT, TEXT[TEXT.rindex("\n") + 1 :])])
    assert np.allclose(np.frombuffer(whole, "f4"), np.frombuffer(last, "f4"), atol=1e-6)
    assert values_from(network, whole, "bc").shape == (2, 18)


@resets
def test_what_it_writes_is_drawn_from_what_it_reads(reset, begin):
    network = network_of("lstm", reset, begin)
    text = write(network, 60)
    assert len(text) == 60 and set(text) <= set(KNOWN) and text == write(network, 60)


@resets
def test_a_model_folder_keeps_how_it_is_read(tmp_path, reset, begin):
    network = network_of("rnn", reset, begin)
    write_model(tmp_path, network, {})
    written = json.loads((tmp_path / "model.json").read_text("utf-8"))
    assert written["reset"] == reset and written.get("begin") == (begin and "<")
    assert load_model(tmp_path).network.spec == network.spec


@pytest.mark.parametrize(("changes", "says"), [
    ({"reset": "lines"}, "model.json, reset: not where a state begins anew; 'lines'; did you mean"),
    ({"reset": 0}, "model.json, reset: not where a state begins anew; 0; say"),
    ({"begin": "<s>"}, "model.json, begin: not in the vocabulary; '<s>'; name an entry"),
    ({"reset": -1, "vocabulary": []}, "model.json, vocabulary: not a list of characters"),
])
def test_a_mistake_of_how_it_is_read(tmp_path, changes, says):
    write_model(tmp_path, network_of("rnn"), {})
    path = tmp_path / "model.json"
    path.write_text(json.dumps(json.loads(path.read_text("utf-8")) | changes), "utf-8")
    with pytest.raises(ModelError, match=re.escape(says)) as caught:
        load_model(tmp_path)
    assert len(caught.value.problems) == (2 if "vocabulary" in changes else 1)
