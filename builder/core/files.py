"""Writing files so that none is ever half there: written aside, then renamed.

What is written aside stands beside its file, as NAME.<16 hexadecimal digits>.part: two runs that
write the same file never write into the same place, and a process that is killed leaves a file
that is known by its name.
"""

from __future__ import annotations

import json
import os
import re
import secrets
import shutil
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from builder.core.errors import OutputError, Problem

ASIDE = "*.part"
"""The pattern that finds what was written aside, among others."""

_ASIDE = re.compile(r"\.[0-9a-f]{16}\.part\Z")
_NOTHING = frozenset({".git"})
"""What an empty folder may hold."""

_LEFT_OVER_SECONDS = 3600.0
"""Nobody takes so long between two blocks of a file: who wrote it is gone."""


def write_bytes(path: Path, content: bytes) -> None:
    """Write a file as a whole or not at all; folders are made, an equal file is left alone.

    Raises:
        OutputError: The place cannot be written: read-only, full, or not a folder.
    """
    with written(path) as aside:
        if path.is_file() and path.read_bytes() == content:
            return
        aside.write_bytes(content)


@contextmanager
def written(path: Path) -> Iterator[Path]:
    """Yield a place to write a file that takes the place of another, if it was written.

    Raises:
        OutputError: The place cannot be written: read-only, full, or not a folder.
    """
    aside = path.with_name(f"{path.name}.{secrets.token_hex(8)}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        yield aside
        if aside.exists():
            os.replace(aside, path)
    except OSError as error:
        _forget(aside)
        raise OutputError(
            Problem(str(path), "cannot be written", error.strerror or str(error),
                    "free some space or choose another folder")
        ) from None
    except BaseException:
        _forget(aside)
        raise


@contextmanager
def written_folder(path: Path) -> Iterator[Path]:
    """Yield an empty folder, whose content is at `path` if the body ends well, else nowhere.

    Args:
        path: Not there, or an empty folder; git may be in it already.

    Raises:
        OutputError: Something is there, or the place cannot be written.
    """
    place = path.absolute()
    there = place.is_dir()
    if os.path.lexists(place) and not (there and {p.name for p in place.iterdir()} <= _NOTHING):
        raise OutputError(Problem(str(path), "there already" + " and not empty" * there, "",
                                  "choose another name"))
    aside = (place if there else place.parent) / f".{place.name}.{secrets.token_hex(8)}.part"
    try:
        aside.mkdir(parents=True)
        yield aside
        if there:  # somebody may stand in it
            for found in sorted(aside.iterdir()):
                found.rename(place / found.name)
        else:
            aside.rename(place)
    except OSError as error:
        raise OutputError(
            Problem(str(path), "cannot be written", error.strerror or str(error),
                    "free some space or choose another folder")
        ) from None
    finally:
        _forget(aside)


def write_text(path: Path, content: str) -> None:
    """Write a text as UTF-8, with `write_bytes`' promise."""
    write_bytes(path, content.encode("utf-8"))


def write_content(path: Path, content: str | bytes) -> None:
    """Write a text as UTF-8, or bytes as they are, with `write_bytes`' promise."""
    write_bytes(path, content.encode("utf-8") if isinstance(content, str) else content)


def write_json(path: Path, data: Any) -> None:
    """Write JSON that is pleasant to diff: two spaces, keys as given, no NaN."""
    write_text(path, json_text(data))


def json_text(data: Any) -> str:
    """Return JSON as `write_json` writes it."""
    return json.dumps(data, indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def remove_left_overs(paths: Iterable[Path]) -> None:
    """Remove what killed processes left aside, an hour after the last byte; nothing else.

    Args:
        paths: Where to look, as `ASIDE` finds them; those with other names are left alone.
    """
    for path in paths:
        if _ASIDE.search(path.name) and _is_old(path):
            _forget(path)


def _is_old(path: Path) -> bool:
    try:
        return time.time() - path.stat().st_mtime > _LEFT_OVER_SECONDS
    except OSError:  # it was renamed or removed on the way
        return False


def _forget(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
        return
    try:
        path.unlink(missing_ok=True)
    except OSError:
        return
