"""Steps that are not characters, cut by samples: read, scored and laid on text, against loops."""

import copy
import pickle
from dataclasses import replace
from functools import cache
from itertools import pairwise

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from builder.activations.networks import NetworkSource  # noqa: E402
from builder.activations.sampling import parts_of  # noqa: E402
from builder.activations.shares import ready  # noqa: E402
from builder.activations.signals import SignalReader  # noqa: E402
from builder.activations.subject import Subject, no_bigrams  # noqa: E402
from builder.activations.sweep import Need, alone, sweep  # noqa: E402
from builder.activations.texts import load  # noqa: E402
from builder.cards.bits import bits_of  # noqa: E402
from builder.cards.traces import read_columns  # noqa: E402
from builder.core.text import BURN_IN, WARM_UP, Corpus, Document, Piece, Split  # noqa: E402
from builder.features import features_for, label  # noqa: E402
from builder.models.network import CharNetwork, initialise  # noqa: E402
from builder.models.spec import ModelSpec  # noqa: E402
from builder.scoring.bigrams import count_bigrams  # noqa: E402
from builder.tokens.characters import Vocabulary  # noqa: E402
from builder.work import local  # noqa: E402
from tests.activations.test_sweep import Seen  # noqa: E402
from tests.tokens.made import Bytes, Fives  # noqa: E402
from tests.tolerances import recurrence  # noqa: E402

pytestmark = pytest.mark.torch
FEATURES = ("in_string", "line_position", "bracket_depth")
HIDDEN = 7
LINES = ('été(“界”, "naïve")\n', "f(x)\n", '"ß 👩‍👧" + [é]\n')
CLOSE = recurrence(6_000, 2 * HIDDEN + 2)


def document(name, length, cuts):
    """Return a text of its own whose pieces end anywhere, also in the middle of steps."""
    text = "".join(LINES[(i * i + len(name)) % 3] for i in range(length))[:length]
    edges = [0, *cuts, length]
    return Document(name, text, tuple(
        Piece(a, b, Split.DISCOVER, 20 * len(name) + i)
        for i, (a, b) in enumerate(pairwise(edges))))


CORPUS = Corpus((document("a", 3_001, [1_333]), document("bb", 2_222, []),
                 document("ccc", 2_903, [803, 1_604])), (), "", "")


@cache
def network_of(kind):
    network = CharNetwork(ModelSpec("gru", 5, HIDDEN, 1, kind()))
    initialise(network, 2)
    return network.eval()


@pytest.fixture(params=[Bytes, Fives])
def subject(request):
    features = features_for("python", FEATURES)
    place = replace(features[0], label=lambda source: np.arange(1, len(source.text) + 1))
    source = NetworkSource(network_of(request.param))
    return Subject(source, CORPUS, "python", (*features[1:], place))


def ordered(rows):
    """Put rows of group, values and labels in the order of group and place in the document."""
    rows = np.concatenate(rows).astype(np.float64)
    return rows[np.lexsort((rows[:, 1], rows[:, -1], rows[:, 0]))]


def homes(steps):
    """Return the character where each step belongs."""
    found, start = [], 0
    for end in steps.ends.tolist():
        found.append(end - 1 if end > start else end)
        start = end
    return found


def states(network, ids):
    """Return h after each step, one after the other in float64."""
    return _states(network, tuple(ids.tolist()))


@cache
def _states(network, ids):
    network, h, rows = copy.deepcopy(network).double(), None, []
    cell = torch.nn.GRUCell(5, HIDDEN, dtype=torch.float64)
    cell.load_state_dict({k: network.rnn.state_dict()[f"{k}_l0"] for k in cell.state_dict()})
    with torch.no_grad():
        for index in ids:
            h = cell(network.embedding(torch.tensor([index])), h)
            rows.append(h[0].numpy())
    return np.array(rows)


def read_slowly(subject, one, piece):
    """Return number, value and label of each step that belongs to what is read of a piece."""
    steps = subject.network.spec.vocabulary.steps(one.text)
    labels = label(one.text, "python", subject.features).values
    own = [s for s, home in enumerate(homes(steps)) if max(0, piece.start - WARM_UP) <= home]
    values = states(subject.network, steps.ids[own])
    found = {}
    for s, value in zip(own, values, strict=True):
        end = steps.ends[s]
        found[s] = value, labels[end - 1] if end else np.zeros(len(subject.features))
    return found


def scored_slowly(subject, stretches):
    rows = []
    for one, piece in stretches:
        steps = subject.network.spec.vocabulary.steps(one.text)
        counts = range(min(piece.start + BURN_IN, piece.stop), piece.stop)
        known = read_slowly(subject, one, piece)
        rows += [np.concatenate([[piece.group], *known[s]])[None]
                 for s, home in enumerate(homes(steps)) if home in counts]
    return ordered(rows)


def test_the_steps_of_each_piece_are_scored_once(subject):
    every = tuple(CORPUS.pieces(Split.DISCOVER))
    found = ordered(sweep(local(1), subject.reading, no_bigrams(subject.source.tokens.size), every,
                          {"": Need(Seen)}, "")[""].rows)
    wanted = scored_slowly(subject, every)
    assert found.shape == wanted.shape
    assert np.abs(found - wanted).max() < CLOSE


@pytest.mark.parametrize("whole", [False, True])
def test_a_sample_that_cuts_steps_has_those_that_end_in_it(subject, whole):
    every = tuple(CORPUS.pieces(Split.DISCOVER))
    some = tuple(part for i, stretch in enumerate(every) for part in parts_of(stretch, 701)[i % 2:])
    cut = [s for d, p in some for s in (p.start, p.stop)
           if s not in subject.network.spec.vocabulary.steps(d.text).ends]
    assert cut or isinstance(subject.network.spec.vocabulary, Bytes)
    found = ordered(sweep(local(1), subject.reading, no_bigrams(subject.source.tokens.size), every,
                          {"": Need(Seen, sample=some, whole=whole)}, "")[""].rows)
    wanted = []
    for d, p in every:
        known, steps = read_slowly(subject, d, p), subject.network.spec.vocabulary.steps(d.text)
        counts = {c for one, part in some if one is d
                  for c in range(max(p.start, part.start + BURN_IN), min(p.stop, part.stop))}
        wanted += [np.concatenate([[p.group], *known[s]])[None]
                   for s, home in enumerate(homes(steps)) if home in counts]
    wanted = ordered(wanted)
    assert found.shape == wanted.shape
    assert np.abs(found - wanted).max() < CLOSE


def test_what_is_carried_is_read_as_what_is_there(subject):
    stretches = tuple(CORPUS.pieces(Split.DISCOVER))
    table = no_bigrams(subject.network.spec.vocabulary.size)
    near = subject.texts.slices(stretches)
    far = pickle.loads(pickle.dumps([subject.texts.carried(one) for one in near]))
    for a, b in zip(load(subject.texts, near, table, ()), load(subject.texts, far, table, ()),
                    strict=True):
        assert len(a.ids) == len(a.groups) == len(a.labels)
        for name in ("ids", "labels", "groups", "bigrams"):
            assert np.array_equal(getattr(a, name), getattr(b, name))
    rows = alone(subject.reading, table, Seen, ready(local(1), subject.reading, stretches))
    assert np.abs(ordered(rows.rows) - scored_slowly(subject, stretches)).max() < CLOSE


def test_every_character_of_a_stretch_has_the_value_of_its_step(subject):
    stretches = tuple(CORPUS.pieces(Split.DISCOVER))
    tokens, columns = subject.network.spec.vocabulary, [4, 1]
    every = count_bigrams([tokens.steps(d.text).ids for d in CORPUS.documents] * 20, tokens.size)
    reads = list(read_columns(subject.reading, columns, stretches, every, local(1), ""))
    assert {(r.document.name, r.start) for r in reads} == {
        (d.name, p.read_start) for d, p in stretches}
    for read in reads:
        (piece,) = [p for p in read.document.pieces
                    if (p.read_start, p.stop) == (read.start, read.start + len(read.values))]
        known, steps = read_slowly(subject, read.document, piece), tokens.steps(read.document.text)
        bigrams, lasts = every.of(steps.ids), []
        for s in known:
            start = int(steps.ends[s - 1]) if s else 0
            there = range(max(start, piece.read_start), min(int(steps.ends[s]), piece.stop))
            for at in (c - read.start for c in there):
                assert np.abs(read.values[at] - known[s][0][columns]).max() < CLOSE
                assert read.prepared.labels[at].tolist() == known[s][1].tolist()
                first = s == min(known)
                assert read.prepared.bigrams[at] == (every.size if first else bigrams[s])
            if there and there[-1] + 1 == steps.ends[s]:
                lasts.append(there[-1] - read.start)
        assert read.lasts.tolist() == lasts
        for at in lasts[::37]:
            one = max([a for a in lasts if a < at], default=-1)
            before = max([a for a in lasts if a < one], default=-1)
            assert read.last_two(at) == read.text[before + 1 : at + 1]
        assert read.scored.tolist() == [piece.scored_start <= read.start + at < piece.stop
                                        for at in range(len(read.values))]


def test_labels_of_a_document_are_those_of_its_steps(subject):
    one = CORPUS.documents[0]
    labels = label(one.text, "python", subject.features).values
    steps = subject.network.spec.vocabulary.steps(one.text)
    wanted, start = [], 0
    for end in steps.ends.tolist():
        wanted += [labels[end - 1].tolist()] * (end - start)
        start = end
    assert subject.texts.labels(one).tolist() == wanted


def test_bits_are_of_the_characters_that_were_guessed(subject):
    network, stretches = subject.network, tuple(CORPUS.pieces(Split.DISCOVER))[:2]
    bits, characters = 0.0, 0
    decoder = copy.deepcopy(network.decoder).double()
    for d, p in stretches:
        text = d.text[p.start : p.stop]
        steps = network.spec.vocabulary.steps(text)
        with torch.no_grad():
            scores = decoder(torch.from_numpy(states(network, steps.ids))).log_softmax(-1).numpy()
        bits -= sum(scores[s - 1, i] for s, i in enumerate(steps.ids) if s) / np.log(2)
        characters += len(text) - int(steps.ends[0])
    assert bits_of(network, stretches) == pytest.approx(bits / characters, rel=1e-5)


@pytest.mark.parametrize("reset", ["line", 40])
def test_what_is_pictured_begins_anew_where_the_network_does(reset):
    known = tuple(sorted({c for d in CORPUS.documents for c in d.text}))
    network = CharNetwork(ModelSpec("gru", 5, HIDDEN, 1, Vocabulary(known), reset))
    initialise(network, 2)
    source = NetworkSource(network.eval())
    subject = Subject(source, CORPUS, "python", features_for("python", FEATURES))
    stretches = tuple(CORPUS.pieces(Split.DISCOVER))
    columns, table = [4, 1], no_bigrams(network.spec.vocabulary.size)
    for read in read_columns(subject.reading, columns, stretches, table, local(1), ""):
        assert (read.prepared.fed[1:] < 0).sum() > 10
        at = int(np.flatnonzero(read.prepared.fed < 0)[3])
        stop = at + int(np.argmax(read.prepared.fed[at + 1 :] < 0)) + 1
        reader, out = SignalReader(network), torch.empty(stop - at, 1, len(subject.units))
        reader.read(torch.from_numpy(read.prepared.ids[at:stop, None]),
                    reader.initial_state(1), out)
        assert np.abs(read.values[at:stop] - out[:, 0, columns].detach().numpy()).max() < CLOSE
