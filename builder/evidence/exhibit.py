"""One exhibit, measured."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from builder.activations.subject import Subject
from builder.core.cards import Findings
from builder.core.errors import Problem, RecipeError, did_you_mean
from builder.core.scores import Pair
from builder.core.shown import UnitTable
from builder.core.text import Split
from builder.evidence.choose import choose
from builder.evidence.fit import at_best_suggestive, below_verified, capped, fit_of
from builder.evidence.measure import measure
from builder.work import Workers
from builder.workspace.lock import LOCK_FILE, Lock
from builder.workspace.recipe import Exhibit

UNSEEN = (Split.DISCOVER, Split.HELD_OUT)
"""Text that no model of an exhibit was trained on."""


def measure_exhibit(
    exhibit: Exhibit, subject: Subject, lock: Lock | None, workers: Workers, *,
    controls: bool = True,
) -> Findings:
    """Measure the model of an exhibit on its text, and choose cells.

    No claim is better than suggestive where the model does not fit unseen text.

    Args:
        exhibit: The recipe.
        subject: Its model on its text.
        lock: The cells that must be judged whatever is found.
        workers: Who reads.
        controls: Run the controls.

    Raises:
        CorpusError: A split has no characters to score.
        RecipeError: The lock file has a feature that is not measured.
    """
    selection = exhibit.recipe.selection
    if lock:
        _check(exhibit, lock, subject.feature_ids)
    found = measure(subject, selection.minimum_r, controls=controls, workers=workers,
                    wanted=_locked(lock))
    fit = fit_of(subject, UNSEEN)
    claims = capped(found.claims, fit)
    if below_verified(subject, found.floors):
        claims = at_best_suggestive(claims)
    chosen = choose(claims, found.topics, selection.cells, selection.character_cells)
    scores = found.scores
    shares = zip(scores.features, scores.share_f.tolist(), strict=True)
    return Findings(
        characters=found.characters, kept=found.kept, units=len(scores.units),
        shares={f: share if share == share else None for f, share in shares},
        claims=claims, chosen=tuple(chosen),
        table=UnitTable(scores.units, scores.features,
                        _thousandths(scores.r), _thousandths(scores.r_within)),
        fit=fit)


def _thousandths(r: NDArray[np.float64]) -> tuple[tuple[int | None, ...], ...]:
    return tuple(tuple(None if v != v else round(1000 * v) for v in row) for row in r.tolist())


def _locked(lock: Lock | None) -> list[Pair]:
    return [Pair(cell.unit, cell.feature) for cell in lock.cells] if lock else []


def _check(exhibit: Exhibit, lock: Lock, known: Sequence[str]) -> None:
    gone = dict.fromkeys(cell.feature for cell in lock.cells if cell.feature not in known)
    if gone:
        update = f"show others: gallery build {exhibit.name} --update-lock"
        raise RecipeError([Problem(
            str(exhibit.folder / LOCK_FILE), "a feature that is not measured", repr(feature),
            did_you_mean(feature, known) or update) for feature in gone])
