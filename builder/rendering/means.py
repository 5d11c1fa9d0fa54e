"""The mean of a unit, at which a visitor freezes it first."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from builder.core.cards import CellCard


def mean_of(cell: CellCard) -> float | None:
    """Return the mean of a cell's unit on unseen text; None where only its change was measured.

    It is read off what was counted for the pictures of its page: how often it has which value, or
    what it does at each value of a count.
    """
    if cell.claim.unit != cell.claim.changing:
        return None
    if cell.tuning is not None and cell.tuning.counts:
        return _weighted(cell.tuning.means, cell.tuning.counts)
    if cell.histogram is not None:
        counts = [off + on for off, on in zip(
            cell.histogram.off, cell.histogram.on, strict=True)]
        middles = [(2 * n + 1) / len(counts) - 1 for n in range(len(counts))]
        return _weighted(middles, counts)
    return None


def means_of(cells: Iterable[CellCard]) -> dict[str, float]:
    """Return the means that are known of some cells' units, by their names."""
    found = {str(cell.claim.unit): mean_of(cell) for cell in cells}
    return {unit: round(mean, 2) for unit, mean in found.items() if mean is not None}


def _weighted(values: Sequence[float], counts: Sequence[int]) -> float | None:
    total = sum(counts)
    if not total:
        return None
    return sum(value * count for value, count in zip(values, counts, strict=True)) / total
