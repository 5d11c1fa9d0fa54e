"""Words from outside, as they may stand on a terminal: one line, nothing that moves its cursor."""

from __future__ import annotations

import re

LONGEST = 2_000
"""Characters of one of them that are shown."""

_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")
"""Control characters, line ends, and marks that turn the direction of writing."""

_SECRET = re.compile(r"(?<=://)(?:[^/?#\s]*@|[^/?#\s:@]*:(?!\d+[/?#])[^\s@]*@)")
"""User and password, also one with a slash that should have been written as %2F."""


def plain(text: str) -> str:
    """Return a text with escapes for what is not to be seen, and no password in an address."""
    if len(text) > LONGEST:
        text = f"{text[:LONGEST]}…"
    return _CONTROL.sub(_escaped, without_password(text))


def without_password(text: str) -> str:
    """Return the text with the user and password taken out of every address in it."""
    return _SECRET.sub("", text)


def _escaped(found: re.Match[str]) -> str:
    return found[0].encode("unicode_escape").decode("ascii")
