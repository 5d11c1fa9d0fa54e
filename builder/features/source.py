"""A text as feature functions see it; whatever several of them need is made once."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from builder.features.indentation import columns_of, depth_of_blocks
from builder.features.lexed import LexedText
from builder.features.statements import Statements, find_statements

Int = NDArray[np.int32]


@dataclass(frozen=True)
class Source(LexedText):
    """One document to be labelled: besides what is found by looking at it, what follows from that.

    Attributes:
        text: N characters.
        language: Lexer name, or one of PROSE.
    """

    @cached_property
    def statements(self) -> Statements:
        """Statements of Python."""
        return find_statements(self)

    @cached_property
    def indents(self) -> Int:
        """Columns by which each line is indented, int32[M]."""
        return columns_of(self)

    @cached_property
    def block_depth(self) -> Int:
        """Blocks of code that are open, by indentation in Python and else by {}, int32[N]."""
        if self.language != "python":
            return self.brackets.curly
        return depth_of_blocks(self, self.statements.starts, self.indents)


def last_position(where: NDArray[np.bool_], places: Int) -> Int:
    """Return where `where` was on last, at each character; −1 before the first, int32[N]."""
    return np.maximum.accumulate(np.where(where, places, np.int32(-1))) if len(where) else places
