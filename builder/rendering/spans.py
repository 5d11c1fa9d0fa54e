"""Text and values to HTML: one element for each run of equal level, about 11 bytes a character.

    <b class=a>…</b> to <b class=p>…</b>   a run of one level
    <u>…</u>                               a line under the text, where a feature is on
    <u><u>…</u></u>                        two lines, where a count is 2; up to four
    <u data-n=6>…</u>                      in these, a digit: where a count is 6
    <u class=e>…</u>                       a bar under single characters
    <mark>…</mark>                         a character that is pointed at
    <i></i> and a line feed                a line end; style sheets draw the mark
    <i class=t>, <i class=w>               a tab; a blank before a line end
    <i class=v data-u=000D>␍</i>           a character that must not act, or cannot be seen

Everything else is the text, escaped, so that stripping the tags gives it back.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import lru_cache
from html import escape

import numpy as np
import regex
from markupsafe import Markup
from numpy.typing import NDArray

from builder.rendering.colour import LETTERS, NO_LEVEL, levels
from builder.rendering.marks import MOST

Lines = Sequence[bool] | Sequence[int] | NDArray[np.uint8]
"""How many lines stand under each character."""

Values = Sequence[float] | Sequence[float | None] | NDArray[np.floating]
"""Numbers, −1 to 1; None and NaN have no colour."""

_CLUSTER = regex.compile(r"\X")
_SIMPLE = re.compile(r"[\n -~]*")
_LAST_BLANKS = re.compile(r" +(?=\r?\n)")
_ACTING = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
"""Categories of controls, formats (bidi controls too), surrogates, line and paragraph ends."""


def coloured(
    text: str, values: Values, on: Lines | None = None, *, at: int | None = None,
    bars: bool = False,
) -> Markup:
    """Return the HTML of a text, to stand in an element that keeps blanks (`pre`), class `x`.

    A grapheme cluster is never cut and takes the level of its last character.

    Args:
        text: N characters, untrusted.
        values: N numbers, −1 to 1; what is not a number has no colour.
        on: N numbers of lines under the text, or flags: where the feature is on; None draws none.
        at: Place of a character that is pointed at.
        bars: Whether lines are bars under single characters.

    Raises:
        ValueError: The lengths differ.
    """
    marked = [False] * len(text) if on is None else on
    if not len(text) == len(values) == len(marked):
        raise ValueError(f"{len(text)} characters, {len(values)} values, {len(marked)} flags")
    numbers = np.array([np.nan if v is None else v for v in values], np.float64)
    drawn, last = _drawn(text)
    lines = np.asarray(marked, np.uint8)[last]
    here = np.zeros(len(last), bool)
    if at is not None:
        here[np.searchsorted(last, at)] = True
    return _runs(drawn, levels(numbers)[last], lines, here, bars)


def visible(text: str) -> str:
    """Return a text with each acting character written as U+XXXX: for names and attributes."""
    return "".join(_code(c) if unicodedata.category(c) in _ACTING else c for c in text)


def _runs(
    drawn: list[str], levels: NDArray[np.int8], lines: NDArray[np.uint8], here: NDArray[np.bool_],
    bars: bool,
) -> Markup:
    """Return one element for each run of equal level, in those that stand for equal marks."""
    marks = 2 * lines.astype(np.int16) + here
    under, pointed, shades = lines.tolist(), here.tolist(), levels.tolist()
    outer: tuple[str, ...] = ()
    parts: list[str] = []
    # one key for level and marks: a run ends where either changes, and the outer elements, which
    # stand for the marks, are opened and closed only where they change
    for start, stop in _equal(levels.astype(np.int16) + marks * (len(LETTERS) + 1)):
        wanted = _tags(under[start], pointed[start], bars)
        if wanted != outer:
            parts += _between(outer, wanted)
            outer = wanted
        html, level = "".join(drawn[start:stop]), shades[start]
        parts.append(html if level == NO_LEVEL else f"<b class={LETTERS[level]}>{html}</b>")
    return Markup("".join([*parts, *_between(outer, ())]))


@lru_cache(maxsize=1024)
def _tags(lines: int, here: bool, bars: bool) -> tuple[str, ...]:
    """Return the elements that a run stands in, the outermost first."""
    pointed = ("<mark>",) if here else ()
    if bars:
        return (*pointed, *["<u class=e>"] * (lines > 0))
    digit = (f"<u data-n={lines}>",) if lines > MOST else ()
    return (*pointed, *["<u>"] * min(lines, MOST), *digit)


def _between(before: tuple[str, ...], after: tuple[str, ...]) -> Iterator[str]:
    """Yield what closes and opens elements: those at the front that are the same stay open."""
    same = next((n for n, (a, b) in enumerate(zip(before, after, strict=False)) if a != b),
                min(len(before), len(after)))
    yield from ("</mark>" if tag == "<mark>" else "</u>" for tag in reversed(before[same:]))
    yield from after[same:]


def _equal(keys: NDArray[np.int16]) -> Iterator[tuple[int, int]]:
    """Yield start and stop of each run of equal keys."""
    if len(keys):
        changes = (np.flatnonzero(np.diff(keys)) + 1).tolist()
        yield from zip([0, *changes], [*changes, len(keys)], strict=True)


def _drawn(text: str) -> tuple[list[str], NDArray[np.intp]]:
    """Return the HTML of each grapheme cluster, and the place of its last character."""
    if _SIMPLE.fullmatch(text):
        drawn, last = [_drawing(c) for c in text], np.arange(len(text))
    else:
        clusters = _CLUSTER.findall(text)
        drawn = [_drawing(c) for c in clusters]
        last = np.cumsum([len(c) for c in clusters]) - 1  # a cluster has its last character's level
    for match in _LAST_BLANKS.finditer(text):
        for place in np.searchsorted(last, range(*match.span())).tolist():
            if drawn[place] == " ":
                drawn[place] = "<i class=w> </i>"
    return drawn, last


@lru_cache(maxsize=4096)
def _drawing(cluster: str) -> str:
    if cluster == "\n":
        return "<i></i>\n"
    if cluster == "\t":
        return "<i class=t>\t</i>"
    if cluster == "\r\n":
        return _drawing("\r") + _drawing("\n")
    if len(cluster) == 1 and unicodedata.category(cluster) in _ACTING:
        return f"<i class=v data-u={ord(cluster):04X}>{_picture(cluster)}</i>"
    return escape(cluster)


def _picture(character: str) -> str:
    """Return the control picture of ASCII controls, U+XXXX for all others."""
    code = ord(character)
    return chr(0x2400 + code) if code < 0x20 else "\u2421" if code == 0x7F else _code(character)


def _code(character: str) -> str:
    return f"U+{ord(character):04X}"
