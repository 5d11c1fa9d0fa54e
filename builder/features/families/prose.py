"""Features of sentences, and of addresses in them."""

from __future__ import annotations

import re

import numpy as np
from numpy.typing import NDArray

from builder.core.labels import PROSE, Lookahead, Phrases, Tag
from builder.features.joined import joined
from builder.features.quotations import after_blank_lines
from builder.features.registry import feature
from builder.features.scan import fill
from builder.features.source import Source
from builder.features.unicode import (
    ends_sentence,
    is_greek,
    is_ideograph,
    may_end_sentence,
    may_follow_stop,
)

Bool = NDArray[np.bool_]
Int = NDArray[np.int32]
_BEFORE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*\Z")
_AFTER = re.compile(r"[^\s<>\"'`)\]}]*")


def _sentence_starts(source: Source) -> NDArray[np.intp]:
    """Return where sentences begin: words after the end of one, or after a blank line."""
    words = source.word_list.starts
    if not len(words):
        return words
    ends = np.cumsum(_sentence_ends(source) | after_blank_lines(source))
    marks = ends[np.maximum(words - 1, 0)]
    begins = joined(True, np.diff(marks) > 0)
    return words[begins]


def _sentence_ends(source: Source) -> Bool:
    """Return where sentences end: at . ! ? and a blank, and at stops of other scripts."""
    if source.is_ascii:
        follows = source.blank | source.equal_to("\"')")
        return source.equal_to(".!?") & joined(follows[1:], True)
    follows = source.where(may_follow_stop)
    unspaced = source.equal_to("!?") & joined(source.where(is_ideograph)[1:], True)
    questions = source.equal_to(";\u037e") & joined(False, source.where(is_greek)[:-1])
    stops = (source.where(may_end_sentence) | questions) & joined(follows[1:], True)
    return source.where(ends_sentence) | stops | unspaced


@feature("in the first word of a sentence", "is on in the word that a sentence begins with",
         tag=Tag.STATE, lookahead=Lookahead.TOKEN, languages=PROSE,
         example=("Go on. So it", "110000011000"),
         phrases=Phrases("in the first word of a sentence", rise="a sentence begins",
                         fall="the first word of a sentence ends"))
def in_first_word(source: Source) -> Bool:
    """Mark the first word of each sentence."""
    words = source.word_list
    first = np.isin(words.starts, _sentence_starts(source))
    return words.spread(first)


@feature("position in the sentence, in words", "counts the words of the sentence so far",
         tag=Tag.COUNT, lookahead=Lookahead.TOKEN, languages=PROSE,
         example=("Go on. So it", "111222211122"),
         phrases=Phrases("with every word of the sentence",
                         many="towards the end of long sentences",
                         few="at the start of a sentence", rise="a word of the sentence begins",
                         fall="a new sentence begins",
                         least="after {} or more words of a sentence"))
def word_of_sentence(source: Source) -> Int:
    """Count words that have begun since the sentence did."""
    begins = np.zeros(len(source), np.int32)
    begins[source.word_list.starts] = 1
    total = np.cumsum(begins, dtype=np.int32)
    starts = _sentence_starts(source)
    sizes = np.diff(joined(0, starts, len(source)))
    before = joined(0, total[starts] - 1) if len(starts) else np.zeros(1)
    return total - np.repeat(before.astype(np.int32), sizes)


@feature("inside a URL", "is on in the address of a web page",
         tag=Tag.STATE, lookahead=Lookahead.TOKEN,
         example=("see ftp://a.b/c now", "0000000001111110000"),
         phrases=Phrases("inside URLs", rise="a URL begins", fall="a URL ends"))
def in_url(source: Source) -> Bool:
    """Mark addresses with :// from its last slash on."""
    text, spans, at = source.text, list[tuple[int, int]](), 0
    while (at := text.find("://", at)) >= 0:
        end = at + 3
        if _BEFORE.search(text, max(0, at - 12), at):
            found = _AFTER.match(text, end)
            end = found.end() if found else end
            spans.append((at + 2, end))
        at = end
    return fill(len(source), spans)
