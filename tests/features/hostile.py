"""Texts that nobody writes, of any size, for which some take the square of the time."""

from __future__ import annotations

import signal
from collections.abc import Callable
from contextlib import contextmanager

from tests.interrupts import PATIENCE


def _repeated(part: str) -> Callable[[int], str]:
    return lambda size: (part * (size // len(part) + 1))[:size]


def _indented(size: int) -> str:
    return "".join(" " * i + "if x:\n" for i in range(int((2 * size) ** 0.5)))


TEXTS: dict[str, Callable[[int], str]] = {
    "one line": _repeated("x = 1 + foo(a, b); "),
    "an unclosed triple quote": lambda size: '"""' + _repeated("a \"b\" 'c' ")(size),
    "docstrings in a line": _repeated("\'\'\' \"\"\" "),
    "an unclosed quote": lambda size: "x = '" + _repeated("abc def ")(size),
    "an unclosed f-string": lambda size: 'f"""' + _repeated("{a} {b ")(size),
    "indentation": _indented,
    "one identifier": _repeated("a"),
    "backslashes": _repeated("\\"),
    "backslashes in quotes": lambda size: '"' + _repeated("\\")(size),
    "escaped quotes": lambda size: '"' + _repeated('\\"')(size),
    "alternating quotes": _repeated("\"'"),
    "quotes": _repeated('"'),
    "opening brackets": _repeated("("),
    "closing brackets": _repeated(")"),
    "brackets that none closes": lambda size: "(" * (size // 2) + "]" * (size // 2),
    "line ends": _repeated("\n"),
    "spaces": _repeated(" "),
    "commas": lambda size: "(" + "," * size,
    "f-strings in f-strings": _repeated("f\"{f'{"),
    "raw strings": _repeated('R"('),
    "comments that none closes": _repeated("/*"),
    "directives": _repeated("#if\\\n"),
    "marks of combination": lambda size: "a" + "\u0301" * size,
    "marks that join": _repeated("\u200d"),
    "opening quotation marks": _repeated("\u201c"),
    "quotation marks": _repeated("\u201e\u201d\u00ab"),
}
"""What it is of, to a function from about how many characters it has."""


@contextmanager
def within_patience():
    """Fail where the body takes so long that it has no end that anybody would wait for."""
    def late(number, frame):
        raise AssertionError(f"not done after {PATIENCE:.0f} seconds")

    before = signal.signal(signal.SIGALRM, late)
    signal.alarm(int(PATIENCE))
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)
