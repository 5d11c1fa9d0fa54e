"""Controls: what is planted is found, what learned nothing is not."""

import re
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from builder.activations import sampling  # noqa: E402
from builder.activations.networks import NetworkSource  # noqa: E402
from builder.activations.sampling import predicted  # noqa: E402
from builder.activations.subject import Subject  # noqa: E402
from builder.core.cards import Grade  # noqa: E402
from builder.core.text import Corpus, Document  # noqa: E402
from builder.core.units import UnitId  # noqa: E402
from builder.corpora.contract import Place, TextFile  # noqa: E402
from builder.corpora.documents import make_corpus  # noqa: E402
from builder.corpora.kinds.synthetic import SyntheticCorpus  # noqa: E402
from builder.corpora.settings import SplitSettings  # noqa: E402
from builder.evidence import costs  # noqa: E402
from builder.evidence.controls import ablation  # noqa: E402
from builder.evidence.controls.untrained import upper  # noqa: E402
from builder.evidence.measure import begin, measure  # noqa: E402
from builder.features import features_for  # noqa: E402
from builder.models.network import CharNetwork, initialise  # noqa: E402
from builder.models.spec import ModelSpec  # noqa: E402
from builder.models.untrained import TWINS, shuffled, untrained_twin  # noqa: E402
from builder.scoring.null import Residuals, _laid_on_each_other, p_values  # noqa: E402
from builder.tokens.characters import Vocabulary  # noqa: E402
from builder.work import local  # noqa: E402
from tests.corpora.reading import read_files  # noqa: E402
from tests.tolerances import HALF_UNIT, SIGMAS  # noqa: E402

pytestmark = pytest.mark.torch
FEATURES = ("bracket_depth", "in_string", "line_position", "is_digit", "next_is_newline")


@pytest.fixture(scope="module")
def corpus():
    """Brackets nested a few deep, and strings without brackets."""
    settings = SyntheticCorpus(kind="synthetic", documents=90, characters=1200, seed=4)
    files = [TextFile(f.name, re.sub(rb'"[^"\n]*"', b'"abc de"', f.content))
             for f in read_files(settings, Place(Path(), Path()))]
    return make_corpus(files, settings, SplitSettings(discover=0.4, held_out_share=0.4))


def vocabulary_of(corpus):
    return Vocabulary.of_texts(d.text for d in corpus.documents)


def network_of(corpus, architecture="lstm", hidden=24, seed=0):
    network = CharNetwork(ModelSpec(architecture, 12, hidden, 1, vocabulary_of(corpus)))
    initialise(network, seed)
    return network.eval()


def subject_of(network, corpus):
    return Subject(NetworkSource(network), corpus, "python", features_for("python", FEATURES))


def with_a_counter(network):
    """Make cell 0 add .15 at every opening bracket and take it away at every closing one."""
    hidden, vocabulary = network.spec.hidden_size, network.spec.vocabulary
    with torch.no_grad():
        network.embedding.weight[:, 0] = torch.tensor(
            [0.0] + [float((c in "([{") - (c in ")]}")) for c in vocabulary.characters])
        rnn = network.rnn
        for gate, bias in enumerate((20.0, 20.0, 0.0, 20.0)):
            row = gate * hidden
            rnn.weight_ih_l0[row] = 0.0
            rnn.weight_hh_l0[row] = 0.0
            rnn.bias_ih_l0[row] = bias
            rnn.bias_hh_l0[row] = 0.0
        rnn.weight_ih_l0[2 * hidden, 0] = 0.15
    return network


def verified(found):
    return [c for c in found.claims if c.grade in (Grade.VERIFIED, Grade.CAUSAL)]


def test_a_planted_counter_is_first_and_verified(corpus):
    found = measure(subject_of(with_a_counter(network_of(corpus)), corpus), 0.3)
    best = found.claims[0]
    assert best.unit.name in ("c0.0", "h0.0") and best.feature == "bracket_depth"
    assert best.grade in (Grade.VERIFIED, Grade.CAUSAL)
    assert best.held_out.r.value > 0.9 and best.p_family == pytest.approx(0.001)
    depth = np.nan_to_num(np.abs(found.scores.r_within[:, found.scores.features.index(
        "bracket_depth")]))
    assert found.scores.units[int(depth.argmax())].index == 0


def test_without_the_controls_nothing_is_verified(corpus):
    subject = subject_of(with_a_counter(network_of(corpus)), corpus)
    found = measure(subject, 0.3, controls=False)
    assert found.claims[0].grade is Grade.SUGGESTIVE
    assert found.claims[0].p_family is None and found.floors == {}


def test_a_cell_is_held_at_the_mean_of_h_whatever_is_scored(corpus, monkeypatch):
    monkeypatch.setattr(costs, "RANDOM_CELLS", 1)
    subject = subject_of(network_of(corpus, hidden=6), corpus)
    unit = UnitId("h", 0, 2)
    found = [ablation._take_away(begin(one, 0.3, local(1)), [unit])[unit].state()
             for one in (subject, replace(subject, signals=("c",)))]
    for name, usual in found[0].items():
        np.testing.assert_allclose(found[1][name], usual, rtol=1e-4, atol=1e-9)


@pytest.mark.parametrize("architecture", ["rnn", "gru", "lstm"])
@pytest.mark.parametrize("seed", [11])
def test_a_network_that_learned_nothing_has_no_verified_cell(corpus, architecture, seed):
    network = network_of(corpus, architecture, seed=seed)
    assert verified(measure(subject_of(network, corpus), 0.3)) == []


def test_labels_of_other_texts_give_no_verified_cell(corpus):
    """The network reads one text, the labels are another's of the same length."""

    class OfAnother:
        def __init__(self, feature):
            self.spec, self._feature = feature.spec, feature

        def label(self, source):
            other = type(source)(others[source.text], source.language)
            return self._feature.label(other)

    length = min(len(d.text) for d in corpus.documents)
    texts = [d.text[:length] for d in corpus.documents]
    others = dict(zip(texts, texts[1:] + texts[:1], strict=True))
    documents = tuple(
        Document(d.name, d.text[:length], (replace(d.pieces[0], stop=length),))
        for d in corpus.documents)
    even = Corpus(documents, (), "", "")
    subject = subject_of(with_a_counter(network_of(corpus)), even)
    assert verified(measure(subject, 0.3))
    strange = replace(subject, features=tuple(OfAnother(f) for f in subject.features))
    assert verified(measure(strange, 0.3)) == []


def slow(random, shape):
    return np.cumsum(random.normal(size=shape), axis=0) / np.sqrt(shape[0])


def test_p_is_small_for_what_is_planted_and_not_for_slow_noise():
    random = np.random.default_rng(0)
    documents = []
    for _ in range(20):
        n = int(random.integers(300, 500))
        units, features = slow(random, (n, 6)), slow(random, (n, 3))
        units[:, 0] = features[:, 1] + 0.3 * slow(random, (n,))
        documents.append(Residuals(units.astype(np.float16), features.astype(np.float32),
                                   np.ones(n, bool)))
    unit_of, feature_of = np.repeat(np.arange(6), 3), np.tile(np.arange(3), 6)
    p = p_values(documents, unit_of, feature_of).reshape(6, 3)
    assert p[0, 1] == pytest.approx(0.001)
    assert np.delete(p.ravel(), 1).min() > 0.05
    assert np.isnan(p_values(documents[:4], unit_of, feature_of)).all()


def test_the_family_is_wrongly_rejected_no_more_often_than_it_says():
    random, wrong = np.random.default_rng(1), 0
    for _ in range(50):
        documents = [Residuals(slow(random, (80, 4)).astype(np.float16),
                               slow(random, (80, 2)).astype(np.float32), np.ones(80, bool))
                     for _ in range(20)]
        p = p_values(documents, np.repeat(np.arange(4), 2), np.tile(np.arange(2), 4))
        wrong += p.min() < 0.05
    assert wrong <= 7


def test_rare_bigrams_count_nothing():
    random = np.random.default_rng(2)

    def document(junk):
        units, features = random.normal(size=(60, 2)), random.normal(size=(60, 1))
        kept = np.arange(60) % 5 != 0
        units[~kept], features[~kept] = 0, 0
        return Residuals(units.astype(np.float16), features.astype(np.float32),
                         kept), (units, features, kept)

    made = [document(i) for i in range(6)]
    sums = _laid_on_each_other([d for d, _ in made], np.array([1]), 0).reshape(6, 6, -1)
    (units, _, kept_h), (_, features, kept_f) = made[2][1], made[4][1]
    both = kept_h & kept_f
    expected = units[both, 1] @ features[both, 0]
    assert sums[4, 2, 0] == both.sum()
    close = SIGMAS * HALF_UNIT * np.sqrt((units[both, 1] ** 2 @ features[both, 0] ** 2) / 3)
    assert sums[4, 2, 5] == pytest.approx(expected, abs=close), "units are float16"


def test_unlearned_networks_differ_and_are_the_same_every_time(corpus):
    network = network_of(corpus)
    first, again = ([untrained_twin(network, i) for i in range(TWINS)] for _ in range(2))
    assert len(first) == 12
    weights = [n.rnn.weight_hh_l0.detach().numpy().tobytes() for n in first]
    assert weights == [n.rnn.weight_hh_l0.detach().numpy().tobytes() for n in again]
    assert len(set(weights)) == 12


def test_shuffling_keeps_the_numbers_of_each_gate(corpus):
    network = network_of(corpus)
    other = shuffled(network, 1)
    for name, tensor in network.rnn.named_parameters():
        for a, b in zip(tensor.chunk(4), other.rnn.state_dict()[name].chunk(4), strict=True):
            assert torch.equal(a.detach().flatten().sort()[0], b.flatten().sort()[0])
    assert not torch.equal(network.rnn.weight_hh_l0, other.rnn.weight_hh_l0)


def halves(best):
    """Return the largest of either half of the units of each network, one of which has it."""
    return np.stack([best, best - 0.1], 1)


KINDS_DIFFER = np.array([0.0, 0.2, 0.1])[:, None, None]


def test_the_floor_is_a_prediction_bound_for_the_kind_that_reaches_most():
    from scipy import stats

    kinds = np.random.default_rng(0).normal(0.3, 0.02, size=(3, 4, 2)) + KINDS_DIFFER
    spread = np.sqrt(kinds.var(1, ddof=1).mean(0))
    t = stats.t.ppf(1 - 0.05 / 2, 9)
    expected = kinds[1].mean(0) + t * spread * np.sqrt(1 + 1 / 4)
    assert upper(halves(kinds.reshape(12, 2)), 3) == pytest.approx(expected)
    assert upper(halves(kinds.reshape(12, 2) + 0.9), 3).max() == 1.0


def test_the_floor_covers_the_next_network_as_often_as_it_says():
    random, missed = np.random.default_rng(1), 0
    for _ in range(400):
        kinds = random.normal(0.3, 0.02, size=(3, 5, 1)) + KINDS_DIFFER
        missed += kinds[1, 4, 0] > upper(halves(kinds[:, :4].reshape(12, 1)), 3)[0]
    assert 6 <= missed <= 36


@pytest.mark.parametrize("networks", [1, 2, 3])
def test_few_networks_give_a_floor_with_a_margin(networks):
    """Units are alike in all features; the largest of a next network goes beyond the floor."""
    random, features, missed = np.random.default_rng(networks), 40, 0
    for _ in range(400):
        units = np.abs(random.normal(0, 0.1, (networks + 1, 2, 16, features)))
        best = units.max(2)  # of either half of 32 units
        floor = upper(best[:-1], 1)
        assert (floor >= best[:-1].max((0, 1))).all() and floor.mean() < 0.7
        missed += (best[-1].max(0) > floor).any()
    assert missed <= 0.1 * 400


def test_the_floor_of_few_networks_is_no_lower_than_that_of_many():
    units = np.abs(np.random.default_rng(0).normal(0, 0.1, (12, 2, 16, 40))).max(2)
    floors = [upper(units[:networks], 1).mean() for networks in (1, 3, 12)]
    assert min(floors[:2]) > 0.95 * floors[2] > units.max(1).mean()


def test_less_is_predicted_where_a_vocabulary_is_large(monkeypatch):
    """Each step costs a score of every entry, and a unit is taken away once for each of many."""
    assert [predicted(64, entries, 8) for entries in (2, 5_000, 10_000, 60_000, 10**7)] == [
        64, 64, 32, 8, 8]
    asked = []
    monkeypatch.setattr(ablation, "windows", lambda *about: asked.append(about[2]) or ())
    monkeypatch.setattr(ablation, "prepare", lambda *about: asked.append(0) or 1 / 0)
    for most in (5_000, 1):
        monkeypatch.setattr(sampling, "MOST_ENTRIES", most)
        texts = SimpleNamespace(cutting=SimpleNamespace(size=40))
        with pytest.raises(ZeroDivisionError):
            ablation._scene(SimpleNamespace(
                subject=SimpleNamespace(corpus=None, texts=texts, reading=None), table=None))
    assert asked == [64, 0, 8, 0]
