"""Tokens of a text in any language the lexer library knows, reduced to a few kinds."""

from __future__ import annotations

from enum import IntEnum
from functools import cache
from typing import NamedTuple

from pygments.lexer import Lexer
from pygments.lexers import get_all_lexers, get_lexer_by_name
from pygments.token import (
    Comment,
    Keyword,
    Name,
    Number,
    Operator,
    Punctuation,
    String,
    _TokenType,
)
from pygments.util import ClassNotFound

from builder.errors import Problem, UserError, did_you_mean


class Kind(IntEnum):
    """What a token is, as far as features ask."""

    OTHER = 0
    KEYWORD = 1
    NUMBER = 2
    STRING = 3
    DOCSTRING = 4
    INTERPOLATION = 5
    COMMENT = 6
    NAME = 7
    DEFINITION = 8
    PUNCTUATION = 9


class Token(NamedTuple):
    """A stretch of text of one kind; `start` is the position of its first character."""

    start: int
    kind: Kind
    text: str


_KINDS: tuple[tuple[_TokenType, Kind], ...] = (
    (Comment.Preproc, Kind.OTHER),
    (Comment.PreprocFile, Kind.OTHER),
    (Comment, Kind.COMMENT),
    (String.Doc, Kind.DOCSTRING),
    (String.Affix, Kind.OTHER),
    (String.Interpol, Kind.INTERPOLATION),
    (String, Kind.STRING),
    (Number, Kind.NUMBER),
    (Operator.Word, Kind.KEYWORD),
    (Keyword, Kind.KEYWORD),
    (Name.Function.Magic, Kind.DEFINITION),
    (Name.Function, Kind.DEFINITION),
    (Name.Class, Kind.DEFINITION),
    (Name, Kind.NAME),
    (Punctuation, Kind.PUNCTUATION),
    (Operator, Kind.PUNCTUATION),
)
"""The first that a token's type lies in decides."""


@cache
def _kind(type_: _TokenType) -> Kind:
    return next((kind for family, kind in _KINDS if family.__contains__(type_)), Kind.OTHER)


@cache
def _lexer(language: str) -> Lexer:
    try:
        return get_lexer_by_name(language)
    except ClassNotFound:
        known = [alias for _, aliases, _, _ in get_all_lexers() for alias in aliases]
        raise UserError(Problem(
            "language", "no lexer has this name", repr(language),
            did_you_mean(language, [*known, "prose"]) or "use prose for plain text",
        )) from None


def proper_name(language: str) -> str:
    """Return the first name of a language: python for py, cpp for c++.

    Raises:
        UserError: No lexer knows it.
    """
    return str(_lexer(language).aliases[0])


def tokenise(text: str, language: str) -> list[Token]:
    """Return tokens that tile the text exactly; what a lexer passes over is OTHER."""
    tokens: list[Token] = []
    at = 0
    for start, type_, value in _lexer(language).get_tokens_unprocessed(text):
        if start > at:
            tokens.append(Token(at, Kind.OTHER, text[at:start]))
        if start >= at and value:
            tokens.append(Token(start, _kind(type_), value))
            at = start + len(value)
    if at < len(text):
        tokens.append(Token(at, Kind.OTHER, text[at:]))
    return tokens
