"""Numbers of the right type that cannot mean what they are said to mean."""

from __future__ import annotations

from dataclasses import replace

import pytest

from builder.core.fit import Fit
from builder.core.meaning import mistakes
from builder.core.scores import Estimate, HeldOut
from tests.make_cards import exhibits

FIT = Fit(1.6, 4.5, 6.6, 0.01, (("x", 0.01),), None)


@pytest.mark.parametrize("card", exhibits(), ids=lambda card: card.name)
def test_what_is_right_has_no_mistake(card):
    assert list(mistakes(card)) == list(mistakes(FIT)) == []


@pytest.mark.parametrize(("changed", "said"), [
    ({"r": 1.5}, "claims.0.r is 1.5"), ({"r_within": -2.0}, "claims.0.r_within is -2"),
    ({"r": float("nan")}, "claims.0.r is nan"), ({"share_h": -0.5}, "claims.0.share_h is -0.5"),
    ({"held_out": HeldOut(Estimate(7.0), Estimate(None))}, "claims.0.held_out.r is 7"),
    ({"held_out": HeldOut(Estimate(0.5, 0.6, 0.4), Estimate(None))},
     "claims.0.held_out.r goes from 0.6 to 0.4")])
def test_a_claim_that_cannot_be(changed, said):
    card = exhibits()[0]
    claims = (replace(card.claims[0], **changed), *card.claims[1:])
    assert list(mistakes(replace(card, claims=claims))) == [said]


@pytest.mark.parametrize(("changed", "said"), [
    ({"bits": -1.0}, "bits is -1"), ({"unigram_bits": float("nan")}, "unigram_bits is nan"),
    ({"unknown_share": 7.0}, "unknown_share is 7")])
def test_a_fit_that_cannot_be(changed, said):
    assert list(mistakes(replace(FIT, **changed))) == [said]
