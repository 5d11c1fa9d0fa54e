"""A new site in the place of the old one, which is never absent.

Where the system can, both change places in one step. It cannot where the folder is another device
or where the file system has no such thing: there every file is replaced in one step, pages after
what they need, and what is left of the old site goes last. A site that was cut off in between is
finished by the next run.
"""

from __future__ import annotations

import ctypes
import errno
import os
import shutil
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

from builder.core.errors import OutputError, Problem
from builder.core.files import written
from builder.site.write import remove_others

HERE, EXCHANGE = -100, 2
"""Of Linux: the folder we are in, and the flag that has two names change places. The flag of macOS
is the same number."""

_READ_ONLY = (errno.EACCES, errno.EPERM, errno.EROFS)


def put_in_place(new: Path, target: Path) -> None:
    """Put a new folder where an old one is, if any; the old one goes last.

    Args:
        new: The folder; it is gone afterwards.
        target: Its place, which may be behind a link or on another device.

    Raises:
        OutputError: The place cannot be written.
    """
    place = Path(os.path.realpath(target))
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        if not (_moved(new, place) or _moved_near(new, place)):
            ready = _ready(new)
            _remove(ready)
            new.rename(ready)
            finish(new, target)
        _remove(new)
    except OSError as error:
        raise OutputError(Problem(str(target), "the new site cannot be put here",
                                  error.strerror or str(error),
                                  "close what uses the folder")) from None


def finish(new: Path, target: Path) -> None:
    """Lay a whole new site over the old one, if a run has come as far as that.

    Args:
        new: Where the new folder was made.
        target: Its place.

    Raises:
        OutputError: The place cannot be written.
    """
    ready = _ready(new)
    if ready.is_dir():
        _lay_over(ready, Path(os.path.realpath(target)))
        _remove(new)
        ready.rename(new)  # half of it must not be taken for the whole
        _remove(new)


def _ready(new: Path) -> Path:
    return new.with_suffix(".ready")


def _moved(new: Path, place: Path) -> bool:
    """Move a folder in one step; tell whether that can be done."""
    if os.path.lexists(place):
        return _exchanged(new, place)
    try:
        new.rename(place)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        return False
    return True


def _moved_near(new: Path, place: Path) -> bool:
    """Do so with a copy that lies beside the place, on the same device most likely."""
    near = place.with_name(f".{place.name}.part")
    try:
        _remove(near)
        shutil.copytree(new, near)
        return _moved(near, place)
    except OSError as error:
        if error.errno in _READ_ONLY or isinstance(error, shutil.Error):
            return False
        raise
    finally:
        _remove(near)


def _exchanged(one: Path, other: Path) -> bool:
    """Have two names change places in one step; tell whether the system has done it."""
    libc: Any = ctypes.CDLL(None) if os.name == "posix" else None
    first, second = os.fsencode(one), os.fsencode(other)
    if sys.platform == "linux" and hasattr(libc, "renameat2"):
        return bool(libc.renameat2(HERE, first, HERE, second, EXCHANGE) == 0)
    if sys.platform == "darwin" and hasattr(libc, "renamex_np"):
        return bool(libc.renamex_np(first, second, EXCHANGE) == 0)
    return False


def _lay_over(new: Path, place: Path) -> None:
    """Replace file by file, pages last, then remove what is left of before."""
    if not place.is_dir():
        _remove(place)
    files = [path.relative_to(new) for path in new.rglob("*") if path.is_file()]
    for path in sorted(files, key=lambda path: (path.suffix == ".html", path)):
        target = place / path
        _make_way(target, place)
        with written(target) as aside:
            shutil.copyfile(new / path, aside)
    remove_others(place, {place / path for path in files})


def _make_way(target: Path, place: Path) -> None:
    """Remove a folder that stands where a file is to be, and a file where a folder is to be."""
    if target.is_dir() and not target.is_symlink():
        _remove(target)
    for folder in target.relative_to(place).parents:
        if os.path.lexists(place / folder) and not (place / folder).is_dir():
            _remove(place / folder)


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        with suppress(FileNotFoundError):
            path.unlink()
