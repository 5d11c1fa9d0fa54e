"""Tokens whose entries stand one by one in `model.json`, some of them special.

`vocabulary[i]` has index i + 1. Further keys, none of which is needed:

    "special": ["<pad>", "<s>"]     never match a text; where the key is missing, entries of several
                                    characters that are written as special ones are
    "unknown": "<unk>"              has the part of index 0; without the key, that of such a name
    "end": "</s>"                   stands for a newline, where the vocabulary has none
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar, Self

import numpy as np
from numpy.typing import NDArray

from builder.core.errors import ModelError, Problem
from builder.tokens.contract import Tokens
from builder.tokens.reading.special import special_among, unknown_among

UNKNOWN = 0
"""Index of whatever is not in the vocabulary, where no entry stands for it."""

SHOWN = 5


@dataclass(frozen=True)
class Listed(Tokens):
    """Tokens with a list of entries; `characters[i]`, whatever it is, has index i + 1.

    Attributes:
        what: What an entry is, for messages.
        characters: The entries, in their order.
        special: Those of them that never match a text.
        unknown_entry: That of them that stands for whatever is not known; empty for index 0.
        end: That of them that stands for a newline; empty for none.
    """

    what: ClassVar[str] = "entries"

    characters: tuple[str, ...]
    special: tuple[str, ...] = ()
    unknown_entry: str = ""
    end: str = ""

    def __len__(self) -> int:
        return len(self.characters)

    @property
    def size(self) -> int:
        """Rows of the embedding: the entries and the unknown one."""
        return len(self.characters) + 1

    @cached_property
    def index(self) -> dict[str, int]:
        """Index of every entry that a text can be made of, and of what ends a line."""
        special = set(self.special)
        found = {e: i for i, e in enumerate(self.characters, 1) if e not in special}
        if self.end:
            found.setdefault("\n", self.characters.index(self.end) + 1)
        return found

    @cached_property
    def unknown_index(self) -> int:
        """Index of whatever is not known."""
        entry = self.unknown_entry
        return self.characters.index(entry) + 1 if entry else UNKNOWN

    @property
    def line_end(self) -> int | None:
        """Index of the entry that stands for a newline without being one."""
        if not self.end:
            return None
        at = self.characters.index(self.end) + 1
        return at if self.index["\n"] == at else None

    def are_unknown(self, ids: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Return which steps are not known, bool[S]."""
        return np.isin(ids, (UNKNOWN, self.unknown_index))

    def known(self) -> NDArray[np.int64]:
        """Return the indices of entries that a text can be made of."""
        return np.array(sorted(set(self.index.values())), np.int64)

    def name(self, index: int) -> str:
        """Return what an index stands for; the replacement character for the unknown one."""
        if index and index == self.line_end:
            return "\n"
        return self.characters[index - 1] if index else "\ufffd"

    def never(self) -> tuple[str, ...]:
        """Return the special entries, but for what stands for the end of a line."""
        return tuple(entry for entry in self.special if entry != self.end)

    def for_scripts(self) -> dict[str, Any] | None:
        """Return which indices are no text."""
        known = set(self.known().tolist())
        more = {"unknown": self.unknown_index, "end": self.line_end or 0,
                "never": [i for i in range(1, self.size) if i not in known]}
        return {key: value for key, value in more.items() if value}

    def notes(self) -> list[str]:
        """Return which entries are special, in a sentence."""
        never = self.never()
        if not never:
            return []
        line = f"special entries, which never match a text: {', '.join(never[:SHOWN * 2])}"
        return [f"{line}; {self.unknown_entry} stands for what is not known"
                if self.unknown_entry else line]

    def entry(self, index: int) -> Any:
        """Return the entry of an index, as it is written."""
        return self.characters[index - 1]

    def written(self) -> dict[str, Any]:
        """Return the entries in the order of their indices from 1, and what is said of them."""
        more = {"special": list(self.special), "unknown": self.unknown_entry, "end": self.end}
        return {"vocabulary": list(self.characters)} | {k: v for k, v in more.items() if v}

    @classmethod
    def read(cls, written: Mapping[str, Any], where: str) -> Self:
        """Return the tokens of a `model.json`.

        Raises:
            ModelError: Something in it is no entry, or stands in it twice; one problem a kind.
        """
        entries = cls.entries(written["vocabulary"], f"{where}, vocabulary")
        special = listed_special(written, entries, where)
        problems = [*cls.misfits([e for e in entries if e not in set(special)],
                                 f"{where}, vocabulary"),
                    *_twice(entries, f"{where}, vocabulary"),
                    *(Problem(f"{where}, {key}", "not in the vocabulary", f"{written[key]!r:.60}",
                              "name one of its entries") for key in ("unknown", "end")
                      if written.get(key) and written[key] not in entries)]
        if problems:
            raise ModelError(problems)
        unknown = written.get("unknown") or unknown_among(special)
        special = special if not unknown or unknown in special else (*special, unknown)
        return cls(tuple(entries), special, unknown, written.get("end") or "")

    @classmethod
    def entries(cls, given: Any, where: str) -> list[str]:
        """Return the entries of a vocabulary as texts.

        Raises:
            ModelError: It is no list of them.
        """
        if not isinstance(given, list) or not given:
            raise ModelError(Problem(where, f"not a list of {cls.what}", f"{given!r:.60}",
                                     "give them in the order of the rows"))
        odd = [entry for entry in given if not isinstance(entry, str) or not entry]
        if odd:
            raise ModelError(Problem(where, f"not all of it are {cls.what}", shown(odd)))
        return given

    @classmethod
    def misfits(cls, entries: Sequence[str], where: str) -> list[Problem]:
        """Return what is wrong with the entries that are not special."""
        return []


def listed_special(
    written: Mapping[str, Any], entries: Sequence[str], where: str
) -> tuple[str, ...]:
    """Return the special entries of a vocabulary, as it says or as they are written.

    Raises:
        ModelError: Something that is said to be special is no entry.
    """
    if "special" not in written:
        return special_among(entries)
    given, there = written["special"], set(entries)
    if not isinstance(given, list) or any(
            not isinstance(e, str) or e not in there for e in given):
        raise ModelError(Problem(f"{where}, special", "not a list of entries of the vocabulary",
                                 f"{given!r:.60}"))
    return tuple(dict.fromkeys(given))


def _twice(entries: Sequence[str], where: str) -> list[Problem]:
    twice = sorted(entry for entry, count in Counter(entries).items() if count > 1)
    return [Problem(where, "something stands in it twice", shown(twice),
                    "name each once")] if twice else []


def shown(entries: Sequence[object]) -> str:
    """Return the first of some entries, and how many there are besides."""
    more = f" and {len(entries) - SHOWN:,} more" if len(entries) > SHOWN else ""
    return ", ".join(f"{entry!r:.40}" for entry in entries[:SHOWN]) + more
