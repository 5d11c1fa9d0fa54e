"""Writing files so that none is ever half there: written aside, then renamed."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from builder.core.errors import OutputError, Problem


def write_bytes(path: Path, content: bytes) -> None:
    """Write a file as a whole or not at all; folders are made, an equal file is left alone.

    Raises:
        OutputError: The place cannot be written: read-only, full, or not a folder.
    """
    aside = path.with_name(path.name + ".part")
    try:
        if path.is_file() and path.read_bytes() == content:
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        aside.write_bytes(content)
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


def write_text(path: Path, content: str) -> None:
    """Write a text as UTF-8, with `write_bytes`' promise."""
    write_bytes(path, content.encode("utf-8"))


def write_json(path: Path, data: Any) -> None:
    """Write JSON that is pleasant to diff: two spaces, keys as given, no NaN."""
    write_text(path, json.dumps(data, indent=2, ensure_ascii=False, allow_nan=False) + "\n")


def _forget(path: Path) -> None:
    try:
        path.unlink(missing_ok=True)
    except OSError:
        return
