"""The cards of the chosen cells: their claims, and the pictures cut from held-out text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from builder.activations.sampling import Stretch, sample
from builder.cards.around_events import around, histogram
from builder.cards.cell_data import CellData
from builder.cards.excerpts import Trace, choose_excerpts
from builder.cards.inside import look_inside
from builder.cards.memory import memoryless, same_characters
from builder.cards.traces import Read, read_columns, rounded, up_to
from builder.cards.untrained_baseline import Baselines, untrained_baselines
from builder.core.cards import CellCard, Claim, Excerpt
from builder.core.labels import Tag
from builder.core.shown import Compared, UnitTable, Untrained
from builder.core.text import Split
from builder.evidence.experiment import Experiment
from builder.models.threads import one_thread

SAMPLE_CHARACTERS = 300_000
"""Most characters of the held-out split that pictures are cut from."""

COMPARED = 10


def show_cells(
    known: Experiment, exhibit: str, shown: Sequence[Claim], data: Sequence[CellData],
    claims: Sequence[Claim], table: UnitTable,
) -> tuple[CellCard, ...]:
    """Return the cards of the claims that get a page.

    Args:
        known: The model on its corpus, with the means after each two characters.
        exhibit: Name of the exhibit.
        shown: Those claims, in the order of their pages.
        data: What was counted for each of them.
        claims: All claims.
        table: Every unit against every feature.
    """
    if not shown:
        return ()
    stretches = sample(known.subject.corpus, Split.HELD_OUT, SAMPLE_CHARACTERS)
    wanted = [(c.unit, known.feature[c.feature]) for c in shown]
    others = untrained_baselines(known.subject, wanted, stretches, known.workers)
    with one_thread():
        pictures = _Pictures(known, exhibit, shown, stretches)
        excerpts = pictures.excerpts()
        baselines = _baselines_on_excerpts(others, excerpts, shown, stretches)
        return tuple(
            _card(pictures, i, data[i], excerpts[i], others, baselines[i], claims, table)
            for i in range(len(shown)))


class _Pictures:
    """The sample, read for the units of the claims."""

    def __init__(
        self, known: Experiment, exhibit: str, claims: Sequence[Claim], stretches: Sequence[Stretch]
    ) -> None:
        self.known, self.exhibit = known, exhibit
        self.claims, self.stretches = claims, stretches
        self.units = [c.unit for c in claims]
        reading = replace(known.subject.reading,
                          signals=tuple(dict.fromkeys(u.signal for u in self.units)))
        columns = [reading.units.index(u) for u in self.units]
        self.reads = list(read_columns(reading, columns, stretches, known.table,
                                       known.workers, "pictures"))

    def feature(self, claim: int) -> int:
        """Return the column of a claim's feature."""
        return self.known.feature[self.claims[claim].feature]

    def tag(self, claim: int) -> Tag:
        """Return what sort of feature it is."""
        return self.known.spec(self.claims[claim].feature).tag

    def excerpts(self) -> list[tuple[Excerpt, ...]]:
        """Choose the excerpts of every claim."""
        chosen = [self._chosen(i) for i in range(len(self.claims))]
        have = [i for i, texts in enumerate(chosen) if texts]
        first = look_inside(self.known.subject.reading, [chosen[i][0] for i in have],
                            [self.units[i] for i in have], self.stretches, self.reads,
                            self.known.workers)
        for i, excerpt in zip(have, first, strict=True):
            chosen[i] = (excerpt, *chosen[i][1:])
        return chosen

    def _chosen(self, claim: int) -> tuple[Excerpt, ...]:
        traces = [_trace(r, claim, self.feature(claim)) for r in self.reads]
        found = choose_excerpts(traces, sign_of(self.claims[claim]),
                                f"{self.exhibit}:{self.claims[claim].unit}")
        unit, units = self.units[claim], self.known.subject.units
        if self.claims[claim].change_of or unit not in units:
            return found
        means = self.known.means.units[:, units.index(unit)]
        by_name = {(r.document.name, r.start): r for r in self.reads}
        return tuple(replace(e, twin=memoryless(_bigrams(e, by_name), means)) for e in found)


def _bigrams(excerpt: Excerpt, reads: dict[tuple[str, int], Read]) -> NDArray[np.int32]:
    for (name, start), read in reads.items():
        at = excerpt.start - start
        if name == excerpt.document and 0 <= at < len(read.values):
            return read.prepared.bigrams[at : at + len(excerpt.text)]
    raise KeyError(excerpt.document)


def _trace(read: Read, column: int, feature: int) -> Trace:
    return Trace(read.document.name, read.start, read.line(0), read.text,
                 _group(read), read.scored, read.values[:, column],
                 read.prepared.labels[:, feature].astype(np.float32))


def _group(read: Read) -> int:
    return int(read.prepared.groups.max())


def _baselines_on_excerpts(
    others: Baselines, excerpts: Sequence[tuple[Excerpt, ...]], shown: Sequence[Claim],
    stretches: Sequence[Stretch],
) -> list[Untrained | None]:
    """Return what the untrained unit does on the first excerpt of each claim, with r's sign."""
    by_place = {(r.document.name, r.start): r for r in others.reads}
    found: list[Untrained | None] = []
    for i, texts in enumerate(excerpts):
        if not texts or not by_place:
            found.append(None)
            continue
        document, piece = up_to(texts[0], stretches)
        values = by_place[document.name, piece.read_start].values[:, i]
        at = texts[0].start - piece.read_start
        turned = turn(shown[i], others.r[i]) * values[at : at + len(texts[0].text)]
        found.append(Untrained(others.units[i], round(others.r[i], 4), rounded(turned)))
    return found


def _card(
    pictures: _Pictures, claim: int, data: CellData, excerpts: tuple[Excerpt, ...],
    others: Baselines, baselines: Untrained | None, claims: Sequence[Claim], table: UnitTable,
) -> CellCard:
    said, feature, tag = pictures.claims[claim], pictures.feature(claim), pictures.tag(claim)
    sign = sign_of(said)
    events = around(pictures.reads, claim, others.reads, claim, feature, tag)
    if others.reads:
        turned = turn(said, others.r[claim])
        events = {kind: replace(a, untrained=tuple(turned * v for v in a.untrained))
                  for kind, a in events.items()}
    is_state = not said.change_of
    return CellCard(
        exhibit=pictures.exhibit, claim=said, others=_others(said, claims), excerpts=excerpts,
        tuning=data.tuning, deltas=data.deltas, weights=data.weights, saturation=data.saturation,
        histogram=histogram(pictures.reads, claim, feature) if (
            is_state and tag is not Tag.COUNT) else None,
        same=same_characters(pictures.reads, claim, feature, pictures.known.table.size,
                             sign) if is_state and tag is not Tag.EVENT else (),
        around=events, compared=_compared(said, table), untrained=baselines)


def sign_of(claim: Claim) -> float:
    """Return the sign of a claim's r on held-out text."""
    return 1.0 if (claim.held_out.r.value or 0.0) >= 0 else -1.0


def turn(claim: Claim, r: float) -> float:
    """Return what a unit with a correlation of r is multiplied by to stand beside a claim's."""
    return sign_of(claim) * (1.0 if r >= 0 else -1.0)


def _others(claim: Claim, claims: Sequence[Claim]) -> tuple[Claim, ...]:
    return tuple(c for c in claims if c.cell == claim.cell and c != claim)


def _compared(claim: Claim, table: UnitTable) -> tuple[Compared, ...]:
    """Return the features that a state follows most on discover text; none for a change."""
    if claim.unit not in table.units:
        return ()
    row = table.units.index(claim.unit)
    pairs = zip(table.features, table.r[row], table.r_within[row], strict=True)
    found = [Compared(f, _unit(r), _unit(within)) for f, r, within in pairs]
    return tuple(sorted(found, key=lambda c: -abs(c.r_within or 0.0))[:COMPARED])


def _unit(thousandths: int | None) -> float | None:
    return None if thousandths is None else thousandths / 1000
