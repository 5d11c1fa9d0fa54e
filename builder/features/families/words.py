"""Features of words: what sort of word is being written, and how far."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from builder.core.labels import Lookahead, Phrases, Tag
from builder.features.joined import joined
from builder.features.registry import CODE, feature
from builder.features.scan import fill
from builder.features.source import Source

Bool = NDArray[np.bool_]
Int = NDArray[np.int32]
C_LIKE = frozenset({"c", "cpp"})


@feature("inside a keyword", "is on in words of the language itself, such as `return`",
         tag=Tag.STATE, lookahead=Lookahead.TOKEN, languages=CODE,
         example=("return a", "11111100"),
         phrases=Phrases("on keywords", rise="a keyword begins", fall="a keyword ends"))
def in_keyword(source: Source) -> Bool:
    """Mark the characters of keywords, word operators and constants such as None."""
    return source.word_list.spread(source.keywords)


@feature("inside a number", "is on in numbers",
         tag=Tag.STATE, lookahead=Lookahead.TOKEN, languages=CODE,
         example=("a1 = 2.5", "00000111"),
         phrases=Phrases("on numbers", rise="a number begins", fall="a number ends"))
def in_number(source: Source) -> Bool:
    """Mark numbers of code with their decimal points; digits in names are none."""
    numbers = source.word_list.spread(_numeric(source))
    after = joined(numbers[1:], False)
    before = joined(False, numbers[:-1])
    return numbers | (source.equal_to(".") & before & after)


def _numeric(source: Source) -> Bool:
    first = source.codes[source.word_list.starts]
    return (first >= 48) & (first <= 57) & source.word_in_code


@feature("inside an identifier", "is on in the names of variables, functions and types",
         tag=Tag.STATE, lookahead=Lookahead.TOKEN, languages=CODE,
         example=("if ab: c1 = 2", "0001100110000"),
         phrases=Phrases("inside identifiers", rise="an identifier begins",
                         fall="an identifier ends"))
def in_identifier(source: Source) -> Bool:
    """Mark words of code that are neither keywords nor numbers."""
    names = source.word_in_code & ~source.keywords & ~_numeric(source)
    return source.word_list.spread(names)


@feature("in the name of a new function or class",
         "is on in the name of a function or class where it is defined",
         tag=Tag.STATE, lookahead=Lookahead.LINE, languages=CODE,
         example=("def ab(c):", "0000110000"),
         phrases=Phrases("in the name of a new function or class",
                         rise="the name of a new function or class begins",
                         fall="the name of a new function or class ends"))
def in_name_definition(source: Source) -> Bool:
    """Mark the names that definitions introduce.

    In Python they follow `def` or `class`; in C they follow `struct` and the like, or stand
    before the parenthesis of a line that begins without a blank.
    """
    if source.language == "python":
        return source.word_list.spread(_following(source, ("def", "class")))
    if source.language in C_LIKE:
        named = _following(source, ("struct", "union", "enum", "class", "namespace"))
        return source.word_list.spread(named | _functions(source))
    return fill(len(source), source.scan.definitions)


def _following(source: Source, keywords: tuple[str, ...]) -> Bool:
    """Return which words follow one of these on the same line with blanks between, bool[W]."""
    words = source.word_list
    if len(words) < 2:
        return np.zeros(len(words), bool)
    named = words.among(keywords) & source.word_in_code
    gap = words.starts[1:] - words.starts[:-1] - words.sizes[:-1]
    between = source.equal_to(" \t")[words.starts[1:] - 1]
    return joined(False, named[:-1] & (gap <= 4) & between) & source.word_in_code


def _functions(source: Source) -> Bool:
    words = source.word_list
    out = np.zeros(len(words), bool)
    if not len(words):
        return out
    depth = joined(0, source.brackets.depth[:-1])
    opens = np.flatnonzero(source.in_code("(") & (depth == 0))
    before = source.before_blanks(opens)
    begins = source.line_start[opens]
    good = (before > begins) & source.words[np.maximum(before, 0)] & source.words[begins]
    number = words.number[before[good]]
    out[number[words.starts[number] > begins[good]]] = True
    return out & ~source.keywords


@feature("position in the word", "counts the characters of the word so far",
         tag=Tag.COUNT, lookahead=Lookahead.TOKEN, example=("ab c_1+", "1201230"),
         phrases=Phrases("with every letter of a word", many="where a word is already long",
                         few="at the start of words and between them", rise="a word goes on",
                         fall="a word ends", least="after {} or more letters of a word"))
def word_position(source: Source) -> Int:
    """Count the characters since the word began, the first as 1."""
    words = source.word_list
    begins = words.spread(words.starts.astype(np.int32))
    return np.where(source.words, source.places - begins + 1, 0).astype(np.int32)


@feature("part of a snake_case name", "counts the underscores in the word so far",
         tag=Tag.COUNT, lookahead=Lookahead.TOKEN, example=("ab_c_d e_", "001122001"),
         phrases=Phrases("with every underscore in a name",
                         many="after several underscores in a name", few="before the first",
                         rise="an underscore comes in a name", fall="a name with underscores ends"))
def word_part(source: Source) -> Int:
    """Count underscores since the word began."""
    return _since_word_start(source, source.equal_to("_"))


def _since_word_start(source: Source, where: Bool) -> Int:
    total = np.cumsum(where, dtype=np.int32)
    words = source.word_list
    before = joined(np.int32(0), total)[words.starts]
    return np.where(source.words, total - words.spread(before), 0).astype(np.int32)


@feature("in a capitalised word", "is on in a word that began with a capital letter",
         tag=Tag.STATE, lookahead=Lookahead.TOKEN, example=("Ab cD Eé", "11000011"),
         phrases=Phrases("in capitalised words", rise="a capitalised word begins",
                         fall="a capitalised word ends"))
def in_capitalised(source: Source) -> Bool:
    """Mark every character of such a word."""
    return source.word_list.spread(source.upper[source.word_list.starts])


@feature("in a run of capitals", "is on from the third capital letter of a word in capitals",
         tag=Tag.STATE, example=("ABCD aBCD A_BC", "00110000000001"),
         phrases=Phrases("in words written in capitals", rise="a run of capitals begins",
                         fall="a run of capitals ends"))
def in_upper_run(source: Source) -> Bool:
    """Mark where the word so far has three capital letters or more, and no small letter."""
    letters = source.letters & ~source.marks & ~source.equal_to("_0123456789")
    small = letters & ~source.upper
    none = _since_word_start(source, small) == 0
    return source.upper & none & (_since_word_start(source, source.upper) >= 3)


@feature("position in the line, in words", "counts the words of the line so far",
         tag=Tag.COUNT, example=("ab c\nd = e", "1112211112"),
         phrases=Phrases("with every word of the line", many="after many words of a line",
                         few="after few", rise="another word of the line begins",
                         fall="a new line begins"))
def word_of_line(source: Source) -> Int:
    """Count words that have begun on this line; a line end still belongs to its line."""
    begins = np.zeros(len(source), np.int32)
    begins[source.word_list.starts] = 1
    total = np.cumsum(begins, dtype=np.int32)
    before = total - begins
    return total - before[source.line_start] if len(total) else total


@feature("letters left in the word", "counts the letters still to come in the word",
         tag=Tag.FUTURE, lookahead=Lookahead.TOKEN, example=("abc d", "21000"),
         phrases=Phrases("the more letters are left in the word",
                         many="where most of a word is still to come", few="where little of it is",
                         rise="a word begins", fall="a word goes on",
                         least="where {} or more letters are left in the word"))
def to_word_end(source: Source) -> Int:
    """Count the characters of the word that are still to come; 0 outside of words."""
    words = source.word_list
    ends = words.spread((words.starts + words.sizes - 1).astype(np.int32))
    return np.where(source.words, ends - source.places, 0).astype(np.int32)
