"""Steps that are characters: a vocabulary of them, with one index for all others."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Annotated, Any, ClassVar

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, TypeAdapter, ValidationError

from builder.core.errors import ModelError, Problem
from builder.core.text import code_points
from builder.tokens.contract import TOKENS, Steps, Tokens

UNKNOWN = 0
"""Index of every character that is not in the vocabulary."""

KIND = "characters"
_CHARACTERS = TypeAdapter(Annotated[
    list[Annotated[str, Field(min_length=1, max_length=1, strict=True)]],
    Field(min_length=1, strict=True)])


@dataclass(frozen=True)
class Vocabulary(Tokens):
    """Characters a model knows; `characters[i]` has index i + 1, index 0 is any other."""

    kind: ClassVar[str] = KIND
    one_character: ClassVar[bool] = True

    characters: tuple[str, ...]

    @classmethod
    def of_texts(cls, texts: Iterable[str], minimum_count: int = 20) -> Vocabulary:
        """Return the characters seen at least `minimum_count` times, in code point order."""
        counts = np.zeros(0x110000, np.int64)
        for text in texts:
            seen, number = np.unique(code_points(text), return_counts=True)
            counts[seen] += number
        return cls(tuple(map(chr, np.flatnonzero(counts >= minimum_count).tolist())))

    def __len__(self) -> int:
        return len(self.characters)

    @property
    def size(self) -> int:
        """Rows of the embedding: the characters and the unknown one."""
        return len(self.characters) + 1

    @cached_property
    def _sorted(self) -> tuple[NDArray[np.uint32], NDArray[np.int64]]:
        codes = np.array([ord(c) for c in self.characters], np.uint32)
        order = np.argsort(codes, kind="stable")
        return codes[order], order + 1

    def encode(self, text: str) -> NDArray[np.int64]:
        """Return the index of every character, int64[N]; unknown ones are 0."""
        codes, indices = self._sorted
        found = code_points(text)
        if not len(codes):
            return np.zeros(len(found), np.int64)
        at = np.minimum(np.searchsorted(codes, found), len(codes) - 1)
        return np.where(codes[at] == found, indices[at], UNKNOWN)

    def steps(self, text: str) -> Steps:
        """Return a step for each character."""
        return Steps(self.encode(text), np.arange(1, len(text) + 1, dtype=np.int64))

    def name(self, index: int) -> str:
        """Return the character of an index; the replacement character for the unknown one."""
        return self.characters[index - 1] if index else "\ufffd"

    def written(self) -> dict[str, Any]:
        """Return the characters, in the order of their indices from 1."""
        return {"vocabulary": list(self.characters)}

    @classmethod
    def read(cls, written: Mapping[str, Any], where: str) -> Vocabulary:
        """Return the vocabulary of a `model.json`.

        Raises:
            ModelError: Something in it is no single character, or stands in it twice; names all.
        """
        try:
            characters = _CHARACTERS.validate_python(written["vocabulary"])
        except ValidationError as error:
            raise ModelError([
                Problem(f"{where}, {'.'.join(map(str, ('vocabulary', *e['loc'])))}", e["msg"],
                        f"found {e['input']!r:.60}") for e in error.errors()]) from None
        twice = sorted(c for c, count in Counter(characters).items() if count > 1)
        if twice:
            raise ModelError(Problem(f"{where}, vocabulary", "a character stands in it twice",
                                     ", ".join(map(repr, twice[:5])), "name each once"))
        return cls(tuple(characters))


TOKENS.register(KIND, Vocabulary)
