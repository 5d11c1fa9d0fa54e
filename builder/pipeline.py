"""From recipes to a site: the table of contents of this package."""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path

from builder.core.cards import ExhibitCard
from builder.core.errors import Problem, UserError
from builder.core.labels import FeatureSpec
from builder.exhibits import (
    PREPARED,
    Measured,
    cards_without_measuring,
    compare,
    finished,
    say,
    shipped_card,
    to_compare,
    to_measure,
)
from builder.features import all_features
from builder.models.architectures import ARCHITECTURES
from builder.rendering import render_site
from builder.site import mkdocs, write_site
from builder.work import Workers
from builder.workspace.exclusive import building
from builder.workspace.gallery import Workspace, exhibits
from builder.workspace.recipe import Exhibit
from builder.workspace.shipped import write_shipped


def build(
    workspace: Workspace, names: Sequence[str] = (), *, local: Path | None = None,
    require_all: bool = False, offline: bool = False, update_lock: bool = False,
    no_measure: bool = False, workers: Workers,
) -> Path:
    """Build the site of the named exhibits, all where none is named; return its folder.

    Raises:
        UserError: As the parts say, where another run builds the site at this moment, and where
            nothing may be measured but the results of an exhibit do not fit.
    """
    chosen = recipes(workspace, names)
    specs = feature_specs(chosen)
    with building(workspace, chosen):
        shutil.rmtree(workspace.made / PREPARED, ignore_errors=True)  # of a run that was killed
        if no_measure:
            return _publish(workspace, cards_without_measuring(workspace, chosen, local), specs,
                            offline=offline)
        cards, waiting = _at_hand(workspace, chosen, local, workers, update_lock=update_lock,
                                  required=require_all or bool(names))
        looks = {m.exhibit.name: m.first_look() for m in waiting if m.is_long}
        if looks:
            site = _publish(workspace, cards | looks, specs)
            say(f"a first look is in {site}; the full evidence follows")
        for measured in waiting:
            card = measured.card(update_lock=update_lock)
            cards[measured.exhibit.name] = finished(measured.exhibit, card)
        return _publish(workspace, cards, specs, offline=offline)


def _at_hand(
    workspace: Workspace, chosen: Sequence[Exhibit], local: Path | None, workers: Workers, *,
    update_lock: bool, required: bool,
) -> tuple[dict[str, ExhibitCard], list[Measured]]:
    """Return the cards that lie beside their weights, and what is to be measured."""
    cards: dict[str, ExhibitCard] = {}
    waiting: list[Measured] = []
    for exhibit in chosen:
        card = None if update_lock else shipped_card(workspace, exhibit, local)
        if card:
            cards[exhibit.name] = finished(exhibit, card)
        elif measured := to_measure(workspace, exhibit, local, workers, required=required):
            waiting.append(measured)
    return cards, waiting


def _publish(
    workspace: Workspace, cards: Mapping[str, ExhibitCard], specs: Sequence[FeatureSpec], *,
    offline: bool = False,
) -> Path:
    """Write all pages and have them built."""
    if not cards:
        raise UserError(Problem(str(workspace.gallery), "no exhibit could be built", "",
                                "make one with: gallery new NAME"))
    write_site(render_site([cards[name] for name in sorted(cards)], specs), workspace.root)
    if offline:
        mkdocs.build(workspace.root, offline=True)
    return mkdocs.build(workspace.root)


def recipes(workspace: Workspace, names: Sequence[str] = ()) -> list[Exhibit]:
    """Read the named recipes, all where none is named.

    Raises:
        RecipeError, UserError: As `exhibits`.
    """
    return exhibits(workspace, names, ARCHITECTURES.names())


def measure(
    workspace: Workspace, names: Sequence[str] = (), *, local: Path | None = None,
    check: bool = False, workers: Workers,
) -> list[Problem]:
    """Measure the named exhibits and write their results beside the weights, all where none is.

    Args:
        workspace: The folder that is worked in.
        names: Of exhibits.
        local: A local copy of the text, for one exhibit.
        check: Measure again whatever is stored, and compare with what lies beside the weights
            instead of writing it.
        workers: Who reads.

    Returns:
        What differs beyond rounding; nothing where nothing is compared.

    Raises:
        UserError: As the parts say, and where there is nothing to compare with.
    """
    chosen = recipes(workspace, names)
    found: list[Problem] = []
    with building(workspace, chosen):
        shutil.rmtree(workspace.made / PREPARED, ignore_errors=True)
        for exhibit in chosen:
            before = to_compare(exhibit) if check else None
            measured = Measured(workspace, exhibit, local, workers, anew=check)
            card, made = measured.to_ship()
            if before is None:
                say(f"{exhibit.name}: {write_shipped(exhibit.folder, card, made)}")
            else:
                found += compare(exhibit, before, card, made)
    return found


def feature_specs(exhibits: Sequence[Exhibit]) -> list[FeatureSpec]:
    """Return every feature there is: ours, those of other packages, and those of the recipes.

    Raises:
        UserError: A feature is not right, or two recipes give one name to different features.
    """
    found = {id_: feature.spec for id_, feature in all_features().items()}
    for exhibit in exhibits:
        for id_, feature in all_features(exhibit.recipe.feature).items():
            if found.setdefault(id_, feature.spec) != feature.spec:
                raise UserError(Problem(
                    f"feature {id_!r}", "two recipes mean different things by it",
                    str(exhibit.folder), "give one another id"))
    return list(found.values())
