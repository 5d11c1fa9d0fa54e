"""What each row of an embedding stands for, as a model folder keeps it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from builder.core.errors import ModelError, Problem
from builder.tokens.bytes import Bytes
from builder.tokens.characters import KIND as CHARACTERS
from builder.tokens.characters import Vocabulary
from builder.tokens.contract import TOKENS, Tokens
from builder.tokens.reading.listed import shown
from builder.tokens.reading.special import (
    BEGINS,
    ENDS,
    UNKNOWN_ROLE,
    role_of,
    special_among,
)

OfRows = Sequence[tuple[int, str]]
"""Row and name."""

SAY = ("say what a step is with --tokens words or --tokens pieces (in Python: tokens=), or give "
       "its tokenizer.json as the vocabulary")


@dataclass(frozen=True)
class Rows:
    """What each of R rows stands for.

    Attributes:
        characters: The entries that are kept, in the order of the model folder.
        at: The row of each.
        unknown: The row of everything else, where there is one.
        note: What was assumed, if anything.
        kind: Of the tokens.
        tokens: All of it, where it came as tokens.
    """

    characters: tuple[str, ...]
    at: tuple[int, ...]
    unknown: int | None
    note: str = ""
    kind: str = CHARACTERS
    tokens: Tokens | None = None

    @property
    def count(self) -> int:
        """R."""
        return len(self.at) + (self.unknown is not None)

    @property
    def special(self) -> tuple[str, ...]:
        """Entries that never match a text."""
        return special_among(self.characters)

    def vocabulary(self, where: str) -> Tokens:
        """Return the tokens of a model folder.

        Raises:
            ModelError: The entries are none of its kind.
        """
        if self.tokens is not None:
            return self.tokens
        if self.kind == CHARACTERS:
            return Vocabulary(self.characters, self.special)
        given: list[object] = [*self.characters]
        if self.kind == Bytes.kind:
            given = [ord(e) if len(e) == 1 else e for e in self.characters]
        return TOKENS.get(self.kind).read(
            {"vocabulary": given, "special": list(self.special)}, where)


def rows_of_tokens(tokens: Tokens, count: int, where: str) -> Rows:
    """Return tokens laid on R = `count` rows: with the row of index 0, or without.

    Raises:
        ModelError: There are more or fewer rows.
    """
    names = tuple(map(str, map(tokens.entry, range(1, tokens.size))))
    if count == tokens.size:
        return Rows(names, tuple(range(1, count)), 0, "", tokens.kind, tokens)
    if count > tokens.size - 1 and (wider := tokens.with_rows(count)) is not None:
        names, tokens = tuple(map(str, map(wider.entry, range(1, wider.size)))), wider
    if count != tokens.size - 1:
        raise ModelError(Problem(f"{where}, vocabulary", "it does not fit",
                                 f"{tokens.size - 1:,} {tokens.kind} for {count:,} rows"))
    return Rows(names, tuple(range(count)), None, "", tokens.kind, tokens)


def unfit(of_rows: OfRows, kind: str) -> tuple[str, str, str] | None:
    """Return what is wrong with names of several characters; None where nothing is."""
    special, longer = _longer(of_rows)
    if kind not in ("", CHARACTERS) or not longer or (len(longer) == 1 and not special):
        return None
    return "not single characters, each once", shown(longer), SAY


def laid(of_rows: OfRows, count: int, note: str, kind: str) -> Rows:
    """Lay names on R = `count` rows.

    The row of everything else is the one that is named so; or the only special one, unless it
    begins or ends a text; or one without a name.
    """
    special, longer = _longer(of_rows)
    roles = [(row, role_of(name)) for row, name in special]
    free = sorted(set(range(count)) - {row for row, _ in of_rows})
    alone = [row for row, role in roles if role not in (BEGINS, ENDS)] if len(roles) == 1 else []
    if kind in ("", CHARACTERS) and not roles and len(longer) == 1:
        alone = [row for row, name in of_rows if name == longer[0]]
    unknown = next((row for row, role in roles if role == UNKNOWN_ROLE), None)
    if unknown is None:
        unknown = next(iter((*free, *alone)), None)
    kept = [(row, name) for row, name in of_rows if row != unknown]
    return Rows(tuple(name for _, name in kept), tuple(row for row, _ in kept), unknown, note,
                kind or CHARACTERS)


def _longer(of_rows: OfRows) -> tuple[list[tuple[int, str]], list[str]]:
    """Return the special rows, and other names of several characters."""
    known = set(special_among([name for _, name in of_rows]))
    special = [(row, name) for row, name in of_rows if name in known]
    return special, [name for _, name in of_rows if len(name) != 1 and name not in known]

