"""What the pages of the chosen cells show besides their claims, read from held-out text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from builder.core.cards import CellCard, Claim, Excerpt
from builder.core.text import Split
from builder.core.units import UnitId
from builder.measuring.celldata import measure_cells
from builder.measuring.passes import small_shares
from builder.measuring.subject import (
    Reading,
    Stretch,
    Subject,
    no_bigrams,
    prepare,
    sample,
    values_of,
)
from builder.models.evaluate import bits_per_character
from builder.models.threads import one_thread
from builder.scoring import Prepared
from builder.scoring.prepare import NOT_SCORED
from builder.selection import Trace, choose_excerpts
from builder.work import Workers

SAMPLE_CHARACTERS = 300_000
"""Most characters of the held-out split among which excerpts are chosen."""


def show_cells(
    subject: Subject, exhibit: str, shown: Sequence[Claim], claims: Sequence[Claim],
    workers: Workers,
) -> tuple[CellCard, ...]:
    """Return the cards of the claims that get a page.

    Args:
        subject: The model on its corpus.
        exhibit: Name of the exhibit.
        shown: Those claims, in the order of their pages.
        claims: All claims.
        workers: Who reads.
    """
    with one_thread():
        excerpts = excerpts_for(subject, shown, exhibit)
    measured = measure_cells(subject, shown, workers)
    return tuple(
        CellCard(exhibit, claim, _others(claim, claims), texts, data.tuning, data.deltas,
                 data.weights, data.saturation)
        for claim, texts, data in zip(shown, excerpts, measured, strict=True))


def _others(claim: Claim, claims: Sequence[Claim]) -> tuple[Claim, ...]:
    cell = UnitId.parse(claim.unit).cell
    return tuple(c for c in claims if UnitId.parse(c.unit).cell == cell and c != claim)


def held_out_bits(subject: Subject) -> float | None:
    """Return bits per character on the sample of held-out text."""
    encode = subject.network.spec.vocabulary.encode
    texts = [encode(d.text[p.start : p.stop])
             for d, p in sample(subject.corpus, Split.HELD_OUT, SAMPLE_CHARACTERS)]
    with one_thread():
        bits = bits_per_character(subject.network, texts)
    return bits if np.isfinite(bits) else None


def excerpts_for(
    subject: Subject, claims: Sequence[Claim], salt: str
) -> list[tuple[Excerpt, ...]]:
    """Read the held-out sample once more, keep the units of the claims, and choose excerpts."""
    units = [UnitId.parse(c.unit) for c in claims]
    reading = replace(subject.reading, signals=tuple(dict.fromkeys(u.signal for u in units)))
    columns = [reading.units.index(u) for u in units]
    features = [subject.feature_ids.index(c.feature) for c in claims]
    read = list(_read(reading, columns, sample(subject.corpus, Split.HELD_OUT,
                                               SAMPLE_CHARACTERS)))
    return [
        choose_excerpts([_trace(s, p, values[:, i], k) for s, p, values in read],
                        1.0 if (c.held_out.r.value or 0.0) >= 0 else -1.0, f"{salt}:{c.unit}")
        for i, (c, k) in enumerate(zip(claims, features, strict=True))
    ]


def _read(
    reading: Reading, columns: Sequence[int], stretches: Sequence[Stretch]
) -> Iterator[tuple[Stretch, Prepared, NDArray[np.float32]]]:
    table = no_bigrams(reading.network.spec)
    for share in small_shares(stretches):
        prepared = prepare(reading, share, table)
        values = values_of(reading, prepared, reading.reader(), columns)
        yield from zip(share, prepared, values, strict=True)


def _trace(
    stretch: Stretch, prepared: Prepared, values: NDArray[np.float32], feature: int
) -> Trace:
    document, piece = stretch
    first_line = document.text.count("\n", 0, piece.read_start) + 1
    return Trace(document.name, first_line, document.text[piece.read_start : piece.stop],
                 piece.group, prepared.groups != NOT_SCORED, values,
                 prepared.labels[:, feature].astype(np.float32))
