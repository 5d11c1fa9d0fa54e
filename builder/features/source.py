"""A text as feature functions see it: characters, code points and, for code, tokens."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from builder.core.model import code_points
from builder.features.tokens import Kind, Token, tokenise

PROSE = frozenset({"prose", "text"})
"""Languages without a lexer."""


@dataclass(frozen=True)
class Source:
    """One document to be labelled, in its language; what is derived from it is made once."""

    text: str
    language: str

    @cached_property
    def codes(self) -> NDArray[np.uint32]:
        """Code point of every character, uint32[N]."""
        return code_points(self.text)

    @cached_property
    def tokens(self) -> list[Token]:
        """Tokens that tile the text; none for prose."""
        return [] if self.language in PROSE else tokenise(self.text, self.language)

    @cached_property
    def kinds(self) -> NDArray[np.uint8]:
        """Kind of the token each character is part of, uint8[N]."""
        sizes = [len(token.text) for token in self.tokens]
        kinds = np.array([token.kind for token in self.tokens], np.uint8)
        return np.repeat(kinds, sizes) if sizes else np.zeros(len(self.text), np.uint8)

    @cached_property
    def words(self) -> NDArray[np.bool_]:
        """Whether each character is a letter, a digit or an underscore, bool[N]."""
        table = _word_table(int(self.codes.max()) if len(self.codes) else 0)
        words: NDArray[np.bool_] = table[self.codes]
        return words

    def equal_to(self, characters: str) -> NDArray[np.bool_]:
        """Return where the text has one of `characters`, bool[N]."""
        return np.isin(self.codes, code_points(characters))

    def of_kind(self, kind: Kind) -> NDArray[np.bool_]:
        """Return where the text is part of a token of a kind, bool[N]."""
        return np.equal(self.kinds, kind)

    def in_code(self, characters: str) -> NDArray[np.bool_]:
        """Return where it has one of them as punctuation, not in a string or comment, bool[N]."""
        return self.equal_to(characters) & self.of_kind(Kind.PUNCTUATION)


def _word_table(highest: int) -> NDArray[np.bool_]:
    return np.array([chr(i).isalnum() or chr(i) == "_" for i in range(max(highest, 127) + 1)])
