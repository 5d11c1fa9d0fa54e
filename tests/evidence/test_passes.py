"""Which stretches of text a pass reads, and that cutting long texts loses nothing else."""

from collections import Counter
from dataclasses import replace

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from builder.activations.passes import LONGEST_READ, SHARE, STREAMS, shares  # noqa: E402
from builder.activations.subject import (  # noqa: E402
    LONGEST_STRETCH,
    Subject,
    no_bigrams,
    prepare,
    scattered,
)
from builder.core.text import BURN_IN, WARM_UP, Corpus, Document, Piece, Split  # noqa: E402
from builder.evidence.measure import measure  # noqa: E402
from builder.features import features_for  # noqa: E402
from builder.models.network import CharNetwork, initialise  # noqa: E402
from builder.models.spec import ModelSpec  # noqa: E402
from builder.tokens.characters import Vocabulary  # noqa: E402

pytestmark = pytest.mark.torch


def corpus_of(lengths, split=Split.DISCOVER):
    return Corpus(tuple(
        Document(f"{i}.py", (f"f({i}, 'a b')\n" * (n // 8))[:n], (Piece(0, n, split, i % 64),))
        for i, n in enumerate(lengths)), (), "source", "licence")


def read(stretches):
    return Counter((d.name, at) for d, p in stretches for at in range(p.start, p.stop))


def test_shares_have_every_character_once_and_no_long_text():
    corpus = corpus_of([5, 900, 70_001, 20_000, 20_001, 300_000] + [2_000] * 200)
    stretches = tuple(corpus.pieces(Split.DISCOVER))
    found = shares(stretches)
    assert read(s for share in found for s in share) == read(stretches)
    for share in found:
        lengths = [p.stop - p.read_start for _, p in share]
        assert lengths == sorted(lengths, reverse=True)
        assert len(share) <= STREAMS and sum(lengths) <= SHARE
        assert lengths[0] <= LONGEST_READ + WARM_UP
    homes = {name: {i for i, share in enumerate(found) for d, _ in share if d.name == name}
             for name in ("2.py", "3.py", "4.py")}
    assert all(max(where) - min(where) <= 1 for where in homes.values()), "parts stay together"


def test_a_sample_is_of_many_texts_and_not_too_long():
    corpus = corpus_of([80_000] * 10 + [3_000] * 10)
    found = scattered(corpus, Split.DISCOVER, 100_000)
    total = sum(p.stop - p.start for _, p in found)
    assert 90_000 < total <= 100_000
    assert max(p.stop - p.start for _, p in found) <= LONGEST_STRETCH
    assert len({d.name for d, _ in found}) > 5
    assert not [1 for _, n in read(found).items() if n > 1]
    assert scattered(corpus, Split.DISCOVER, 100_000) == found


def test_a_text_has_the_same_labels_and_scores_however_it_is_cut():
    long = corpus_of([50_000])
    network = network_of(long)
    reading = Subject(network, long, "python", features_for("python", ("line_position",))).reading
    (share,) = shares(tuple(long.pieces(Split.DISCOVER)))
    whole = prepare(reading, tuple(long.pieces(Split.DISCOVER)), no_bigrams(network.spec))[0]
    for (_, piece), part in zip(share, prepare(reading, share, no_bigrams(network.spec)),
                                strict=True):
        assert np.array_equal(part.labels, whole.labels[piece.read_start : piece.stop])
        assert (part.groups[: piece.start - piece.read_start + BURN_IN] < 0).all()
        assert (part.groups[piece.start - piece.read_start + BURN_IN :] == 0).all()


def test_correlations_of_long_texts_are_those_of_the_whole(monkeypatch):
    corpus = Corpus((*corpus_of([45_000, 30_000], Split.TRAIN).documents,
                     *(replace(d, name=f"d{d.name}") for d in corpus_of([52_000]).documents),
                     *(replace(d, name=f"h{d.name}")
                       for d in corpus_of([52_000], Split.HELD_OUT).documents)), (), "", "")
    features = features_for("python", ("line_position", "in_string"))
    subject = Subject(network_of(corpus), corpus, "python", features)
    cut = measure(subject, 0.3, controls=False).scores
    monkeypatch.setattr("builder.activations.passes.LONGEST_READ", 10**6)
    whole = measure(subject, 0.3, controls=False).scores
    assert cut.count < whole.count
    assert np.abs(cut.r - whole.r).max() < 0.01


def network_of(corpus):
    vocabulary = Vocabulary.of_texts(d.text for d in corpus.documents)
    network = CharNetwork(ModelSpec("lstm", 8, 12, 1, vocabulary))
    initialise(network, 3)
    return network.eval()
