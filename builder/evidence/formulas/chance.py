"""Could formulas be chance? Labels of other documents are laid on each, formula by formula.

One formula a unit was chosen on other text, so the family is the units that have one, not the
formulas that were tried.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from builder.activations.sampling import Stretch
from builder.activations.shares import Ready, sent, small_shares
from builder.activations.source import values_of
from builder.activations.subject import Reading
from builder.activations.texts import Slice
from builder.core.formulas import Atom, Formula
from builder.evidence.formulas.atoms import held
from builder.models.threads import one_thread
from builder.scoring import BigramTable, Prepared
from builder.scoring.null import Residuals, p_values
from builder.scoring.within import centred
from builder.work import Workers


@dataclass(frozen=True)
class _Family:
    """What is sent to whoever lays labels on other documents."""

    reading: Reading
    table: BigramTable
    formulas: tuple[Formula, ...]
    units: tuple[int, ...]
    unit_of: NDArray[np.intp]
    formula_of: NDArray[np.intp]


def chances(
    workers: Workers, reading: Reading, table: BigramTable, stretches: Sequence[Stretch],
    formulas: Sequence[Formula], units: Sequence[int],
) -> list[float | None]:
    """Return p of each formula of a unit over the whole family; None for too few documents.

    Args:
        workers: Who reads.
        reading: Network, signals and features.
        table: Numbers of the frequent pairs of steps.
        stretches: Beginnings of held-out documents.
        formulas: P of them.
        units: Column of the unit of each.
    """
    if not formulas:
        return []
    distinct = list(dict.fromkeys(formulas))
    columns, place = np.unique(np.asarray(units, np.intp), return_inverse=True)
    family = _Family(reading, table, tuple(distinct), tuple(columns.tolist()),
                     place.astype(np.intp), np.array([distinct.index(f) for f in formulas]))
    parts = tuple(sent(workers, reading, share) for share in small_shares(stretches))
    size = sum(p.stop - p.read_start for _, p in stretches)
    found = next(iter(workers.map(_p_values, family, [parts], title="labels of others",
                                  sizes=[size])))
    return [None if p != p else float(p) for p in found["p"]]


def _p_values(family: _Family, shares: Ready) -> dict[str, NDArray[np.float64]]:
    with one_thread():
        documents = [one for share in shares for one in _residuals(family, share)]
        return {"p": p_values(documents, family.unit_of, family.formula_of)}


def _residuals(family: _Family, share: tuple[Slice, ...]) -> Iterator[Residuals]:
    """Free units and formulas of their means after pairs of steps over a share of documents."""
    reading = family.reading
    prepared = reading.load(share, family.table)
    read = values_of(reading.source, share, [p.fed for p in prepared], reading.signal_names,
                     family.units, reading.rows)
    kept = [(p.groups >= 0) & (p.bigrams < family.table.size) for p in prepared]
    pairs = np.concatenate([p.bigrams[k] for p, k in zip(prepared, kept, strict=True)])
    units = centred(np.concatenate([v[k] for v, k in zip(read, kept, strict=True)]), pairs)
    on = centred(np.concatenate([_on(family, p)[k] for p, k in zip(prepared, kept, strict=True)]),
                 pairs)
    start = 0
    for there in kept:
        rows = slice(start, start + int(there.sum()))
        start = rows.stop
        yield Residuals(_filled(units[rows], there).astype(np.float16), _filled(on[rows], there),
                        there)


def _on(family: _Family, piece: Prepared) -> NDArray[np.float32]:
    """Return where the formulas hold, float32[S, F]."""
    on = holding(family.reading, family.formulas, piece.labels)
    return np.stack(on, 1).astype(np.float32)


def holding(
    reading: Reading, formulas: Sequence[Formula], labels: NDArray[Any]
) -> list[NDArray[np.bool_]]:
    """Return where formulas hold, each bool[N], given the labels of the reading's features."""
    atoms: dict[Atom, int] = {}
    for formula in formulas:
        for atom in formula.atoms:
            atoms.setdefault(atom, len(atoms))
    on = held(list(atoms), reading.features, labels)
    at = {atom: on[:, column] for atom, column in atoms.items()}
    return [formula.holds(at) for formula in formulas]


def _filled(rows: NDArray[np.float32], there: NDArray[np.bool_]) -> NDArray[np.float32]:
    out = np.zeros((len(there), rows.shape[1]), np.float32)
    out[there] = rows
    return out
