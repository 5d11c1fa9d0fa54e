"""One exhibit with its model: trained where it has none, and measured."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from builder.core.cards import Findings
from builder.core.scores import Pair
from builder.core.shown import UnitTable
from builder.core.text import Corpus
from builder.core.units import UnitId
from builder.lock import Lock
from builder.measuring.measure import measure
from builder.measuring.subject import subject_of
from builder.models.train import train
from builder.recipe import Exhibit
from builder.selection import choose
from builder.work import Workers


def train_exhibit(
    exhibit: Exhibit, corpus: Corpus, folder: Path, checkpoints: Path, *,
    resume: bool = False, device: str = "auto",
) -> None:
    """Train the model of a recipe into `folder`, with checkpoints beside the cache."""
    recipe = exhibit.recipe
    train(corpus, recipe.model, recipe.training, folder,
          checkpoints / f"{exhibit.name}.safetensors",
          moments=recipe.film.moments if recipe.film else 0, resume=resume, device=device)


def measure_exhibit(
    exhibit: Exhibit, corpus: Corpus, lock: Lock | None, workers: Workers
) -> Findings:
    """Load the model, measure it on the corpus, and choose cells.

    Args:
        exhibit: The recipe.
        corpus: Its text.
        lock: The cells that must be judged whatever is found.
        workers: Who reads.

    Raises:
        CorpusError, ModelError, UserError: As the parts say.
    """
    selection = exhibit.recipe.selection
    _, subject = subject_of(exhibit, corpus)
    found = measure(subject, selection.minimum_r, workers=workers, wanted=_locked(lock))
    chosen = choose(found.claims, found.topics, selection.cells, selection.character_cells)
    scores = found.scores
    shares = zip(scores.features, scores.share_f.tolist(), strict=True)
    return Findings(
        characters=found.characters, kept=found.kept, units=len(scores.units),
        shares={f: share if share == share else None for f, share in shares},
        claims=found.claims, chosen=tuple(chosen),
        table=UnitTable(tuple(u.name for u in scores.units), scores.features,
                        _thousandths(scores.r), _thousandths(scores.r_within)))


def _thousandths(r: NDArray[np.float64]) -> tuple[tuple[int | None, ...], ...]:
    return tuple(tuple(None if v != v else round(1000 * v) for v in row) for row in r.tolist())


def _locked(lock: Lock | None) -> list[Pair]:
    return [Pair(UnitId.parse(cell.unit), cell.feature) for cell in lock.cells] if lock else []
