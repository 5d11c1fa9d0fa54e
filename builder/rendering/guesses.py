"""What the network expects, under every step: five rows of guesses for the next one.

Likelier guesses are darker, in five levels (`class=q0` to `q4`), and what really came is
underlined. Rows are lined up by columns, so every character is drawn one column wide, and a guess
is cut to the columns of the step that it stands under.
"""

from __future__ import annotations

import bisect
import itertools
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from operator import itemgetter

from markupsafe import Markup

from builder.core.cards import Excerpt
from builder.rendering.spans import coloured

LIMITS = (0.05, 0.2, 0.5, 0.8)
"""Probabilities where a level begins."""

_DRAWN = {"\n": "↵", "\t": "→", " ": "␣"}
_ONE_COLUMN = frozenset({"L", "N", "P", "S"})


@dataclass(frozen=True)
class _Part:
    """Some columns of a line: a step, or what of one is on the line.

    Attributes:
        width: Columns.
        guesses: For what comes after them; none where the step goes on.
        came: What really came.
    """

    width: int
    guesses: tuple[tuple[str, float], ...]
    came: str


def guesses_html(excerpt: Excerpt) -> Markup:
    """Return the coloured lines of an excerpt, each with its guesses below, for a `pre`."""
    if excerpt.inside is None:
        return Markup()
    parts = []
    for start, stop in _lines(excerpt.text):
        line = "".join(_column(c) if c not in "\n " else c for c in excerpt.text[start:stop])
        parts.append(coloured(line, excerpt.values[start:stop]))
        if not line.endswith("\n"):
            parts.append(Markup("\n"))
        line_parts = list(_parts(excerpt, excerpt.inside.guesses, start, stop))
        rows = max(len(part.guesses) for part in line_parts)
        parts += [_row(line_parts, number) for number in range(rows)]
    return Markup("").join(parts)


def _parts(
    excerpt: Excerpt, guesses: Sequence[tuple[tuple[str, float], ...]], start: int, stop: int
) -> Iterator[_Part]:
    """Yield the parts of a line, each up to a character that ends a step or the line."""
    for at in range(start, stop):
        if guesses[at] or at + 1 == stop:
            after = next((i for i in range(at + 1, len(guesses)) if guesses[i]), at)
            yield _Part(at + 1 - start, guesses[at], excerpt.text[at + 1 : after + 1])
            start = at + 1


def _lines(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    while start < len(text):
        stop = text.find("\n", start) + 1 or len(text)
        yield start, stop
        start = stop


def _row(parts: Sequence[_Part], number: int) -> Markup:
    cells = [_cell(part, number) for part in parts]
    runs = []
    for level, group in itertools.groupby(cells, key=itemgetter(0)):
        html = "".join(_underlined(group))
        runs.append(f"<b class=q{level}>{html}</b>")
    return Markup("".join([*runs, "\n"]))


def _underlined(cells: Iterable[tuple[int, bool, str]]) -> Iterator[str]:
    """Yield the HTML of guesses, those that came in elements of their own."""
    for right, group in itertools.groupby(cells, key=itemgetter(1)):
        html = escape("".join([cell[2] for cell in group]))
        yield f"<u>{html}</u>" if right else html


def _cell(part: _Part, number: int) -> tuple[int, bool, str]:
    """Return level, whether it came, and what is drawn of one guess of a part."""
    if number >= len(part.guesses):
        return 0, False, " " * part.width
    guess, p = part.guesses[number]
    return bisect.bisect(LIMITS, p), guess == part.came, _fitted(guess, part.width)


@lru_cache(maxsize=4096)
def _fitted(guess: str, width: int) -> str:
    """Return a guess in so many columns; a longer one ends with a mark, if there is room."""
    drawn = "".join(map(_column, guess))
    if len(drawn) > width > 1:
        return drawn[: width - 1] + "…"
    return drawn[:width].ljust(width)


@lru_cache(maxsize=4096)
def _column(character: str) -> str:
    """Return something one column wide."""
    if character in _DRAWN:
        return _DRAWN[character]
    narrow = unicodedata.east_asian_width(character) not in "WF"
    drawable = unicodedata.category(character)[0] in _ONE_COLUMN
    return character if narrow and drawable else "\ufffd"
