"""A text as a network reads it: its steps, and where the state begins anew.

*Burn-in of a reset.* After the zero state of a line nothing is left out: a line of 30 characters
has no part that can be spared, and the network was never read otherwise. Of a window of N steps
the first quarter is read and not scored, at most as many steps as the characters that are not
scored at the start of a text: what a feature is at the start of a window (inside a string, so deep
in brackets) is mostly decided before it, where the network cannot look.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from builder.core.feed import FRESH, SILENT
from builder.core.text import BURN_IN, Document, code_points
from builder.tokens.contract import Steps, Tokens
from builder.tokens.reading.resets import DOCUMENT, LINE, Reset

NEWLINE = "\n"


@dataclass(frozen=True)
class Cutting:
    """How texts become steps for one network.

    Attributes:
        tokens: What steps are.
        reset: Where its state begins anew besides at the start of a document.
        begin: Index of the step that is fed before the first of a document, and of a line where
            the state begins anew there; None where there is none. It covers no character.
    """

    tokens: Tokens
    reset: Reset = DOCUMENT
    begin: int | None = None

    @property
    def one_character(self) -> bool:
        """Whether each step is one character."""
        return self.tokens.one_character and self.begin is None

    @property
    def carries(self) -> bool:
        """Whether the state is carried through a document, and begins anew nowhere in it."""
        return self.reset == DOCUMENT

    @property
    def size(self) -> int:
        """V: indices are 0 to V − 1."""
        return self.tokens.size

    def name(self, index: int) -> str:
        """Return what an index stands for."""
        return self.tokens.name(index)

    def are_unknown(self, ids: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Return which steps are not known, bool[S]."""
        return self.tokens.are_unknown(ids)

    def steps_of(self, document: Document) -> Steps:
        """Return the steps of a document: those of its text."""
        return self.steps(document.text)

    def steps(self, text: str) -> Steps:
        """Return the steps of a document, with marks unless it is read as a whole."""
        if self.reset == LINE:
            return self._by_line(text)
        steps = self.tokens.steps(text)
        if isinstance(self.reset, int):
            place = np.arange(len(steps)) % self.reset
            silent = np.where(place < burn_in(self.reset), SILENT, 0)
            marks = (silent | np.where(place == 0, FRESH, 0)).astype(np.uint8)
            steps = replace(steps, marks=marks)
        return steps if self.begin is None else self._begun(steps)

    def drawn(self, given: int, place: int, before: str) -> list[int]:
        """Return what is fed of a step that is drawn from guesses.

        Args:
            given: Its index, or what is fed of it already.
            place: How many steps were before it.
            before: Name of the last of them.
        """
        window = isinstance(self.reset, int) and place % self.reset == 0
        by_line = self.reset == LINE and given >= 0
        if window or (by_line and self.begin is None and before.endswith(NEWLINE)):
            return [given if given < 0 else ~given]
        if by_line and self.begin is not None and self.tokens.name(given).endswith(NEWLINE):
            return [given, ~self.begin]
        return [given]

    def _by_line(self, text: str) -> Steps:
        if self.one_character:
            steps = self.tokens.steps(text)
            fresh = np.ones(len(text), bool)
            fresh[1:] = code_points(text)[:-1] == ord(NEWLINE)
            marks = np.where(fresh, FRESH, 0).astype(np.uint8)
            return replace(steps, marks=marks | self._ends(steps.ids))
        parts, at = list[Steps](), 0
        for line in _lines(text):
            steps = self.tokens.steps(line)
            marks = self._ends(steps.ids)
            marks[:1] |= FRESH
            part = Steps(steps.ids, steps.ends + at, marks)
            parts.append(part if self.begin is None else self._begun(part, at))
            at += len(line)
        return _joined(parts)

    def _begun(self, steps: Steps, at: int = 0) -> Steps:
        """Put the step that begins a text before steps that start at a position."""
        marks = np.zeros(len(steps), np.uint8) if steps.marks is None else steps.marks.copy()
        marks[:1] &= ~np.uint8(FRESH)
        return Steps(np.concatenate([[self.begin], steps.ids]).astype(np.int64),
                     np.concatenate([[at], steps.ends]).astype(np.int64),
                     np.concatenate([[FRESH | SILENT], marks]).astype(np.uint8))

    def _ends(self, ids: NDArray[np.int64]) -> NDArray[np.uint8]:
        """Mark steps that only end a line, after which the network was never read on."""
        end = self.tokens.line_end
        return np.where(ids == end, SILENT, 0).astype(np.uint8) if end is not None else \
            np.zeros(len(ids), np.uint8)


def burn_in(steps: int) -> int:
    """Return how many steps at the start of a window of so many are not scored."""
    return min(BURN_IN, steps // 4)


def _lines(text: str) -> Iterator[str]:
    """Yield lines with the newlines that end them; no other character ends one."""
    start = 0
    while start < len(text):
        stop = text.find(NEWLINE, start) + 1 or len(text)
        yield text[start:stop]
        start = stop


def _joined(parts: list[Steps]) -> Steps:
    nothing = Steps(np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0, np.uint8))
    each = [nothing, *parts]
    return Steps(np.concatenate([p.ids for p in each]), np.concatenate([p.ends for p in each]),
                 np.concatenate([p.marks for p in each if p.marks is not None]))
