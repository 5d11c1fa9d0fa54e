"""Features that count how deep the text is nested in brackets."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from builder.core.labels import Lookahead, Phrases, Tag
from builder.features.joined import joined
from builder.features.registry import CODE, feature
from builder.features.source import Source

Bool = NDArray[np.bool_]
Int = NDArray[np.int32]


@feature("bracket depth", "counts the brackets that are open, of all kinds: (, [ and {",
         tag=Tag.COUNT, lookahead=Lookahead.TOKEN, languages=CODE,
         example=("f(a[1], '(')", "011221111110"),
         phrases=Phrases("the more brackets of all kinds are open",
                         many="where many brackets are open", few="where few are",
                         rise="a bracket opens", fall="a bracket closes"))
def bracket_depth(source: Source) -> Int:
    """Count (, [ and { in code alone."""
    return source.brackets.depth


@feature("inside parentheses", "is on from an opening parenthesis to the one that closes it",
         tag=Tag.STATE, lookahead=Lookahead.TOKEN, languages=CODE,
         example=("f(a) + b", "01100000"),
         phrases=Phrases("inside parentheses", rise="the outermost parenthesis opens",
                         fall="the outermost parenthesis closes"))
def in_parens(source: Source) -> Bool:
    """Mark where at least one ( of code is open."""
    return source.brackets.round > 0


@feature("depth of parentheses", "counts the parentheses that are open",
         tag=Tag.COUNT, lookahead=Lookahead.TOKEN, languages=CODE,
         example=("f((a), [b])", "01221111110"),
         phrases=Phrases("the more parentheses are open", many="where many parentheses are open",
                         few="where few are", rise="a parenthesis opens",
                         fall="a parenthesis closes"))
def round_depth(source: Source) -> Int:
    """Count ( alone."""
    return source.brackets.round


@feature("inside square brackets", "is on from [ to the ] that closes it",
         tag=Tag.STATE, lookahead=Lookahead.TOKEN, languages=CODE,
         example=("a[(b)] + c", "0111100000"),
         phrases=Phrases("inside square brackets", rise="the outermost square bracket opens",
                         fall="the outermost square bracket closes"))
def in_square(source: Source) -> Bool:
    """Mark where at least one [ of code is open."""
    return source.brackets.square > 0


@feature("inside curly brackets", "is on from { to the } that closes it",
         tag=Tag.STATE, lookahead=Lookahead.TOKEN, languages=CODE,
         example=("a = {b: [c]}", "000011111110"),
         phrases=Phrases("inside curly brackets", rise="the outermost curly bracket opens",
                         fall="the outermost curly bracket closes"))
def in_curly(source: Source) -> Bool:
    """Mark where at least one { of code is open."""
    return source.brackets.curly > 0


@feature("bracket depth without { }",
         "counts the parentheses and square brackets that are open, and no curly ones",
         tag=Tag.COUNT, lookahead=Lookahead.TOKEN, languages=CODE,
         example=("{f(a[0])}", "001122100"),
         phrases=Phrases("the more brackets are open", many="where many brackets are open",
                         few="where few are", rise="a bracket opens", fall="a bracket closes"))
def expression_depth(source: Source) -> Int:
    """Count ( and [; in languages with blocks in { } this is the depth of the expression."""
    return source.brackets.round + source.brackets.square


def _innermost(source: Source, bracket: str, named: bool) -> Bool:
    """Return where the bracket opened last is of a kind, and follows a name or does not."""
    inner = source.brackets.inner
    calls = source.brackets.calls
    before = joined(np.int32(0), calls[:-1])
    is_named = calls > before
    there = np.maximum(inner, 0)
    return (inner >= 0) & (source.codes[there] == ord(bracket)) & (is_named[there] == named)


@feature("inside arguments", "is on directly inside the parentheses after a name",
         tag=Tag.STATE, lookahead=Lookahead.TOKEN, languages=CODE,
         example=("f(a, (b)) + (c)", "011110010000000"),
         phrases=Phrases("in the arguments of calls and definitions",
                         rise="a list of arguments opens", fall="a list of arguments closes"))
def in_arguments(source: Source) -> Bool:
    """Mark arguments of calls and of definitions, not what is in further brackets."""
    return _innermost(source, "(", True)


@feature("inside a subscript", "is on directly inside the square brackets after a name",
         tag=Tag.STATE, lookahead=Lookahead.TOKEN, languages=CODE,
         example=("a[b] + [c]", "0110000000"),
         phrases=Phrases("inside subscripts such as a[i]", rise="a subscript opens",
                         fall="a subscript closes"))
def in_subscript(source: Source) -> Bool:
    """Mark subscripts, and not lists."""
    return _innermost(source, "[", True)


@feature("inside a list", "is on directly inside square brackets that follow no name",
         tag=Tag.STATE, lookahead=Lookahead.TOKEN, languages=CODE,
         example=("a[b] + [c]", "0000000110"),
         phrases=Phrases("inside lists in square brackets", rise="a list opens",
                         fall="a list closes"))
def in_list(source: Source) -> Bool:
    """Mark lists, and not subscripts."""
    return _innermost(source, "[", False)


@feature("position in the bracket", "counts the characters since the innermost bracket opened",
         tag=Tag.COUNT, lookahead=Lookahead.TOKEN, languages=CODE,
         example=("f(ab[c], d)", "01231267890"),
         phrases=Phrases("the longer the innermost bracket has been open",
                         many="where a bracket has been open for long",
                         few="where one has just opened or none is open",
                         rise="the text inside a bracket goes on", fall="a bracket closes",
                         least="after {} or more characters inside a bracket"))
def bracket_position(source: Source) -> Int:
    """Count characters since the innermost open bracket, itself as 1; 0 outside of all."""
    inner = source.brackets.inner
    return np.where(inner >= 0, source.places - inner + 1, 0).astype(np.int32)


@feature("item number inside a bracket", "counts the commas directly inside the innermost bracket",
         tag=Tag.COUNT, lookahead=Lookahead.TOKEN, languages=CODE,
         example=("f(a,b,(c,d),e)", "00011200112330"),
         phrases=Phrases("with each comma inside the innermost bracket",
                         many="after many commas in a bracket", few="after few or none",
                         rise="a comma comes inside a bracket", fall="a bracket closes"))
def element_number(source: Source) -> Int:
    """Count commas of the innermost open bracket; 0 outside of all."""
    inner = source.brackets.inner.astype(np.int64)
    comma = source.in_code(",") & (inner >= 0)
    commas = np.flatnonzero(comma)
    moved = np.flatnonzero(np.diff(inner, prepend=-1) != 0)
    events = np.union1d(commas, moved)
    size = len(source) + 1
    keys = np.sort(inner[commas] * size + commas)
    own = inner[events]
    count = (np.searchsorted(keys, own * size + events, side="right")
             - np.searchsorted(keys, own * size))
    values = joined(0, np.where(own >= 0, count, 0)).astype(np.int32)
    return np.repeat(values, np.diff(joined(0, events, len(source))))
