"""The best claims on a text each: where in a few places of unseen text the unit fits best."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from builder.activations.sampling import Stretch, windows
from builder.activations.source import values_of
from builder.activations.subject import Subject, prepare
from builder.core.cards import Claim, Grade
from builder.core.text import Split
from builder.models.threads import one_thread
from builder.scoring import Prepared, count_bigrams
from builder.tokens.contract import Steps, of_steps

PLACES = 16
"""In how many places is looked for the one that is shown."""

LENGTH = 800
"""Characters of a place, the first 200 of which are not shown."""


@dataclass(frozen=True)
class Pictured:
    """A claim on a stretch of unseen text.

    Attributes:
        claim: Which.
        document: Name of the document.
        line: Of its first line, from 1.
        text: N characters.
        values: What the unit has at each, in its signal's scale: −1 to 1.
        labels: Whether the feature is on at each; nothing where it is a count.
    """

    claim: Claim
    document: str
    line: int
    text: str
    values: tuple[float, ...]
    labels: tuple[float, ...]


def pictured(subject: Subject, claims: Sequence[Claim], most: int) -> list[Pictured]:
    """Return the best claims with the place of those looked at that speaks most for each.

    Args:
        subject: What was measured.
        claims: Best first; a unit is shown once, and no claim that is not supported.
        most: How many.
    """
    shown = _different([c for c in claims if c.grade is not Grade.NOT_SUPPORTED])[:most]
    stretches = windows(subject.corpus, Split.HELD_OUT, PLACES, LENGTH)
    if not shown or not stretches:
        return []
    table = count_bigrams((), subject.source.tokens.size)
    prepared = prepare(subject.reading, stretches, table)
    return [_best(subject, claim, stretches, prepared) for claim in shown]


def _different(claims: Sequence[Claim]) -> list[Claim]:
    first: dict[tuple[str, int, int], Claim] = {}
    for claim in claims:
        first.setdefault((claim.changing.signal, *claim.cell), claim)
    return list(first.values())


def _best(
    subject: Subject, claim: Claim, stretches: Sequence[Stretch], prepared: Sequence[Prepared]
) -> Pictured:
    signal, feature = claim.unit.signal, subject.feature_ids.index(claim.feature)
    column = subject.source.units_of((signal,)).index(claim.unit)
    with one_thread():
        values = [of_one[:, 0] for of_one in values_of(
            subject.source, subject.texts.slices(stretches), [p.ids for p in prepared], (signal,),
            [column], subject.rows)]
    labels = [p.labels[:, feature].astype(np.float64) for p in prepared]
    sign = -1.0 if (claim.held_out.r.value or 0.0) < 0 else 1.0
    scores = sign * np.array(_fitting(values, labels, [p.groups >= 0 for p in prepared]))
    size = max(abs(subject.source.signal(signal).low), abs(subject.source.signal(signal).high))
    at = int(scores.argmax())
    return _cut(subject, claim, stretches[at], prepared[at].ids, values[at] / size, labels[at])


def _fitting(
    values: Sequence[NDArray[np.float32]], labels: Sequence[NDArray[np.float64]],
    scored: Sequence[NDArray[np.bool_]],
) -> list[float]:
    """Return of each place the mean product of value and label, both less their means over all."""
    all_values = np.concatenate([v[s] for v, s in zip(values, scored, strict=True)])
    all_labels = np.concatenate([f[s] for f, s in zip(labels, scored, strict=True)])
    if not len(all_values):
        return [0.0] * len(values)
    mean, base = float(all_values.mean()), float(all_labels.mean())
    return [float(((v[s] - mean) * (f[s] - base)).mean()) if s.any() else -np.inf
            for v, f, s in zip(values, labels, scored, strict=True)]


def _cut(
    subject: Subject, claim: Claim, stretch: Stretch, ids: NDArray[np.int64],
    values: NDArray[Any], labels: NDArray[np.float64],
) -> Pictured:
    """Lay what steps have on their characters, and leave out what is not scored."""
    document, piece = stretch
    start, length = piece.read_start, piece.stop - piece.read_start
    if not subject.source.tokens.one_character:
        (one,) = subject.texts.slices([stretch])
        steps = Steps(ids, np.minimum(subject.texts.ends(one), length))
        values, labels = of_steps(values, steps), of_steps(labels, steps)
    first = piece.scored_start
    shown, binary = slice(first - start, length), _is_binary(subject, claim)
    return Pictured(
        claim, document.name, document.text.count("\n", 0, first) + 1,
        document.text[first : piece.stop],
        tuple(np.clip(values[shown], -1, 1).round(3).tolist()),
        tuple(labels[shown].tolist()) if binary else ())


def _is_binary(subject: Subject, claim: Claim) -> bool:
    return subject.features[subject.feature_ids.index(claim.feature)].spec.is_binary
