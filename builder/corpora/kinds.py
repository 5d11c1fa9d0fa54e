"""The kinds of corpus: each a function from its settings to named files of bytes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from builder.core.text import LeftOut
from builder.corpora.globs import wanted
from builder.workspace.recipe import CorpusSettings

LARGEST = 256 * 2**20
"""Bytes of the largest file that is read: a text beyond that is most likely a mistake."""


@dataclass(frozen=True, slots=True)
class TextFile:
    """A file as it was found: its name inside the corpus (with slashes) and its bytes."""

    name: str
    content: bytes


Found = TextFile | LeftOut
"""What a reader yields: a file, or why there is none."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a corpus may look and write: the recipe's folder and the cache of fetched texts."""

    recipe_folder: Path
    cache: Path

    @property
    def where(self) -> str:
        """How an error names this corpus."""
        return f"{self.recipe_folder.name}, corpus"

    @property
    def local_copy(self) -> str:
        """What to do where a text cannot be fetched."""
        return f"point --corpus or {variable_of(self.recipe_folder.name)} at a local copy"


def variable_of(exhibit: str) -> str:
    """Return the environment variable that points an exhibit at a local copy of its text."""
    return f"GALLERY_CORPUS_{exhibit.upper().replace('-', '_')}"


Reader = Callable[[Any, Place], Iterable[Found]]
READERS: dict[str, Reader] = {}


def corpus_kind(name: str) -> Callable[[Reader], Reader]:
    """Register a function as the reader of corpora of kind `name`.

    The function takes the kind's settings and a `Place`, and yields each file once, whole, in
    any order. Names that include and exclude do not take are dropped afterwards; a reader asks
    `wanted` itself where it would otherwise read or fetch for nothing. It raises CorpusError
    where the text cannot be had.
    """

    def register(reader: Reader) -> Reader:
        READERS[name] = reader
        return reader

    return register


def files_of(settings: CorpusSettings, place: Place) -> Iterator[Found]:
    """Yield the files that the settings ask for, in any order."""
    take = wanted(settings)
    reader = READERS[settings.kind]  # type: ignore[attr-defined]
    return (file for file in reader(settings, place) if take(file.name))


def too_large(size: int) -> str:
    """Return why a file of `size` bytes is not read, or the empty string."""
    return f"{size:,} bytes; at most {LARGEST:,} are read" if size > LARGEST else ""
