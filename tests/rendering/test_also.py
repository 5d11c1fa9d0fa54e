"""What a page says that a unit does besides: another thing, and only what stands."""

from dataclasses import replace

import pytest

from builder.core.cards import Grade
from builder.core.runs import runs
from builder.rendering.also import also_sentence
from builder.rendering.gallery import Gallery
from tests.make_cards import FEATURES, claim, exhibit

ONE = [0.0, 1.0] * 10
SAME = [0.0, 1.0] * 9 + [1.0, 1.0]
OTHER = [0.0, 0.0, 1.0, 1.0] * 5


def said(other, labels=None):
    card = exhibit()
    about = claim("h0.1", "in_string", 0.8, Grade.CAUSAL)
    text = replace(card.explored[0], labels={
        "in_string": runs(ONE), **({other.feature: runs(labels)} if labels else {})})
    card = replace(card, explored=(text,))
    return also_sentence(Gallery((card,), FEATURES), card,
                         replace(card.cells[0], claim=about, others=(other,)))


@pytest.mark.parametrize(("feature", "value", "labels", "sentence"), [
    ("in_comment", -0.6, SAME, "It is also blue inside a comment."),
    ("in_comment", -0.6, None, "It is also blue inside a comment."),
    ("in_comment", 0.6, OTHER, "It is also red inside a comment."),
    ("bracket_depth", 0.6, OTHER, "It also gets redder the larger “bracket depth” is."),
    ("in_comment", 0.6, SAME, ""),
    ("in_comment", 0.6, None, ""),
])
def test_another_thing_is_said(feature, value, labels, sentence):
    assert said(claim("h0.1", feature, value, Grade.VERIFIED), labels) == sentence


@pytest.mark.parametrize("other", [
    claim("h0.1", "in_comment", -0.6, Grade.SUGGESTIVE),
    claim("h0.1", "in_string", -0.6, Grade.CAUSAL),
    claim("h0.1", "next_is_newline", -0.6, Grade.CAUSAL),
    claim("c0.1", "in_comment", -0.6, Grade.CAUSAL),
], ids=["does not stand", "the same", "the future", "of another signal"])
def test_nothing_else_is_said(other):
    assert said(other, OTHER) == ""
