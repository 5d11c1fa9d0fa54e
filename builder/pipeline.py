"""From recipes to a site: the table of contents of this package."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Sequence
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING

from builder.core.cards import ExhibitCard, Findings
from builder.core.errors import CorpusError, Problem, UserError
from builder.core.labels import FeatureSpec
from builder.core.text import Corpus
from builder.corpora.passages import find_passages
from builder.corpora.trained import keep_unseen, read_trained
from builder.evidence.controls import CONTROLS
from builder.features import all_features, features_for
from builder.models.architectures import ARCHITECTURES
from builder.rendering import Measured, plan_site
from builder.site import mkdocs
from builder.site.inputs import code_digest, key_of
from builder.site.memory import remembering
from builder.site.whole import is_whole, note_whole
from builder.site.write import write_planned
from builder.work import Workers
from builder.workspace import results as store
from builder.workspace.exclusive import building, publishing
from builder.workspace.gallery import Workspace, exhibits, has_weights
from builder.workspace.lock import Lock, differences, read_lock, write_lock
from builder.workspace.recipe import Exhibit, transferred
from builder.workspace.shares import Parts, resumed
from builder.workspace.texts import text_of
from builder.workspace.wording import with_words

if TYPE_CHECKING:  # torch is loaded when there is something to read
    from builder.activations.subject import Subject
    from builder.models.folder import StoredModel

PREPARED = "prepared"
"""Folder of texts that are encoded and labelled, while they are needed."""


def build(
    workspace: Workspace, names: Sequence[str] = (), *, local: Path | None = None,
    require_all: bool = False, offline: bool = False, update_lock: bool = False,
    workers: Workers,
) -> Path:
    """Build the site of the named exhibits, all where none is named; return its folder.

    Raises:
        UserError: As the parts say, and where another run builds the site at this moment.
    """
    chosen = recipes(workspace, names)
    specs = feature_specs(chosen)
    with building(workspace, chosen):
        if not (local or update_lock) and is_built(workspace, chosen, offline):
            _say("nothing has changed since the site was built")
            return workspace.root / mkdocs.SITE
        shutil.rmtree(workspace.made / PREPARED, ignore_errors=True)  # of a run that was killed
        cards = [exhibit.name for exhibit in chosen if build_exhibit(
            workspace, exhibit, local, workers, update_lock=update_lock,
            required=require_all or bool(names))]
        if not cards:
            raise UserError(Problem(str(workspace.gallery), "no exhibit could be built", "",
                                    "make one with: gallery new NAME"))
        with publishing(workspace):
            key = _site_key(workspace, chosen)
            shown = [known for exhibit in chosen if exhibit.name in cards
                     and (known := at_hand(workspace, exhibit))]
            write_pages(workspace, shown, specs)
            for away in [True, False] if offline else [False]:
                site = mkdocs.build(workspace.root, offline=away)
                if len(cards) == len(chosen) and recipes(workspace, names) == chosen:
                    note_whole(_record(workspace, away), key, *mkdocs.places(site.parent, away))
            return site


def is_built(workspace: Workspace, chosen: Sequence[Exhibit], offline: bool) -> bool:
    """Tell whether the site of these exhibits is there as it would be built now."""
    key = _site_key(workspace, chosen)
    return all(is_whole(_record(workspace, away), key, *mkdocs.places(workspace.root, away))
               for away in ([True, False] if offline else [False]))


def _record(workspace: Workspace, offline: bool) -> Path:
    """Return the file that says what a site was built from."""
    return workspace.made / f"{mkdocs.OFFLINE_SITE if offline else mkdocs.SITE}.json"


def _site_key(workspace: Workspace, chosen: Sequence[Exhibit]) -> str:
    """Return a digest of all that decides the site of these exhibits."""
    return key_of(workspace.root, [place for exhibit in chosen for place in (
        exhibit.folder, *sorted(workspace.results.glob(f"{exhibit.name}.*json")))])


def make_pages(workspace: Workspace, names: Sequence[str] = ()) -> None:
    """Write the pages of what was measured already; nothing is trained, nothing is measured.

    Exhibits without results are named in one line and left out. Who calls this is `publishing`.

    Raises:
        UserError: As the parts say.
    """
    chosen = recipes(workspace, names)
    shown = {exhibit.name: card for exhibit in chosen if (card := at_hand(workspace, exhibit))}
    missing = [exhibit.name for exhibit in chosen if exhibit.name not in shown]
    if missing:
        _say(f"left out, since they were not measured yet: {', '.join(missing)}; "
             "measure them with: gallery build")
    write_pages(workspace, list(shown.values()), feature_specs(chosen))


def at_hand(workspace: Workspace, exhibit: Exhibit) -> Measured | None:
    """Return what is stored of an exhibit, whatever it was made from; None without anything."""
    known = store.at_hand(workspace.results, f"{exhibit.name}.card")
    return Measured(with_words(known.found, exhibit), known.found, known.stamp) if known else None


def write_pages(
    workspace: Workspace, shown: Sequence[Measured], specs: Sequence[FeatureSpec]
) -> None:
    """Write the pages of exhibits; what is there as it would be made now is left alone."""
    root = workspace.root
    with remembering(workspace.made / "rendered.sqlite", code_digest(), root) as before:
        write_planned(plan_site(shown, specs, before), root, before)


def recipes(workspace: Workspace, names: Sequence[str] = ()) -> list[Exhibit]:
    """Read the named recipes, all where none is named.

    Raises:
        RecipeError, UserError: As `exhibits`.
    """
    return exhibits(workspace, names, ARCHITECTURES.names())


def build_exhibit(
    workspace: Workspace, exhibit: Exhibit, local: Path | None, workers: Workers, *,
    required: bool, update_lock: bool = False,
) -> ExhibitCard | None:
    """Take one exhibit from recipe to card; None where its text cannot be had.

    Text in; weights, trained where there are none; numbers, from the store where nothing that
    decides them has changed; the cells of the lock file; words, from the recipe as it is now.
    """
    try:
        corpus = text_of(exhibit, workspace, local)
    except CorpusError as error:
        if required:
            raise
        _say(f"{exhibit.name}: left out; {error}")
        return None
    _check(exhibit, corpus)
    if not has_weights(exhibit):
        from builder.models.training.exhibit import train_exhibit

        _say(f"{exhibit.name}: no weights yet, training")
        checkpoints = workspace.made / "checkpoints"
        train_exhibit(exhibit, corpus, exhibit.folder, checkpoints)
    corpus = keep_unseen(corpus, read_trained(exhibit.folder))
    card = measured(workspace, exhibit, corpus, workers, update_lock)
    _say(f"{exhibit.name}: {len(card.cells)} cells")
    if exhibit.recipe.film and card.film is None:
        _say(f"{exhibit.name}: no film; its moments are kept by a new training, and a cell that "
             "film.features names must have a page")
    return with_words(card, exhibit)


def _check(exhibit: Exhibit, corpus: Corpus) -> None:
    """Find mistakes of the recipe that would else be met after long work."""
    recipe = exhibit.recipe
    find_passages(corpus, recipe.page.passages, str(exhibit.folder))
    features_for(recipe.language, recipe.selection.features, recipe.feature)
    if recipe.film:
        features_for(recipe.language, recipe.film.features, recipe.feature)


def measured(
    workspace: Workspace, exhibit: Exhibit, corpus: Corpus, workers: Workers, update_lock: bool
) -> ExhibitCard:
    """Return an exhibit's numbers, measured where they are not in the store, and mind its lock."""
    results, lock = workspace.results, read_lock(exhibit.folder)
    parts = Parts(workspace.made / "parts" / exhibit.name)
    resuming = resumed(workers, parts, store.all_code_digest())
    opened = cache(partial(_opened, workspace, exhibit, corpus))
    shown = None if update_lock else lock
    found = store.load(results, exhibit.name, store.FINDINGS, _key(exhibit, corpus, shown))
    if found is None:
        from builder.evidence.exhibit import measure_exhibit

        _say(f"{exhibit.name}: measuring")
        found = measure_exhibit(exhibit, opened()[1], shown, resuming)
        if shown is None:
            shown = write_lock(exhibit.folder, found.chosen)
        store.save(results, exhibit.name, store.FINDINGS, found, _key(exhibit, corpus, shown))
    for line in differences(shown, found.chosen) if shown else ():
        _say(f"{exhibit.name}: selection would change: {line}")
    card = shown_card(workspace, exhibit, corpus, opened, resuming, found, shown)
    parts.clear()  # not before, since pictures begin with a pass that measuring has done
    return card


def _opened(
    workspace: Workspace, exhibit: Exhibit, corpus: Corpus
) -> tuple[StoredModel, Subject]:
    """Return the model of an exhibit, and the same on its text: once for all that is read."""
    from builder.activations.subject import subject_of

    return subject_of(exhibit, corpus, workspace.made / PREPARED)


def _key(exhibit: Exhibit, corpus: Corpus, lock: Lock | None) -> str:
    """Return the key of an exhibit's numbers."""
    recipe = exhibit.recipe
    features = features_for(recipe.language, recipe.selection.features, recipe.feature)
    labellers = (feature.label for feature in features)
    judges = (type(control).judge for control in CONTROLS.others())
    layers = (way for a in ARCHITECTURES.others() for way in (type(a).run, type(a).open))
    return store.key_of(exhibit, corpus, lock, [*labellers, *judges, *layers])


def transfer_text(workspace: Workspace, exhibit: Exhibit) -> Corpus | None:
    """Return the text that claims are measured on once more; None where it cannot be had."""
    other = transferred(exhibit)
    if other is None:
        return None
    try:
        corpus = text_of(other, workspace)
    except CorpusError as error:
        _say(f"{exhibit.name}: no other text; {error}")
        return None
    return keep_unseen(corpus, read_trained(exhibit.folder))


def shown_card(
    workspace: Workspace, exhibit: Exhibit, corpus: Corpus,
    opened: Callable[[], tuple[StoredModel, Subject]], workers: Workers, found: Findings,
    lock: Lock | None,
) -> ExhibitCard:
    """Return what is shown of an exhibit, read where it is not in the store."""
    results, name = workspace.results, f"{exhibit.name}.card"
    elsewhere = transfer_text(workspace, exhibit)
    key = store.card_key_of(_key(exhibit, corpus, lock), exhibit, elsewhere)
    card = store.load(results, name, store.CARD, key)
    if card is None:
        from builder.cards.exhibit import show_exhibit

        _say(f"{exhibit.name}: cutting pictures")
        card = show_exhibit(exhibit, *opened(), found, lock, workers, elsewhere)
        store.save(results, name, store.CARD, card, key)
    return card


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


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
