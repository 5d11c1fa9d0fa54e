"""What a kind of corpus is: what a recipe may say of it, and how it is read; a file each.

Another package declares a kind of its own in its pyproject.toml, under the name that recipes give:

    [project.entry-points."unit_gallery.corpora"]
    table = "its_package.table"
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, ClassVar, TypeVar, get_args

from pydantic import BeforeValidator, SerializeAsAny
from pydantic_core import PydanticCustomError, PydanticKnownError

from builder.core.registry import Registry
from builder.core.text import LeftOut
from builder.corpora.globs import wanted
from builder.corpora.settings import CorpusSettings

LARGEST = 128 * 2**20
"""Bytes of the largest file that is read. Labels of a text are made of all of it at once, and take
some 150 bytes of memory for each character."""


@dataclass(frozen=True, slots=True)
class TextFile:
    """A file as it was found: its name inside the corpus (with slashes) and its bytes."""

    name: str
    content: bytes


Found = TextFile | LeftOut
"""What reading a corpus yields: a file, or why there is none."""


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


class CorpusKind(CorpusSettings):
    """The table `[corpus]` of one kind, which knows how to read it.

    A kind states `kind: Literal["its name"]` and a field for each key of its own, and is marked
    with `corpus_kind`.

    Attributes:
        fixed: Whether the settings say well enough which text it is. Results that lie beside the
            weights are then taken without a look at the text; else only for this very text.
    """

    kind: str
    fixed: ClassVar[bool] = False

    @abstractmethod
    def files(self, place: Place) -> Iterable[Found]:
        """Yield each file once, whole, in any order.

        Names that include and exclude do not take are dropped afterwards; ask `wanted` here where
        something would else be read or fetched for nothing.

        Args:
            place: Where to look and what to call this corpus in messages.

        Raises:
            CorpusError: The text cannot be had; says what to do.
        """

    @property
    def only_name(self) -> str:
        """Name of its one file; empty where there may be more, or nobody knows before reading."""
        return ""


CORPUS_KINDS: Registry[type[CorpusKind]] = Registry(
    "kind of corpus", "builder.corpora.kinds", "unit_gallery.corpora")
Kind = TypeVar("Kind", bound=CorpusKind)
NOT_A_KIND = "corpus_kind"
"""Type of the mistake that a recipe names a kind that is none."""


def corpus_kind(kind: type[Kind]) -> type[Kind]:
    """Register a class as the kind of corpus that it names."""
    CORPUS_KINDS.register(get_args(kind.model_fields["kind"].annotation)[0], kind)
    return kind


def of_its_kind(table: Any) -> CorpusKind:
    """Return a table `[corpus]` as the settings of the kind that it names.

    Raises:
        ValidationError, PydanticCustomError: It names none, or is not right; all mistakes.
    """
    if isinstance(table, CorpusKind):
        return table
    if not isinstance(table, dict):
        raise PydanticKnownError("model_attributes_type")
    if table.get("kind") not in CORPUS_KINDS:
        raise PydanticCustomError(NOT_A_KIND, "not a kind of corpus")
    return CORPUS_KINDS.get(table["kind"]).model_validate(table)


AnyCorpus = Annotated[SerializeAsAny[CorpusKind], BeforeValidator(of_its_kind)]
"""A corpus of any kind there is, for a field of a recipe."""


def files_of(settings: CorpusKind, place: Place) -> Iterator[Found]:
    """Yield the files that the settings ask for, in any order."""
    take = wanted(settings)
    return (file for file in settings.files(place) if take(file.name))


def too_large(size: int) -> str:
    """Return why a file of `size` bytes is not read, or the empty string."""
    return f"{size:,} bytes; at most {LARGEST:,} are read" if size > LARGEST else ""
