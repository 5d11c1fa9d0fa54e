"""Features of single tokens: keywords, numbers, names."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from builder.core.labels import Lookahead, Tag
from builder.features.registry import CODE, feature
from builder.features.source import Source
from builder.features.tokens import Kind


@feature("inside a keyword", "is on while a word of the language itself is written",
         tag=Tag.STATE, lookahead=Lookahead.TOKEN, languages=CODE,
         example=("return a", "11111100"))
def in_keyword(source: Source) -> NDArray[np.bool_]:
    """Mark the characters of keywords, word operators and constants such as None."""
    return source.of_kind(Kind.KEYWORD)


@feature("inside a number", "is on while a number is written",
         tag=Tag.STATE, lookahead=Lookahead.TOKEN, languages=CODE,
         example=("a1 = 25", "0000011"))
def in_number(source: Source) -> NDArray[np.bool_]:
    """Mark the characters of numbers; digits in names are none."""
    return source.of_kind(Kind.NUMBER)


@feature("in a name being defined", "is on in the name of a function or class where it is made",
         tag=Tag.STATE, lookahead=Lookahead.TOKEN, languages=CODE,
         example=("def ab(c):", "0000110000"))
def in_name_definition(source: Source) -> NDArray[np.bool_]:
    """Mark the names that definitions introduce."""
    return source.of_kind(Kind.DEFINITION)


@feature("position in the word", "counts the characters of the word so far",
         tag=Tag.COUNT, example=("ab c_1+", "1201230"))
def word_position(source: Source) -> NDArray[np.int64]:
    """Count letters, digits and underscores since the last other character."""
    n = np.arange(1, len(source.text) + 1)
    return n - np.maximum.accumulate(np.where(source.words, 0, n)) if len(n) else n
