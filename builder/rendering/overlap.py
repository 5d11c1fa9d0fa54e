"""How much two features have to do with each other, seen on the texts that pages show."""

from __future__ import annotations

import numpy as np

from builder.core.cards import ExhibitCard
from builder.core.runs import labels_of


def overlap(exhibit: ExhibitCard, one: str, two: str) -> float | None:
    """Return the correlation of the labels of two features over the excerpts that have both.

    None where none has, or where one of them is the same throughout.
    """
    pairs = [(labels_of(text.labels[one]), labels_of(text.labels[two]))
             for text in exhibit.explored if one in text.labels and two in text.labels]
    if not pairs:
        return None
    first, second = (np.concatenate(labels) for labels in zip(*pairs, strict=True))
    if not first.std() or not second.std():
        return None
    return float(np.corrcoef(first, second)[0, 1])
