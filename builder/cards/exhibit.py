"""All that is shown of an exhibit: pictures, its claims on another text, and its film."""

from __future__ import annotations

from collections.abc import Sequence

from builder.activations.subject import Subject, transfer_subject
from builder.cards.card import show
from builder.cards.checkpoints import with_film
from builder.cards.transfer import with_transfer
from builder.core.cards import Claim, ExhibitCard, Findings
from builder.core.text import Corpus
from builder.models.folder import StoredModel
from builder.models.threads import one_thread
from builder.models.training.film import read_film
from builder.work import Workers
from builder.workspace.lock import Lock
from builder.workspace.recipe import Exhibit, transferred


def show_exhibit(
    exhibit: Exhibit, model: StoredModel | None, subject: Subject, found: Findings,
    lock: Lock | None, workers: Workers, elsewhere: Corpus | None,
) -> ExhibitCard:
    """Cut the pictures of the chosen cells, those of the lock file where there is one.

    Args:
        exhibit: The recipe.
        model: Its model; None where there are values alone.
        subject: The same on its text.
        found: What was measured.
        lock: Which cells are shown.
        workers: Who reads.
        elsewhere: The text of another kind, where there is one.
    """
    with one_thread():
        return _shown(exhibit, model, subject, found, lock, workers, elsewhere)


def _shown(
    exhibit: Exhibit, model: StoredModel | None, subject: Subject, found: Findings,
    lock: Lock | None, workers: Workers, elsewhere: Corpus | None,
) -> ExhibitCard:
    film = exhibit.recipe.film
    frames = read_film(exhibit.folder) if film else ()
    shown = found.chosen if lock is None else _of_lock(found.claims, lock)
    card = show(exhibit, subject, model, found, shown, workers)
    if model is None:
        return card
    card = with_film(card, subject, frames, workers, film.features if film else ())
    other = transferred(exhibit)
    if elsewhere is None or other is None or exhibit.recipe.transfer is None:
        return card
    there = transfer_subject(other, elsewhere, {cell.claim.feature for cell in card.cells})
    if there is None:
        return card
    return with_transfer(card, exhibit.recipe.transfer.title, there, workers)


def _of_lock(claims: Sequence[Claim], lock: Lock) -> list[Claim]:
    """Return the claims of the lock file's cells, in its order; what is not there any more is not.

    A unit or feature can only go with the model or the code; the numbers are today's.
    """
    by_pair = {(c.unit, c.feature): c for c in claims}
    return [by_pair[key] for cell in lock.cells if (key := (cell.unit, cell.feature)) in by_pair]
