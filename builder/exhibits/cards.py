"""The card of an exhibit: beside the weights, in the store, or measured."""

from __future__ import annotations

from pathlib import Path

from builder.core.cards import ExhibitCard
from builder.core.errors import CorpusError
from builder.exhibits.known import shipped_card
from builder.exhibits.measured import Measured
from builder.exhibits.said import say
from builder.work import Workers
from builder.workspace.gallery import Workspace
from builder.workspace.recipe import Exhibit
from builder.workspace.wording import with_words


def card_of(
    workspace: Workspace, exhibit: Exhibit, local: Path | None, workers: Workers, *,
    required: bool,
) -> ExhibitCard | None:
    """Return what the pages of an exhibit say; None where its text is needed and cannot be had.

    Results that lie beside the weights are taken where they fit; else the text is read, and the
    model trained where there are no weights, and measured where that is not in the store.

    Args:
        workspace: The folder that is worked in.
        exhibit: The recipe.
        local: A local copy of its text.
        workers: Who reads.
        required: Whether it is an error that the text cannot be had.
    """
    card = shipped_card(workspace, exhibit, local)
    if card is None:
        measured = to_measure(workspace, exhibit, local, workers, required=required)
        card = measured.card() if measured else None
    return card and with_words(finished(exhibit, card), exhibit)


def to_measure(
    workspace: Workspace, exhibit: Exhibit, local: Path | None, workers: Workers, *,
    required: bool,
) -> Measured | None:
    """Return an exhibit with its text at hand; None, and why, where that cannot be had.

    Raises:
        CorpusError: It cannot be had, and it is required.
    """
    try:
        return Measured(workspace, exhibit, local, workers)
    except CorpusError as error:
        if required:
            raise
        say(f"{exhibit.name}: left out; {error}")
        return None


def finished(exhibit: Exhibit, card: ExhibitCard) -> ExhibitCard:
    """Return a card, and say what is in it."""
    say(f"{exhibit.name}: {len(card.cells)} units with a page")
    if exhibit.recipe.film and card.film is None:
        say(f"{exhibit.name}: no film: training anew keeps its moments, and a unit for each of "
            "film.features must have a page")
    return card
