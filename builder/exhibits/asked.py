"""What a recipe asks for: its features, its texts, and what decides the numbers of its results."""

from __future__ import annotations

import os
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from builder.core.errors import CorpusError, Problem, UserError
from builder.core.labels import FeatureSpec
from builder.core.text import Corpus
from builder.corpora.contract import variable_of
from builder.corpora.trained import keep_unseen, read_trained
from builder.evidence.controls import CONTROLS
from builder.exhibits.said import say
from builder.features import all_features, features_for
from builder.models.architectures import ARCHITECTURES
from builder.models.elsewhere import code_from_elsewhere
from builder.work.identity import identity
from builder.workspace import shipped
from builder.workspace.gallery import Workspace, exhibits
from builder.workspace.lock import Lock
from builder.workspace.recipe import Exhibit, transferred
from builder.workspace.stated import states_of
from builder.workspace.texts import text_of

if TYPE_CHECKING:  # torch is loaded when there is something to read
    from builder.activations.subject import Subject

PREPARED = "prepared"
"""Folder of texts that are encoded and labelled, while they are needed."""


def recipes(workspace: Workspace, names: Sequence[str] = ()) -> list[Exhibit]:
    """Read the named recipes, all where none is named.

    Raises:
        RecipeError, UserError: As `exhibits`.
    """
    return exhibits(workspace, names, ARCHITECTURES.names())


def feature_specs(chosen: Sequence[Exhibit]) -> list[FeatureSpec]:
    """Return every feature there is: ours, those of other packages, and those of the recipes.

    Raises:
        UserError: A feature is not right, or two recipes give one name to different features.
    """
    found = {id_: feature.spec for id_, feature in all_features().items()}
    for exhibit in chosen:
        for id_, feature in all_features(exhibit.recipe.feature).items():
            if found.setdefault(id_, feature.spec) != feature.spec:
                raise UserError(Problem(
                    f"feature {id_!r}", "two recipes mean different things by it",
                    str(exhibit.folder), "give one another id"))
    return list(found.values())


def unseen_text(workspace: Workspace, exhibit: Exhibit, local: Path | None) -> Corpus:
    """Return the text of an exhibit, what its model was trained on in the train split.

    Raises:
        CorpusError: It cannot be had.
    """
    if subject := stated_subject(workspace, exhibit, local):
        return subject.corpus
    return keep_unseen(text_of(exhibit, workspace, local), read_trained(exhibit.folder))


def stated_subject(
    workspace: Workspace, exhibit: Exhibit, local: Path | None
) -> Subject | None:
    """Return the values that an exhibit is made of on their text; None where it has a network.

    Raises:
        CorpusError, ModelError: A file is missing, or is another one.
    """
    states = states_of(exhibit)
    if states is None:
        return None
    from builder.evidence.opening import opened_exhibit

    return opened_exhibit(exhibit, states, local, workspace.made / PREPARED)


def transfer_text(workspace: Workspace, exhibit: Exhibit) -> Corpus | None:
    """Return the text that claims are measured on once more; None where it cannot be had."""
    other = transferred(exhibit)
    if other is None:
        return None
    try:
        return unseen_text(workspace, other, None)
    except CorpusError as error:
        say(f"{exhibit.name}: no other text; {error}")
        return None


def text_to_compare(
    workspace: Workspace, exhibit: Exhibit, local: Path | None = None, *, quiet: bool = False
) -> str:
    """Return the digest of a text that may be another one than was measured; else nothing."""
    pointed = local or os.environ.get(variable_of(exhibit.name))
    if exhibit.recipe.corpus.fixed and not pointed:
        return ""
    try:
        return shipped.text_digest(unseen_text(workspace, exhibit, local))
    except CorpusError as error:
        if not quiet:
            say(f"{exhibit.name}: not compared with its text; {error}")
        return ""


def made_of(
    exhibit: Exhibit, lock: Lock | None, text: str, transfer_text: str
) -> shipped.MadeOf:
    """Return what results of an exhibit are made of now, given the digests of its texts."""
    foreign = [part for part in code_of(exhibit) if not _is_ours(part)]
    elsewhere = identity(*foreign) if foreign else ""
    return shipped.made_of(exhibit, lock, text, transfer_text, elsewhere)


def hasty(exhibit: Exhibit) -> Exhibit:
    """Return an exhibit with few cells, no film, no other text and no passages."""
    recipe = exhibit.recipe
    cells = min(recipe.selection.cells, FIRST_CELLS)
    return exhibit.model_copy(update={"recipe": recipe.model_copy(update={
        "film": None, "transfer": None,
        "page": recipe.page.model_copy(update={"passages": ()}),
        "selection": recipe.selection.model_copy(update={"cells": cells})})})


def code_of(exhibit: Exhibit) -> list[object]:
    """Return the functions of features, and of what else decides numbers from elsewhere."""
    recipe = exhibit.recipe
    features = features_for(recipe.language, recipe.selection.features, recipe.feature)
    labellers = (feature.label for feature in features)
    judges = (type(control).judge for control in CONTROLS.others())
    return [*labellers, *judges, *code_from_elsewhere()]


def _is_ours(function: object) -> bool:
    while isinstance(function, partial):
        function = function.func
    module = getattr(function, "__module__", None) or type(function).__module__
    return str(module).partition(".")[0] == __name__.partition(".")[0]

FIRST_CELLS = 6
"""Most cells that it shows, unless a lock file names more."""
