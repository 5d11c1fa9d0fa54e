"""Quotation marks of the world: what opens, what closes it, and what is neither."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import regex
from numpy.typing import NDArray

from builder.features.joined import between, joined
from builder.features.lexed import LexedText
from builder.features.unicode import is_hebrew

Bool = NDArray[np.bool_]

CLOSED_BY: dict[str, str] = {
    '"': '"\u201d\uff02', "\uff02": '\uff02"',
    "\u201c": '\u201d"', "\u201d": '\u201d"', "\u201e": '\u201c\u201d"', "\u201f": '\u201d"',
    "\u2e42": '\u201c\u201d"', "\u2018": "\u2019", "\u201a": "\u2018\u2019'", "\u201b": "\u2019",
    "\u00ab": "\u00bb", "\u00bb": "\u00ab\u00bb", "\u2039": "\u203a", "\u203a": "\u2039\u203a",
    "\u300c": "\u300d", "\u300e": "\u300f", "\ufe41": "\ufe42", "\ufe43": "\ufe44",
    "\uff62": "\uff63", "\u301d": "\u301e\u301f",
}
"""Mark that opens to those that close it; which of them pair is decided by what opened."""

_QUOTATION = regex.compile(r"\p{Quotation_Mark}")
_EITHER = frozenset('"\uff02\u201d\u00bb\u203a')
"""Marks that open or close, by what is open and what stands before them."""
_SINGLE = frozenset("'\u2018\u2019\u201a\u201b")
_GOES_ON = {"\u201c": "\u201c", "\u201d": "\u201c", "\u2018": "\u2018"}
"""Open mark to those that open nothing within it: they stand where a new line of it begins."""
_NO_BREAK = frozenset("\u00a0\u202f\u2060")


def inside_quotations(source: LexedText) -> Bool:
    """Return where a quotation is open, the opening mark inside and the closing one outside."""
    text, blank = source.text, after_blank_lines(source)
    joins = _joins(source)
    on, last, open_ = np.zeros(len(text), bool), 0, list[str]()
    for at in np.flatnonzero(_marks(source) | blank).tolist():
        on[last:at] = bool(open_)
        if blank[at]:
            open_.clear()
        elif not joins[at]:
            _take(open_, text[at], text[at - 1] if at else "\n")
        last = at
    on[last:] = bool(open_)
    return on


def _marks(source: LexedText) -> Bool:
    if source.is_ascii:
        return source.equal_to('"')
    return source.where(lambda c: _QUOTATION.match(c) is not None)


def after_blank_lines(source: LexedText) -> Bool:
    """Return where a line end closes a blank line, LF or CRLF."""
    before = joined(False, source.newline[:-1])
    carriage = joined(False, source.equal_to("\r")[:-1])
    return source.newline & (before | (carriage & joined(False, before[:-1])))


def _joins(source: LexedText) -> Bool:
    """Return where a mark is part of a word: an apostrophe, or gershayim in Hebrew."""
    if source.is_ascii:
        return np.zeros(len(source), bool)
    single = source.equal_to("".join(_SINGLE)) & between(source.letters)
    return single | (source.equal_to('"') & between(source.where(is_hebrew) | source.marks))


def _take(open_: list[str], mark: str, before: str) -> None:
    """Open or close what a mark opens or closes; `open_` has the marks that are open."""
    closed = _closed(open_, mark)
    if closed is not None and not _opens_again(open_, mark, before):
        del open_[closed:]
    elif _opens(open_, mark, before):
        open_.append(mark)


def _closed(open_: Sequence[str], mark: str) -> int | None:
    """Return which of the open marks a mark closes, the last that it can."""
    return next((i for i in reversed(range(len(open_))) if mark in CLOSED_BY[open_[i]]), None)


def _opens_again(open_: Sequence[str], mark: str, before: str) -> bool:
    """Tell whether a guillemet begins a quotation in the quotation that another one opened."""
    return mark in "\u00ab\u00bb" and open_[-1] == mark and before in " \t([{"


def _opens(open_: Sequence[str], mark: str, before: str) -> bool:
    if mark not in CLOSED_BY:
        return False
    if open_ and mark in _GOES_ON.get(open_[-1], ""):
        return False
    if mark == "\u00ab" and mark in open_ and before == "\n":
        return False
    if mark == "\u2018":
        return not before.isalnum()
    if mark in _EITHER and mark not in '"\uff02':
        return not (before.isalnum() or before in _NO_BREAK or before in ".,;!?\u2026")
    return True
