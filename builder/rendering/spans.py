"""Text and values to HTML: one element for each run of equal level, about 11 bytes a character.

    <b class=a>…</b> to <b class=p>…</b>   a run of one level
    <u>…</u>                               where a feature is on
    <mark>…</mark>                         a character that is pointed at
    <i></i> and a line feed                a line end; style sheets draw the mark
    <i class=t>, <i class=w>               a tab; a blank before a line end
    <i class=v data-u=000D>␍</i>           a character that must not act, or cannot be seen

Everything else is the text, escaped, so that stripping the tags gives it back.
"""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape

import numpy as np
import regex
from markupsafe import Markup
from numpy.typing import NDArray

from builder.rendering.colour import LETTERS, NO_LEVEL, levels

Values = Sequence[float] | Sequence[float | None] | NDArray[np.floating]
"""Numbers, −1 to 1; None and NaN have no colour."""

_CLUSTER = regex.compile(r"\X")
_SIMPLE = re.compile(r"[\n -~]*")
_LAST_BLANKS = re.compile(r" +(?=\r?\n)")
_ACTING = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
"""Categories of controls, formats (bidi controls too), surrogates, line and paragraph ends."""


@dataclass(frozen=True, slots=True)
class _Piece:
    html: str
    level: int
    on: bool
    here: bool


def coloured(
    text: str, values: Values, on: Sequence[bool] | None = None, *, at: int | None = None,
) -> Markup:
    """Return the HTML of a text, to stand in an element that keeps blanks (`pre`), class `x`.

    A grapheme cluster is never cut and takes the level of its last character.

    Args:
        text: N characters, untrusted.
        values: N numbers, −1 to 1; what is not a number has no colour.
        on: N flags: where the feature is on; None draws no lines.
        at: Place of a character that is pointed at.

    Raises:
        ValueError: The lengths differ.
    """
    marked = [False] * len(text) if on is None else on
    if not len(text) == len(values) == len(marked):
        raise ValueError(f"{len(text)} characters, {len(values)} values, {len(marked)} flags")
    numbers = np.array([np.nan if v is None else v for v in values], np.float64)
    flagged = _by_flag(_pieces(text, levels(numbers).tolist(), marked, at))
    return Markup("").join(
        _pointed_at(here, _line_under(flag, html)) for flag, here, html in flagged)


def visible(text: str) -> str:
    """Return a text with each acting character written as U+XXXX: for names and attributes."""
    return "".join(_code(c) if unicodedata.category(c) in _ACTING else c for c in text)


def _by_flag(pieces: Iterator[_Piece]) -> Iterator[tuple[bool, bool, Markup]]:
    for (on, here), group in itertools.groupby(pieces, key=lambda p: (p.on, p.here)):
        yield on, here, _runs(group)


def _pointed_at(here: bool, html: Markup) -> Markup:
    return Markup("<mark>") + html + Markup("</mark>") if here else html


def _line_under(on: bool, html: Markup) -> Markup:
    return Markup("<u>") + html + Markup("</u>") if on else html


def _runs(pieces: Iterator[_Piece]) -> Markup:
    return Markup("").join(
        _run(level, "".join(piece.html for piece in group))
        for level, group in itertools.groupby(pieces, key=lambda piece: piece.level)
    )


def _run(level: int, html: str) -> Markup:
    return Markup(html if level == NO_LEVEL else f"<b class={LETTERS[level]}>{html}</b>")


def _pieces(
    text: str, levels: Sequence[int], on: Sequence[bool], at: int | None
) -> Iterator[_Piece]:
    blanks = {at for match in _LAST_BLANKS.finditer(text) for at in range(*match.span())}
    for start, cluster in _clusters(text):
        last = start + len(cluster) - 1
        html = "".join(map(_draw, cluster)) if len(cluster) == 1 or cluster == "\r\n" else (
            escape(cluster))
        yield _Piece(f"<i class=w>{html}</i>" if start in blanks and cluster == " " else html,
                     levels[last], bool(on[last]), at is not None and start <= at <= last)


def _clusters(text: str) -> Iterator[tuple[int, str]]:
    if _SIMPLE.fullmatch(text):
        return enumerate(text)
    return ((match.start(), match.group()) for match in _CLUSTER.finditer(text))


def _draw(character: str) -> str:
    if character == "\n":
        return "<i></i>\n"
    if character == "\t":
        return "<i class=t>\t</i>"
    if unicodedata.category(character) in _ACTING:
        return f"<i class=v data-u={ord(character):04X}>{_picture(character)}</i>"
    return escape(character)


def _picture(character: str) -> str:
    """Return the control picture of ASCII controls, U+XXXX for all others."""
    code = ord(character)
    return chr(0x2400 + code) if code < 0x20 else "\u2421" if code == 0x7F else _code(character)


def _code(character: str) -> str:
    return f"U+{ord(character):04X}"
