"""Corpus kind `stdlib`: the source of the Python that runs, without its test suites."""

from __future__ import annotations

import sysconfig
from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar, Literal

from builder.corpora.contract import CorpusKind, Found, Place, corpus_kind
from builder.corpora.folders import read_whole, walk
from builder.corpora.globs import wanted
from builder.corpora.settings import Patterns

NOT_SOURCE = frozenset(
    {"site-packages", "dist-packages", "__pycache__", "test", "tests", "idle_test"}
)


@corpus_kind
class StdlibCorpus(CorpusKind):
    """Python's own library, of the Python that runs."""

    fixed: ClassVar[bool] = True
    kind: Literal["stdlib"] = "stdlib"
    include: Patterns = ("**/*.py",)

    def files(self, place: Place) -> Iterator[Found]:
        """Yield the library's files; what pip installed and the test suites are no part of it."""
        root = Path(sysconfig.get_path("stdlib"))
        take = wanted(self)
        files = walk(root, place.where, NOT_SOURCE)
        return read_whole(((name, path) for name, path in files if take(name)), place.where)
