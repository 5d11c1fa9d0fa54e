"""No claim about a count hangs on one odd line: counts are scored up to a common value."""

from collections import Counter
from dataclasses import replace

import numpy as np
import pytest

pytest.importorskip("torch")

from builder import save_states
from builder.activations.clipping import CLIP_COUNTS, clips_of
from builder.activations.subject import prepare
from builder.core.errors import RecipeError
from builder.core.text import Split
from builder.evidence.controls import shuffled_labels
from builder.evidence.inspection import inspect
from builder.evidence.opening import Given, opened_states
from builder.scoring import BigramTable
from builder.workspace.recipe import validate
from tests.cli.conftest import program
from tests.sources_of_states import planted_states, starts_of

pytestmark = pytest.mark.torch
TEXTS = [program(seed) for seed in range(64)]
LONGEST = 3_256
ODD = {
    "line_position": "x = " + "y + " * (LONGEST // 4) + "1\n",
    "round_depth": "z = " + "(" * 400 + "1" + ")" * 400 + "\n",
}
"""Count to what spoils it where it stands once in a whole text."""


def subject_of(folder, texts, **changed):
    path = folder / f"{len(list(folder.iterdir()))}.npz"
    save_states(path, planted_states(texts, 1), text="".join(texts), documents=starts_of(texts))
    return replace(opened_states(path, [], Given("python")), **changed)


def held_out_at(subject):
    """Return the number of a document that is held out, whole."""
    return next(i for i, d in enumerate(subject.corpus.documents)
                if {p.split for p in d.pieces} == {Split.HELD_OUT})


def claim_of(subject, feature):
    """Return r on held-out text, and r', of the unit that follows a count."""
    unit = {"round_depth": 1, "line_position": 2}[feature]
    found = next(c for c in inspect(subject, controls=False).measured.claims
                 if (c.unit.index, c.feature) == (unit, feature))
    return found.held_out.r.value, found.held_out.r_within.value


@pytest.mark.parametrize("feature", ODD)
def test_one_odd_line_does_not_decide_a_claim(tmp_path, feature):
    at = held_out_at(subject_of(tmp_path, TEXTS))
    odd = [text + ODD[feature] * (i == at) for i, text in enumerate(TEXTS)]
    usual = claim_of(subject_of(tmp_path, TEXTS), feature)
    as_it_is = claim_of(subject_of(tmp_path, odd, clip_counts=1.0), feature)
    clipped = claim_of(subject_of(tmp_path, odd), feature)
    assert min(usual) > 0.9 and min(clipped) > 0.85
    assert as_it_is[0] < clipped[0] - 0.1 and as_it_is[1] < clipped[1]


def test_a_count_is_scored_up_to_what_is_common_where_there_is_any(tmp_path):
    subject = subject_of(tmp_path, TEXTS)
    for column, most in subject.clips:
        labels = np.concatenate([
            subject.texts.labels(d)[p.start:p.stop, column] for d in subject.corpus.documents
            for p in d.pieces if p.split is Split.TRAIN])
        met = Counter(labels[labels > 0].tolist())
        share = sum(often for value, often in met.items() if value <= most) / sum(met.values())
        below = sum(often for value, often in met.items() if value < most) / sum(met.values())
        # of each document the first characters are not scored, and so not counted
        assert below - 0.01 < CLIP_COUNTS < share + 0.01
    assert clips_of(subject.texts, subject.corpus, 1.0) == ()


def test_what_is_scored_is_clipped_and_what_is_shown_is_not(tmp_path):
    subject = subject_of(tmp_path, TEXTS)
    at = held_out_at(subject)
    odd = subject_of(tmp_path, [text + ODD["line_position"] * (i == at)
                                for i, text in enumerate(TEXTS)])
    column = odd.feature_ids.index("line_position")
    document = odd.corpus.documents[at]
    shown = odd.texts.labels(document)[:, column]
    table = BigramTable(np.zeros(odd.source.tokens.size, np.int32), np.zeros((1, 1), np.int32), 0)
    scored = prepare(odd.reading, [(document, document.pieces[-1])], table)[0].labels[:, column]
    most = dict(odd.clips)[column]
    assert shown.max() > LONGEST - 10 and scored.max() == most < 200
    assert odd.counts_up_to["line_position"] == most
    assert inspect(odd, controls=False).record["counts_up_to"] == odd.counts_up_to


def test_labels_of_other_documents_are_clipped_too(tmp_path, monkeypatch):
    at = held_out_at(subject_of(tmp_path, TEXTS))
    odd = subject_of(tmp_path, [text + ODD["line_position"] * (i == at)
                                for i, text in enumerate(TEXTS)])
    seen, real, column = [], shuffled_labels.p_values, odd.feature_ids.index("line_position")

    def watching(documents, units, features):
        seen.extend(float(d.features[:, column].max(initial=0)) for d in documents)
        return real(documents, units, features)

    monkeypatch.setattr(shuffled_labels, "p_values", watching)
    inspect(odd)
    assert len(seen) > 5 and 0 < max(seen) <= odd.counts_up_to["line_position"] < 200


def test_a_recipe_says_how_much_is_clipped():
    def selection(value):
        return validate({"title": "t", "corpus": {
            "kind": "stdlib", "source": "s", "license": "l"},
            "selection": {"clip_counts": value}}, "exhibit.toml").selection

    assert selection(0.9).clip_counts == 0.9
    for wrong in (0, 1.2, "much"):
        with pytest.raises(RecipeError, match="clip_counts"):
            selection(wrong)
