"""Up to what counts are scored, so that no claim hangs on one odd line.

A line of 3,256 characters in one file outweighs all others: a unit that counts columns and stops
at 200 would seem to count nothing. So a count is scored up to a value that is common in the train
split, in every statistic alike; texts on pages show it as it is.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from builder.activations.packing import Packed
from builder.activations.sampling import MEAN_CHARACTERS, scattered
from builder.activations.texts import Texts
from builder.core.labels import Tag
from builder.core.text import Corpus, Split

CLIP_COUNTS = 0.995
"""Share of the places where a count is above zero at which it is scored as it is, or more."""

Clips = tuple[tuple[int, int], ...]
"""Columns of labels, each with the largest value that is scored."""


def clips_of(texts: Texts, corpus: Corpus, share: float) -> Clips:
    """Return up to what each count is scored, from the text that means are taken from.

    A count that is nowhere above zero there has no limit, and none has where the share is 1.

    Args:
        texts: Where the corpus is labelled.
        corpus: With its splits.
        share: Of the places where a count is above zero, those it is scored at as it is.
    """
    counts = [k for k, f in enumerate(texts.features) if f.spec.tag is Tag.COUNT]
    if share >= 1 or not counts:
        return ()
    met: list[Counter[float]] = [Counter() for _ in counts]
    for stretch in scattered(corpus, Split.TRAIN, MEAN_CHARACTERS):
        for of, values in zip(met, _columns(texts.scored(stretch), counts), strict=True):
            each, often = np.unique(values[values > 0], return_counts=True)
            of.update(dict(zip(each.tolist(), often.tolist(), strict=True)))
    return tuple((k, _quantile(of, share)) for k, of in zip(counts, met, strict=True) if of)


def _columns(packed: Packed, columns: Sequence[int]) -> NDArray[np.float64]:
    """Return some labels of some steps, [len(columns), S]."""
    return packed.labels[:, columns].T.astype(np.float64)


def _quantile(met: Counter[float], share: float) -> int:
    """Return the smallest whole number that at least this share of values do not exceed."""
    values = sorted(met)
    reached = np.cumsum([met[value] for value in values]) / sum(met.values())
    return int(np.ceil(values[int(np.searchsorted(reached, share))]))
