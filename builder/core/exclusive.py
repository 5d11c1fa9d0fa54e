"""Locks for what must not run twice at once; the system takes them from a process that dies."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import FileLock, Timeout

from builder.core.errors import OutputError, Problem

# How often the folder of a lock may vanish under our hands before that is told as an error.
TRIES = 100


@contextmanager
def alone(path: Path, busy: str, *, wait: bool = False) -> Iterator[None]:
    """Run the body under a lock; where another process has it, stop at once or wait.

    Args:
        path: File of the lock; it holds the id of the process and is gone afterwards. A folder
            that it alone stood in goes too.
        busy: What is wrong where another process has it.
        wait: Say so, and wait for it.

    Raises:
        OutputError: Another process has the lock, or the file cannot be written.
    """
    try:
        lock = _in_turn(path, busy) if wait else _acquired(path, blocking=False)
    except Timeout:
        raise OutputError(Problem(str(path), busy, _holder(path),
                                  "wait until it has ended, or stop it")) from None
    except OSError as error:
        raise OutputError(Problem(str(path), "cannot be written", error.strerror or str(error),
                                  "free some space or choose another folder")) from None
    try:
        yield
    finally:
        _let_go(lock, path)
        with suppress(OSError):
            path.parent.rmdir()


@contextmanager
def in_turn(path: Path, busy: str) -> Iterator[None]:
    """Run the body under a lock; where another process has it, say so once and wait.

    Args:
        path: File of the lock; it is gone afterwards.
        busy: What is said on stderr where another process has it.

    Raises:
        OSError: The file cannot be written.
    """
    lock = _in_turn(path, busy)
    try:
        yield
    finally:
        _let_go(lock, path)


def _in_turn(path: Path, busy: str) -> FileLock:
    try:
        return _acquired(path, blocking=False)
    except Timeout:
        said = "; ".join(filter(None, (busy, _holder(path), "waiting for it")))
        print(said, file=sys.stderr, flush=True)
        return _acquired(path, blocking=True)


def _acquired(path: Path, *, blocking: bool) -> FileLock:
    lock = FileLock(path)
    for left in reversed(range(TRIES)):
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            lock.acquire(blocking=blocking)
            break
        except (FileNotFoundError, FileExistsError):
            # Who had it takes the empty folder away as well, between any two steps of ours: it is
            # gone before the lock is made, or there for `mkdir` and gone when `mkdir` looks again.
            if not left or (os.path.lexists(path.parent) and not path.parent.is_dir()):
                raise
    with suppress(OSError):  # it is there to be read by people; the lock is ours without it
        path.write_text(f"{os.getpid()}\n", "ascii")
    return lock


def _let_go(lock: FileLock, path: Path) -> None:
    """Remove the file, then free it: who waited for the removed one sees that it has no name."""
    with suppress(OSError):
        path.unlink()
    lock.release()


def _holder(path: Path) -> str:
    try:
        said = path.read_text("ascii").strip()
    except (OSError, ValueError):
        said = ""
    return f"process {said}" if said.isdecimal() else ""
