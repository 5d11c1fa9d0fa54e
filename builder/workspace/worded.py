"""How much of a network can be put into words, kept beside its weights: `words.json.xz`.

It names the digests of the weights and of the text, and the version of the search. It is taken
while the weights are the same; the text need not be at hand.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from pydantic import TypeAdapter
from pydantic.dataclasses import dataclass

from builder.core.worded import Worded
from builder.workspace.beside import Beside
from builder.workspace.results import AS_JSON
from builder.workspace.worded_checks import strange_units, wrong_formulas, wrong_numbers

FORMAT: Literal[1] = 1

SEARCH = 1
"""Version of the search: raised whenever it comes to other formulas or numbers, beyond rounding."""


@dataclass(frozen=True, config=AS_JSON)
class WordsFile:
    """The content of a file of words.

    Attributes:
        format: Of this file.
        search: Version of the search.
        weights: SHA-256 of the weights.
        text: Digest of the documents, their splits, and of what was left out.
        worded: What was found.
    """

    format: Literal[1]
    search: int
    weights: str
    text: str
    worded: Worded

    @property
    def version(self) -> int:
        """Version of the search."""
        return self.search

    @property
    def found(self) -> Worded:
        """What was found."""
        return self.worded


def _wrong(file: WordsFile) -> Iterator[tuple[str, str]]:
    yield from (("has a formula that is none", wrong) for wrong in wrong_formulas(file.worded))
    yield from (("has a number that cannot be", wrong) for wrong in wrong_numbers(file.worded))


WORDS = Beside("words", "search", SEARCH, TypeAdapter(WordsFile), _wrong, strange_units)
"""How it is read, written and described."""


def words_file(weights: str, text: str, worded: Worded) -> WordsFile:
    """Return what is written of what was found.

    Args:
        weights: SHA-256 of the weights.
        text: Digest of the text.
        worded: What was found.
    """
    return WordsFile(FORMAT, SEARCH, weights, text, worded)
