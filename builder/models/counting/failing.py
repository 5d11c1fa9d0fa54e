"""Where a trained network fails, and what is right before and beyond."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from builder.core.counted import Share
from builder.models.counting.language import Ids, Language
from builder.models.counting.networks import SmallNetwork

TRIED_TO, AT_ONCE = 1_000, 100
"""The largest n, and how many are tried side by side."""


def first_failed(network: SmallNetwork, language: Language, after: int = 0) -> int | None:
    """Return the first n beyond `after` at which an answer is wrong; None where none is."""
    for start in range(after + 1, TRIED_TO + 1, AT_ONCE):
        ids = language.climb(np.arange(start, min(start + AT_ONCE, TRIED_TO + 1)))
        if ids is None:
            return None
        wrong = _wrong(network, language, ids).any(0)
        if wrong.any():
            return start + int(wrong.argmax())
    return None


def share_right(network: SmallNetwork, language: Language, ids: Ids) -> Share:
    """Return which share of answers and of strings is right."""
    wrong, asked = _wrong(network, language, ids), language.asked(ids)
    return Share(1 - float(wrong.sum() / max(1, asked.sum())), 1 - float(wrong.any(0).mean()))


def _wrong(network: SmallNetwork, language: Language, ids: Ids) -> NDArray[np.bool_]:
    """Tell where an answer is wrong, bool[T, B]."""
    strings = language.strings(ids)
    wrong: NDArray[np.bool_] = (network.answer(ids) > 0) != strings.answers
    return wrong.any(-1) & strings.asked
