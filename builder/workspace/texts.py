"""The text of an exhibit."""

from __future__ import annotations

from pathlib import Path

from builder.core.text import Corpus
from builder.corpora import load_corpus
from builder.corpora.contract import Place
from builder.workspace.gallery import Workspace
from builder.workspace.recipe import Exhibit


def text_of(exhibit: Exhibit, workspace: Workspace, local: Path | None = None) -> Corpus:
    """Return the text that a recipe names, from a local copy where one is pointed at.

    Args:
        exhibit: The recipe.
        workspace: Where texts that are fetched are kept.
        local: A folder or file to read instead.

    Raises:
        CorpusError: The text cannot be had, or there is none in it.
    """
    place, recipe = Place(exhibit.folder, workspace.made / "corpora"), exhibit.recipe
    return load_corpus(exhibit.name, place, recipe.corpus, recipe.split, local)
