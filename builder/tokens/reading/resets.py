"""Where the state of a network begins anew: as it was trained, so it is read."""

from __future__ import annotations

from typing import Any, Literal

from builder.core.errors import ModelError, Problem, did_you_mean

Reset = Literal["document", "line"] | int
"""At the start of each document, of each line, or at every N-th step of a document."""

DOCUMENT: Literal["document"] = "document"
LINE: Literal["line"] = "line"
LARGEST = 10_000_000


def read_reset(given: Any, where: str) -> Reset:
    """Return what a file or a command line says.

    Args:
        given: "document", "line", or N of 1 or more, as a number or in digits.
        where: For messages.

    Raises:
        ModelError: It is none of these.
    """
    if given == DOCUMENT:
        return DOCUMENT
    if given == LINE:
        return LINE
    digits = isinstance(given, str) and given.isascii() and given.isdigit()
    steps = int(given[:20]) if digits else given
    if isinstance(steps, int) and not isinstance(steps, bool) and 1 <= steps <= LARGEST:
        return steps
    near = did_you_mean(given, (DOCUMENT, LINE)) if isinstance(given, str) else ""
    raise ModelError(Problem(where, "not where a state begins anew", f"{given!r:.60}",
                             near or 'say "document", "line", or a number of steps such as 100'))
