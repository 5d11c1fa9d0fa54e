"""Reading is taken up again from states on the way, and gives what reading through gives."""

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from builder.activations.blocks import read_batch  # noqa: E402
from builder.activations.carried import (  # noqa: E402
    Marking,
    states_after,
    taken_up,
)
from builder.activations.opened import Opened  # noqa: E402
from builder.activations.signals import SignalReader  # noqa: E402
from builder.models.network import CharNetwork, initialise  # noqa: E402
from builder.models.spec import ModelSpec  # noqa: E402
from builder.tokens.characters import Vocabulary  # noqa: E402
from tests.reading import values_from  # noqa: E402
from tests.tolerances import recurrence  # noqa: E402

pytestmark = pytest.mark.torch
HIDDEN = 9
ARCHITECTURES = ("rnn", "gru", "lstm")
TEXTS = ["".join("abcdef"[i] for i in np.random.default_rng(n).integers(0, 6, n))
         for n in (700, 301, 301, 64, 5)]
EXACT = 2 * recurrence(2 * len(TEXTS[0]), 2 * HIDDEN + 2)
"""Two runs, each with the roundings of a text's steps in two layers."""


def network_of(architecture):
    network = CharNetwork(ModelSpec(architecture, 5, HIDDEN, 2, Vocabulary(tuple("abcdef"))))
    initialise(network, 1)
    return network.eval()


def read_through(reader, text):
    (values,) = [np.concatenate([b.values[:, 0].copy() for b in read_batch(reader, [text], [0])])]
    return values


@pytest.mark.parametrize("architecture", ARCHITECTURES)
def test_the_end_of_a_text_read_from_a_mark(architecture):
    network = network_of(architecture)
    encode = network.spec.vocabulary.encode
    texts = [encode(text) for text in TEXTS]
    reader = Marking(SignalReader(network))
    for _ in read_batch(reader, texts, range(len(texts)), rows=3):
        pass
    opened = Opened(network, ("dh", "h"), "abc")
    ends = [(0, 650, 690), (0, 0, 3), (1, 100, 301), (2, 100, 101), (4, 2, 5), (3, 60, 60)]
    columns = [[n, opened.width - 1] for n in range(len(ends))]
    starts, states, parts = [], [], []
    for text, at, stop in ends:
        start, state = reader.marks(text).before(at)
        starts.append(start)
        states.append(state)
        parts.append(texts[text][start:stop])
    found = taken_up(opened, parts, states, columns, [stop - at for _, at, stop in ends])
    assert all(at - start < 128 * 3 for start, (_, at, _) in zip(starts, ends, strict=True))
    assert max(starts) > 300, "a text was read from its start"
    for values, (text, at, stop), some in zip(found, ends, columns, strict=True):
        assert values.shape == (stop - at, 2)
        wanted = read_through(opened, texts[text])[at:stop, some]
        assert np.abs(values - wanted).max(initial=0) < EXACT


@pytest.mark.parametrize("architecture", ARCHITECTURES)
def test_states_after_texts_of_any_length(architecture):
    network = network_of(architecture)
    befores = states_after(network, [network.spec.vocabulary.encode(t) for t in ("", *TEXTS)])
    assert not any(befores[0])
    following = "fedcba" * 4
    for before, text in zip(befores, ["", *TEXTS], strict=True):
        whole = read_through(SignalReader(network), network.spec.vocabulary.encode(
            text + following))[len(text):]
        assert np.abs(values_from(network, before, following) - whole).max() < EXACT


def test_a_state_of_another_network_is_refused():
    with pytest.raises(ValueError, match="none of this network"):
        values_from(network_of("gru"), states_after(network_of("lstm"), [np.array([1, 2])])[0], "c")
