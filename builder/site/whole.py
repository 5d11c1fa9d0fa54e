"""Whether a site that was built is still there to the last file, and what it was built from."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from builder.core.files import write_text

Listing = Mapping[str, list[int]]
"""Place of every file, with its size and the time of its last change in nanoseconds."""


def listing(*places: Path) -> Listing:
    """Return what lies in some folders, and the files among the places."""
    inside = ((path, place.parent) for place in places for path in (place, *place.rglob("*")))
    return {path.relative_to(parent).as_posix(): [path.stat().st_size, path.stat().st_mtime_ns]
            for path, parent in inside if path.is_file()}


def is_whole(record: Path, key: str, *places: Path) -> bool:
    """Tell whether a record has this key, and these places hold what it lists.

    Args:
        record: As `note_whole` writes it.
        key: Of what would be built now.
        places: Folders and files of the site.
    """
    try:
        noted = json.loads(record.read_text("utf-8"))
    except (OSError, ValueError):
        return False
    return bool(noted == {"key": key, "files": listing(*places)})


def note_whole(record: Path, key: str, *places: Path) -> None:
    """Write down what a site was built from, and what it is made of."""
    write_text(record, json.dumps({"key": key, "files": listing(*places)}))
