"""What is shown of a network that was read, against the same network read by PyTorch."""

from __future__ import annotations

import copy
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from builder.activations.blocks import read_batch  # noqa: E402
from builder.activations.networks import NetworkSource  # noqa: E402
from builder.activations.sampling import sample  # noqa: E402
from builder.activations.signals import SignalReader  # noqa: E402
from builder.activations.subject import Subject  # noqa: E402
from builder.cards.cell_data import measure_cells  # noqa: E402
from builder.cards.cells import SAMPLE_CHARACTERS, show_cells  # noqa: E402
from builder.cards.explored import explore, read_again  # noqa: E402
from builder.core.runs import labels_of  # noqa: E402
from builder.core.shown import Explored, UnitTable  # noqa: E402
from builder.core.text import Split  # noqa: E402
from builder.core.units import Kind, UnitId  # noqa: E402
from builder.corpora.contract import Place, TextFile  # noqa: E402
from builder.corpora.documents import make_corpus  # noqa: E402
from builder.corpora.kinds.synthetic import SyntheticCorpus  # noqa: E402
from builder.corpora.passages import Passage  # noqa: E402
from builder.corpora.settings import SplitSettings  # noqa: E402
from builder.evidence.measure import begin, measure  # noqa: E402
from builder.features import features_for, label  # noqa: E402
from builder.models.network import CharNetwork, initialise  # noqa: E402
from builder.models.spec import ModelSpec  # noqa: E402
from builder.models.untrained import untrained_twin  # noqa: E402
from builder.models.writing import write  # noqa: E402
from builder.scoring.residuals import CHUNK, SHORT  # noqa: E402
from builder.tokens.characters import Vocabulary  # noqa: E402
from builder.tokens.contract import of_steps  # noqa: E402
from builder.tokens.reading.cutting import Cutting  # noqa: E402
from builder.work import local  # noqa: E402
from tests.corpora.reading import read_files  # noqa: E402
from tests.tokens.made import Bytes, Fives  # noqa: E402
from tests.tolerances import correlation, printed, product, recurrence  # noqa: E402

pytestmark = pytest.mark.torch
GATES = {"lstm": "ifo", "gru": "rz", "rnn": ""}
FEATURES = ("bracket_depth", "in_string", "in_identifier", "opens", "next_is_newline")
EMBEDDING, HIDDEN, LAYERS = 8, 12, 2
LONGEST = 2_000
STATE = recurrence(LAYERS * LONGEST, 2 * HIDDEN + 2)
"""Rounding of a value in the longest text, layer by layer."""
CLOSE = printed(3) + STATE


@pytest.fixture(scope="module")
def corpus():
    settings = SyntheticCorpus(kind="synthetic", documents=60, characters=1500, seed=4)
    files = [TextFile(f.name, re.sub(rb'"[^"\n]*"', b'"abc de"', f.content))
             for f in read_files(settings, Place(Path(), Path()))]
    return make_corpus(files, settings, SplitSettings(discover=0.4, held_out_share=0.4))


@pytest.fixture(scope="module", params=["lstm", "gru", "rnn"])
def shown(request, corpus):
    """Return a random network's subject, what was measured, and its cards."""
    vocabulary = Vocabulary.of_texts(d.text for d in corpus.documents)
    network = CharNetwork(ModelSpec(request.param, EMBEDDING, HIDDEN, LAYERS, vocabulary))
    initialise(network, 3)
    subject = Subject(NetworkSource(network.eval()), corpus, "python",
                      features_for("python", FEATURES))
    found = measure(subject, 0.05, controls=False)
    known = begin(subject, 0.05, local(1))
    scores = found.scores
    table = UnitTable(scores.units, scores.features,
                      tuple(tuple(round(1000 * v) for v in row) for row in scores.r.tolist()),
                      tuple(tuple(round(1000 * v) for v in row)
                            for row in np.nan_to_num(scores.r_within).tolist()))
    claims = list({c.unit.cell: c for c in found.claims}.values())[:3]
    return subject, known, found, show_cells(
        known, "made", claims, measure_cells(subject, claims, local(1))[0], found.claims, table)


def states(network, text):
    """Return h, c, gates of every layer and guesses, one character after the other, in float64."""
    assert len(text) <= LONGEST
    network = copy.deepcopy(network).double()
    spec, ids = network.spec, torch.from_numpy(network.spec.vocabulary.encode(text))
    size, layers = spec.hidden_size, spec.num_layers
    h, c = ([torch.zeros(size, dtype=torch.float64) for _ in range(layers)] for _ in range(2))
    rows = []
    with torch.no_grad():
        for i in ids:
            x, row = network.embedding.weight[i], {}
            for k in range(layers):
                wi, wh, bi, bh = (getattr(network.rnn, f"{n}_l{k}") for n in (
                    "weight_ih", "weight_hh", "bias_ih", "bias_hh"))
                a, b = wi @ x + bi, wh @ h[k] + bh
                if spec.architecture == "lstm":
                    gi, gf, gg, go = (a + b).chunk(4)
                    gates = {"i": gi.sigmoid(), "f": gf.sigmoid(), "o": go.sigmoid()}
                    c[k] = gates["f"] * c[k] + gates["i"] * gg.tanh()
                    h[k] = gates["o"] * c[k].tanh()
                elif spec.architecture == "gru":
                    (ar, az, an), (br, bz, bn) = a.chunk(3), b.chunk(3)
                    gates = {"r": (ar + br).sigmoid(), "z": (az + bz).sigmoid()}
                    n = (an + gates["r"] * bn).tanh()
                    h[k] = (1 - gates["z"]) * n + gates["z"] * h[k]
                else:
                    gates, h[k] = {}, (a + b).tanh()
                row |= {f"{name}{k}": v for name, v in gates.items()}
                row |= {f"h{k}": h[k].clone(), f"c{k}": c[k].tanh()}
                x = h[k]
            row["p"] = network.decoder(x).softmax(-1)
            rows.append(row)
    return {name: torch.stack([row[name] for row in rows]).numpy() for name in rows[0]}


def text_of(corpus, name):
    return next(d.text for d in corpus.documents if d.name == name)


def test_excerpts_gates_and_guesses_are_those_of_the_network(shown, corpus):
    subject, _, _, cards = shown
    characters = subject.network.spec.vocabulary.characters
    for card in cards:
        unit, first = card.claim.unit, card.excerpts[0]
        text = text_of(corpus, first.document)
        stop = first.start + len(first.text)
        assert text[first.start : stop] == first.text
        assert first.line == text.count("\n", 0, first.start) + 1
        own = {name: values[first.start :] for name, values in
               states(subject.network, text[:stop]).items()}
        expected = own[f"{unit.signal}{unit.layer}"][:, unit.index]
        assert first.values == pytest.approx(expected, abs=CLOSE)
        assert set(first.inside.gates) == set(GATES[subject.network.spec.architecture])
        for gate, values in first.inside.gates.items():
            assert values == pytest.approx(own[f"{gate}{unit.layer}"][:, unit.index], abs=CLOSE)
        decoder = subject.network.decoder.weight.detach()
        close = printed(3) + product(HIDDEN + 1, float(decoder.norm(dim=1).max()), STATE)
        for guesses, p in zip(first.inside.guesses, own["p"], strict=True):
            assert [q for _, q in guesses] == pytest.approx(sorted(p[1:])[:-6:-1], abs=close)
            for character, q in guesses:
                assert q == pytest.approx(p[1 + characters.index(character)], abs=close)
        assert all(e.inside is None for e in card.excerpts[1:])


def test_a_unit_whose_means_are_not_there_is_shown_without_its_twin(shown):
    subject, ground, found, _ = shown
    names = [s.name for s in subject.network.architecture.signals if s.kind is not Kind.CHANGE]
    claim = next(c for c in found.claims if c.unit.signal == "h")
    claim = replace(claim, unit=UnitId(names[-1], *claim.unit.cell))
    others = {s for s in ground.subject.network.architecture.states if s != names[-1]}
    less = replace(ground, subject=replace(subject, signals=tuple(others) or ("dh",)))
    table = UnitTable((), (), (), ())
    data, _ = measure_cells(less.subject, [claim], local(1))
    (card,) = show_cells(less, "made", [claim], data, [claim], table)
    assert card.excerpts and not any(e.twin for e in card.excerpts)


def test_the_twin_is_the_mean_after_the_same_two_characters(shown, corpus):
    subject, known, _, cards = shown
    vocabulary = subject.network.spec.vocabulary
    for card in cards:
        unit, first = card.claim.unit, card.excerpts[0]
        column, text = subject.units.index(unit), text_of(corpus, first.document)
        for at in range(1, 60, 7):
            here = first.start + at
            number = known.table.of(vocabulary.encode(text[here - 1 : here + 1]))[1]
            expected = None if number == known.table.size else pytest.approx(
                known.means.units[number, column], abs=printed(3) + 1e-12)
            assert first.twin[at] == expected


def rounding_of_r(values):
    """Bound the error of r of a unit whose mean is not taken away before its squares are made."""
    raw = correlation(len(values), CHUNK, SHORT) * np.mean(values**2)
    return (raw + STATE * values.std()) / values.var()


def test_the_rival_is_the_best_unit_of_an_untrained_network(shown, corpus):
    subject, _, _, cards = shown
    other = untrained_twin(subject.network, 0)
    card = cards[0]
    found = card.untrained.unit
    feature = next(f for f in subject.features if f.spec.id == card.claim.feature)
    stretches = sample(corpus, Split.HELD_OUT, SAMPLE_CHARACTERS)
    values, labels = {}, []
    for document, piece in stretches:
        own = states(other, document.text[: piece.stop])
        at = slice(piece.scored_start, piece.stop)
        labels.append(label(document.text, "python", (feature,)).values[at, 0])
        for name in ("h0", "c0", "h1", "c1"):
            values.setdefault(name, []).append(own[name][at])
    f = np.concatenate(labels)
    signals = ("h", "c") if subject.network.spec.architecture == "lstm" else ("h",)
    best = {f"{s}{k}.{u}": np.corrcoef(v[:, u], f)[0, 1] for s in signals for k in range(2)
            for v in [np.concatenate(values[f"{s}{k}"])] for u in range(v.shape[1])}
    column = np.concatenate(values[f"{found.signal}{found.layer}"])[:, found.index]
    close = printed(4) + rounding_of_r(column)
    assert card.untrained.r == pytest.approx(best[found.name], abs=close)
    assert abs(card.untrained.r) == pytest.approx(max(map(abs, best.values())), abs=close)
    first = card.excerpts[0]
    document = text_of(corpus, first.document)[: first.start + len(first.text)]
    own = states(other, document)[f"{found.signal}{found.layer}"][first.start :, found.index]
    sign = np.sign(card.untrained.r) * np.sign(card.claim.held_out.r.value)
    assert card.untrained.values == pytest.approx(sign * own, abs=CLOSE)


def test_the_explorer_has_all_units_to_the_nearest_step(shown, corpus):
    subject = shown[0]
    found = explore(subject.reading, sample(corpus, Split.HELD_OUT, SAMPLE_CHARACTERS))
    assert found and len({e.document for e in found}) == len(found)
    for one in found[:2]:
        text = text_of(corpus, one.document)
        start = text.index(one.text)
        assert one.line == text.count("\n", 0, start) + 1
        raw = np.frombuffer(one.activations, np.int8)
        raw = raw.reshape(len(one.text), len(subject.units))
        own = states(subject.network, text[: start + len(one.text)])
        for column in range(0, len(subject.units), 5):
            unit = subject.units[column]
            expected = own[f"{unit.signal}{unit.layer}"][start:, unit.index]
            assert raw[:, column] / 127 == pytest.approx(expected, abs=0.5 / 127 + STATE)
        for feature in subject.features:
            labels = label(text, "python", (feature,)).values[start:, 0][: len(one.text)]
            if np.ptp(labels):
                assert labels_of(one.labels[feature.spec.id]) == labels.tolist()


def test_a_passage_comes_first_with_its_name_and_its_own_values(shown, corpus):
    subject = shown[0]
    document, piece = sample(corpus, Split.HELD_OUT, SAMPLE_CHARACTERS)[-1]
    start = document.text.index("\n", piece.start + 300) + 1
    passage = Passage("a name", document, piece, start, start + 80)
    found = explore(subject.reading, [], [passage])
    assert [(e.title, e.document) for e in found] == [("a name", document.name)]
    assert found[0].text == document.text[start : start + 80]
    raw = np.frombuffer(found[0].activations, np.int8)
    unit = subject.units[3]
    own = states(subject.network, document.text[piece.read_start : start + 80])
    expected = own[f"{unit.signal}{unit.layer}"][-80:, unit.index]
    assert raw.reshape(80, -1)[:, 3] / 127 == pytest.approx(expected, abs=0.5 / 127 + STATE)


@pytest.mark.parametrize("cutting", [
    Cutting(Fives()), Cutting(Bytes()), Cutting(Fives(), begin=4)], ids=["fives", "bytes", "begun"])
def test_longer_steps_are_read_again_from_the_one_that_covers_the_first_character(corpus, cutting):
    files = [TextFile(f"{n}.txt", d.text.replace("a", "é").encode())
             for n, d in enumerate(corpus.documents)]
    other = make_corpus(files, SyntheticCorpus(kind="synthetic"),
                        SplitSettings(discover=0.4, held_out_share=0.4))
    network = CharNetwork(ModelSpec("lstm", EMBEDDING, HIDDEN, LAYERS, cutting.tokens,
                                    begin=cutting.begin)).eval()
    initialise(network, 3)
    subject = Subject(NetworkSource(network), other, "python", features_for("python", FEATURES))
    found = explore(subject.reading, sample(other, Split.HELD_OUT, SAMPLE_CHARACTERS))
    assert found and all(one.before and one.steps for one in found)
    for one in found[:3]:
        text = text_of(other, one.document)
        start, stop = text.index(one.text), text.index(one.text) + len(one.text)
        steps = cutting.steps(text)
        whole = of_steps(values_of(network, steps.fed), steps)[start:stop]
        raw = np.frombuffer(one.activations, np.int8).reshape(len(one.text), -1)
        assert raw / 127 == pytest.approx(whole, abs=0.5 / 127 + STATE)
    shipped = [replace(one, activations=b"") for one in found]
    assert read_again(shipped, network) == found


def values_of(network, fed):
    reader = SignalReader(network)
    return np.concatenate([b.values[:, 0].copy() for b in read_batch(reader, [fed], [0])])


@pytest.mark.parametrize("steps", ["1x4", "1x3 2x", "99x8", "-1x8", "1x-1 1x9", "x", "a", "1x8 1",
                                   "1x99999999999999999999 1x8", "1x9223372036854775807 1x8"])
def test_steps_that_cannot_be_are_refused(steps):
    network = CharNetwork(ModelSpec("rnn", EMBEDDING, HIDDEN, 1, Vocabulary(tuple("ab"))))
    before = np.zeros(HIDDEN, "<f4").tobytes()
    with pytest.raises(ValueError, match="step"):
        read_again([Explored("a", 1, "abababab", b"", {}, before=before, steps=steps)], network)


def test_saturation_of_all_units_is_that_of_the_cell(shown):
    subject, cards = shown[0], shown[3]
    _, found = measure_cells(subject, [], local(1))
    spec = subject.network.spec
    assert set(found) == set(GATES[spec.architecture])
    for gate, shares in found.items():
        assert len(shares) == spec.hidden_size * spec.num_layers
        for card in cards:
            unit = card.claim.unit
            own = next(s for s in card.saturation if s.gate == gate)
            shut, open_ = shares[unit.layer * spec.hidden_size + unit.index]
            assert (shut, open_) == pytest.approx((own.shut, own.open), abs=2 * printed(3))


def test_what_a_network_writes_is_the_same_each_time_and_its_own_characters(shown):
    network = shown[0].network
    text = write(network, 50)
    assert text == write(network, 50) and len(text) == 50
    assert set(text) <= set(network.spec.vocabulary.characters)
