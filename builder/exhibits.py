"""One exhibit with its model: trained where it has none, measured, and shown."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from builder.core.cards import Claim, ExhibitCard, Findings
from builder.core.scores import Pair
from builder.core.shown import UnitTable
from builder.core.text import Corpus
from builder.core.units import UnitId
from builder.features import features_for
from builder.lock import Lock
from builder.measuring.measure import measure
from builder.measuring.subject import Subject
from builder.models.folder import StoredModel, load_model
from builder.models.train import train
from builder.recipe import Exhibit, transferred
from builder.selection import choose
from builder.showing.elsewhere import with_elsewhere
from builder.showing.show import show
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
    _, subject = _subject(exhibit, corpus)
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


def show_exhibit(
    exhibit: Exhibit, corpus: Corpus, found: Findings, lock: Lock | None, workers: Workers,
    elsewhere: Corpus | None,
) -> ExhibitCard:
    """Cut the pictures of the chosen cells, those of the lock file where there is one.

    Args:
        exhibit: The recipe.
        corpus: Its text.
        found: What was measured.
        lock: Which cells are shown.
        workers: Who reads.
        elsewhere: The text of another kind, where there is one.
    """
    model, subject = _subject(exhibit, corpus)
    shown = found.chosen if lock is None else _of_lock(found.claims, lock)
    card = show(exhibit, subject, model, found, shown, workers)
    other = transferred(exhibit)
    if elsewhere is None or other is None or exhibit.recipe.transfer is None:
        return card
    _, there = _subject(other, elsewhere)
    return with_elsewhere(card, exhibit.recipe.transfer.title, there, workers)


def _subject(exhibit: Exhibit, corpus: Corpus) -> tuple[StoredModel, Subject]:
    model, recipe = load_model(exhibit.folder), exhibit.recipe
    features = features_for(recipe.language, recipe.selection.features, recipe.feature)
    return model, Subject(model.network, corpus, recipe.language, features)


def _thousandths(r: NDArray[np.float64]) -> tuple[tuple[int | None, ...], ...]:
    return tuple(tuple(None if v != v else round(1000 * v) for v in row) for row in r.tolist())


def _locked(lock: Lock | None) -> list[Pair]:
    return [Pair(UnitId.parse(cell.unit), cell.feature) for cell in lock.cells] if lock else []


def _of_lock(claims: Sequence[Claim], lock: Lock) -> list[Claim]:
    """Return the claims of the lock file's cells, in its order; what is not there any more is not.

    A unit or feature can only go with the model or the code; the numbers are today's.
    """
    by_pair = {(c.unit, c.feature): c for c in claims}
    return [by_pair[key] for cell in lock.cells if (key := (cell.unit, cell.feature)) in by_pair]
