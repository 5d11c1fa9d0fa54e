"""The film of a training: a few cells at the moments whose weights were kept."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from builder.activations.networks import NetworkSource
from builder.activations.sampling import Stretch, sample, scattered
from builder.activations.shares import Ready, ready
from builder.activations.subject import Reading, Subject
from builder.activations.sweep import alone
from builder.cards.bits import bits_of
from builder.cards.cells import SAMPLE_CHARACTERS
from builder.cards.traces import by_stretch, rounded, up_to
from builder.core.cards import CellCard, ExhibitCard
from builder.core.scores import Estimate, HeldOut
from builder.core.shown import Film, FilmedCell
from builder.core.text import Split
from builder.core.units import UnitId
from builder.models.network import CharNetwork
from builder.models.threads import one_thread
from builder.models.training.film import Frame
from builder.scoring import BigramTable, CorrelationSums, MeanSums, PairSums, count_bigrams
from builder.work import Workers, local

CHARACTERS = 100_000
"""Most characters of each split that are read at each moment."""

CELLS = 4
"""Most cells of a film."""

Found = dict[str, NDArray[Any]]


@dataclass(frozen=True)
class _Shot:
    """What is sent to whoever looks at a moment.

    Attributes:
        reading: Of the whole network; that of the moment takes its place.
        table: Numbers of the frequent bigrams.
        means: Text of the means.
        discover: Text by which the best unit of the moment is chosen.
        held_out: Text that r is from.
        guessed: The same, whose characters are guessed.
        units: Columns of the cells.
        features: Columns of their features.
        parts: The stretch of each cell's excerpt, up to its end.
        lengths: Characters of each excerpt.
    """

    reading: Reading
    table: BigramTable
    means: Ready
    discover: Ready
    held_out: Ready
    guessed: tuple[Stretch, ...]
    units: tuple[int, ...]
    features: tuple[int, ...]
    parts: tuple[Stretch, ...]
    lengths: tuple[int, ...]


def with_film(
    card: ExhibitCard, subject: Subject, frames: Sequence[Frame], workers: Workers,
    wanted: Sequence[str] = (),
) -> ExhibitCard:
    """Measure some cells at every moment; nothing is added where there is none of them.

    A unit keeps its name all through the training, so the curve of a cell is that of one unit.
    The best unit of a moment is chosen on discover text, and held-out text says what it is worth.

    Args:
        card: The exhibit, with its excerpts.
        subject: Its model on its text.
        frames: The network at each moment, the earliest first.
        workers: Who reads.
        wanted: Features whose cells are filmed; those of the first cells where it is empty.
    """
    cells = _filmed(card, subject.units, wanted)
    if not cells or len(frames) < 2:
        return card
    shot = _shot(subject, cells, workers)
    size = sum(one.piece.stop - one.piece.read_start
               for part in (shot.means, shot.discover, shot.held_out)
               for share in part for one in share)
    found = list(workers.map(_look, shot, [f.model.network for f in frames], title="film",
                             sizes=[size] * len(frames)))
    filmed = tuple(
        FilmedCell(
            unit=cell.claim.unit, feature=cell.claim.feature,
            r=_gaps(f["r"][i] for f in found), r_within=_gaps(f["r_within"][i] for f in found),
            best=tuple(subject.units[int(f["best"][i])] for f in found),
            best_within=_gaps(f["best_within"][i] for f in found),
            document=excerpt.document, line=excerpt.line, text=excerpt.text,
            labels=excerpt.labels, values=tuple(rounded(f[f"values {i}"]) for f in found))
        for i, cell in enumerate(cells) for excerpt in cell.excerpts[:1])
    bits = _gaps(f["bits"][0] for f in found)
    return replace(card, film=Film(tuple(f.characters for f in frames), bits,
                                   int(found[0]["sample"][0]), filmed))


def _filmed(
    card: ExhibitCard, units: Sequence[UnitId], wanted: Sequence[str]
) -> list[CellCard]:
    """Return the first cells of different features whose unit is read and has an excerpt."""
    found: dict[str, CellCard] = {}
    for cell in card.cells:
        claim = cell.claim
        told = claim.unit in units and claim.held_out.r_within.value is not None
        if told and not claim.change_of and cell.excerpts:
            found.setdefault(claim.feature, cell)
    chosen = [found[feature] for feature in dict.fromkeys(wanted or found) if feature in found]
    return chosen[:CELLS]


def _shot(subject: Subject, cells: Sequence[CellCard], workers: Workers) -> _Shot:
    corpus = subject.corpus
    pictured = sample(corpus, Split.HELD_OUT, SAMPLE_CHARACTERS)
    means = scattered(corpus, Split.TRAIN, CHARACTERS)
    table = count_bigrams((subject.texts.scored(stretch).fed for stretch in means),
                          subject.network.spec.vocabulary.size)
    discover, held_out = (scattered(corpus, split, CHARACTERS)
                          for split in (Split.DISCOVER, Split.HELD_OUT))
    readied = partial(ready, workers, subject.reading)
    return _Shot(
        subject.reading, table, readied(means), readied(discover), readied(held_out), held_out,
        tuple(subject.units.index(c.claim.unit) for c in cells),
        tuple(subject.feature_ids.index(c.claim.feature) for c in cells),
        tuple(up_to(c.excerpts[0], pictured) for c in cells),
        tuple(len(c.excerpts[0].text) for c in cells))


def _look(shot: _Shot, network: CharNetwork) -> Found:
    """Return the numbers of one moment: of each cell, of the sample, and along each excerpt."""
    reading = replace(shot.reading, source=NetworkSource(network))
    units, features = reading.units, reading.feature_ids
    with one_thread():
        make = partial(MeanSums, shot.table.size, len(units), len(features))
        means = alone(reading, shot.table, make, shot.means).means()
        discover = alone(reading, shot.table, partial(CorrelationSums, means), shot.discover)
        scores = discover.scores(units, features, Split.DISCOVER)
        within = np.nan_to_num(scores.r_within[:, shot.features])  # [U, cells]
        best = np.abs(within).argmax(0)
        pairs = partial(PairSums, means, [*shot.units, *best.tolist()], [*shot.features] * 2)
        held_out = alone(reading, shot.table, pairs, shot.held_out)
        bits = bits_of(network, shot.guessed)
        strips = by_stretch(reading, shot.units, shot.parts, local(1), "")
        results = held_out.results()
    own, others = np.split(np.array([_numbers(r) for r in results]), 2)
    turned = np.sign(within[best, np.arange(len(best))])
    return {"r": own[:, 0], "r_within": own[:, 1], "best": best,
            "best_within": others[:, 1] * turned,
            "bits": np.array([np.nan if bits is None else bits]),
            "sample": np.array([held_out.count]),
            **{f"values {i}": strips[part].values[-length:, i]
               for i, (part, length) in enumerate(zip(shot.parts, shot.lengths, strict=True))}}


def _numbers(found: HeldOut) -> tuple[float, float]:
    """Return r and r', with what is not a number for None."""
    return _number(found.r), _number(found.r_within)


def _number(estimate: Estimate) -> float:
    return math.nan if estimate.value is None else estimate.value


def _gaps(values: Iterable[float]) -> tuple[float | None, ...]:
    return tuple(None if np.isnan(v) else round(float(v), 4) for v in values)
