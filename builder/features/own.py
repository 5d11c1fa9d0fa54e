"""A user's own features: a regular expression or a tree-sitter query in the recipe."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import Any, Protocol

import numpy as np
import regex
from numpy.typing import NDArray

from builder.core.errors import Problem, UserError
from builder.core.labels import FeatureSpec, Lookahead, Phrases, Tag
from builder.features.joined import joined
from builder.features.scan import Span, fill
from builder.features.source import Source

SECONDS = 5.0
"""Longest that an expression may search one document."""

GRAMMARS = {"python": "tree_sitter_python", "c": "tree_sitter_c", "cpp": "tree_sitter_cpp"}
"""Language to the package with its tree-sitter grammar."""


class OwnSettings(Protocol):
    """What a recipe says of a feature."""

    @property
    def id(self) -> str:
        """Its name."""

    @property
    def title(self) -> str:
        """Plain words for a heading."""

    @property
    def hypothesis(self) -> str:
        """One line that starts with a verb."""

    @property
    def tag(self) -> str:
        """State, event or count."""

    @property
    def regex(self) -> str:
        """A regular expression, or empty."""

    @property
    def query(self) -> str:
        """A tree-sitter query, or empty."""

    @property
    def phrase(self) -> str:
        """What follows the verb of a sentence about it, or empty."""

    @property
    def many(self) -> str:
        """Of a count: where it is large, or empty."""

    @property
    def few(self) -> str:
        """Of a count: where it is small, or empty."""

    @property
    def rise(self) -> str:
        """What happens as it begins or goes up, or empty."""

    @property
    def fall(self) -> str:
        """What happens as it ends or goes down, or empty."""


@dataclass(frozen=True)
class RegexLabel:
    """On at every character of a match, or of its group `on` where there is one.

    Attributes:
        id: Of the feature, for messages.
        pattern: In the syntax of the `regex` package; ^ and $ match at lines.
    """

    id: str
    pattern: str

    def __call__(self, source: Source) -> NDArray[np.bool_]:
        """Label a text.

        Raises:
            UserError: The expression took longer than 5 seconds for it.
        """
        pattern = compiled(self.id, self.pattern)
        group: int | str = "on" if "on" in pattern.groupindex else 0
        return fill(len(source), [m.span(group) for m in _matches(self.id, pattern, source)])


@dataclass(frozen=True)
class CountLabel:
    """Counts along every match: up at each character of `up`, down at each of `down`.

    Without a group `up` every character of the match counts up. Outside of matches it is 0.

    Attributes:
        id: Of the feature, for messages.
        pattern: In the syntax of the `regex` package; ^ and $ match at lines.
    """

    id: str
    pattern: str

    def __call__(self, source: Source) -> NDArray[np.int64]:
        """Label a text.

        Raises:
            UserError: The expression took longer than 5 seconds for it.
        """
        pattern = compiled(self.id, self.pattern)
        up: int | str = "up" if "up" in pattern.groupindex else 0
        steps, spans = np.zeros(len(source), np.int64), []
        for match in _matches(self.id, pattern, source):
            spans.append(match.span())
            for start, stop in match.spans(up):
                steps[start:stop] = 1
            for start, stop in match.spans("down") if "down" in pattern.groupindex else ():
                steps[start:stop] = -1
        counts = np.zeros(len(source), np.int64)
        for start, stop in spans:
            counts[start:stop] = np.cumsum(steps[start:stop])
        return counts


@dataclass(frozen=True)
class QueryLabel:
    """On at every character of the nodes that a query captures as `@on`.

    Attributes:
        id: Of the feature, for messages.
        query: In tree-sitter's language.
    """

    id: str
    query: str

    def __call__(self, source: Source) -> NDArray[np.bool_]:
        """Label a text.

        Raises:
            UserError: The extra is not installed, there is no grammar, or the query is not right.
        """
        parser, query, cursor = _parts(self.id, source.language, self.query)
        content = source.text.encode("utf-8", "surrogatepass")
        nodes = cursor(query).captures(parser.parse(content).root_node).get("on", [])
        return fill(len(source), _characters(source, len(content), nodes))


def _matches(id_: str, pattern: regex.Pattern[str], source: Source) -> list[regex.Match[str]]:
    try:
        return list(pattern.finditer(source.text, timeout=SECONDS))
    except TimeoutError:
        raise UserError(Problem(
            f"feature {id_!r}, regex", "takes too long",
            f"more than {SECONDS:.0f} seconds for a text of {len(source):,} characters",
            "write it with fewer nested repeats")) from None


def _characters(source: Source, size: int, nodes: Iterable[Any]) -> list[Span]:
    """Return the spans of nodes in characters; the parser counts bytes."""
    spans = [(node.start_byte, node.end_byte) for node in nodes]
    if size == len(source):
        return spans
    codes = source.codes
    widths = 1 + (codes > 0x7F).astype(np.int64) + (codes > 0x7FF) + (codes > 0xFFFF)
    starts = joined(0, np.cumsum(widths))
    return [(int(np.searchsorted(starts, a)), int(np.searchsorted(starts, b))) for a, b in spans]


@cache
def compiled(id_: str, pattern: str) -> regex.Pattern[str]:
    """Compile an expression.

    Raises:
        UserError: It is none.
    """
    try:
        return regex.compile(pattern, regex.MULTILINE)
    except regex.error as error:
        raise UserError(Problem(f"feature {id_!r}, regex", "not a regular expression",
                                str(error), "fix it")) from None


@cache
def _parts(id_: str, language: str, query: str) -> tuple[Any, Any, Any]:
    where = f"feature {id_!r}, query"
    if language not in GRAMMARS:
        raise UserError(Problem(where, f"there is no grammar for {language}", "",
                                f"queries work for {', '.join(GRAMMARS)}; use regex"))
    try:
        library = import_module("tree_sitter")
        grammar = import_module(GRAMMARS[language])
    except ImportError:
        raise UserError(Problem(where, "needs tree-sitter", "it is not installed",
                                "pip install 'unit-gallery[treesitter]'")) from None
    known = library.Language(grammar.language())
    try:
        parsed = library.Query(known, query)
    except Exception as error:
        raise UserError(Problem(where, "not a query", str(error), "fix it")) from None
    if "on" not in [parsed.capture_name(i) for i in range(parsed.capture_count)]:
        raise UserError(Problem(where, "captures nothing as @on", "",
                                "write @on after the node that is to be on"))
    return library.Parser(known), parsed, library.QueryCursor


def specs_of(settings: Sequence[OwnSettings]) -> list[tuple[FeatureSpec, Any]]:
    """Return what each of a recipe's features is, and the function that labels with it.

    Raises:
        UserError: An expression or a query is not right.
    """
    return [(_spec(own), _label(own)) for own in settings]


def _spec(own: OwnSettings) -> FeatureSpec:
    plain = "counts" if own.tag == Tag.COUNT else "is on for"
    hypothesis = own.hypothesis or f"{plain} what the recipe calls {own.title}"
    return FeatureSpec(own.id, own.title, hypothesis, Tag(own.tag), Lookahead.MATCH, frozenset(),
                       "", "",
                       phrases=Phrases(own.phrase, own.many, own.few, own.rise, own.fall))


def _label(own: OwnSettings) -> RegexLabel | CountLabel | QueryLabel:
    if own.regex:
        compiled(own.id, own.regex)
        return (CountLabel if own.tag == Tag.COUNT else RegexLabel)(own.id, own.regex)
    return QueryLabel(own.id, own.query)
