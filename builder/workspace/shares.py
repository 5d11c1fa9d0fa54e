"""Finished shares of work, kept on disk, so that work that was stopped goes on."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError
from safetensors.numpy import load, save

from builder.core.errors import OutputError, Problem
from builder.core.files import write_bytes
from builder.work import Workers
from builder.work.identity import identity
from builder.work.versions import OWN, installed
from builder.work.workers import Context, Item, Result

Arrays = dict[str, NDArray[Any]]

SUFFIX = ".part-of-work"
NOTHING = "nothing, as the task said"


class Parts:
    """Results in a folder, a file each, named by their keys.

    A file is the SHA-256 of what follows, then safetensors. One that is broken counts as not
    there. Nothing but `clear` removes what is there.

    Args:
        folder: Made when there is something to keep.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def get(self, key: str) -> Arrays | None:
        """Return the arrays that are kept under a key, in the order of their names."""
        try:
            content = self._path(key).read_bytes()
        except OSError:
            return None
        if hashlib.sha256(content[32:]).digest() != content[:32]:
            return None
        try:
            arrays = load(content[32:])
        except SafetensorError:
            return None
        return {name: np.array(arrays[name]) for name in sorted(arrays)}

    def put(self, key: str, arrays: Arrays) -> None:
        """Keep arrays of numbers.

        Raises:
            OutputError: The folder cannot be written.
        """
        content = save(arrays)
        write_bytes(self._path(key), hashlib.sha256(content).digest() + content)

    def clear(self) -> None:
        """Forget everything that is kept.

        Raises:
            OutputError: A file cannot be removed.
        """
        try:
            for path in self._folder.glob(f"*{SUFFIX}*"):
                path.unlink(missing_ok=True)
            if self._folder.is_dir() and not any(self._folder.iterdir()):
                self._folder.rmdir()
        except OSError as error:
            raise OutputError(Problem(str(self._folder), "cannot be cleared",
                                      error.strerror or str(error), "remove it")) from None

    def _path(self, key: str) -> Path:
        return self._folder / f"{key}{SUFFIX}"


def resumed(workers: Workers, parts: Parts | None, code: str | None = None) -> Workers:
    """Return workers who do only what is not kept, and keep what they do.

    The key of a share is a digest of the task, its context, the item and the code, so nothing
    that is kept can be taken for something else. Their tasks return a dict of arrays, or None.

    Args:
        workers: Who do the rest; closed with what is returned.
        parts: What is kept; where it is None nothing is.
        code: A digest of the code that decides results; that of the whole package where None.
    """
    return workers if parts is None else _Resumed(workers, parts, code or installed()[OWN])


class _Resumed(Workers):
    def __init__(self, workers: Workers, parts: Parts, code: str) -> None:
        self._workers, self._parts, self._code = workers, parts, code
        self.same_disk = workers.same_disk

    def map(
        self, task: Callable[[Context, Item], Result], context: Context, items: Sequence[Item],
        *, title: str = "", sizes: Sequence[int] = (),
    ) -> Iterator[Result]:
        """Yield the result for each item, from disk where it is there."""
        shared = identity({**installed(), OWN: self._code}, task, context)
        keys = [identity(shared, item) for item in items]
        left = [i for i, key in enumerate(keys) if self._parts.get(key) is None]
        rest = self._workers.map(task, context, [items[i] for i in left], title=title,
                                 sizes=[sizes[i] for i in left] if sizes else ())
        missing = set(left)
        for i, key in enumerate(keys):
            yield self._done(key, next(rest)) if i in missing else self._kept(key)
        for _ in rest:  # nothing is left, but its progress ends here
            raise AssertionError

    def close(self) -> None:
        """Close the workers who did the rest."""
        self._workers.close()

    def _done(self, key: str, result: Any) -> Any:
        self._parts.put(key, {NOTHING: np.zeros(0)} if result is None else result)
        return result

    def _kept(self, key: str) -> Any:
        arrays = self._parts.get(key)
        if arrays is None:
            raise OutputError(Problem(key + SUFFIX, "was removed while it was needed", "",
                                      "run this again"))
        return None if NOTHING in arrays else arrays
