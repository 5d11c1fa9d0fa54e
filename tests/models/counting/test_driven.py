"""Networks to drive: what is written is what was found of the very weights that are written."""

import base64

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from builder.cli import main  # noqa: E402
from builder.core.counted import Counting, Fails  # noqa: E402
from builder.models.counting.driven import driven, packed, rounded  # noqa: E402
from builder.models.counting.languages import LANGUAGES  # noqa: E402
from builder.models.counting.networks import SmallNetwork  # noqa: E402
from builder.models.counting.powers import Powers  # noqa: E402
from builder.workspace.driven import DRIVEN_FILE, read_driven  # noqa: E402
from tests.make_counted import read_by_hand, run, weights_of  # noqa: E402
from tests.sources import PROJECT  # noqa: E402

pytestmark = pytest.mark.torch


def filled(architecture):
    """Return a network with the weights that are also read by hand."""
    network = SmallNetwork(architecture, Powers("ab", 2), 0)
    with torch.no_grad():
        for parameter, values in zip(network.parameters(), weights_of(architecture), strict=True):
            parameter.copy_(torch.from_numpy(values))
    return network


@pytest.mark.parametrize(("architecture", "unit"), [("lstm", "c0.1"), ("gru", "h0.1")])
def test_it_is_shown_as_a_loop_reads_it(architecture, unit):
    counts = Counting("a-b", unit, 0.9, 1.0, 0.0, 1.0, Fails(None, None, ""))
    found = run(architecture, "anbn", units=2, failed=5, counting=(counts,))
    shown = driven(filled(architecture), Powers("ab", 2), found)
    states, answers = read_by_hand(architecture, "a" * 5 + "b" * 5)
    assert shown.values == pytest.approx(states[:, 1].tolist(), abs=1e-3)
    right = [[True, True, False]] * 5 + [[False, True, False]] * 4 + [[False, False, True]]
    wrong = np.flatnonzero(((answers > 0) != right).any(1)).tolist()
    assert list(shown.wrong) == wrong


def test_weights_are_rounded_and_packed_in_the_order_of_the_page():
    network = SmallNetwork("lstm", Powers("ab", 2), 3)
    rounded(network)
    raw = np.frombuffer(packed(network), "<f2")
    assert raw[:6].tolist() == [0, 0, 1, 0, 0, 1]
    state = network.state_dict()
    assert raw[6:22].reshape(8, 2).tolist() == state["rnn.weight_ih_l0"].tolist()
    assert raw[-3:].tolist() == state["decoder.bias"].tolist()
    with pytest.raises(ValueError, match="1 answers for 5 letters"):
        packed(SmallNetwork("lstm", LANGUAGES["toggle"], 0))


@pytest.mark.parametrize(("more", "said"), [
    (["lstn"], "lstn: no architecture has this name; did you mean 'lstm'?"),
    (["lstm", "--effort", "0"], "--effort: not a number above 0"),
    (["lstm", "--effort", "0.001"], "lstm: no network is right in training and counts"),
])
def test_a_mistake_is_named_and_nothing_is_written(tmp_path, capsys, more, said):
    path = tmp_path / "driven.json"
    assert main(["count", "--out", str(path), "--drive", *more]) == 2
    assert said in capsys.readouterr().err
    assert not path.exists()


def test_the_numbers_of_this_gallery_are_those_of_its_weights():
    for one in read_driven(PROJECT / "gallery" / DRIVEN_FILE):
        network = SmallNetwork(one.run.architecture, Powers("ab", one.run.units), 0)
        raw = np.frombuffer(base64.b64decode(one.weights), "<f2").astype(np.float32)
        place = 6
        with torch.no_grad():
            for parameter in network.parameters():
                part = raw[place : place + parameter.numel()]
                parameter.copy_(torch.from_numpy(part).view_as(parameter))
                place += parameter.numel()
        assert place == len(raw)
        again = driven(network, Powers("ab", one.run.units), one.run)
        assert again.digest == one.digest and again.wrong == one.wrong
        assert again.values == pytest.approx(one.values, abs=1e-3)
