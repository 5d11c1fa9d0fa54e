"""Corpus kind `directory`: files of a folder, or a single file."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

from builder.core.errors import CorpusError, Problem
from builder.core.text import LeftOut
from builder.corpora.contract import CorpusKind, Found, Place, corpus_kind
from builder.corpora.folders import printable, read_whole, walk
from builder.corpora.globs import wanted

NOT_TEXT = frozenset({".git"})


@corpus_kind
class DirectoryCorpus(CorpusKind):
    """Files of a folder, or one file; a relative path starts at the recipe's folder."""

    kind: Literal["directory"]
    path: str

    def files(self, place: Place) -> Iterator[Found]:
        """Yield the files below the folder; links that lead out of it are not followed.

        Raises:
            CorpusError: There is no such file or folder, or something in it cannot be read.
        """
        root = place.recipe_folder / self.path
        if not _is_folder(root, place.where):
            yield from read_whole([(root.name, root)], place.where)
            return
        take = wanted(self)
        files = {name: path for name, path in walk(root, place.where, NOT_TEXT) if take(name)}
        leave = {name for name, path in files.items() if _leads_out(path, root)}
        yield from (LeftOut(printable(name), "a link out of the folder") for name in sorted(leave))
        inside = ((name, path) for name, path in files.items() if name not in leave)
        yield from read_whole(inside, place.where)


def _is_folder(path: Path, where: str) -> bool:
    try:
        return stat.S_ISDIR(path.stat().st_mode)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise CorpusError(Problem(
            where, "cannot read the text", f"{path}: {reason}",
            "fix the path; a relative one starts at the recipe's folder")) from None


def _leads_out(path: Path, root: Path) -> bool:
    return not Path(os.path.realpath(path)).is_relative_to(os.path.realpath(root))
