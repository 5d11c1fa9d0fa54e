"""A text with its lines, its words, and what of it is code; each is found once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from builder.core.labels import PROSE
from builder.core.text import code_points
from builder.features.brackets import Brackets, follow
from builder.features.joined import joined
from builder.features.keywords import KEYWORDS
from builder.features.scan import Scan, fill, scan_c, scan_python
from builder.features.tokens import scan_any
from builder.features.unicode import (
    find_words,
    inside_ascii_numbers,
    is_connector,
    is_mark,
    is_unspaced,
)
from builder.features.wordlist import Words

SCANNERS = {"python": scan_python, "c": scan_c, "cpp": scan_c}
"""Languages with a scanner of our own; all others go through the lexer library."""

Int = NDArray[np.int32]
S = TypeVar("S", bound=np.generic)
Bool = NDArray[np.bool_]


@dataclass(frozen=True)
class LexedText:
    """One document, in its language.

    Attributes:
        text: N characters.
        language: Lexer name, or one of PROSE.
    """

    text: str
    language: str

    def __len__(self) -> int:
        return len(self.text)

    @cached_property
    def codes(self) -> NDArray[np.uint32]:
        """Code point of every character, uint32[N]."""
        return code_points(self.text)

    @cached_property
    def places(self) -> Int:
        """0 to N − 1, int32[N]."""
        return np.arange(len(self.text), dtype=np.int32)

    def equal_to(self, characters: str) -> Bool:
        """Return where the text has one of `characters`, bool[N]."""
        found = np.zeros(len(self.text), bool)
        for code in code_points(characters).tolist():
            found |= self.codes == code
        return found

    @cached_property
    def is_ascii(self) -> bool:
        """Whether all characters are ASCII."""
        return not len(self.codes) or int(self.codes.max()) < 128

    # Lines.

    @cached_property
    def newline(self) -> Bool:
        """Where the line ends are, bool[N]."""
        return np.equal(self.codes, 10)

    @cached_property
    def line_starts(self) -> Int:
        """Position of the first character of each line, int32[M]; there is one at least."""
        ends = np.flatnonzero(self.newline[:-1]) + 1
        return joined(0, ends).astype(np.int32)

    @cached_property
    def line_sizes(self) -> Int:
        """Characters of each line with its end, int32[M]."""
        return np.diff(joined(self.line_starts, len(self.text))).astype(np.int32)

    def by_line(self, values: NDArray[S]) -> NDArray[S]:
        """Give each character the value of its line, [N]."""
        return np.repeat(values, self.line_sizes)

    @cached_property
    def line_start(self) -> Int:
        """Where the line of each character starts, int32[N]."""
        return np.repeat(self.line_starts, self.line_sizes)

    @cached_property
    def blank(self) -> Bool:
        """Where the text has white space, bool[N]."""
        codes = self.codes
        blank: Bool = (codes == 32) | ((codes >= 9) & (codes <= 13))
        if len(codes) and codes.max() > 127:
            blank |= np.isin(codes, code_points("\x85\xa0\u2028\u2029\u3000"))
        return blank

    @cached_property
    def first_visible(self) -> Int:
        """Position of the first visible character of each line, N where it has none, int32[M]."""
        visible = np.flatnonzero(~self.blank).astype(np.int32)
        at = np.searchsorted(visible, self.line_starts)
        first = joined(visible, len(self.text))[at].astype(np.int32)
        return np.where(first < self.line_starts + self.line_sizes, first, len(self.text)).astype(
            np.int32)

    # Letters and words.

    @cached_property
    def upper(self) -> Bool:
        """Where the capital letters are, bool[N]."""
        codes = self.codes
        upper: Bool = (codes >= 65) & (codes <= 90)
        return upper if not len(codes) or codes.max() < 128 else self.where(str.isupper)

    def where(self, holds: Callable[[str], bool]) -> Bool:
        """Return where a character is such that something holds for it, bool[N]."""
        codes, inverse = np.unique(self.codes, return_inverse=True)
        verdicts = np.array([holds(chr(code)) for code in codes.tolist()], bool)
        return verdicts.take(inverse)

    @cached_property
    def marks(self) -> Bool:
        """Where prose has marks, vowel signs and joiners, which belong to a letter; bool[N]."""
        if self.is_ascii or self.language not in PROSE:
            return np.zeros(len(self.text), bool)
        return self.where(is_mark)

    @cached_property
    def letters(self) -> Bool:
        """Whether each character is a letter, a digit, an underscore or a mark, bool[N]."""
        codes = self.codes
        if self.is_ascii:
            return _ASCII_WORDS[codes]
        table = np.array([chr(i).isalnum() or chr(i) == "_" for i in range(int(codes.max()) + 1)])
        if self.language in PROSE:
            return table[codes] | self.marks | self.where(is_connector)
        letters: Bool = table[codes]
        return letters

    @cached_property
    def words(self) -> Bool:
        """Whether each character is in a word, bool[N].

        In code these are letters, digits and underscores; in prose an apostrophe too, and what
        else stands inside words and numbers.
        """
        return self.word_list.inside

    @cached_property
    def word_list(self) -> Words:
        """All words; in prose those of Unicode's annex 29."""
        if self.language not in PROSE:
            return Words.of(self.codes, self.letters)
        if self.is_ascii:
            return Words.of(self.codes, self.letters | inside_ascii_numbers(self.codes))
        return Words(self.codes, *find_words(
            self.text, self.letters & ~self.marks, self.where(is_unspaced),
            self.where(str.isspace)))

    # Code.

    @cached_property
    def scan(self) -> Scan:
        """Strings, comments and directives; none in prose."""
        if self.language in PROSE:
            return Scan()
        scanner = SCANNERS.get(self.language)
        return scanner(self.text) if scanner else scan_any(self.text, self.language)

    @cached_property
    def in_string(self) -> Bool:
        """Where a string is open, bool[N]."""
        return fill(len(self.text), self.scan.inside)

    @cached_property
    def in_comment(self) -> Bool:
        """Where a comment is open, bool[N]."""
        return fill(len(self.text), self.scan.commented)

    @cached_property
    def in_directive(self) -> Bool:
        """On lines for the preprocessor, bool[N]."""
        return fill(len(self.text), self.scan.directives)

    @cached_property
    def code(self) -> Bool:
        """Where the text is neither string nor comment, quotes and marks left out too, bool[N]."""
        return ~fill(len(self.text), self.scan.strings + self.scan.comments)

    def in_code(self, characters: str) -> Bool:
        """Return where code has one of `characters`, bool[N]."""
        return self.equal_to(characters) & self.code

    @cached_property
    def word_in_code(self) -> Bool:
        """Which words are code, bool[W]."""
        return self.code[self.word_list.starts]

    def which_words(self, *names: str) -> NDArray[np.intp]:
        """Return the numbers of the words of code that are one of `names`, rising."""
        return np.flatnonzero(self.word_list.among(names) & self.word_in_code)

    @cached_property
    def keywords(self) -> Bool:
        """Which words are keywords of the language, bool[W]."""
        known = KEYWORDS.get(self.language)
        if known is None:
            spans = fill(len(self.text), self.scan.keywords)
            return spans[self.word_list.starts]
        return self.word_list.among(known) & self.word_in_code

    @cached_property
    def brackets(self) -> Brackets:
        """What is open after each character."""
        codes, here = self.codes, np.zeros(len(self.text), bool)
        for code in b"()[]{}":
            here |= codes == code
        positions = np.flatnonzero(here & self.code)
        before = self.before_blanks(positions)
        named = (before >= 0) & (self.words[before] | np.isin(codes[before], [41, 93]))
        word = self.word_list.number[before]
        after_word = (before >= 0) & self.words[before]
        keyword = after_word & self.keywords[word] if len(self.word_list) else after_word
        marked = after_word & self.word_list.among(("if",))[word] if len(self.word_list) \
            else after_word
        return follow(self.text, positions, named & ~keyword, marked & keyword)

    def before_blanks(self, positions: NDArray[np.integer]) -> NDArray[np.intp]:
        """Return the last character before each position that is no blank, −1 for none."""
        visible = np.flatnonzero(~self.blank)
        at = np.searchsorted(visible, positions) - 1
        return np.where(at >= 0, visible[np.maximum(at, 0)], -1) if len(visible) else at


_ASCII_WORDS = np.array([chr(i).isalnum() or chr(i) == "_" for i in range(128)])
