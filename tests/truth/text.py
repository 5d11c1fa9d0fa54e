"""Small texts with known counters: nested brackets, strings without brackets, lines."""

import re
from functools import cache
from pathlib import Path

from builder.corpora.contract import Place, TextFile, files_of
from builder.corpora.documents import make_corpus
from builder.corpora.kinds.synthetic import SyntheticCorpus
from builder.corpora.settings import SplitSettings

HALVES = SplitSettings(discover=0.4, held_out_share=0.4)


def without_brackets(string):
    """Take the brackets out of a string, for a counter that does not know of strings."""
    return re.sub(rb" ?[()\[\]{}] ?", b"", string[0]).replace(b'""', b'"bed"')


@cache
def small_corpus(seed=4, documents=90, characters=1500):
    """Return texts of the synthetic grammar, a fifth for the means, the rest in halves."""
    settings = SyntheticCorpus(
        kind="synthetic", documents=documents, characters=characters, seed=seed, maximum_depth=6)
    files = [TextFile(f.name, re.sub(rb'"[^"\n]*"', without_brackets, f.content))
             for f in files_of(settings, Place(Path(), Path()))]
    return make_corpus(files, settings, HALVES)
