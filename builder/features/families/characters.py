"""Features of the last character alone: what a unit without memory can follow."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from builder.core.labels import Phrases, Tag
from builder.features.registry import feature
from builder.features.source import Source

Bool = NDArray[np.bool_]


@feature("a capital letter", "is on for capital letters",
         tag=Tag.STATE, example=("aBC d", "01100"),
         phrases=Phrases("on capital letters", rise="a capital letter comes",
                         fall="the capital letters end"))
def is_upper(source: Source) -> Bool:
    """Mark upper-case letters."""
    return source.upper


@feature("a digit", "is on for digits", tag=Tag.STATE, example=("a12 b", "01100"),
         phrases=Phrases("on digits", rise="a digit comes", fall="the digits end"))
def is_digit(source: Source) -> Bool:
    """Mark digits."""
    codes = source.codes
    digit: Bool = (codes >= 48) & (codes <= 57)
    return digit if not len(codes) or codes.max() < 128 else source.where(str.isdigit)


@feature("white space", "is on for spaces, tabs and newlines",
         tag=Tag.STATE, example=("a b\n", "0101"),
         phrases=Phrases("on spaces, tabs and newlines", rise="white space begins",
                         fall="white space ends"))
def is_space(source: Source) -> Bool:
    """Mark white space."""
    return source.where(str.isspace) if len(source) and source.codes.max() > 127 \
        else source.blank | ((source.codes >= 28) & (source.codes <= 31))


@feature("punctuation", "is on for anything that is not a letter, a digit or a space",
         tag=Tag.STATE, example=("a.b, _", "010100"),
         phrases=Phrases("on punctuation", rise="punctuation begins", fall="punctuation ends"))
def is_punctuation(source: Source) -> Bool:
    """Mark all other visible characters; underscores and marks on letters are none."""
    return ~source.letters & ~is_space(source)
