"""Claims on a text of another kind."""

import copy
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from builder.activations.networks import NetworkSource  # noqa: E402
from builder.activations.subject import Subject, transfer_subject  # noqa: E402
from builder.cards.transfer import with_transfer  # noqa: E402
from builder.core.cards import Grade  # noqa: E402
from builder.core.scores import Estimate  # noqa: E402
from builder.core.text import Split  # noqa: E402
from builder.corpora.contract import Place  # noqa: E402
from builder.corpora.documents import make_corpus  # noqa: E402
from builder.corpora.kinds.synthetic import SyntheticCorpus  # noqa: E402
from builder.corpora.settings import SplitSettings  # noqa: E402
from builder.features import features_for, label  # noqa: E402
from builder.models.network import CharNetwork, initialise  # noqa: E402
from builder.models.spec import ModelSpec  # noqa: E402
from builder.scoring.residuals import CHUNK, SHORT  # noqa: E402
from builder.tokens.characters import Vocabulary  # noqa: E402
from builder.work import local  # noqa: E402
from builder.workspace.recipe import Exhibit, validate  # noqa: E402
from tests.corpora.reading import read_files  # noqa: E402
from tests.make_cards import cell, exhibit  # noqa: E402
from tests.tolerances import correlation, recurrence  # noqa: E402

pytestmark = pytest.mark.torch
HIDDEN = 12
LONGEST = 2_000
STATE = recurrence(LONGEST, 2 * HIDDEN + 2)
"""Rounding of a value in the longest text."""


@pytest.fixture(scope="module")
def subject():
    settings = SyntheticCorpus(kind="synthetic", documents=50, characters=1200, seed=4,
                               source="a rule", license="none")
    corpus = make_corpus(read_files(settings, Place(Path(), Path())), settings,
                         SplitSettings(discover=0.3, held_out_share=0.3))
    vocabulary = Vocabulary.of_texts(d.text for d in corpus.documents)
    network = CharNetwork(ModelSpec("gru", 8, HIDDEN, 1, vocabulary))
    initialise(network, 3)
    return Subject(NetworkSource(network.eval()), corpus, "python",
                   features_for("python", ("bracket_depth", "in_string", "is_space")))


def shown(unit, feature, grade=Grade.VERIFIED):
    made = cell("x", unit, "in_string", 0.8, grade)
    return replace(made, claim=replace(made.claim, feature=feature))


@pytest.fixture(scope="module")
def card(subject):
    cells = (shown("h0.3", "in_string"), shown("h0.7", "is_space", Grade.CHARACTER),
             shown("dh0.2", "in_string"), shown("h0.4", "in_url"))
    return with_transfer(replace(exhibit("x"), cells=cells), "rules", subject, local(1))


def scored_in(subject, unit, feature, splits):
    """Return values, in float64, and labels of the scored characters of splits."""
    network = copy.deepcopy(subject.network).double()
    values, labels = [], []
    for document in subject.corpus.documents:
        (piece,) = document.pieces
        if piece.split not in splits:
            continue
        ids = torch.from_numpy(network.spec.vocabulary.encode(document.text))
        assert len(ids) <= LONGEST
        with torch.no_grad():
            h = network.rnn(network.embedding(ids)[:, None])[0][:, 0, unit]
        one = features_for("python", (feature,))
        values.append(h.numpy()[piece.scored_start : piece.stop])
        own = label(document.text, "python", one).values[:, 0]
        labels.append(own[piece.scored_start : piece.stop])
    return np.concatenate(values), np.concatenate(labels)


@pytest.mark.parametrize(("place", "unit", "feature"), [(0, 3, "in_string"), (1, 7, "is_space")])
def test_r_is_that_of_all_text_nothing_was_fitted_to(subject, card, place, unit, feature):
    found = card.cells[place].transfer.r
    values, labels = scored_in(subject, unit, feature, {Split.DISCOVER, Split.HELD_OUT})
    close = correlation(len(values), CHUNK, SHORT) + STATE / values.std()
    assert found.value == pytest.approx(np.corrcoef(values, labels)[0, 1], abs=close)
    assert found.low < found.value < found.high
    assert card.transfer.characters == len(values)


def test_a_claim_about_characters_has_no_r_within(card):
    assert card.cells[1].transfer.r_within == Estimate(None)
    assert card.cells[0].transfer.r_within.value is not None


def test_what_the_text_does_not_have_is_left_out(card):
    assert card.cells[2].transfer is None and card.cells[3].transfer is None


def test_it_is_said_which_text_it_was(subject, card):
    there = card.transfer
    assert (there.title, there.source, there.license) == ("rules", "a rule", "none")
    unseen = [d for d in subject.corpus.documents if d.pieces[0].split is not Split.TRAIN]
    assert there.documents == len(unseen) and 3 < there.bits_per_character < 8


@pytest.fixture
def elsewhere(subject, monkeypatch):
    """Return a function from a language and the features of cells to those looked for in it."""
    monkeypatch.setattr("builder.activations.subject.load_model",
                        lambda _: SimpleNamespace(network=subject.network))

    def looked_for(language, wanted):
        recipe = validate({
            "title": "x", "language": language, "corpus": {"kind": "stdlib"},
            "selection": {"features": ["in_string", "in_decorator"]},
            "feature": [{"id": "own_query", "title": "q", "hypothesis": "is on at a call",
                         "query": "(call) @on"}]}, "here")
        found = transfer_subject(Exhibit(name="x", folder=Path(), recipe=recipe),
                                  subject.corpus, wanted)
        return found and set(found.feature_ids)

    return looked_for


def test_features_that_the_other_language_lacks_are_left_out(elsewhere):
    wanted = {"in_string", "in_decorator", "own_query"}
    assert elsewhere("python", wanted) == wanted
    assert elsewhere("c", wanted - {"own_query"}) == {"in_string"}
    assert elsewhere("prose", {"in_decorator", "own_query"}) is None
