"""Formulas of a whole network: the same every time, and nothing where there is nothing to say."""

import re
from dataclasses import replace
from functools import partial
from unittest.mock import patch

import pytest

torch = pytest.importorskip("torch")

from builder.activations.networks import NetworkSource  # noqa: E402
from builder.activations.subject import Subject  # noqa: E402
from builder.core.errors import CorpusError  # noqa: E402
from builder.core.formulas import parsed  # noqa: E402
from builder.core.text import Split  # noqa: E402
from builder.corpora.contract import TextFile  # noqa: E402
from builder.corpora.documents import make_corpus  # noqa: E402
from builder.corpora.settings import CorpusSettings, SplitSettings  # noqa: E402
from builder.evidence.formulas import find as find_module  # noqa: E402
from builder.evidence.formulas import ground  # noqa: E402
from builder.evidence.formulas.find import find_formulas  # noqa: E402
from builder.evidence.formulas.ground import ground_of  # noqa: E402
from builder.evidence.formulas.reservoirs import Reservoir  # noqa: E402
from builder.features import features_for  # noqa: E402
from builder.models.network import CharNetwork, initialise  # noqa: E402
from builder.models.spec import ModelSpec  # noqa: E402
from builder.models.untrained import STARTS, just_started, untrained_twin  # noqa: E402
from builder.tokens.characters import Vocabulary  # noqa: E402
from builder.work import local  # noqa: E402
from tests.tokens.made import Bytes  # noqa: E402
from tests.truth.planted import planted  # noqa: E402
from tests.truth.runs import HOLDS, texts_of  # noqa: E402
from tests.truth.text import HALVES, small_corpus  # noqa: E402

pytestmark = pytest.mark.torch
FEATURES = ("in_string", "bracket_depth", "line_position", "next_is_newline")


@pytest.fixture(scope="module")
def corpus():
    return small_corpus(documents=60, characters=500)


@pytest.fixture(scope="module")
def network(corpus):
    return planted("lstm", texts_of(corpus)).network


def on(network, corpus, features=FEATURES):
    return Subject(NetworkSource(network), corpus, "python", features_for("python", features))


def find(network, corpus, workers=1, **more):
    workers = local(workers)
    try:
        return find_formulas(on(network, corpus), workers, **more)
    finally:
        workers.close()


@pytest.fixture(scope="module")
def found(network, corpus):
    return find(network, corpus)


def network_of(corpus, layers=1, hidden=12, architecture="gru", tokens=None):
    vocabulary = tokens or Vocabulary.of_texts(texts_of(corpus))
    made = CharNetwork(ModelSpec(architecture, 8, hidden, layers, vocabulary))
    initialise(made, 3)
    return made.eval()


def test_what_was_planted_is_said(found):
    best = {claim.unit.index: claim for claim in reversed(found.formulas)}
    assert best[0].text == "in_string" and best[0].grade in HOLDS
    assert best[1].text.startswith("bracket_depth>=") and best[1].grade in HOLDS


def test_claims_are_sound(found):
    assert found.steps > 4_000
    assert found.coverage.units == 24 >= len({claim.cell for claim in found.formulas}) > 8
    for claim in found.formulas:
        formula = parsed(claim.text)
        assert 1 <= formula.size <= 3 and parsed(claim.single).size == 1
        assert 0 < claim.base_rate < 1
        assert abs(claim.held_out.r_within.value) <= 1 and abs(claim.beyond.value) <= 1
        assert (claim.effect is not None) == (claim.grade in HOLDS)
    grades = [claim.grade for claim in found.formulas]
    assert grades == sorted(grades, key=list(type(grades[0])).index)


def test_a_planted_unit_tells_its_feature_alone(found):
    spread = {one.text: one for one in found.spread}
    assert spread["in_string"].units[0].index == 0 and spread["bracket_depth"].units[0].index == 1
    for one in found.spread:
        assert one.sizes == (1, 2, 5, 10) and len({u.cell for u in one.units}) == len(one.units)
        assert all(share <= 1 for share in (*one.explained, one.linear, one.reservoir))
    assert spread["in_string"].explained[0] > 0.8 * spread["in_string"].linear > 0.5


def test_what_more_a_unit_says_adds_to_what_it_says(found):
    for claim in found.formulas:
        if claim.several:
            adds = sum(one.adds for one in claim.several.further)
            told = claim.explained.formula + adds
            assert claim.several.explained == pytest.approx(told, abs=1e-3)
    assert found.coverage.untrained.several <= found.coverage.trained.several


def test_more_words_never_cover_fewer_units(found):
    for counted in (found.coverage.trained, found.coverage.untrained):
        for row in (counted.single, counted.formulas, counted.linear, counted.formulas_beyond):
            assert list(row) == sorted(row, reverse=True) and row[0] <= found.coverage.units


def test_the_same_twice_and_with_two_workers(network, corpus, found):
    again, in_two = find(network, corpus), find(network, corpus, workers=2)
    assert repr(again) == repr(found)
    assert repr(in_two) == repr(found)


def test_few_documents_are_never_enough(network, corpus, found):
    with patch.object(find_module, "UNTRAINED", ()):
        unsure = find(network, corpus, enough=False)
    assert not [claim for claim in unsure.formulas if claim.grade in HOLDS]
    said = {claim.text for claim in unsure.formulas}
    assert said >= {claim.text for claim in found.formulas if claim.grade in HOLDS}


@pytest.mark.parametrize(("layers", "hidden", "architecture"), [
    (1, 1, "rnn"), (1, 1, "lstm"), (2, 3, "gru")])
def test_networks_of_any_shape(corpus, layers, hidden, architecture):
    made = network_of(corpus, layers, hidden, architecture)
    said = find(made, corpus)
    assert said.coverage.units == layers * hidden
    assert not [claim for claim in said.formulas if claim.grade in HOLDS]


def test_a_unit_that_is_constant_has_no_formula(network, corpus):
    still = CharNetwork(network.spec)
    still.load_state_dict(network.state_dict())
    hidden = network.spec.hidden_size
    with torch.no_grad():
        for name in ("weight_ih_l0", "weight_hh_l0", "bias_ih_l0", "bias_hh_l0"):
            getattr(still.rnn, name)[5::hidden] = 0.0
        still.rnn.bias_ih_l0[4::hidden] = torch.tensor([20.0, -20.0, 20.0, 20.0])
        for name in ("weight_ih_l0", "weight_hh_l0"):
            getattr(still.rnn, name)[4::hidden] = 0.0
    said = find(still.eval(), corpus)
    assert not {4, 5} & {claim.unit.index for claim in said.formulas if claim.grade in HOLDS}
    assert 5 not in {claim.unit.index for claim in said.formulas
                     if claim.held_out.r_within.value is not None}


def test_a_network_all_of_whose_units_are_constant(corpus):
    still = network_of(corpus)
    with torch.no_grad():
        for parameter in still.rnn.parameters():
            parameter.zero_()
    said = find(still, corpus)
    assert said.formulas == () and set(said.coverage.trained.formulas) == {0.0}


def test_steps_may_be_other_than_characters(corpus):
    umlauts = replace(corpus, documents=tuple(
        replace(d, text=d.text.replace("e", "\u00e9")) for d in corpus.documents))
    made = network_of(umlauts, tokens=Bytes())
    said = find(made, umlauts)
    assert said.steps > 4_000 and said.formulas
    assert not said.conditions


def few(texts, **split):
    files = [TextFile(f"text-{i}", text.encode()) for i, text in enumerate(texts)]
    return make_corpus(files, CorpusSettings(), SplitSettings(**split) if split else HALVES)


@pytest.mark.parametrize("characters", [210, 400])
def test_a_text_that_is_too_small_says_nothing(characters):
    small = few([d.text[:characters] for d in small_corpus().documents[:12]])
    said = find(network_of(small), small)
    assert not [claim for claim in said.formulas if claim.grade in HOLDS]


@pytest.mark.parametrize("split", [Split.DISCOVER, Split.HELD_OUT])
def test_a_text_without_one_of_the_splits_is_refused(corpus, split):
    documents = tuple(d for d in corpus.documents if d.pieces[0].split is not split)
    with pytest.raises(CorpusError, match="no characters to score"):
        find(network_of(corpus), replace(corpus, documents=documents))


def test_without_training_text_there_are_no_pairs_and_nothing_is_said(corpus):
    documents = tuple(d for d in corpus.documents if d.pieces[0].split is not Split.TRAIN)
    said = find(network_of(corpus), replace(corpus, documents=documents))
    assert said.formulas == () and said.steps == 0


def test_a_text_of_one_character():
    same = few(["a" * 900] * 1 + ["a" * (900 + i) for i in range(30)])
    said = find(network_of(same), same)
    assert said.formulas == () and said.conditions == ()


def test_words_are_learned_from_the_training_text_alone(network, corpus):
    documents = tuple(
        replace(d, text=re.sub(r"\b[a-z]{3}\b", "zzz", d.text))
        if d.pieces[0].split is not Split.TRAIN else d for d in corpus.documents)
    with patch.object(ground, "naming", partial(ground.naming, words=500)):
        read = ground_of(on(network, replace(corpus, documents=documents)), local(1))
    names = next(f.label.names for f in read.reading.features if f.spec.id == "word")
    assert "zzz" not in names and names


def test_a_small_text_gives_all_its_steps(network, corpus):
    read = ground_of(on(network, corpus), local(1))
    assert read.every == 1
    assert replace(read, steps=1_000).every > 5


def test_a_reservoir_has_about_as_many_signals_whatever_the_width(network):
    for signals, steps, networks, each in ((512, 64_000, 2, 512), (64, 64_000, 16, 64),
                                           (1, 64_000, 16, 1), (2048, 64_000, 2, 512),
                                           (64, 2_000, 2, 64), (64, 100, 2, 5), (64, 0, 2, 1)):
        made = Reservoir(NetworkSource(network), signals, steps)
        assert len(list(made.networks())) == networks
        assert len(range(signals)[made.columns]) == each


def test_no_network_of_a_reservoir_is_a_twin(network):
    taken = [just.network.embedding.weight.sum().item() for just in
             Reservoir(NetworkSource(network), 48, 64_000).networks()]
    others = [untrained_twin(network, number).embedding.weight.sum().item() for number in (1, 5)]
    assert len(set(taken)) == len(taken) and not set(taken) & set(others)


def test_networks_just_started_are_the_same_again(network):
    for how in STARTS:
        first, again, other = (just_started(network.spec, how, seed) for seed in (3, 3, 4))
        weights = [weights_of(one) for one in (first, again, other)]
        assert weights[0] == weights[1] != weights[2]


def weights_of(network):
    return {name: tensor.tolist() for name, tensor in network.state_dict().items()}
