"""What was rendered before, kept in one file: panels with their text, files with their stamps."""

from __future__ import annotations

import json
import sqlite3
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from builder.core.errors import OutputError, Problem
from builder.rendering import Origin

_TABLES = """
CREATE TABLE IF NOT EXISTS code (digest TEXT);
CREATE TABLE IF NOT EXISTS texts (name TEXT PRIMARY KEY, origin TEXT, text BLOB);
CREATE TABLE IF NOT EXISTS files (path TEXT PRIMARY KEY, origin TEXT, size INT, time INT);
"""
_QUICK = 1


class RenderedBefore:
    """What was rendered by the same code before; `remembering` opens it."""

    def __init__(self, store: sqlite3.Connection, root: Path) -> None:
        """Read what is known of files; their paths are relative to a folder, which may move."""
        self._store, self._root = store, root
        rows = store.execute("SELECT path, origin, size, time FROM files")
        self._files = {path: (origin, (size, time)) for path, origin, size, time in rows}

    def recall(self, name: str) -> tuple[str, Origin] | None:
        """Return a part of a page that was kept by a name; None where there is none."""
        return _recalled(self._store, name)

    def keep(self, name: str, text: str, origin: Origin) -> None:
        """Keep a part of a page in place of what was kept by this name before."""
        packed = zlib.compress(text.encode("utf-8"), _QUICK)
        self._store.execute("INSERT OR REPLACE INTO texts VALUES (?, ?, ?)",
                            (name, _written(origin), packed))

    def origin_of(self, path: str) -> Origin | None:
        """Return what a file was made from; None where it is not there as it was written."""
        origin, stamp = self._files.get(path, ("", None))
        return _read(origin) if stamp and stamp == _stamp(self._root / path) else None

    def note_file(self, path: str, origin: Origin) -> None:
        """Note what a file was made from, which is there now."""
        stamp = _stamp(self._root / path)
        if stamp:
            self._files[path] = _written(origin), stamp
            self._store.execute("INSERT OR REPLACE INTO files VALUES (?, ?, ?, ?)",
                                (path, self._files[path][0], *stamp))


class Panels:
    """Parts of pages that were kept before, read beside the process that keeps them."""

    def __init__(self, path: Path) -> None:
        """Open the file that `remembering` has open elsewhere; nothing is written to it."""
        self._store = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)
        self._new: list[tuple[str, str, Origin]] = []

    def recall(self, name: str) -> tuple[str, Origin] | None:
        """Return a part of a page that was kept by a name; None where there is none."""
        return _recalled(self._store, name)

    def keep(self, name: str, text: str, origin: Origin) -> None:
        """Put a part aside for whom can keep it."""
        self._new.append((name, text, origin))

    def taken(self) -> tuple[tuple[str, str, Origin], ...]:
        """Return what was put aside since this was last asked."""
        found, self._new = tuple(self._new), []
        return found


@contextmanager
def remembering(path: Path, code: str, root: Path) -> Iterator[RenderedBefore]:
    """Open what was rendered before; nothing of it is known where other code did that.

    Args:
        path: The file, which is made where there is none; only one process opens it at a time.
        code: Digest of the code.
        root: The folder that holds `mkdocs.yml`.

    Raises:
        OutputError: The file cannot be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        store = _opened(path, code)
    except (OSError, sqlite3.Error) as error:
        raise OutputError(Problem(str(path), "cannot be written", str(error),
                                  "free some space or choose another folder")) from None
    try:
        with store:
            yield RenderedBefore(store, root)
    finally:
        store.close()


def _opened(path: Path, code: str) -> sqlite3.Connection:
    """Return the store, emptied where other code filled it, and anew where it is damaged."""
    try:
        store = _connected(path)
        known = store.execute("SELECT digest FROM code").fetchall()
    except sqlite3.DatabaseError:
        path.unlink(missing_ok=True)
        store, known = _connected(path), []
    if known != [(code,)]:
        store.executescript("DELETE FROM code; DELETE FROM texts; DELETE FROM files; VACUUM;")
        store.execute("INSERT INTO code VALUES (?)", (code,))
    return store


def _connected(path: Path) -> sqlite3.Connection:
    store = sqlite3.connect(path)
    try:
        store.executescript(_TABLES)
    except sqlite3.Error:
        store.close()
        raise
    return store


def _recalled(store: sqlite3.Connection, name: str) -> tuple[str, Origin] | None:
    row = store.execute("SELECT text, origin FROM texts WHERE name = ?", (name,)).fetchone()
    return (zlib.decompress(row[0]).decode("utf-8"), _read(row[1])) if row else None


def _stamp(path: Path) -> tuple[int, int] | None:
    try:
        known = path.stat()
    except OSError:
        return None
    return known.st_size, known.st_mtime_ns


def _written(origin: Origin) -> str:
    return json.dumps([origin.given, origin.reads, origin.found])


def _read(origin: str) -> Origin:
    given, reads, found = json.loads(origin)
    return Origin(given, tuple(reads), found)
