"""Pieces of which sentences of several pages are made."""

from __future__ import annotations

from collections.abc import Sequence


def listed(words: Sequence[str], last: str = "and") -> str:
    """Return words as a list in a sentence: none, a, a and b, a, b and c.

    Args:
        words: Of the list.
        last: What stands before the last.
    """
    if len(words) < 2:
        return "".join(words) or "none"
    return f"{', '.join(words[:-1])} {last} {words[-1]}"
