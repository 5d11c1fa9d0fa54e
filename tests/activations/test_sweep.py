"""Which stretches of text a pass reads, and that cutting long texts loses nothing else."""

import gc
import pickle
from collections import Counter
from dataclasses import replace

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from builder.activations.blocks import STREAMS  # noqa: E402
from builder.activations.networks import NetworkSource  # noqa: E402
from builder.activations.packing import pack  # noqa: E402
from builder.activations.sampling import LONGEST_STRETCH, scattered  # noqa: E402
from builder.activations.shares import LONGEST_READ, SHARE, cut, sent, shares_of  # noqa: E402
from builder.activations.subject import Subject, no_bigrams, prepare  # noqa: E402
from builder.activations.sweep import Need, sweep  # noqa: E402
from builder.core.text import BURN_IN, WARM_UP, Corpus, Document, Piece, Split  # noqa: E402
from builder.evidence.measure import measure  # noqa: E402
from builder.features import features_for  # noqa: E402
from builder.models.network import CharNetwork, initialise  # noqa: E402
from builder.models.spec import ModelSpec  # noqa: E402
from builder.tokens.characters import Vocabulary  # noqa: E402
from builder.work import local  # noqa: E402

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
    found = shares_of(cut(stretches))
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
    features = features_for("python", ("line_position",))
    reading = Subject(NetworkSource(network), long, "python", features).reading
    (share,) = shares_of(cut(tuple(long.pieces(Split.DISCOVER))))
    table = no_bigrams(network.spec.vocabulary.size)
    whole = prepare(reading, tuple(long.pieces(Split.DISCOVER)), table)[0]
    for (_, piece), part in zip(share, prepare(reading, share, table), strict=True):
        assert np.array_equal(part.labels, whole.labels[piece.read_start : piece.stop])
        assert (part.groups[: piece.start - piece.read_start + BURN_IN] < 0).all()
        assert (part.groups[piece.start - piece.read_start + BURN_IN :] == 0).all()


def test_correlations_of_long_texts_are_those_of_the_whole(monkeypatch):
    corpus = Corpus((*corpus_of([45_000, 30_000], Split.TRAIN).documents,
                     *(replace(d, name=f"d{d.name}") for d in corpus_of([52_000]).documents),
                     *(replace(d, name=f"h{d.name}")
                       for d in corpus_of([52_000], Split.HELD_OUT).documents)), (), "", "")
    features = features_for("python", ("line_position", "in_string"))
    subject = Subject(NetworkSource(network_of(corpus)), corpus, "python", features)
    cut = measure(subject, 0.3, controls=False).scores
    monkeypatch.setattr("builder.activations.shares.LONGEST_READ", 10**6)
    whole = measure(subject, 0.3, controls=False).scores
    assert cut.count < whole.count
    assert np.abs(cut.r - whole.r).max() < 0.01


def network_of(corpus):
    vocabulary = Vocabulary.of_texts(d.text for d in corpus.documents)
    network = CharNetwork(ModelSpec("lstm", 8, 12, 1, vocabulary))
    initialise(network, 3)
    return network.eval()


class Seen:
    """Sums that only keep what they were given."""

    def __init__(self):
        self.rows = []

    def add(self, *given):
        if len(given) == 1:
            (rows,) = given
            self.rows.append(np.column_stack([rows.groups, rows.values, rows.labels]))
        else:
            part, values = given
            there = part.groups >= 0
            self.rows.append(np.column_stack([
                part.groups[there], values[there], part.labels[there]]))

    def state(self):
        return {"rows": np.concatenate(self.rows)}

    def merge(self, state):
        self.rows.append(state["rows"])

    def ordered(self):
        rows = np.concatenate(self.rows).astype(np.float64)
        return rows[np.lexsort(rows.round(3).T[::-1])]


def subject_on(corpus):
    return Subject(NetworkSource(network_of(corpus)), corpus, "python",
                   features_for("python", ("line_position",)))


@pytest.mark.parametrize("whole", [False, True])
def test_a_sample_of_a_sweep_is_what_it_is_alone(whole):
    corpus = corpus_of([45_000, 9_000, 30_000, 700])
    subject, every = subject_on(corpus), tuple(corpus.pieces(Split.DISCOVER))
    some = scattered(corpus, Split.DISCOVER, 25_000)
    table = no_bigrams(subject.network.spec.vocabulary.size)
    needs = {"all": Need(Seen), "some": Need(Seen, signals=("dc", "i"), sample=some, whole=whole),
             "guesses": Need(Seen, sets=("(", "\n"), sample=some[:2])}
    together = sweep(local(1), subject.reading, table, every, needs, "")
    alone = sweep(local(1), subject.reading, table, every, {"all": needs["all"]}, "")
    assert np.abs(together["all"].ordered() - alone["all"].ordered()).max() < 1e-5
    reading = replace(subject.reading, signals=("dc", "i"))
    plain = sweep(local(1), reading, table, some, {"some": Need(Seen)}, "")["some"].ordered()
    assert together["some"].ordered().shape == plain.shape
    assert np.abs(together["some"].ordered() - plain).max() < 1e-4
    guesses = together["guesses"].ordered()
    assert guesses.shape == (sum(p.stop - p.scored_start for _, p in some[:2]), 4)
    assert (guesses[:, 1:3] > 0).all() and (guesses[:, 1:3].sum(1) < 1).all()


def test_what_is_sent_of_a_share_is_not_its_text():
    corpus = corpus_of([2_000_000])
    subject = subject_on(corpus)
    stretches = cut(tuple(corpus.pieces(Split.DISCOVER)))
    near = sent(local(1), subject.reading, stretches[:10])
    assert len(pickle.dumps(near)) < 10_000
    far = local(1)
    far.same_disk = False
    carried = sent(far, subject.reading, stretches[:10])
    read = sum(p.stop - p.read_start for _, p in stretches[:10])
    assert len(pickle.dumps(carried)) < 4 * read, "a byte a character, and two for its label"
    assert np.array_equal(subject.texts.packed(carried[3]).labels,
                          subject.texts.packed(near[3]).labels)


def test_texts_are_the_same_in_another_process_and_gone_with_their_maker():
    corpus = corpus_of([5_000])
    subject = subject_on(corpus)
    (one,) = subject.texts.slices(tuple(corpus.pieces(Split.DISCOVER)))
    path, there = subject.texts.path, pickle.loads(pickle.dumps(subject.texts))
    assert np.array_equal(there.packed(one).ids, subject.texts.packed(one).ids)
    del there
    assert path.is_file()
    del subject, one
    gc.collect()
    assert not path.exists()


def test_packing_loses_nothing():
    random = np.random.default_rng(0)
    for kind in (np.int16, np.float32):
        labels = random.integers(-3, 400, (50, 21)).astype(kind)
        labels[:, ::3] = labels[:, ::3] % 2
        if kind == np.float32:
            labels[:, 1] /= 7
        ids = random.integers(0, 300, 50)
        packed = pack(ids, labels.T)
        assert packed.labels.dtype == kind and np.array_equal(packed.labels, labels)
        assert np.array_equal(packed.ids, ids) and packed.ids.itemsize == 2
        assert np.array_equal(packed[7:19].labels, labels[7:19])
        assert packed.bits.shape == (50, 1) and len(packed.binary) == 7
