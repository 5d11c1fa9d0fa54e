"""Features of lines."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from builder.core.labels import Lookahead, Tag
from builder.features.registry import feature
from builder.features.source import Source


@feature("position in the line", "counts the characters since the line began",
         tag=Tag.COUNT, example=("ab\nc", "1201"))
def line_position(source: Source) -> NDArray[np.int64]:
    """Count characters since the last newline, which is 0 itself."""
    n = np.arange(1, len(source.text) + 1)
    return n - np.maximum.accumulate(np.where(source.equal_to("\n"), n, 0)) if len(n) else n


@feature("a newline comes next", "predicts that the line ends here",
         tag=Tag.FUTURE, lookahead=Lookahead.TOKEN, example=("ab\nc", "0100"))
def next_is_newline(source: Source) -> NDArray[np.bool_]:
    """Mark the characters that a newline follows."""
    return np.r_[source.equal_to("\n")[1:], False] if source.text else np.zeros(0, bool)
