"""How well a model predicts its text, in a sentence."""

from __future__ import annotations

from builder.core.cards import CHARACTERS, ExhibitCard
from builder.core.fit import Fit
from builder.rendering.numbers import number


def fit_sentence(exhibit: ExhibitCard) -> str:
    """Return what the fit of an exhibit is, plain text; empty where it was not measured."""
    fit = exhibit.fit
    if fit is None or fit.bits is None:
        return ""
    steps = "each character is" if exhibit.tokens == CHARACTERS else f"its {exhibit.tokens} are"
    return ("On a sample of unseen text, of which it has read what comes before, the model needs "
            f"{number(fit.bits)} bits to predict a character; one that knows no more than how "
            f"frequent {steps} needs {number(fit.unigram_bits)}{_unknown(fit)}.")


def _unknown(fit: Fit) -> str:
    if not fit.unknown_share:
        return "" if fit.unknown_share is None else ", and nothing in the text is unknown to it"
    percent = "less than 0.1%" if fit.unknown_share < 0.001 else f"{fit.unknown_share:.1%}"
    return f", and {percent} of the text is unknown to it"


def fit_warning(exhibit: ExhibitCard) -> str:
    """Return what is wrong where the model does not fit its text; else nothing."""
    return exhibit.fit.warning or "" if exhibit.fit else ""
