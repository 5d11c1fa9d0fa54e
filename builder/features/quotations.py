"""Quotation marks of the world: what opens, what closes it, and what is neither."""

from __future__ import annotations

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
    "\uff62": "\uff63", "\u301d": "\u301e\u301f", "\u05f4": '\u05f4"', "\u275d": "\u275e",
    "\u275b": "\u275c",
}
"""Mark that opens to those that close it; which of them pair is decided by what opened."""

OPENED_BY = {mark: "".join(opening for opening, closing in CLOSED_BY.items() if mark in closing)
             for mark in "".join(CLOSED_BY.values())}
"""Mark that closes to those that it closes."""

_QUOTATION = regex.compile("[\\p{Quotation_Mark}\u05f4\u275b-\u275e]")
_GERSHAYIM = '"\u05f4'
_EITHER = frozenset('"\uff02\u201d\u00bb\u203a')
"""Marks that open or close, by what is open and what stands before them."""
_SINGLE = frozenset("'\u2018\u2019\u201a\u201b")
_GOES_ON = {"\u201c": "\u201c", "\u201d": "\u201c", "\u2018": "\u2018"}
"""Open mark to those that open nothing within it: they stand where a new line of it begins."""
_NO_BREAK = frozenset("\u00a0\u202f\u2060")


def inside_quotations(source: LexedText) -> Bool:
    """Return where a quotation is open, the opening mark inside and the closing one outside."""
    text, blank = source.text, after_blank_lines(source)
    places = np.flatnonzero(_marks(source) | blank)
    open_, is_open = _Open(), [False]
    for at, clears, joins in zip(places.tolist(), blank[places].tolist(),
                                 _joins(source)[places].tolist(), strict=True):
        if clears:
            open_ = _Open()
        elif not joins:
            _take(open_, text[at], text[at - 1] if at else "\n")
        is_open.append(bool(open_.marks))
    return np.repeat(np.array(is_open), np.diff(joined(0, places, len(text))))


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
    return single | (source.equal_to(_GERSHAYIM) & between(source.where(is_hebrew) | source.marks))


class _Open:
    """The marks that are open, first to last; of each kind it is known where they are."""

    def __init__(self) -> None:
        self.marks: list[str] = []
        self._places: dict[str, list[int]] = {}

    def has(self, mark: str) -> bool:
        """Tell whether such a mark is open."""
        return bool(self._places.get(mark))

    def open(self, mark: str) -> None:
        """Open one more."""
        self._places.setdefault(mark, []).append(len(self.marks))
        self.marks.append(mark)

    def last_closed_by(self, mark: str) -> int | None:
        """Return which of the open marks a mark closes, the last that it can."""
        return max((self._places[m][-1] for m in OPENED_BY.get(mark, "") if self.has(m)),
                   default=None)

    def close(self, first: int) -> None:
        """Close one and all that were opened since."""
        while len(self.marks) > first:
            self._places[self.marks.pop()].pop()


def _take(open_: _Open, mark: str, before: str) -> None:
    """Open or close what a mark opens or closes."""
    closed = open_.last_closed_by(mark)
    if closed is not None and not _opens_again(open_, mark, before):
        open_.close(closed)
    elif _opens(open_, mark, before):
        open_.open(mark)


def _opens_again(open_: _Open, mark: str, before: str) -> bool:
    """Tell whether a guillemet begins a quotation in the quotation that another one opened."""
    return mark in "\u00ab\u00bb" and open_.marks[-1] == mark and before in " \t([{"


def _opens(open_: _Open, mark: str, before: str) -> bool:
    if mark not in CLOSED_BY:
        return False
    if open_.marks and mark in _GOES_ON.get(open_.marks[-1], ""):
        return False
    if mark == "\u00ab" and open_.has(mark) and before == "\n":
        return False
    if mark == '"' and "0" <= before <= "9":
        return False  # inches
    if mark == "\u2018":
        return not before.isalnum()
    if mark in _EITHER and mark not in '"\uff02':
        return not (before.isalnum() or before in _NO_BREAK or before in ".,;!?\u2026")
    return True
