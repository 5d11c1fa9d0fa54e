"""Strings, comments and names of any language that the lexer library knows."""

from __future__ import annotations

import time
from collections.abc import Iterator
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

from builder.core.errors import Problem, UserError, did_you_mean
from builder.features.scan import Scan, Span

PATIENCE, SLOWEST = 20.0, 1_000
"""Seconds after which a lexer must have come forward, and characters in each; the usual ones do
a million."""


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
    DIRECTIVE = 10


class Token(NamedTuple):
    """A stretch of text of one kind; `start` is the position of its first character."""

    start: int
    kind: Kind
    text: str


_KINDS: tuple[tuple[_TokenType, Kind], ...] = (
    (Comment.Preproc, Kind.DIRECTIVE),
    (Comment.PreprocFile, Kind.DIRECTIVE),
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


HUMAN = frozenset((
    "arabic", "bengali", "bulgarian", "catalan", "chinese", "croatian", "czech", "danish",
    "de", "deutsch", "dutch", "en", "english", "es", "español", "estonian", "farsi",
    "finnish", "fr", "français", "french", "german", "greek", "hebrew", "hindi", "hungarian",
    "icelandic", "indonesian", "irish", "it", "italian", "italiano", "japanese", "korean",
    "latin", "latvian", "lithuanian", "mandarin", "natural", "none", "norwegian", "novel",
    "persian", "plain", "plaintext", "poetry", "polish", "portuguese", "português",
    "romanian", "russian", "serbian", "slovak", "slovenian", "spanish", "swahili", "swedish",
    "tamil", "thai", "turkish", "txt", "ukrainian", "urdu", "vietnamese", "welsh", "zh"))
"""What people call a text that is no program."""


@cache
def _lexer(language: str) -> Lexer:
    try:
        return get_lexer_by_name(language)
    except ClassNotFound:
        known = [alias for _, aliases, _, _ in get_all_lexers() for alias in aliases]
        raise UserError(Problem(
            "language", "no lexer has this name", repr(language),
            "use prose, for texts of any human language" if language.casefold() in HUMAN else
            did_you_mean(language, [*known, "prose"]) or "use prose for plain text",
        )) from None


def proper_name(language: str) -> str:
    """Return the first name of a language: python for py, cpp for c++.

    Raises:
        UserError: No lexer knows it.
    """
    return str(_lexer(language).aliases[0])


def scan_any(text: str, language: str) -> Scan:
    """Scan a text with the lexer of its language."""
    tokens, scan = tokenise(text, language), Scan()
    scan.inside.extend(_string_spans(tokens))
    scan.commented.extend(_comment_spans(tokens))
    kinds = {Kind.STRING: scan.strings, Kind.DOCSTRING: scan.strings, Kind.COMMENT: scan.comments,
             Kind.KEYWORD: scan.keywords, Kind.DEFINITION: scan.definitions,
             Kind.DIRECTIVE: scan.directives}
    for start, kind, token in tokens:
        if kind in kinds:
            kinds[kind].append((start, start + len(token)))
    scan.documents.extend(_string_spans([t for t in tokens if t.kind is Kind.DOCSTRING]))
    return scan


def tokenise(text: str, language: str) -> list[Token]:
    """Return tokens that tile the text exactly; what a lexer passes over is OTHER.

    Raises:
        UserError: The lexer hardly comes forward: some take time that grows with the square of
            the text where it is no program of their language.
    """
    tokens: list[Token] = []
    at, begun = 0, time.monotonic()
    for start, type_, value in _lexer(language).get_tokens_unprocessed(text):
        if start > at:
            tokens.append(Token(at, Kind.OTHER, text[at:start]))
        if (taken := time.monotonic() - begun) > PATIENCE and start < SLOWEST * taken:
            raise UserError(Problem(
                f"language {language}", "its lexer takes too long",
                f"{start:,} of {len(text):,} characters of a text after {taken:.0f} seconds",
                "leave out what is not of this language, or use prose for plain text"))
        if start >= at and value:
            tokens.append(Token(start, _kind(type_), value))
            at = start + len(value)
    if at < len(text):
        tokens.append(Token(at, Kind.OTHER, text[at:]))
    return tokens


def _string_spans(tokens: list[Token]) -> Iterator[Span]:
    """Yield where a string is open: after its opening quote and before its closing one.

    The delimiters of open strings are kept on a stack, with "{" for code inside a string.
    """
    open_: list[str] = []
    for start, kind, text in tokens:
        stop = start + len(text)
        inside = bool(open_) and open_[-1] != "{"
        if kind is Kind.DOCSTRING:
            yield start + _quote_length(text) - 1, stop - 1
        elif kind is Kind.INTERPOLATION and text == "{" and inside:
            open_.append("{")
        elif kind is Kind.INTERPOLATION and text.endswith("}") and open_ and not inside:
            open_.pop()
            yield stop - 1, stop
        elif kind in (Kind.STRING, Kind.INTERPOLATION):
            yield from _string_token(open_, inside, start, text)
        elif inside and "\n" in text and len(open_[-1]) == 1:
            open_.pop()


def _string_token(open_: list[str], inside: bool, start: int, text: str) -> Iterator[Span]:
    stop = start + len(text)
    if inside and text == open_[-1]:
        open_.pop()
        yield start, stop - 1
    elif inside:
        yield start, stop
    elif text.strip("\"'`") == "":
        open_.append(text)
        yield stop - 1, stop
    else:
        yield start, stop - 1


def _quote_length(text: str) -> int:
    return 3 if text.startswith(('"""', "'''")) else 1


def _comment_spans(tokens: list[Token]) -> Iterator[Span]:
    for start, kind, text in tokens:
        if kind is Kind.COMMENT:
            bare = text.rstrip("\n")
            closed = bare.startswith("/*") and bare.endswith("*/")
            opener = 2 if bare.startswith(("/*", "//")) else 1
            yield start + opener - 1, start + len(bare) - closed
