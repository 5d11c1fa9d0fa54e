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
from typing import Any, Generic, TypeVar

from pydantic import TypeAdapter, ValidationError

from builder.core.cards import ExhibitCard
from builder.core.files import write_bytes
from builder.core.units import UnitId
from builder.workspace.shipped import refused, unpacked, wrong_of

Content = TypeVar("Content")


@dataclass(frozen=True)
class Beside(Generic[Content]):
    """A kind of file.

    Attributes:
        name: Of the file.
        types: Of its content.
        wrong: Yields what cannot be in a content: what is wrong, and where.
    """

    name: str
    types: TypeAdapter[Content]
    wrong: Callable[[Content], Iterator[tuple[str, str]]]

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


def is_unit_of(card: ExhibitCard, unit: UnitId) -> bool:
    """Tell whether an exhibit has a unit."""
    return unit.signal in {signal.name for signal in card.signals} \
        and unit.layer < card.num_layers and unit.index < card.hidden_size


def other_than_written(**same: bool) -> list[str]:
    """Return in words what was other when a file was written: each name whose value is false."""
    return [f"the {name.replace('_', ' ')}" for name, is_same in same.items() if not is_same]
