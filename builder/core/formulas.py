"""Formulas: yes-or-no facts about a position in a text, joined by AND, OR and NOT.

An *atom* is the smallest of them: a feature is on (`in_string`), a count has reached a number
(`line_position>=10`), a word or a mark is the one that is named (`first_word=="import"`). Written
out, `&` is AND, `|` is OR, `~` is NOT, and parentheses group: `in_indent & ~(in_string |
in_comment)`. `~` binds most, then `&`, then `|`.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from builder.core.errors import Problem, UserError

Bool = NDArray[np.bool_]

LONGEST = 500
"""Characters of the longest formula that is read."""

DEEPEST = 30
"""Most parentheses that may be open at once."""


@dataclass(frozen=True, order=True, slots=True)
class Atom:
    """The smallest part of a formula.

    Attributes:
        feature: Id of the feature that it is about.
        least: Of a count: what it has reached; None elsewhere.
        word: Of a word or a mark: which; None elsewhere.
    """

    feature: str
    least: float | None = None
    word: str | None = None

    def __str__(self) -> str:
        if self.word is not None:
            return f"{self.feature}=={json.dumps(self.word, ensure_ascii=False)}"
        return self.feature if self.least is None else f"{self.feature}>={_number(self.least)}"


def _number(value: float) -> str:
    """Write a number so that reading it gives the same one."""
    return str(int(value)) if value.is_integer() else repr(value)


Join = Literal["atom", "not", "and", "or"]


@dataclass(frozen=True, slots=True)
class Formula:
    """An atom, what is not, or several parts of which all or one must hold.

    Attributes:
        join: How the parts are joined.
        atom: Of an atom; None elsewhere.
        parts: One of a negation, two or more of AND and OR, none of an atom.
    """

    join: Join
    atom: Atom | None = None
    parts: tuple[Formula, ...] = ()

    def __str__(self) -> str:
        return self._written(outside="or")

    def _written(self, outside: Join) -> str:
        if self.join == "atom":
            return str(self.atom)
        if self.join == "not":
            return f"~{self.parts[0]._written('not')}"
        sign = " & " if self.join == "and" else " | "
        joined = sign.join(part._written(self.join) for part in self.parts)
        return f"({joined})" if _BINDS[self.join] < _BINDS[outside] else joined

    @property
    def atoms(self) -> tuple[Atom, ...]:
        """All atoms, from left to right, each once."""
        return tuple(dict.fromkeys(self._atoms()))

    def _atoms(self) -> Iterator[Atom]:
        if self.atom is not None:
            yield self.atom
        for part in self.parts:
            yield from part._atoms()

    @property
    def size(self) -> int:
        """How many atoms it has, each as often as it stands there."""
        return sum(1 for _ in self._atoms())

    def holds(self, on: Mapping[Atom, Bool]) -> Bool:
        """Return where it holds, bool[N].

        Args:
            on: Where each of its atoms holds, bool[N].
        """
        if self.atom is not None:
            return on[self.atom]
        parts = [part.holds(on) for part in self.parts]
        if self.join == "not":
            return ~parts[0]
        together = np.logical_and if self.join == "and" else np.logical_or
        found: Bool = together.reduce(parts)
        return found

    def as_json(self) -> dict[str, Any]:
        """Return it as a tree of plain values."""
        if self.atom is not None:
            atom = self.atom
            said: dict[str, Any] = {"feature": atom.feature}
            if atom.least is not None:
                said["least"] = atom.least
            if atom.word is not None:
                said["word"] = atom.word
            return said
        if self.join == "not":
            return {"not": self.parts[0].as_json()}
        return {self.join: [part.as_json() for part in self.parts]}


_BINDS: dict[Join, int] = {"or": 0, "and": 1, "not": 2, "atom": 3}


def of_atom(atom: Atom) -> Formula:
    """Return the formula that is an atom."""
    return Formula("atom", atom)


def negated(formula: Formula) -> Formula:
    """Return the formula that holds where this one does not, NOT standing at atoms alone."""
    if formula.join == "atom":
        return Formula("not", None, (formula,))
    if formula.join == "not":
        return formula.parts[0]
    other: Join = "or" if formula.join == "and" else "and"
    return _joined(other, *(negated(part) for part in formula.parts))


def both(a: Formula, b: Formula) -> Formula:
    """Return the formula that holds where both do."""
    return _joined("and", a, b)


def either(a: Formula, b: Formula) -> Formula:
    """Return the formula that holds where one of them does."""
    return _joined("or", a, b)


def _joined(join: Join, *parts: Formula) -> Formula:
    flat = [inner for part in parts for inner in (part.parts if part.join == join else (part,))]
    # what is so comes first, what is not last: "in indentation, and not in a string"
    flat.sort(key=lambda part: part.join == "not")
    return Formula(join, None, tuple(flat))


_TOKEN = re.compile(
    r"""\s*(?:(?P<sign>[&|~()])|(?P<name>[^\W\d]\w*)"""
    r"""(?:\s*(?:>=\s*(?P<least>-?\d+(?:\.\d+)?(?:e[+-]?\d+)?)|==\s*(?P<word>"(?:[^"\\]|\\.)*")))?)""")


def parsed(text: str) -> Formula:
    """Return the formula that is written.

    Raises:
        UserError: It is none.
    """
    if len(text) > LONGEST:
        raise UserError(Problem("formula", "is too long", f"{len(text):,} characters",
                                f"write it with at most {LONGEST}"))
    return _Parser(text).whole()


class _Parser:
    """Reads one formula from left to right."""

    def __init__(self, text: str) -> None:
        self._text, self._at, self._stop = text, 0, 0
        self._open = 0
        self._next: re.Match[str] | None = None
        self._step()

    def whole(self) -> Formula:
        """Return all of it as one formula."""
        found = self._either()
        if self._next is not None:
            raise self._wrong("expected & or | here")
        return found

    def _step(self) -> None:
        rest = self._text[self._stop:]
        self._at = len(self._text) - len(rest.lstrip())
        self._next = _TOKEN.match(self._text, self._at)
        if self._at < len(self._text) and self._next is None:
            raise self._wrong("cannot be read")
        self._stop = self._next.end() if self._next else self._at

    def _sign(self, sign: str) -> bool:
        if self._next is None or self._next["sign"] != sign:
            return False
        self._step()
        return True

    def _either(self) -> Formula:
        found = self._both()
        while self._sign("|"):
            found = either(found, self._both())
        return found

    def _both(self) -> Formula:
        found = self._one()
        while self._sign("&"):
            found = both(found, self._one())
        return found

    def _one(self) -> Formula:
        turned = False
        while self._sign("~"):
            turned = not turned
        found = self._grouped() if self._sign("(") else self._atom()
        return negated(found) if turned else found

    def _grouped(self) -> Formula:
        self._open += 1
        if self._open > DEEPEST:
            raise self._wrong(f"more than {DEEPEST} parentheses are open")
        found = self._either()
        if not self._sign(")"):
            raise self._wrong("a parenthesis is not closed")
        self._open -= 1
        return found

    def _atom(self) -> Formula:
        if self._next is None or self._next["name"] is None:
            raise self._wrong("expected a feature here")
        name, least, word = (self._next[part] for part in ("name", "least", "word"))
        atom = Atom(name, None if least is None else self._number(least),
                    None if word is None else self._word(word))
        self._step()
        return of_atom(atom)

    def _number(self, written: str) -> float:
        value = float(written)
        if not math.isfinite(value):
            raise self._wrong("a number is too large")
        return value

    def _word(self, written: str) -> str:
        try:
            word = json.loads(written)
            word.encode()
        except ValueError:  # no JSON, or half of a character
            raise self._wrong("a word is not written as in JSON") from None
        assert isinstance(word, str)
        return word

    def _wrong(self, what: str) -> UserError:
        found = repr(self._text[self._at:][:40]) if self._at < len(self._text) else "the end"
        return UserError(Problem("formula", what, f"at {found}", "write it like "
                                 "in_indent & ~(in_string | line_position>=10)"))


def atoms_of(formulas: Iterable[Formula]) -> tuple[Atom, ...]:
    """Return all atoms of some formulas, each once."""
    return tuple(dict.fromkeys(atom for formula in formulas for atom in formula.atoms))
