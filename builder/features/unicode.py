"""Words, marks and ends of sentences of any script, after Unicode's annex 29.

What a character is comes from the tables of the library `regex`, never from lists of ours.
"""

from __future__ import annotations

import numpy as np
import regex
from numpy.typing import NDArray

from builder.core.text import code_points
from builder.features.joined import between

Bool = NDArray[np.bool_]
_BOUNDARY = regex.compile(r"(?w)\b")
_MARK = regex.compile(r"[\p{M}\p{Cf}]")
_CONNECTOR = regex.compile(r"\p{Pc}")
_UNSPACED = regex.compile(r"\p{Line_Break=SA}")
_ENDS = regex.compile(r"[\p{Sentence_Break=ST}--\p{ASCII}]", regex.V1)
_STOPS = regex.compile(r"\p{Sentence_Break=AT}")
_CLOSES = regex.compile(r"[[\p{Sentence_Break=CL}\p{Cf}]--\p{ASCII}]", regex.V1)
_IDEOGRAPH = regex.compile(r"[\p{Han}\p{Hiragana}\p{Katakana}]")
_GREEK = regex.compile(r"\p{Script=Greek}")
_HEBREW = regex.compile(r"\p{Word_Break=HL}")


def is_mark(character: str) -> bool:
    """Tell whether it belongs to what stands before it: marks, vowel signs, joiners, hyphens."""
    return _MARK.match(character) is not None


def is_connector(character: str) -> bool:
    """Tell whether it joins words as an underscore does."""
    return _CONNECTOR.match(character) is not None


def is_unspaced(character: str) -> bool:
    """Tell whether it is of a script that parts no words: Thai, Lao, Khmer, Burmese."""
    return _UNSPACED.match(character) is not None


def ends_sentence(character: str) -> bool:
    """Tell whether a sentence ends here whatever follows: danda, ؟ ۔ 。 and the like."""
    return _ENDS.match(character) is not None


def may_end_sentence(character: str) -> bool:
    """Tell whether a sentence ends here if a blank or a closing mark follows: . ! ?"""
    return character in "!?" or _STOPS.match(character) is not None


def may_follow_stop(character: str) -> bool:
    """Tell whether a full stop before it ends a sentence: blanks, quotation marks, brackets."""
    return character.isspace() or character in "\"')" or _CLOSES.match(character) is not None


def is_ideograph(character: str) -> bool:
    """Tell whether it is Chinese or Japanese, where no blank follows a sentence."""
    return _IDEOGRAPH.match(character) is not None


def is_greek(character: str) -> bool:
    """Tell whether it is a Greek letter, after which ; is a question mark."""
    return _GREEK.match(character) is not None


def is_hebrew(character: str) -> bool:
    """Tell whether it is a Hebrew letter, which may have a " before it inside a word."""
    return _HEBREW.match(character) is not None


def find_words(
    text: str, letters: Bool, unspaced: Bool, spaces: Bool
) -> tuple[Bool, NDArray[np.intp], NDArray[np.intp]]:
    """Find the words of a text that is not ASCII.

    A run of a script that parts no words is one word, and there is no white space in a word.
    Between two ASCII letters ' . and : part words, where the annex joins them: don't is two
    words, as it is in ASCII text.

    Args:
        text: N characters.
        letters: bool[N], letters, digits and underscores.
        unspaced: bool[N], characters of scripts that part no words.
        spaces: bool[N], white space.

    Returns:
        Where words are, bool[N], where each starts, [W], and its size, [W].
    """
    edge = np.zeros(len(text) + 1, bool)
    edge[[found.start() for found in _BOUNDARY.finditer(text)]] = True
    edge[1:-1] &= ~(unspaced[1:] & unspaced[:-1])
    parts = np.flatnonzero(_between_ascii_letters(text) | spaces)
    edge[parts] = edge[parts + 1] = edge[0] = edge[-1] = True
    edges = np.flatnonzero(edge)
    return _with_letters(letters, edges)


def _with_letters(
    letters: Bool, edges: NDArray[np.intp]
) -> tuple[Bool, NDArray[np.intp], NDArray[np.intp]]:
    starts, sizes = edges[:-1], np.diff(edges)
    word = np.logical_or.reduceat(letters, starts)
    return np.repeat(word, sizes), starts[word], sizes[word]


def _between_ascii_letters(text: str) -> Bool:
    codes = code_points(text)
    letter = ((codes | 32) >= 97) & ((codes | 32) <= 122)
    mark = (codes == 39) | (codes == 46) | (codes == 58)
    return mark & between(letter)


def inside_ascii_numbers(codes: NDArray[np.uint32]) -> Bool:
    """Return where . , ; or ' stands between two digits, which it joins to one word; bool[N]."""
    digit = (codes >= 48) & (codes <= 57)
    mark = (codes == 46) | (codes == 44) | (codes == 59) | (codes == 39)
    return mark & between(digit)
