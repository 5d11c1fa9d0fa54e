"""Features of quoted and commented stretches."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from builder.core.labels import PROSE, Lookahead, Phrases, Tag
from builder.features.quotations import inside_quotations
from builder.features.registry import CODE, feature
from builder.features.scan import fill
from builder.features.source import Source, last_position

Bool = NDArray[np.bool_]
Int = NDArray[np.int32]


@feature("inside a string", "is on from the opening quote of a string to its closing quote",
         tag=Tag.STATE, lookahead=Lookahead.TOKEN, languages=CODE,
         example=("a = 'b' + f\"c{d}\"", "00001100000110010"),
         phrases=Phrases("inside strings", rise="a string begins", fall="a string ends"))
def in_string(source: Source) -> Bool:
    """Mark strings of every kind, docstrings too; code inside an f-string is outside."""
    return source.in_string


@feature("inside a comment", "is on from the mark that opens a comment to the comment's end",
         tag=Tag.STATE, lookahead=Lookahead.TOKEN, languages=CODE,
         example=("a  # b\nc", "00011100"),
         phrases=Phrases("inside comments", rise="a comment begins", fall="a comment ends"))
def in_comment(source: Source) -> Bool:
    """Mark comments from the last character of their opening mark on."""
    return source.in_comment


@feature("inside a comment or a string", "is on inside comments and strings",
         tag=Tag.STATE, lookahead=Lookahead.TOKEN, languages=CODE,
         example=("'a' # b\nc", "110011100"),
         phrases=Phrases("inside comments and strings", rise="a comment or string begins",
                         fall="a comment or string ends"))
def comment_or_string(source: Source) -> Bool:
    """Mark both."""
    return source.in_string | source.in_comment


@feature("inside a docstring", "is on inside the text that documents a module or a function",
         tag=Tag.STATE, lookahead=Lookahead.TOKEN, languages=frozenset({"python"}),
         example=('def f():\n "" \n """a"""', "0000000000000000011110"),
         phrases=Phrases("inside docstrings", rise="a docstring begins", fall="a docstring ends"))
def in_docstring(source: Source) -> Bool:
    """Mark triple-quoted strings that stand at the start of a line."""
    return fill(len(source), source.scan.documents)


@feature("position in the string or comment", "counts the characters of the string or comment",
         tag=Tag.COUNT, lookahead=Lookahead.TOKEN, languages=CODE,
         example=("'abc' # d", "123400123"),
         phrases=Phrases("the longer a string or comment goes on",
                         many="where a string or comment is already long",
                         few="where it has just begun, or in code",
                         rise="a string or comment goes on", fall="a string or comment ends",
                         least="after {} or more characters of a string or comment"))
def quoted_position(source: Source) -> Int:
    """Count characters since a string or comment opened, its opening mark as 1."""
    on = comment_or_string(source)
    return np.where(on, source.places - last_position(~on, source.places), 0)


@feature("inside quotation marks", "is on between quotation marks",
         tag=Tag.STATE, lookahead=Lookahead.TOKEN, languages=PROSE,
         example=('He: "no" so', "00001110000"),
         phrases=Phrases("inside quotation marks", rise="a quotation begins",
                         fall="a quotation ends"))
def in_quotes(source: Source) -> Bool:
    """Mark from an opening quotation mark to the one that closes it; a blank line closes all.

    An apostrophe between letters opens and closes nothing.
    """
    return inside_quotations(source)
