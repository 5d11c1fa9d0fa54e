"""What the network expects, under every character: five rows of guesses for the next one.

Likelier guesses are darker, in five levels (`class=q0` to `q4`), and what really came is
underlined. Rows are lined up by columns, so every character is drawn one column wide.
"""

from __future__ import annotations

import bisect
import itertools
import unicodedata
from collections.abc import Iterator, Sequence
from functools import lru_cache
from html import escape
from operator import itemgetter

from markupsafe import Markup

from builder.core.cards import Excerpt
from builder.rendering.spans import coloured

LIMITS = (0.05, 0.2, 0.5, 0.8)
"""Probabilities where a level begins."""

_DRAWN = {"\n": "↵", "\t": "→", " ": "·"}
_ONE_COLUMN = frozenset({"L", "N", "P", "S"})


def guesses_html(excerpt: Excerpt) -> Markup:
    """Return the coloured lines of an excerpt, each with its guesses below, for a `pre`."""
    inside = excerpt.inside
    if inside is None:
        return Markup()
    parts = []
    for start, stop in _lines(excerpt.text):
        line = "".join(_column(c) if c not in "\n " else c for c in excerpt.text[start:stop])
        parts.append(coloured(line, excerpt.values[start:stop]))
        if not line.endswith("\n"):
            parts.append(Markup("\n"))
        coming = [*excerpt.text[start + 1 : stop + 1], ""][: stop - start]
        rows = zip(*inside.guesses[start:stop], strict=True)
        parts += [_row(row, coming) for row in rows]
    return Markup("").join(parts)


def _lines(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    while start < len(text):
        stop = text.find("\n", start) + 1 or len(text)
        yield start, stop
        start = stop


def _row(guesses: Sequence[tuple[str, float]], coming: Sequence[str]) -> Markup:
    cells = [(bisect.bisect(LIMITS, p), guess == came, _DRAWN.get(guess) or _column(guess))
             for (guess, p), came in zip(guesses, coming, strict=True)]
    runs = []
    for (level, right), group in itertools.groupby(cells, key=itemgetter(0, 1)):
        html = escape("".join([cell[2] for cell in group]))
        runs.append(f"<b class=q{level}>{f'<u>{html}</u>' if right else html}</b>")
    return Markup("".join([*runs, "\n"]))


@lru_cache(maxsize=4096)
def _column(character: str) -> str:
    """Return something one column wide."""
    if character in _DRAWN:
        return _DRAWN[character]
    narrow = unicodedata.east_asian_width(character) not in "WF"
    drawable = unicodedata.category(character)[0] in _ONE_COLUMN
    return character if narrow and drawable else "\ufffd"
