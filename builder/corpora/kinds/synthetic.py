"""Corpus kind `synthetic`: texts of a small grammar whose counters are known by construction.

    document  = number newline { token }        the number is the document's own, spelled
    token     = word | string | run | open | close | newline
    word      = syllables without a and b, the frequent ones first in a fixed list
    string    = '"' { word | bracket | space } '"'        its brackets do not count
    run       = n times a, n times b, 1 <= n <= 12
    open      = ( | [ | {      as long as fewer than maximum_depth are open
    close     = the bracket that closes the last one open

Tokens are parted by spaces, but for the inner side of brackets. Brackets may stay open over
many lines; at the end all are closed. Opening and closing are equally likely unless the recipe
says otherwise, so every depth from 0 to maximum_depth is about as frequent as any other.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar, Literal, Self

import numpy as np
from pydantic import Field, model_validator

from builder.corpora.contract import CorpusKind, Place, TextFile, corpus_kind

BRACKETS = {"(": ")", "[": "]", "{": "}"}
SYLLABLES = tuple(consonant + vowel for consonant in "cdfghjklmn" for vowel in "eiou")
WORDS = 200
LONGEST_RUN = 12
LONGEST_STRING = 5
TOKENS = {"word": 8, "string": 3, "run": 3, "open": 4, "close": 4, "newline": 3}
"""Kinds of tokens with their weights."""
MOST = 100_000_000
"""Characters of all documents together: a minute of writing, and held in memory."""


@corpus_kind
class SyntheticCorpus(CorpusKind):
    """Texts of a small grammar with known counters: nested brackets, quotes, a^n b^n."""

    fixed: ClassVar[bool] = True
    kind: Literal["synthetic"]
    documents: int = Field(default=200, ge=1, le=100_000)
    characters: int = Field(default=5_000, ge=1, le=1_000_000)
    """Characters of each document, about."""
    maximum_depth: int = Field(default=8, ge=1, le=64)
    """Most brackets that are open at once."""
    closing: int = Field(default=4, ge=1, le=100)
    """How often a bracket closes for each 4 times that one opens."""
    seed: int = Field(default=0, ge=0)

    @model_validator(mode="after")
    def _not_too_large(self) -> Self:
        if (whole := self.documents * self.characters) > MOST:
            raise ValueError(f"{whole:,} characters in all documents; at most {MOST:,}")
        return self

    def files(self, place: Place) -> Iterator[TextFile]:
        """Yield the documents; each hangs on the seed and its own number alone."""
        for number in range(self.documents):
            text = write_document(self, number)
            yield TextFile(f"doc-{number:04d}.txt", text.encode("ascii"))


def write_document(settings: SyntheticCorpus, number: int) -> str:
    """Return the text of one document: ASCII, ends in a newline, the same on every machine.

    It is at least `settings.characters` long and stops at the first token after that, all
    brackets closed.
    """
    chance = _Chance(settings.seed, number)
    weights = {**TOKENS, "close": settings.closing}
    kinds = [kind for kind, weight in weights.items() for _ in range(weight)]
    writer = _Writer(settings.maximum_depth)
    writer.write(spell(number))
    writer.end_line()
    while writer.length < settings.characters:
        _write_token(writer, kinds[chance.below(len(kinds))], chance)
    writer.close_all()
    return writer.text


def spell(number: int) -> str:
    """Return a number as a word: its digits to the base 40, each a syllable."""
    rest, digit = divmod(number, len(SYLLABLES))
    return (spell(rest) if rest else "") + SYLLABLES[digit]


def _write_token(writer: _Writer, kind: str, chance: _Chance) -> None:
    match kind:
        case "string":
            writer.write(_string(chance))
        case "run":
            n = 1 + chance.below(LONGEST_RUN)
            writer.write("a" * n + "b" * n)
        case "open" if writer.can_open:
            writer.open("([{"[chance.below(3)])
        case "close" if writer.can_close:
            writer.close()
        case "newline" if writer.has_line:
            writer.end_line()
        case _:
            writer.write(_word(chance))


def _word(chance: _Chance) -> str:
    return spell(min(chance.below(WORDS), chance.below(WORDS)))


def _string(chance: _Chance) -> str:
    parts = (
        "()[]{}"[chance.below(6)] if chance.below(2) else _word(chance)
        for _ in range(chance.below(LONGEST_STRING + 1))
    )
    return '"' + " ".join(parts) + '"'


class _Chance:
    """Whole numbers from the raw stream of PCG64, which no version of numpy changes."""

    def __init__(self, seed: int, number: int) -> None:
        self._stream = np.random.PCG64(np.random.SeedSequence([seed, number]))

    def below(self, bound: int) -> int:
        """Return a number from 0 to bound - 1; the bias of the remainder is below 1e-16."""
        return int(self._stream.random_raw()) % bound


class _Writer:
    """The text so far and the brackets that are open in it."""

    def __init__(self, maximum_depth: int) -> None:
        self.length = 0
        self._parts: list[str] = []
        self._open: list[str] = []
        self._maximum_depth = maximum_depth
        self._glue = ""

    @property
    def text(self) -> str:
        return "".join(self._parts)

    @property
    def can_open(self) -> bool:
        return len(self._open) < self._maximum_depth

    @property
    def can_close(self) -> bool:
        return bool(self._open)

    @property
    def has_line(self) -> bool:
        return bool(self._parts) and self._parts[-1] != "\n"

    def write(self, token: str) -> None:
        self._append(self._glue + token)
        self._glue = " "

    def open(self, bracket: str) -> None:
        self.write(bracket)
        self._open.append(bracket)
        self._glue = ""

    def close(self) -> None:
        self._append(BRACKETS[self._open.pop()])
        self._glue = " "

    def end_line(self) -> None:
        self._append("\n")
        self._glue = ""

    def close_all(self) -> None:
        while self._open:
            self.close()
        if self.has_line:
            self.end_line()

    def _append(self, part: str) -> None:
        self._parts.append(part)
        self.length += len(part)
