"""Features of the last character alone: what a unit without memory can follow."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from builder.core.labels import Tag
from builder.features.registry import feature
from builder.features.source import Source


def _where(source: Source, holds: Callable[[str], bool]) -> NDArray[np.bool_]:
    codes, inverse = np.unique(source.codes, return_inverse=True)
    verdicts = np.array([holds(chr(code)) for code in codes.tolist()], np.bool_)
    return verdicts.take(inverse)


@feature("an upper-case letter", "is on at capital letters",
         tag=Tag.STATE, example=("aBC d", "01100"))
def is_upper(source: Source) -> NDArray[np.bool_]:
    """Mark upper-case letters."""
    return _where(source, str.isupper)


@feature("a digit", "is on at digits", tag=Tag.STATE, example=("a12 b", "01100"))
def is_digit(source: Source) -> NDArray[np.bool_]:
    """Mark digits."""
    return _where(source, str.isdigit)


@feature("white space", "is on at blanks, tabs and line ends",
         tag=Tag.STATE, example=("a b\n", "0101"))
def is_space(source: Source) -> NDArray[np.bool_]:
    """Mark white space."""
    return _where(source, str.isspace)
