"""The digest of a network hangs on its weights and on nothing else."""

import pytest

torch = pytest.importorskip("torch")

import copy  # noqa: E402

from builder.models.network import CharNetwork, initialise  # noqa: E402
from builder.models.spec import ModelSpec  # noqa: E402
from builder.tokens.characters import Vocabulary  # noqa: E402
from builder.work.identity import identity  # noqa: E402
from builder.work.outcomes import packed, unpacked  # noqa: E402

pytestmark = pytest.mark.torch


@pytest.mark.parametrize("architecture", ["rnn", "gru", "lstm"])
def test_weights_alone_count(architecture):
    def make(seed, hidden=5):
        spec = ModelSpec(architecture, 3, hidden, 2, Vocabulary.of_texts(["abc"]))
        network = CharNetwork(spec)
        initialise(network, seed)
        return network.eval()

    network = make(1)
    expected = identity(network)
    with torch.no_grad():
        network(torch.zeros(4, 2, dtype=torch.int64), network.initial_state(2))
    alike = (network, make(1), copy.deepcopy(network), unpacked(packed(network)))
    assert {identity(n) for n in alike} == {expected}
    with torch.no_grad():
        next(iter(alike[2].rnn.parameters()))[0, 0] += 1e-6
    assert len({expected, identity(alike[2]), identity(make(2)), identity(make(1, 6))}) == 4
