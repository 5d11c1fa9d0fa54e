"""Text in, documents and splits out."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from builder.core.errors import CorpusError, Problem
from builder.core.text import Corpus
from builder.corpora.contract import (
    CORPUS_KINDS,
    CorpusKind,
    Found,
    Place,
    files_of,
    variable_of,
)
from builder.corpora.documents import make_corpus
from builder.corpora.settings import CorpusSettings, SplitSettings

__all__ = ["load_corpus"]


def load_corpus(
    name: str, place: Place, settings: CorpusKind, split: SplitSettings, local: Path | None = None
) -> Corpus:
    """Return a corpus, from a local copy where one is pointed at.

    Args:
        name: The exhibit's, for messages and for the environment variable.
        place: The recipe's folder, and that for texts that are fetched.
        settings: What the recipe says of the text.
        split: What it says of the shares.
        local: A folder or file to read instead of what the recipe names; without it the
            environment variable GALLERY_CORPUS_<EXHIBIT> is asked. The recipe's patterns are
            asked inside a folder; a file is taken whatever its name.

    Raises:
        CorpusError: The text cannot be had, or there is none in it.
    """
    pointed = _local_copy(name, local, os.environ)
    files = _files(settings, place, pointed)
    corpus = make_corpus(files, settings, split)
    if not corpus.documents:
        raise CorpusError(Problem(
            f"{name}, corpus", "no text in it",
            f"{len(corpus.left_out)} files, none of them text that include and exclude take"
            + "".join(f"; {file.name}: {file.reason}" for file in corpus.left_out[:1]),
            "look at the patterns"))
    return corpus


def _local_copy(name: str, local: Path | None, environment: Mapping[str, str]) -> Path | None:
    variable = variable_of(name)
    told = "--corpus" if local else variable
    path = local or (Path(environment[variable]) if environment.get(variable) else None)
    if path is not None and not path.exists():
        raise CorpusError(Problem(
            f"{name}, {told}", "no such file or folder", str(path), "fix the path"))
    return path


def _files(settings: CorpusKind, place: Place, pointed: Path | None) -> Iterator[Found]:
    if pointed is None:
        return files_of(settings, place)
    files = files_of(_directory(pointed, settings), place)
    if pointed.is_file() and settings.only_name:  # splits hang on names
        return (replace(file, name=settings.only_name) for file in files)
    return files


def _directory(path: Path, settings: CorpusSettings) -> CorpusKind:
    words = {"source", "license"} if path.is_file() else {"source", "license", "include", "exclude"}
    return CORPUS_KINDS.get("directory").model_validate(
        {"kind": "directory", "path": str(path.resolve()), **settings.model_dump(include=words)})
