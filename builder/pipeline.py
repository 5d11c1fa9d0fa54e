"""From recipes to a site: the table of contents of this package."""

from __future__ import annotations

import shutil
from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import replace
from functools import partial
from pathlib import Path

from builder.core.cards import ExhibitCard
from builder.core.counted import Counted
from builder.core.errors import Problem, UserError
from builder.core.labels import FeatureSpec
from builder.exhibits import (
    PREPARED,
    Measured,
    cards_without_measuring,
    compare,
    feature_specs,
    finished,
    known_card,
    recipes,
    say,
    shipped_cards,
    stamp_of,
    text_to_compare,
    to_compare,
    to_measure,
)
from builder.site import mkdocs
from builder.site.inputs import key_of
from builder.site.pages import write_cards
from builder.site.projects import new_project
from builder.site.whole import is_whole, note_whole
from builder.work import InThisProcess, Workers, available
from builder.work import local as on_this_machine
from builder.workspace.connected import CONNECTIONS
from builder.workspace.counted import COUNTED_FILE, read_counted
from builder.workspace.driven import DRIVEN_FILE, read_driven
from builder.workspace.exclusive import building, publishing
from builder.workspace.gallery import Workspace
from builder.workspace.recipe import Exhibit
from builder.workspace.shipped import write_shipped
from builder.workspace.shipped_fit import write_fit
from builder.workspace.worded import WORDS
from builder.workspace.wording import with_words

__all__ = ["build", "feature_specs", "make_pages", "measure", "new_project", "recipes", "serve"]

MOST_APART = 4
"""Processes that read results and make pages; each holds all results in memory."""

Cards = Mapping[str, ExhibitCard]
"""By the names of the exhibits, without the words of their recipes."""


def build(
    workspace: Workspace, names: Sequence[str] = (), *, local: Path | None = None,
    require_all: bool = False, offline: bool = False, update_lock: bool = False,
    no_measure: bool = False, wait: bool = False, workers: Workers,
) -> Path:
    """Build the site of the named exhibits, all where none is named; return its folder.

    Raises:
        UserError: As the parts say, where another run builds the site at this moment, and where
            nothing may be measured but the results of an exhibit do not fit.
    """
    chosen = recipes(workspace, names)
    specs = feature_specs(chosen)
    apart = _apart(workers)
    publish = partial(_publish, workspace, chosen, specs=specs, apart=apart)
    with building(workspace, chosen, wait=wait), apart or nullcontext():
        if not (local or update_lock) and is_built(workspace, chosen, offline):
            say("nothing has changed since the site was built")
            return workspace.root / mkdocs.SITE
        shutil.rmtree(workspace.made / PREPARED, ignore_errors=True)  # of a run that was killed
        if no_measure:
            cards = cards_without_measuring(workspace, chosen, local)
            return publish(cards, offline=offline)
        shipped = ([None] * len(chosen) if update_lock else
                   list(shipped_cards(workspace, chosen, local, apart)))
        cards, waiting = _at_hand(workspace, chosen, shipped, local, workers,
                                  required=require_all or bool(names))
        if waiting and apart:
            apart.close()  # they would only hold memory meanwhile
        looks = {m.exhibit.name: m.first_look() for m in waiting if m.is_long}
        if looks:
            site = publish(cards | looks)
            say(f"a first look is in {site}; the full evidence follows")
        for measured in waiting:
            card = measured.card(update_lock=update_lock)
            cards[measured.exhibit.name] = finished(measured.exhibit, card)
        return publish(cards, offline=offline)


def _apart(workers: Workers) -> Workers | None:
    """Return processes for what is no measuring, up to a few; None where nobody else may work."""
    if isinstance(workers, InThisProcess):
        return None
    return on_this_machine(min(available(), MOST_APART))


def _at_hand(
    workspace: Workspace, chosen: Sequence[Exhibit], shipped: Iterable[ExhibitCard | None],
    local: Path | None, workers: Workers, *, required: bool,
) -> tuple[dict[str, ExhibitCard], list[Measured]]:
    """Return the cards that lie beside their weights, by name, and what is to be measured."""
    cards: dict[str, ExhibitCard] = {}
    waiting: list[Measured] = []
    for exhibit, card in zip(chosen, shipped, strict=True):
        if card:
            cards[exhibit.name] = finished(exhibit, card)
        elif measured := to_measure(workspace, exhibit, local, workers, required=required):
            waiting.append(measured)
    return cards, waiting


def serve(root: Path, address: str) -> None:
    """Serve what was measured, and pick up every change.

    Args:
        root: The folder of the project.
        address: HOST:PORT.
    """
    mkdocs.serve(root, address)


def _publish(
    workspace: Workspace, chosen: Sequence[Exhibit], cards: Cards, *,
    specs: Sequence[FeatureSpec], apart: Workers | None, offline: bool = False,
) -> Path:
    """Write all pages, have them built, and note what they were made from where all are there."""
    if not cards:
        raise UserError(Problem(str(workspace.gallery), "no exhibit could be built", "",
                                "make one with: gallery new NAME"))
    with publishing(workspace):
        key = _site_key(workspace, chosen)
        write_pages(workspace, chosen, cards, specs, apart)
        site = workspace.root / mkdocs.SITE
        for away in _kinds(offline):
            site = mkdocs.build(workspace.root, offline=away)
            if _is_final(workspace, chosen, cards):
                note_whole(_record(workspace, away), key, *mkdocs.places(site.parent, away))
        return site


def _is_final(workspace: Workspace, chosen: Sequence[Exhibit], cards: Cards) -> bool:
    """Tell whether all exhibits are shown as they will be, and no recipe was changed meanwhile."""
    shown = all(e.name in cards and not cards[e.name].first_look for e in chosen)
    return shown and recipes(workspace, [exhibit.name for exhibit in chosen]) == list(chosen)


def is_built(workspace: Workspace, chosen: Sequence[Exhibit], offline: bool) -> bool:
    """Tell whether the site of these exhibits is there as it would be built now."""
    records = {away: _record(workspace, away) for away in _kinds(offline)}
    if not all(record.is_file() for record in records.values()):
        return False
    key = _site_key(workspace, chosen)
    return all(is_whole(record, key, *mkdocs.places(workspace.root, away))
               for away, record in records.items())


def _kinds(offline: bool) -> list[bool]:
    """Return of each site that is built whether it is the one that is read from disk."""
    return [True, False] if offline else [False]


def _record(workspace: Workspace, offline: bool) -> Path:
    """Return the file that says what a site was built from."""
    return workspace.made / f"{mkdocs.OFFLINE_SITE if offline else mkdocs.SITE}.json"


def _site_key(workspace: Workspace, chosen: Sequence[Exhibit]) -> str:
    """Return a digest of all that decides the site of these exhibits."""
    texts = [text_to_compare(workspace, exhibit, quiet=True) for exhibit in chosen]
    return key_of(workspace.root, [
        workspace.gallery / COUNTED_FILE, workspace.gallery / DRIVEN_FILE, *(
        place for exhibit in chosen for place in (
            exhibit.folder, *sorted(workspace.results.glob(f"{exhibit.name}.*json"))))], texts)


def make_pages(workspace: Workspace) -> None:
    """Write the pages of what was measured already; nothing is trained, nothing is measured.

    Exhibits without results are named in one line and left out. Who calls this is `publishing`.

    Raises:
        UserError: As the parts say.
    """
    chosen = recipes(workspace)
    cards = {e.name: card for e in chosen if (card := known_card(workspace, e))}
    missing = [exhibit.name for exhibit in chosen if exhibit.name not in cards]
    if missing:
        say(f"left out, since they were not measured yet: {', '.join(missing)}; "
            "measure them with: gallery build")
    write_pages(workspace, chosen, cards, feature_specs(chosen))


def write_pages(
    workspace: Workspace, chosen: Sequence[Exhibit], cards: Cards, specs: Sequence[FeatureSpec],
    apart: Workers | None = None,
) -> None:
    """Write the pages of exhibits; what is there as it would be made now is left alone.

    Args:
        workspace: The folder that is worked in.
        chosen: The exhibits.
        cards: Theirs.
        specs: All features that claims name.
        apart: Processes that make many; None where this one makes all.
    """
    shown = [(with_words(card, exhibit), card, stamp_of(card))
             for exhibit in chosen if (card := cards.get(exhibit.name))]
    write_cards(shown, specs, workspace.root, workspace.made / "rendered.sqlite",
                _counted(workspace), partial(apart.map, title="pages") if apart else None)


def _counted(workspace: Workspace) -> Counted | None:
    """Return what small networks count, with those that visitors drive."""
    found = read_counted(workspace.gallery / COUNTED_FILE)
    return found and replace(found, driven=read_driven(workspace.gallery / DRIVEN_FILE))


def measure(
    workspace: Workspace, names: Sequence[str] = (), *, local: Path | None = None,
    check: bool = False, words_alone: bool = False, connections_alone: bool = False,
    wait: bool = False, workers: Workers,
) -> list[Problem]:
    """Measure the named exhibits and write their results beside the weights, all where none is.

    What of them can be put into words goes into a file of its own, and so does what moves their
    units and what they move.

    Args:
        workspace: The folder that is worked in.
        names: Of exhibits.
        local: A local copy of the text, for one exhibit.
        check: Measure again whatever is stored, and compare with what lies beside the weights
            instead of writing it.
        words_alone: Look for words and for nothing else, unless that is asked for too; the other
            results stay as they are.
        connections_alone: The same of connections.
        wait: Wait for another run that builds or measures here.
        workers: Who reads.

    Returns:
        What differs beyond rounding; nothing where nothing is compared.

    Raises:
        UserError: As the parts say, and where there is nothing to compare with.
    """
    chosen = recipes(workspace, names)
    found: list[Problem] = []
    alone = {"words": words_alone, "connections": connections_alone}
    parts = {part for part, is_asked in alone.items() if is_asked} or {"results", *alone}
    with building(workspace, chosen, wait=wait):
        shutil.rmtree(workspace.made / PREPARED, ignore_errors=True)
        for exhibit in chosen:
            if check:
                found += _checked(workspace, exhibit, local, workers, parts)
            else:
                _measured(Measured(workspace, exhibit, local, workers), parts)
    return found


def _measured(measured: Measured, parts: Collection[str]) -> None:
    """Measure parts of an exhibit, and write them beside its weights."""
    exhibit = measured.exhibit
    if "results" in parts:
        card, made = measured.to_ship()
        write_fit(exhibit.folder, card.fit, made)
        say(f"{exhibit.name}: {write_shipped(exhibit.folder, card, made)}")
    for part, write in (("words", measured.words), ("connections", measured.connections)):
        if part in parts:
            say(f"{exhibit.name}: {write()}")


def _checked(
    workspace: Workspace, exhibit: Exhibit, local: Path | None, workers: Workers,
    parts: Collection[str],
) -> list[Problem]:
    """Measure parts of an exhibit again; return what differs from what lies beside its weights."""
    before = to_compare(exhibit.folder) if "results" in parts else None
    words = WORDS.at_hand(exhibit.folder) if "words" in parts else None
    connections = CONNECTIONS.at_hand(exhibit.folder) if "connections" in parts else None
    measured = Measured(workspace, exhibit, local, workers, anew=True)
    found = compare(exhibit, before, *measured.to_ship()) if before else []
    return [*found, *measured.compare_words(words), *measured.compare_connections(connections)]
