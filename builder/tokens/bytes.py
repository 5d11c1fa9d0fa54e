"""Steps that are the bytes of a text in UTF-8.

`vocabulary` has the numbers of bytes, 0 to 255, in the order of their rows, and texts for special
entries: `[0, 1, …, 255, "<eos>"]`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from builder.core.errors import ModelError, Problem
from builder.tokens.contract import TOKENS, Steps
from builder.tokens.reading.listed import Listed, shown

COUNT = 256
ASCII = 128


@dataclass(frozen=True)
class Bytes(Listed):
    """Bytes that a model knows; one that stands inside a character covers nothing."""

    kind: ClassVar[str] = "bytes"
    what: ClassVar[str] = "numbers of bytes"

    @cached_property
    def rows(self) -> NDArray[np.int64]:
        """Index of each byte, int64[256]."""
        rows = [self.index.get(_written(byte), self.unknown_index) for byte in range(COUNT)]
        if self.end and rows[ord("\n")] == self.unknown_index:
            rows[ord("\n")] = self.index["\n"]
        return np.array(rows, np.int64)

    def steps(self, text: str) -> Steps:
        """Return a step for each byte; those of a character but its last end before it."""
        content = np.frombuffer(text.encode("utf-8", "surrogatepass"), np.uint8)
        first = (content & 0xC0) != 0x80
        last = np.ones(len(content), bool)
        last[:-1] = first[1:]
        return Steps(self.rows[content], np.cumsum(first) - ~last)

    def name(self, index: int) -> str:
        """Return the character of a byte, or its number where it is but a part of one."""
        name = super().name(index)
        return _character(name) if name in _NUMBERS else name

    def entry(self, index: int) -> Any:
        """Return a byte as its number."""
        entry = self.characters[index - 1]
        return _NUMBERS.get(entry, entry)

    def starting_with(self, characters: str) -> list[int]:
        """Return the indices of the bytes with which these characters begin."""
        return [int(self.rows[c.encode("utf-8", "surrogatepass")[0]]) for c in characters
                if self.rows[c.encode("utf-8", "surrogatepass")[0]] in self.index.values()]

    def written(self) -> dict[str, Any]:
        """Return the numbers of bytes, and special entries, in the order of their indices."""
        return super().written() | {"vocabulary": [_NUMBERS.get(e, e) for e in self.characters]}

    def for_scripts(self) -> dict[str, Any]:
        """Return the index of each byte, too."""
        return {**(super().for_scripts() or {}), "tokens": self.kind, "rows": self.rows.tolist()}

    @classmethod
    def entries(cls, given: Any, where: str) -> list[str]:
        """Return entries, those of bytes as they are shown."""
        if not isinstance(given, list) or not given:
            raise ModelError(Problem(where, "not a list of bytes", f"{given!r:.60}",
                                     "give 0 to 255 in the order of the rows"))
        odd = [e for e in given if isinstance(e, bool) or not (
            (isinstance(e, str) and e) or (isinstance(e, int) and 0 <= e < COUNT))]
        if odd:
            raise ModelError(Problem(where, "not bytes", shown(odd), "give numbers from 0 to 255"))
        return [e if isinstance(e, str) else _written(e) for e in given]

    @classmethod
    def misfits(cls, entries: Sequence[str], where: str) -> list[Problem]:
        """Return which entries are neither bytes nor special."""
        odd = [e for e in entries if e not in _NUMBERS]
        return [Problem(where, "not bytes", shown(odd), "give numbers from 0 to 255, and name "
                        'other entries under "special"')] if odd else []


def _written(byte: int) -> str:
    return f"<0x{byte:02X}>"


def _character(name: str) -> str:
    number = _NUMBERS[name]
    return chr(number) if number < ASCII else name


_NUMBERS = {_written(byte): byte for byte in range(COUNT)}

TOKENS.register(Bytes.kind, Bytes)
