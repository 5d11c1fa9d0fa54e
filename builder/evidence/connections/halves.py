"""Unseen text in two halves: on one connections are named, on the other they are checked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from builder.activations.sampling import Stretch, windows
from builder.core.errors import CorpusError, Problem
from builder.core.text import BURN_IN, Corpus, Split
from builder.models.onestep import Moments, OneStep
from builder.tokens.reading.cutting import Cutting

WINDOWS, WINDOW = 48, 400
"""Stretches of unseen text, from as many documents as there are, and characters of each; the
first 200 characters of each are read and do not count."""

FEWEST = 200
"""Steps that each half must have."""


@dataclass(frozen=True)
class Half:
    """A half of the stretches.

    Attributes:
        texts: What is fed of each.
        first: The first step of each that counts.
        moments: All steps that count.
    """

    texts: tuple[NDArray[np.int64], ...]
    first: tuple[int, ...]
    moments: Moments


def halves(one: OneStep, tokens: Cutting, corpus: Corpus) -> tuple[Half, Half]:
    """Return two halves of a sample of unseen text, of other documents as far as there are some.

    Args:
        one: Reads steps with the network.
        tokens: How its texts become steps.
        corpus: The text.

    Raises:
        CorpusError: There is too little unseen text.
    """
    stretches = windows(corpus, Split.HELD_OUT, WINDOWS, WINDOW)
    middle = len(stretches) // 2
    found = [_half(one, tokens, part) for part in (stretches[:middle], stretches[middle:])]
    least = min((len(half.moments) if half else 0) for half in found)
    if found[0] is None or found[1] is None or least < FEWEST:
        raise CorpusError(Problem(
            "connections", "too little unseen text", f"{least} steps in one half of it",
            f"there must be {FEWEST} in each of two documents or pieces"))
    return found[0], found[1]


def _half(one: OneStep, tokens: Cutting, stretches: Sequence[Stretch]) -> Half | None:
    cut = [tokens.steps(d.text[p.start : p.stop]) for d, p in stretches]
    first = [int(np.searchsorted(steps.ends, BURN_IN, "right")) for steps in cut]
    read = [(steps.fed, at) for steps, at in zip(cut, first, strict=True) if at < len(steps)]
    if not read:
        return None
    texts, starts = zip(*read, strict=True)
    return Half(texts, starts, one.moments(texts, starts))
