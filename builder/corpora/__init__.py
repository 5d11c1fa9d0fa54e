"""Text in, documents and splits out."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from builder.core.errors import CorpusError, Problem
from builder.core.text import Corpus
from builder.corpora import (  # noqa: F401 - each import registers its kind
    directory,
    git,
    installed,
    stdlib,
    synthetic,
    url,
)
from builder.corpora.documents import make_corpus
from builder.corpora.kinds import Found, Place, files_of, variable_of
from builder.workspace.recipe import CorpusSettings, DirectoryCorpus, Exhibit, UrlCorpus

__all__ = ["load_corpus"]


def load_corpus(exhibit: Exhibit, cache: Path, local: Path | None = None) -> Corpus:
    """Return the corpus of an exhibit, from a local copy where one is pointed at.

    Args:
        exhibit: The recipe and its folder.
        cache: Folder for texts that are fetched.
        local: A folder or file to read instead of what the recipe names; without it the
            environment variable GALLERY_CORPUS_<EXHIBIT> is asked. The recipe's patterns are
            asked inside a folder; a file is taken whatever its name.

    Raises:
        CorpusError: The text cannot be had, or there is none in it.
    """
    settings: CorpusSettings = exhibit.recipe.corpus
    pointed = _local_copy(exhibit.name, local, os.environ)
    if pointed is not None:
        settings = _directory(pointed, settings)
    files = files_of(settings, Place(exhibit.folder, cache))
    if pointed is not None and pointed.is_file():
        files = _as_named(files, exhibit.recipe.corpus)
    corpus = make_corpus(files, settings, exhibit.recipe.split)
    if not corpus.documents:
        raise CorpusError(Problem(
            f"{exhibit.name}, corpus", "no text in it",
            f"{len(corpus.left_out)} files, none of them text that include and exclude take",
            "look at the patterns"))
    return corpus


def _local_copy(name: str, local: Path | None, environment: Mapping[str, str]) -> Path | None:
    variable = variable_of(name)
    told = "--corpus" if local else variable
    path = local or (Path(environment[variable]) if environment.get(variable) else None)
    if path is not None and not path.exists():
        raise CorpusError(Problem(
            f"{name}, {told}", "no such file or folder", str(path), "mend the path"))
    return path


def _as_named(files: Iterator[Found], settings: CorpusSettings) -> Iterator[Found]:
    """A local copy of one fetched file has that file's name, since splits hang on names."""
    if not isinstance(settings, UrlCorpus):
        return files
    return (replace(file, name=url.name_of(settings.url)) for file in files)


def _directory(path: Path, settings: CorpusSettings) -> DirectoryCorpus:
    words = {"source", "license"} if path.is_file() else {"source", "license", "include", "exclude"}
    return DirectoryCorpus(
        kind="directory", path=str(path.resolve()), **settings.model_dump(include=words))
