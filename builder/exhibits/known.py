"""The card of an exhibit as it lies beside the weights, or as it is stored."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path

from builder.core.cards import ExhibitCard
from builder.core.errors import Problem, UserError
from builder.exhibits.asked import made_of, text_to_compare
from builder.exhibits.compared import to_compare
from builder.exhibits.said import say
from builder.work import Workers
from builder.workspace import results as store
from builder.workspace import shipped
from builder.workspace.gallery import Workspace, has_weights
from builder.workspace.lock import read_lock
from builder.workspace.recipe import Exhibit
from builder.workspace.shipped_fit import FIT_FILE
from builder.workspace.stated import STATES_FILE, WEIGHTS

MANY = 6
"""Exhibits from which it pays to start further processes."""


def shipped_cards(
    workspace: Workspace, chosen: Sequence[Exhibit], local: Path | None, apart: Workers | None,
) -> Iterator[ExhibitCard | None]:
    """Yield of each exhibit what `shipped_card` returns; several at once where there are many.

    Args:
        workspace: The folder that is worked in.
        chosen: The exhibits.
        local: A local copy of the text, for one exhibit.
        apart: Processes that read; None where this one does.
    """
    if apart is None or len(chosen) < MANY:
        yield from (shipped_card(workspace, exhibit, local) for exhibit in chosen)
        return
    found = apart.map(_read_apart, (workspace, local), chosen)
    for exhibit, (card, now) in zip(chosen, found, strict=True):
        # what is registered by hand in this process is not there in another one
        known = card and now == _now(workspace, exhibit, local)
        yield card if known else shipped_card(workspace, exhibit, local)


def _read_apart(
    context: tuple[Workspace, Path | None], exhibit: Exhibit
) -> tuple[ExhibitCard | None, shipped.MadeOf | None]:
    """Return the card beside the weights, and what it fits; nothing where it does not fit."""
    workspace, local = context
    try:
        return _fitting(workspace, exhibit, local, quiet=True)
    except UserError:
        return None, None


def shipped_card(
    workspace: Workspace, exhibit: Exhibit, local: Path | None = None
) -> ExhibitCard | None:
    """Return the card that lies beside the weights; None, and why, where it does not fit."""
    if not has_weights(exhibit) or not (exhibit.folder / shipped.RESULTS_FILE).exists():
        return None
    try:
        card, _ = _fitting(workspace, exhibit, local)
    except UserError as error:
        say(str(error))
        return None
    return card


def cards_without_measuring(
    workspace: Workspace, chosen: Sequence[Exhibit], local: Path | None
) -> dict[str, ExhibitCard]:
    """Return what the pages of exhibits say, from what lies beside the weights alone, by name.

    Raises:
        UserError: There are exhibits whose results do not fit, or that have none; it names each.
    """
    cards: dict[str, ExhibitCard] = {}
    problems: list[Problem] = []
    for exhibit in chosen:
        try:
            cards[exhibit.name], _ = _fitting(workspace, exhibit, local)
        except UserError as error:
            problems += error.problems
    if problems:
        raise UserError(problems)
    return cards


def _fitting(
    workspace: Workspace, exhibit: Exhibit, local: Path | None, *, quiet: bool = False
) -> tuple[ExhibitCard, shipped.MadeOf]:
    """Return the card that lies beside the weights, and what it would be made of now.

    Raises:
        UserError: There is none, it cannot be read, or it does not fit.
    """
    if not has_weights(exhibit):
        raise UserError(Problem(exhibit.name, "there are no weights", "",
                                f"train them: gallery train {exhibit.name}"))
    files = exhibit.folder, _stamps(exhibit.folder)
    found = _read(*files)
    if not found.is_untouched:
        raise _not_taken(exhibit.name, "they were changed after they were measured",
                         f"look what differs: gallery measure --check {exhibit.name}")
    now = _now(workspace, exhibit, local, quiet=quiet)
    other = shipped.misfits(found.made_of, now)
    if other:
        raise _not_taken(exhibit.name, f"other than when they were measured: {', '.join(other)}")
    return _with_weights(*files), now


def _now(
    workspace: Workspace, exhibit: Exhibit, local: Path | None, *, quiet: bool = False
) -> shipped.MadeOf:
    """Return what results of an exhibit would be made of now."""
    text = text_to_compare(workspace, exhibit, local, quiet=quiet)
    return made_of(exhibit, read_lock(exhibit.folder), text, "")


def _stamps(folder: Path) -> object:
    """Return where a folder is, and size and last change of the files that a card is read from."""
    paths = (folder / name for name in (
        shipped.RESULTS_FILE, FIT_FILE, STATES_FILE, *WEIGHTS))
    known = [path.stat() for path in paths if path.exists()]
    return folder.resolve(), *((found.st_size, found.st_mtime_ns) for found in known)


@lru_cache(maxsize=64)
def _read(folder: Path, stamps: object) -> shipped.Shipped:
    """Return the results in a folder: files that did not change are read once in a process."""
    return to_compare(folder)


@lru_cache(maxsize=64)
def _with_weights(folder: Path, stamps: object) -> ExhibitCard:
    """Return the card in a folder with all that the weights tell."""
    from builder.cards.weighed import with_weights
    from builder.models.folder import load_model

    card = _read(folder, stamps).card
    if (folder / STATES_FILE).is_file():
        return card
    try:
        return with_weights(card, load_model(folder))
    except (ValueError, RuntimeError) as error:
        raise _not_taken(folder.name, str(error)) from None


def known_card(workspace: Workspace, exhibit: Exhibit) -> ExhibitCard | None:
    """Return the card beside the weights where it fits, else what is stored whatever it is of."""
    card = shipped_card(workspace, exhibit)
    if card is None:
        return store.at_hand(workspace.results, exhibit.name)
    return card


_stamped: dict[str, tuple[ExhibitCard, str]] = {}


def stamp_of(card: ExhibitCard) -> str:
    """Return a digest of a card; of one card it is made once."""
    kept = _stamped.get(card.name)
    if kept is None or kept[0] is not card:
        kept = _stamped[card.name] = card, store.stamp_of(card)
    return kept[1]


def _not_taken(name: str, found: str, remedy: str = "") -> UserError:
    return UserError(Problem(name, "the results beside the weights are not taken", found,
                             remedy or f"measure again: gallery measure {name}"))
