"""Strings and comments of Python, C and C++, found with one regular expression a language.

Everything else that features ask of code is made from these with whole-array arithmetic, which
is many times faster than a lexer that names every token.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

Span = tuple[int, int]
"""Positions of a stretch: from, to (exclusive)."""


@dataclass(frozen=True)
class Scan:
    """Where the strings and comments of a text are.

    Attributes:
        strings: Whole strings with their quotes, prefixes left out; code in f-strings is not
            part of them.
        inside: Where a string is open: after its opening quote and before its closing one.
        documents: The same for docstrings alone.
        comments: Whole comments with their marks.
        commented: Where a comment is open: after its mark.
        directives: Lines for the preprocessor.
        keywords: Where a lexer saw keywords; empty where a list of them says it.
        definitions: Where it saw names being defined.
    """

    strings: list[Span] = field(default_factory=list)
    inside: list[Span] = field(default_factory=list)
    documents: list[Span] = field(default_factory=list)
    comments: list[Span] = field(default_factory=list)
    commented: list[Span] = field(default_factory=list)
    directives: list[Span] = field(default_factory=list)
    keywords: list[Span] = field(default_factory=list)
    definitions: list[Span] = field(default_factory=list)


def fill(length: int, spans: Sequence[Span] | NDArray[np.integer[Any]]) -> NDArray[np.bool_]:
    """Return bool[length], on inside the spans, which may overlap or be empty; [S, 2]."""
    if not len(spans):
        return np.zeros(length, bool)
    starts, stops = np.asarray(spans, np.int64).T
    there = stops > starts
    if not there.all():
        starts, stops = starts[there], stops[there]
    if (starts[1:] < stops[:-1]).any():
        order = np.argsort(starts, kind="stable")
        starts, stops = starts[order], stops[order]
        starts[1:] = np.maximum(starts[1:], np.maximum.accumulate(stops[:-1]))
        stops = np.maximum(stops, starts)
    edges = np.zeros(2 * len(starts) + 2, np.int64)
    edges[1:-1:2], edges[2:-1:2], edges[-1] = starts, stops, length
    sizes = edges[1:] - edges[:-1]
    return np.repeat(np.arange(len(sizes)) % 2 == 1, sizes)


_TRIPLE = r'"""(?:[^\\"]++|\\.|"(?!""))*+(?:"""|\\?\Z|"{1,2}\Z)'
_SINGLE = r'"(?:[^\\"\n]++|\\.)*+(?:"|\\?\Z|(?=\n))'
_PYTHON = re.compile(
    rf"(?P<comment>\#[^\n]*+)|(?P<prefix>\b[rbuftRBUFT]{{1,2}})?+"
    rf"(?P<string>{_TRIPLE}|{_TRIPLE.replace(chr(34), chr(39))}"
    rf"|{_SINGLE}|{_SINGLE.replace(chr(34), chr(39))})", re.S)

_C = re.compile(
    r"(?P<block>/\*(?:[^*]++|\*(?!/))*+(?:\*/|\Z))"
    r"|(?P<line>//(?:[^\\\n]++|\\.)*+)"
    r'|(?P<raw>R"(?P<mark>[^()\\\s"]{0,16})\((?s:.*?)(?:\)(?P=mark)"|\Z))'
    r'|(?P<string>"(?:[^\\"\n]++|\\.)*+(?:"|\\?\Z|(?=\n)))'
    r"|(?P<quote>(?<![0-9a-fA-F])'(?:[^\\'\n]++|\\.)*+(?:'|\\?\Z|(?=\n)))"
    r"|(?P<directive>^[ \t]*+\#)", re.S | re.M)
_BRACES = re.compile(r"\{\{|\}\}|[{}]")


def scan_python(text: str) -> Scan:
    """Scan Python; a string that is not closed ends with its line, a triple one with the text."""
    scan = Scan()
    _scan_python(text, 0, scan, top=True)
    return scan


def _scan_python(text: str, shift: int, scan: Scan, *, top: bool) -> None:
    looked, is_first = 0, True  # up to where, and whether its line is blank up to there
    for match in _PYTHON.finditer(text):
        start, stop = match.span()
        if match["comment"] is not None:
            scan.comments.append((shift + start, shift + stop))
            scan.commented.append((shift + start, shift + stop))
            continue
        quote = 3 if text.startswith(('"""', "'''"), match.start("string")) else 1
        opened = match.start("string") + quote
        closed = stop - opened >= quote and text.startswith(text[opened - quote : opened],
                                                            stop - quote)
        inside = (opened - 1, stop - 1 if closed else stop)
        if "f" in (match["prefix"] or "").lower():
            _scan_f_string(text, shift, (match.start("string"), stop), inside, scan)
            continue
        scan.strings.append((shift + match.start("string"), shift + stop))
        scan.inside.append((shift + inside[0], shift + inside[1]))
        if top and quote == 3:
            line = text.rfind("\n", looked, start) + 1
            is_first = not text[line or looked:start].strip() and (line > 0 or is_first)
            looked = start
            if is_first:
                scan.documents.append(inside)


def _scan_f_string(text: str, shift: int, whole: Span, inside: Span, scan: Scan) -> None:
    """Take down an f-string without its code; the strings of that code are scanned in turn."""
    at, depth, begun = whole[0], 0, 0
    on = inside[0]
    for brace in _BRACES.finditer(text, inside[0] + 1, inside[1]):
        if depth == 0 and brace[0] == "{":
            scan.strings.append((shift + at, shift + brace.start()))
            scan.inside.append((shift + on, shift + brace.start()))
            depth, begun = 1, brace.end()
        elif depth and brace[0][0] == "{":
            depth += len(brace[0])
        elif depth and brace[0][0] == "}":
            depth -= len(brace[0])
            if depth <= 0:
                at = on = brace.end() - 1
                _scan_python(text[begun:at], shift + begun, scan, top=False)
                depth = 0
    if depth:
        _scan_python(text[begun : inside[1]], shift + begun, scan, top=False)
    else:
        scan.strings.append((shift + at, shift + whole[1]))
        scan.inside.append((shift + on, shift + inside[1]))


def scan_c(text: str) -> Scan:
    """Scan C and C++; what is not closed ends with its line, a block comment with the text."""
    scan, end = Scan(), 0
    for match in _C.finditer(text):
        start, stop = match.span()
        if match.lastgroup == "directive":
            if not scan.directives or stop > scan.directives[-1][1]:
                end = _directive_end(text, stop)
            scan.directives.append((stop - 1, end))
        elif match.lastgroup == "block":
            scan.comments.append((start, stop))
            closed = stop - start >= 4 and text.startswith("*/", stop - 2)
            scan.commented.append((start + 1, stop - closed))
        elif match.lastgroup == "line":
            scan.comments.append((start, stop))
            scan.commented.append((start + 1, stop))
        else:
            opened = start + 2 if match["raw"] is not None else start + 1
            closed = stop > opened and text[stop - 1] in "\"'"
            scan.strings.append((start, stop))
            scan.inside.append((opened - 1, stop - closed))
    return scan


def _directive_end(text: str, start: int) -> int:
    """Return where the line ends that a directive is on; a backslash goes on to the next."""
    end = text.find("\n", start)
    while end > 0 and text[end - 1] == "\\":
        end = text.find("\n", end + 1)
    return end if end >= 0 else len(text)


