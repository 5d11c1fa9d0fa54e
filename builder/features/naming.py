"""Which word and which mark a position is at: numbers of the commonest, as columns of labels.

They are no features of their own, since a number that stands for a word is no quantity; formulas
ask of them whether the word is the one that they name.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
import regex
from numpy.typing import NDArray

from builder.core.labels import PROSE, FeatureSpec, Lookahead, Tag
from builder.features.lexed import JOINT
from builder.features.registry import Feature
from builder.features.source import Source, last_position

Int = NDArray[np.int16]

WORDS = 200
"""How many of the commonest words have a number."""

LEAST = 50
"""Times that a word or a mark must have been met."""

LONGEST = 40
"""Characters of the longest word that gets a number, so that a formula of it can be read."""

THIS, PREVIOUS, FIRST, MARK, CHARACTER = (
    "word", "previous_word", "first_word", "last_mark", "character")

TITLES: Mapping[str, str] = MappingProxyType({
    THIS: "the word", PREVIOUS: "the previous word", FIRST: "the first word of the line",
    MARK: "the last punctuation mark", CHARACTER: "the character"})


_JOINT = regex.compile(JOINT)


@dataclass(frozen=True)
class Named:
    """Labels each character with the number of a word or a mark; 0 is any other.

    Attributes:
        kind: `word`, the one that the character is in; `previous_word`, the last one that was
            complete before; `first_word`, that of the line once it is complete; `last_mark`, the
            last punctuation mark; `character`, the character itself.
        names: Those that have numbers, from 1.
    """

    kind: str
    names: tuple[str, ...]

    def __call__(self, source: Source) -> Int:
        """Label a text, int16[N]."""
        if not len(source):
            return np.zeros(0, np.int16)
        if self.kind == CHARACTER:
            return self._numbers(source)[source.codes]
        return self._marks(source) if self.kind == MARK else self._words(source)

    def number(self, name: str) -> int:
        """Return the number of a word or mark; −1, which no character has, for any other."""
        return self.names.index(name) + 1 if name in self.names else -1

    def _numbers(self, source: Source) -> Int:
        """Return the number of each code point up to the largest of a text."""
        number = np.zeros(int(source.codes.max()) + 1, np.int16)
        for i, name in enumerate(self.names, 1):
            if ord(name) < len(number):
                number[ord(name)] = i
        return number

    def _marks(self, source: Source) -> Int:
        number = self._numbers(source)
        marks = _are_marks(source)
        last = last_position(marks, np.arange(len(source), dtype=np.int32))
        return np.where(last >= 0, number[source.codes[np.maximum(last, 0)]], 0).astype(np.int16)

    def _words(self, source: Source) -> Int:
        words, n = source.word_list, len(source)
        if not len(words):
            return np.zeros(n, np.int16)
        index = {name: i for i, name in enumerate(self.names, 1)}
        spans = zip(words.starts.tolist(), words.sizes.tolist(), strict=True)
        numbers = np.array([index.get(source.text[a : a + size], 0) for a, size in spans], np.int16)
        if self.kind == THIS:
            return words.spread(numbers)
        complete = _complete(source, words.starts + words.sizes)
        if self.kind == PREVIOUS:
            return _picked(numbers, complete - 1)
        begun = np.searchsorted(words.starts, source.line_start)  # the first that starts there
        there = begun < complete
        return np.where(there, _picked(numbers, np.where(there, begun, -1)), 0).astype(np.int16)


def _complete(source: Source, ends: NDArray[np.intp]) -> NDArray[np.intp]:
    """Return how many words are known to be over at each character, given where they end."""
    over = np.arange(len(source) + 1)
    if source.language in PROSE:  # what is "don" up to the apostrophe may become "don't"
        for joint in _JOINT.finditer(source.text):
            over[joint.start()] = joint.end()
    return np.searchsorted(over[ends], np.arange(len(source)), side="right")


def _picked(numbers: Int, at: NDArray[np.intp]) -> Int:
    return np.where(at >= 0, numbers[np.maximum(at, 0)], 0).astype(np.int16)


def _are_marks(source: Source) -> NDArray[np.bool_]:
    found: NDArray[np.bool_] = ~source.letters & ~source.blank
    return found


def naming(texts: Iterable[str], language: str, words: int = WORDS) -> tuple[Feature, ...]:
    """Return columns that number the commonest words, marks and characters of some texts.

    Args:
        texts: From which they are learned.
        language: Of the texts.
        words: Most words that get a number.
    """
    met, marks, characters = Counter[str](), Counter[str](), Counter[str]()
    for text in texts:
        source = Source(text, language)
        spans = zip(source.word_list.starts.tolist(), source.word_list.sizes.tolist(), strict=True)
        met.update(text[a : a + size] for a, size in spans if size <= LONGEST)
        characters.update(text)
        marks.update(Counter("".join(map(chr, source.codes[_are_marks(source)].tolist()))))
    common = _common(met, words)
    named = {THIS: common, PREVIOUS: common, FIRST: common, MARK: _common(marks, words),
             CHARACTER: _common(characters, words)}
    return tuple(Feature(_spec(kind), Named(kind, names)) for kind, names in named.items())


def _common(met: Counter[str], most: int) -> tuple[str, ...]:
    """Return the commonest, ties in the order of the alphabet."""
    ranked = sorted((name for name, count in met.items() if count >= LEAST),
                    key=lambda name: (-met[name], name))
    return tuple(ranked[:most])


def _spec(kind: str) -> FeatureSpec:
    lookahead = Lookahead.TOKEN if kind == THIS else Lookahead.NONE
    return FeatureSpec(kind, TITLES[kind], f"says which {kind.replace('_', ' ')} it is", Tag.COUNT,
                       lookahead, frozenset(), "", "")
