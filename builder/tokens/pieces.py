"""Steps that are the longest entries of a vocabulary, from left to right.

It is how a text is cut by a vocabulary of which nothing else is known. A tokenizer that joins pairs
in an order of its own (BPE) cuts otherwise: of that, keep the `tokenizer.json`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar

import numpy as np

from builder.core.errors import Problem
from builder.tokens.contract import TOKENS, Steps
from builder.tokens.reading.listed import Listed, shown

MARKED = ("\u2581", "\u0120", "\u010a", "##", "@@", "</w>")
"""What tokenizers write for blank space, or where a word goes on; no text has it."""

MOST_MARKED = 0.02
"""Share of entries with such a mark beyond which it is no accident."""


@dataclass(frozen=True)
class Pieces(Listed):
    """Pieces of words, or whole ones, that a model knows."""

    kind: ClassVar[str] = "pieces"
    what: ClassVar[str] = "pieces of text"

    @cached_property
    def _lengths(self) -> dict[str, list[int]]:
        """Lengths of the entries that begin with a character, the longest first."""
        found = defaultdict[str, set[int]](set)
        for entry in self.index:
            found[entry[0]].add(len(entry))
        return {first: sorted(lengths, reverse=True) for first, lengths in found.items()}

    def steps(self, text: str) -> Steps:
        """Return the longest entry at each place; a character that begins none is unknown."""
        ids, ends, at = list[int](), list[int](), 0
        known, lengths, nothing = self.index, self._lengths, list[int]()
        while at < len(text):
            for length in lengths.get(text[at], nothing):
                entry = text[at : at + length]
                if entry in known:
                    break
            else:
                entry = text[at]
            at += len(entry)
            ids.append(known.get(entry, self.unknown_index))
            ends.append(at)
        return Steps(np.array(ids, np.int64), np.array(ends, np.int64))

    def for_scripts(self) -> dict[str, Any]:
        """Return all that it takes."""
        return {**(super().for_scripts() or {}), "tokens": self.kind}

    @classmethod
    def misfits(cls, entries: Sequence[str], where: str) -> list[Problem]:
        """Return that a text cannot be cut by entries which are written with marks."""
        marked = [entry for entry in entries if len(entry) > 1 and (
            entry.startswith(MARKED) or entry.endswith(MARKED))]
        if len(marked) <= MOST_MARKED * len(entries):
            return []
        return [Problem(where, "a text cannot be cut by the entries of a tokenizer alone",
                        shown(marked), 'put its tokenizer.json beside it, and say '
                        '"tokens": "subwords", "vocabulary": "tokenizer.json"')]


def cut_by_entries(entries: Sequence[str], special: Sequence[str]) -> bool:
    """Tell whether a vocabulary of which nothing is said has entries that are no characters."""
    known = set(special)
    return any(len(entry) > 1 and entry not in known for entry in entries)


TOKENS.register(Pieces.kind, Pieces)
