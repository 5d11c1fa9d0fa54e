"""What was found of an exhibit and has a file of its own beside its weights, apart from results.

A file is compressed JSON of one frozen type. It is read once in a process as long as it does not
change, and what cannot be is refused with one message.
"""

from __future__ import annotations

import lzma
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Generic, Protocol, TypeVar

from pydantic import TypeAdapter, ValidationError

from builder.core.cards import ExhibitCard
from builder.core.files import write_bytes
from builder.workspace.shipped import refused, unpacked, wrong_of

Found = TypeVar("Found", covariant=True)


class Kept(Protocol[Found]):
    """The content of a file: what was found, and of what it was found."""

    @property
    def weights(self) -> str:
        """SHA-256 of the weights."""

    @property
    def text(self) -> str:
        """Digest of the documents, their splits, and of what was left out."""

    @property
    def version(self) -> int:
        """Of the method by which it was found."""

    @property
    def found(self) -> Found:
        """What was found."""


Content = TypeVar("Content", bound=Kept[Any])


@dataclass(frozen=True)
class Beside(Generic[Content]):
    """A kind of file.

    Attributes:
        part: What it has of an exhibit, as messages and the options of `gallery measure` name it.
        method: What messages call the method by which that is found.
        version: Of this method, now.
        types: Of the content.
        wrong: Yields what cannot be in a content: what is wrong, and where.
        strange: Yields what is said of units or texts that an exhibit does not have.
    """

    part: str
    method: str
    version: int
    types: TypeAdapter[Content]
    wrong: Callable[[Content], Iterator[tuple[str, str]]]
    strange: Callable[[Any, ExhibitCard], Iterator[str]]

    @property
    def name(self) -> str:
        """Name of the file."""
        return f"{self.part}.json.xz"

    def read(self, path: Path) -> Content:
        """Return the content of a file.

        Raises:
            UserError: It cannot be read, is cut short, of another format, or says what cannot be.
        """
        try:
            found = self.types.validate_json(unpacked(path.read_bytes(), path))
        except OSError as error:
            raise refused(path, "cannot be read", error.strerror or str(error)) from None
        except ValidationError as error:
            raise refused(path, *wrong_of(error)) from None
        for wrong, where in self.wrong(found):
            raise refused(path, wrong, where)
        return found

    def at_hand(self, folder: Path) -> Content | None:
        """Return what lies in a folder; None where nothing does.

        Raises:
            UserError: As `read`.
        """
        path = folder / self.name
        try:
            known = path.stat()
        except FileNotFoundError:
            return None
        found: Content = _read(self, path.resolve(), known.st_size, known.st_mtime_ns)
        return found

    def fitting(self, folder: Path, card: ExhibitCard) -> Content | None:
        """Return what lies in the folder of an exhibit; None where there is nothing that fits.

        Args:
            folder: Of the exhibit.
            card: What is shown of it.

        Raises:
            UserError: As `read`, or the file is of units that the exhibit does not have.
        """
        there = self.at_hand(folder)
        if there is None or (there.version, there.weights) != (self.version, card.model_digest):
            return None
        for strange in self.strange(there.found, card):
            raise refused(folder / self.name, "is not of this exhibit", strange)
        return there

    def misfits(self, there: Content, here: Content) -> list[str]:
        """Return in words what was other when a file was written; none where all is the same.

        Args:
            there: The file.
            here: As it would be written now.
        """
        same = {f"version of the {self.method}": there.version == here.version,
                "weights": there.weights == here.weights, "text": there.text == here.text}
        return [f"the {name}" for name, is_same in same.items() if not is_same]

    def write(self, folder: Path, content: Content) -> Path:
        """Write a file, whole or not at all, and return it; equal contents have equal bytes.

        Raises:
            OutputError: It cannot be written.
        """
        path = folder / self.name
        write_bytes(path, lzma.compress(self.types.dump_json(content),
                                        preset=6 | lzma.PRESET_EXTREME))
        return path

    def schema(self) -> Mapping[str, Any]:
        """Return the JSON Schema of a file."""
        return self.types.json_schema(mode="serialization")


@lru_cache(maxsize=128)
def _read(kind: Beside[Any], path: Path, size: int, time: int) -> Any:
    return kind.read(path)
