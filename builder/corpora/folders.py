"""Files on disk, read whole: what cannot be read is an error, what is no text file is left out."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator
from pathlib import Path

from builder.core.errors import CorpusError, Problem
from builder.core.text import LeftOut
from builder.corpora.contract import Found, TextFile, too_large


def walk(
    root: Path, where: str, skip: frozenset[str] = frozenset()
) -> Iterator[tuple[str, Path]]:
    """Yield the name below `root` (with slashes) and the path of every file, in a fixed order.

    Folders named in `skip` are not entered, nor are folders that are links.

    Raises:
        CorpusError: A folder cannot be listed.
    """

    def refuse(error: OSError) -> None:
        raise CorpusError(_unreadable(where, str(error.filename), error)) from None

    for folder, folders, names in os.walk(root, onerror=refuse):
        folders[:] = sorted(set(folders) - skip)
        for name in sorted(names):
            path = Path(folder, name)
            yield path.relative_to(root).as_posix(), path


def read_whole(files: Iterable[tuple[str, Path]], where: str) -> Iterator[Found]:
    """Yield each file with its bytes, or why it is left out: too large, not plain, not there.

    Raises:
        CorpusError: Files are there and cannot be read; names all, after the last file.
    """
    problems: list[Problem] = []
    for name, path in files:
        try:
            found = _read(name, path)
        except OSError as error:
            problems.append(_unreadable(where, str(path), error))
            continue
        yield found
    if problems:
        raise CorpusError(problems)


def _read(name: str, path: Path) -> Found:
    reason = _why_not(name, path)
    return LeftOut(printable(name), reason) if reason else TextFile(name, path.read_bytes())


def _why_not(name: str, path: Path) -> str:
    if not os.path.lexists(path):
        return "not there"
    if not path.exists():
        return "a link to nothing"
    if printable(name) != name:
        return "its name is not UTF-8"
    found = path.stat()
    return too_large(found.st_size) if stat.S_ISREG(found.st_mode) else "not a plain file"


def printable(name: str) -> str:
    """Return the name, with an escape in place of each byte that is not UTF-8."""
    return name.encode("utf-8", "backslashreplace").decode("utf-8")


def _unreadable(where: str, path: str, error: OSError) -> Problem:
    return Problem(where, f"cannot read {printable(path)}", error.strerror or str(error),
                   "give leave to read it, or exclude it")
