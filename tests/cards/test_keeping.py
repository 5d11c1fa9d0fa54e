"""How long units keep what they have, from the weights and the excerpts of a card."""

import math
from dataclasses import replace

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from builder.activations.carried import states_after  # noqa: E402
from builder.cards.keeping import keepings  # noqa: E402
from builder.core.runs import runs  # noqa: E402
from builder.core.shown import Explored, Keeping, half_life  # noqa: E402
from builder.core.units import UnitId  # noqa: E402
from builder.models.network import CharNetwork, initialise  # noqa: E402
from builder.models.spec import ModelSpec  # noqa: E402
from builder.tokens.characters import Vocabulary  # noqa: E402
from tests.make_cards import claim  # noqa: E402
from tests.reading import values_from  # noqa: E402

pytestmark = pytest.mark.torch
ON = [0, 1, 1, 1, 0, 0, 1, 1]
AFTER = [False, False, True, True, False, False, False, True]
"""Where it is on and was before."""


def network_of(architecture, layers=2):
    network = CharNetwork(ModelSpec(architecture, 5, 4, layers, Vocabulary(tuple("abc"))))
    initialise(network, 1)
    return network.eval()


def excerpts(network):
    before = states_after(network, [np.array([1, 2, 3, 1, 2]), np.array([3])])
    return [Explored("one", 1, "abcabcab", b"", {"in_string": runs(ON)}, before=before[0]),
            Explored("two", 1, "ccc", b"", {}, before=before[1])]


def test_the_mean_of_the_gate_over_all_excerpts_and_where_a_feature_is_on():
    network = network_of("lstm")
    texts, said = excerpts(network), claim("h1.2", "in_string")
    found = keepings(network, texts, (said, claim("h1.2", "is_upper")))
    f = np.concatenate([values_from(network, one.before, one.text, ("f",)) for one in texts])
    assert [one.unit for one in found] == [UnitId("c", n // 4, n % 4) for n in range(8)]
    assert [one.share for one in found] == pytest.approx(f.mean(0).tolist(), rel=1e-6)
    assert found[6].where_on == {"in_string": pytest.approx(f[:8, 6][AFTER].mean(), rel=1e-6)}
    assert all(one.where_on == {} for one in found if one.unit.cell != (1, 2))


def test_a_sign_that_changes_is_kept():
    network = network_of("mingrusigned", 1)
    texts = excerpts(network)
    z = np.concatenate([values_from(network, one.before, one.text, ("z",)) for one in texts])
    assert [one.share for one in keepings(network, texts)] == pytest.approx(
        np.abs(1 - 2 * z).mean(0).tolist(), rel=1e-6)


def test_nothing_is_said_without_a_gate_or_a_state_before():
    network = network_of("lstm")
    assert keepings(network_of("rnn"), excerpts(network_of("rnn"))) == ()
    assert keepings(network, [replace(one, before=b"") for one in excerpts(network)]) == ()


def test_half_lives():
    assert Keeping(UnitId("c", 0, 0), 0.5).half_life == pytest.approx(1)
    assert half_life(2 ** -0.125) == pytest.approx(8)
    assert half_life(0.0) == 0 and math.isinf(half_life(1.0))
