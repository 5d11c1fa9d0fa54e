"""What is planted is put into words, and where there is nothing to say nothing is said."""

import pytest

pytest.importorskip("torch")

from builder.core.formulas import parsed
from tests.truth.runs import HOLDS
from tests.truth.worded import (
    labels_of_others_in_words,
    planted_in_words,
    untrained_in_words,
)

pytestmark = pytest.mark.torch


@pytest.mark.parametrize("architecture", ["rnn", "gru", "lstm"])
def test_the_formula_that_was_planted_is_found(architecture):
    for said in planted_in_words(architecture, 0):
        assert said.agreement >= 0.99, (said.truth, said.claim.text)
        assert said.claim.grade in HOLDS
        if parsed(said.truth).size > 1:
            assert said.single < abs(said.claim.held_out.r_within.value) - 0.05


@pytest.mark.parametrize(("architecture", "hidden"), [("rnn", 64), ("gru", 64), ("lstm", 64)])
def test_a_network_that_learned_nothing_is_not_put_into_words(architecture, hidden):
    run = untrained_in_words(architecture, hidden, 17)
    assert run.claims and not run.by_beyond.any()
    assert run.beyond < 0.2


def test_labels_of_other_texts_say_nothing():
    run = labels_of_others_in_words("lstm", 6)
    assert not run.by_beyond.any() and not run.given
