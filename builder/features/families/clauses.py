"""Features of parts of statements: conditions, heads, what follows `return` or `=`."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from builder.core.labels import Lookahead, Phrases, Tag
from builder.features.joined import joined
from builder.features.registry import feature
from builder.features.scan import fill
from builder.features.source import Source

Bool = NDArray[np.bool_]
PYTHON = frozenset({"python"})
C_LIKE = frozenset({"c", "cpp"})
BOTH = PYTHON | C_LIKE


def _heads(source: Source, *keywords: str, whole: bool = False) -> Bool:
    """Mark statements of Python that begin with a keyword, from its last character on.

    Args:
        source: The text.
        keywords: Any of these.
        whole: To the end of the statement, and not just to the colon.
    """
    found = source.statements
    words = source.word_list
    named = words.among(keywords) if len(words) else np.zeros(1, bool)
    chosen = (found.words >= 0) & named[np.maximum(found.words, 0)]
    first = found.words[chosen]
    starts = words.starts[first] + words.sizes[first] - 1
    stops = (found.stops if whole else found.colons)[chosen]
    return fill(len(source), np.stack([starts, stops], 1))


def _until(source: Source, starts: NDArray[np.intp], ends: Bool) -> Bool:
    """Mark from each start to the first end after it."""
    stops = joined(np.flatnonzero(ends), len(source))
    after = stops[np.searchsorted(stops[:-1], starts)]
    return fill(len(source), np.stack([starts, after], 1))


@feature("inside the condition of an if", "is on from `if` to the end of its condition",
         tag=Tag.STATE, lookahead=Lookahead.TOKEN, languages=BOTH,
         example=("if a(b): c", "0111111000"),
         phrases=Phrases("inside the condition of an “if”", rise="the condition of an “if” begins",
                         fall="the condition of an “if” ends"))
def in_if_condition(source: Source) -> Bool:
    """Mark from the keyword to the colon, or in C from the parenthesis to its partner."""
    if source.language == "python":
        return _heads(source, "if", "elif")
    return source.brackets.marked > 0


@feature("after return", "is on from `return` or `yield` to the end of the statement",
         tag=Tag.STATE, lookahead=Lookahead.TOKEN, languages=BOTH,
         example=(" return a\nb", "00000011100"),
         phrases=Phrases("between “return” and the end of the statement", rise="a “return” begins",
                         fall="the statement after “return” ends"))
def after_return(source: Source) -> Bool:
    """Mark from the last character of the keyword."""
    if source.language == "python":
        return _heads(source, "return", "yield", whole=True)
    words = source.which_words("return", "co_return", "co_yield")
    starts = source.word_list.starts[words] + source.word_list.sizes[words] - 1
    return _until(source, starts, source.in_code(";}"))


@feature("in an import", "is on from `import` or `from` to the end of the statement",
         tag=Tag.STATE, lookahead=Lookahead.TOKEN, languages=PYTHON,
         example=("import a\nb", "0000011100"),
         phrases=Phrases("in import statements", rise="an import begins", fall="an import ends"))
def in_import(source: Source) -> Bool:
    """Mark from the last character of the keyword."""
    return _heads(source, "import", "from", whole=True)


@feature("in a def or class line", "is on from `def` or `class` to the colon",
         tag=Tag.STATE, lookahead=Lookahead.TOKEN, languages=PYTHON,
         example=("def f(a): b", "00111111000"),
         phrases=Phrases("in “def” and “class” lines", rise="a “def” or “class” line begins",
                         fall="a “def” or “class” line ends"))
def in_definition_head(source: Source) -> Bool:
    """Mark from the last character of the keyword."""
    return _heads(source, "def", "class", "async")


@feature("in a for, while or with line", "is on from `for`, `while` or `with` to the colon",
         tag=Tag.STATE, lookahead=Lookahead.TOKEN, languages=PYTHON,
         example=("for a in b: c", "0011111111000"),
         phrases=Phrases("in “for”, “while” and “with” lines",
                         rise="a “for”, “while” or “with” line begins",
                         fall="a “for”, “while” or “with” line ends"))
def in_loop_head(source: Source) -> Bool:
    """Mark from the last character of the keyword."""
    return _heads(source, "for", "while", "with")


@feature("after raise or assert", "is on from `raise` or `assert` to the end of the statement",
         tag=Tag.STATE, lookahead=Lookahead.TOKEN, languages=PYTHON,
         example=("raise a\nb", "000011100"),
         phrases=Phrases("between “raise” or “assert” and the end of the statement",
                         rise="a “raise” or “assert” begins",
                         fall="the statement after “raise” or “assert” ends"))
def after_raise(source: Source) -> Bool:
    """Mark from the last character of the keyword."""
    return _heads(source, "raise", "assert", whole=True)


@feature("in a decorator", "is on from @ to the end of its line",
         tag=Tag.STATE, lookahead=Lookahead.TOKEN, languages=PYTHON,
         example=("@a.b\ndef", "11110000"),
         phrases=Phrases("in decorators", rise="a decorator begins", fall="a decorator ends"))
def in_decorator(source: Source) -> Bool:
    """Mark statements that begin with @."""
    found = source.statements
    chosen = source.equal_to("@")[found.starts]
    return fill(len(source), np.stack([found.starts[chosen], found.stops[chosen]], 1))


@feature("right-hand side of an assignment", "is on from = to the end of the statement",
         tag=Tag.STATE, lookahead=Lookahead.TOKEN, languages=BOTH,
         example=("a = b == c\nd", "001111111100"),
         phrases=Phrases("on the right-hand side of an assignment",
                         rise="the right-hand side of an assignment begins",
                         fall="an assignment ends"))
def after_assignment(source: Source) -> Bool:
    """Mark from the = of an assignment, += and the like too; keyword arguments are none."""
    level = source.brackets.depth if source.language == "python" else (
        source.brackets.round + source.brackets.square)
    equal = source.in_code("=")
    other = equal | source.in_code("!<>")
    alone = equal & ~joined(False, other[:-1]) & ~joined(equal[1:], False) & (level == 0)
    if source.language == "python":
        found = source.statements
        signs = np.flatnonzero(alone)
        first = joined(signs, len(source))[np.searchsorted(signs, found.starts)]
        spans = zip(first.tolist(), np.maximum(first, found.stops).tolist(), strict=True)
        return fill(len(source), [(a, b) for a, b in spans if a < b])
    return _until(source, np.flatnonzero(alone), source.in_code(";{}"))


@feature("on a preprocessor line", "is on from # to the end of its line",
         tag=Tag.STATE, lookahead=Lookahead.TOKEN, languages=C_LIKE,
         example=("#if a\nb", "1111100"),
         phrases=Phrases("on preprocessor lines (#include, #define)",
                         rise="a preprocessor line begins", fall="a preprocessor line ends"))
def in_directive(source: Source) -> Bool:
    """Mark directives; a backslash at the end of a line goes on to the next."""
    return source.in_directive
