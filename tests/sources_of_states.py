"""Activations of a network that this project does not know, and what its units do."""

import re
from itertools import chain

import numpy as np

PLANTED = {0: "in_string", 1: "round_depth", 2: "line_position"}
"""What each of the first units follows; units 3 to 5 the last character, the others nothing."""

NOISE = range(6, 10)
_WORD = re.compile(r"\n|[ \t]{1,16}|\w{1,12}|[^\w\s]")


def planted_states(texts, seed, *, learned=True):
    """Return states float32[N, 10] over texts, one after the other."""
    draw = np.random.default_rng(seed)
    codes = np.concatenate([[min(ord(c), 255) for c in text] for text in texts])
    values = np.zeros((len(codes), 10), np.float32)
    if learned:
        values[:, :3] = np.concatenate([list(_followed(text)) for text in texts])
    values[:, 3:6] = draw.normal(0, 0.5, (256, 3))[codes]
    values[:, 6:] = draw.normal(0, 0.5, (len(codes), 4))
    return (values + draw.normal(0, 0.05, values.shape)).astype(np.float32)


def _followed(text):
    quoted, depth, column = "", 0, 0
    for c in text:
        quoted = (quoted if c != quoted else "") if quoted else c if c in "'\"" else ""
        if not quoted:
            depth = max(0, depth + (c == "(") - (c == ")"))
        column = 0 if c == "\n" else column + 1
        yield bool(quoted), np.tanh(depth / 2), np.tanh(column / 40)


def starts_of(texts):
    """Return the first character of each text, all of them one after the other."""
    return np.cumsum([0, *map(len, texts)])[:-1]


def words_of(texts, states):
    """Return words of texts, the state after each, and the first word of each text."""
    words = [_WORD.findall(text) for text in texts]
    assert ["".join(of_text) for of_text in words] == list(texts)
    ends = np.cumsum([len(word) for of_text in words for word in of_text]) - 1
    return list(chain.from_iterable(words)), states[ends], starts_of(words)
