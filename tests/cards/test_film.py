"""A training looked at again and again, against each of its networks measured by itself."""

import copy
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from builder.activations.networks import NetworkSource  # noqa: E402
from builder.activations.sampling import sample  # noqa: E402
from builder.activations.subject import Subject  # noqa: E402
from builder.cards.checkpoints import with_film  # noqa: E402
from builder.core.cards import Grade  # noqa: E402
from builder.core.text import Split  # noqa: E402
from builder.corpora.contract import Place  # noqa: E402
from builder.corpora.documents import make_corpus  # noqa: E402
from builder.corpora.kinds.synthetic import SyntheticCorpus  # noqa: E402
from builder.corpora.settings import SplitSettings  # noqa: E402
from builder.evidence.survey import discover, survey  # noqa: E402
from builder.features import features_for  # noqa: E402
from builder.models.folder import StoredModel  # noqa: E402
from builder.models.network import CharNetwork, initialise  # noqa: E402
from builder.models.spec import ModelSpec  # noqa: E402
from builder.models.training.film import Frame  # noqa: E402
from builder.scoring.residuals import CHUNK, SHORT  # noqa: E402
from builder.tokens.characters import Vocabulary  # noqa: E402
from builder.work import local  # noqa: E402
from tests.cards.test_transfer import (  # noqa: E402
    HIDDEN,
    STATE,
    scored_in,
)
from tests.corpora.reading import read_files  # noqa: E402
from tests.make_cards import cell, exhibit  # noqa: E402
from tests.tolerances import correlation, printed  # noqa: E402

pytestmark = pytest.mark.torch
READ = (10, 200, 3_000)


@pytest.fixture(scope="module")
def subject():
    settings = SyntheticCorpus(kind="synthetic", documents=50, characters=1200, seed=4)
    corpus = make_corpus(read_files(settings, Place(Path(), Path())), settings,
                         SplitSettings(discover=0.3, held_out_share=0.3))
    return Subject(NetworkSource(network_of(corpus, 3)), corpus, "python",
                   features_for("python", ("bracket_depth", "in_string", "is_space")))


def network_of(corpus, seed):
    vocabulary = Vocabulary.of_texts(d.text for d in corpus.documents)
    network = CharNetwork(ModelSpec("gru", 8, HIDDEN, 1, vocabulary))
    initialise(network, seed)
    return network.eval()


@pytest.fixture(scope="module")
def frames(subject):
    networks = [network_of(subject.corpus, 1), network_of(subject.corpus, 2), subject.network]
    return [Frame(read, StoredModel(network, "", {}))
            for read, network in zip(READ, networks, strict=True)]


@pytest.fixture(scope="module")
def card(subject):
    """Return a card whose cells have excerpts of this corpus."""
    document, piece = sample(subject.corpus, Split.HELD_OUT, 300_000)[0]
    start = document.text.index("\n", piece.scored_start + 100) + 1
    text = document.text[start : start + 120]
    zeros = (0.0,) * len(text)

    def shown(unit, feature):
        made = cell("x", unit, "in_string", 0.8, Grade.VERIFIED)
        excerpt = replace(made.excerpts[0], document=document.name, start=start, line=9,
                          text=text, values=zeros, labels=zeros, twin=(), inside=None)
        return replace(made, claim=replace(made.claim, feature=feature),
                       excerpts=(excerpt, *made.excerpts[1:]))

    return replace(exhibit("x"), film=None, cells=(
        shown("z0.4", "is_space"), shown("h0.3", "in_string"), shown("dh0.1", "is_space"),
        shown("h0.5", "in_string"), shown("h0.7", "bracket_depth")))


@pytest.fixture(scope="module")
def film(subject, card, frames):
    return with_film(card, subject, frames, local(1)).film


def test_it_has_the_first_state_of_each_feature_at_every_moment(film):
    assert film.characters == READ
    assert [(c.unit.name, c.feature) for c in film.cells] == [
        ("h0.3", "in_string"), ("h0.7", "bracket_depth")]
    for one in film.cells:
        assert {len(one.r), len(one.r_within), len(one.best), len(one.best_within),
                len(one.values)} == {len(READ)}


@pytest.mark.parametrize("moment", [0, 1, 2])
def test_each_moment_says_what_that_network_does_on_held_out_text(subject, film, frames, moment):
    network = frames[moment].model.network
    for one in film.cells:
        values, labels = scored_in(replace(subject, source=NetworkSource(network)), one.unit.index,
                                   one.feature, {Split.HELD_OUT})
        close = printed(4) + correlation(len(values), CHUNK, SHORT) + STATE / values.std()
        assert one.r[moment] == pytest.approx(np.corrcoef(values, labels)[0, 1], abs=close)
        assert film.sample == len(values)


@pytest.mark.parametrize("moment", [0, 1, 2])
def test_the_best_unit_of_a_moment_is_that_of_discover_text(subject, film, frames, moment):
    there = replace(subject, source=NetworkSource(frames[moment].model.network))
    scores = discover(survey(there, 0.0, local(1))).experiment.scores
    for one in film.cells:
        column = np.abs(scores.r_within[:, scores.features.index(one.feature)])
        assert one.best[moment] == subject.units[int(column.argmax())]


def test_the_strips_are_what_the_unit_does_over_the_excerpt(subject, film, card, frames):
    for one in film.cells:
        excerpt = card.cells[1].excerpts[0]
        assert one.text == excerpt.text and one.line == 9
        text = next(d.text for d in subject.corpus.documents if d.name == one.document)
        ids = torch.from_numpy(subject.network.spec.vocabulary.encode(
            text[: excerpt.start + len(excerpt.text)]))
        for frame, values in zip(frames, one.values, strict=True):
            network = copy.deepcopy(frame.model.network).double()
            with torch.no_grad():
                h = network.rnn(network.embedding(ids)[:, None])[0][:, 0, one.unit.index]
            assert values == pytest.approx(
                h.numpy()[-len(excerpt.text):], abs=printed(3) + STATE)


def test_a_recipe_may_name_the_features_and_their_order(subject, card, frames):
    named = with_film(card, subject, frames, local(1), ("bracket_depth", "in_url", "in_string"))
    assert [c.feature for c in named.film.cells] == ["bracket_depth", "in_string"]
    assert with_film(card, subject, frames, local(1), ("in_url",)).film is None


def test_without_frames_or_cells_there_is_no_film(subject, card, frames):
    assert with_film(card, subject, frames[-1:], local(1)).film is None
    assert with_film(replace(card, cells=()), subject, frames, local(1)).film is None


def test_workers_change_nothing(subject, card, frames, film):
    with local(2) as workers:
        assert with_film(card, subject, frames, workers).film == film
