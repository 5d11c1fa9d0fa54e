"""A folder as a zip file whose bytes depend on names and contents alone."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

from builder.core.files import write_bytes

_DATE = (2020, 1, 1, 0, 0, 0)
_READABLE = 0o644 << 16


def write_archive(folder: Path, path: Path) -> None:
    """Pack every file of `folder`, in the order of their names, under the folder's name."""
    memory = io.BytesIO()
    with zipfile.ZipFile(memory, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted(p for p in folder.rglob("*") if p.is_file()):
            name = f"{folder.name}/{file.relative_to(folder).as_posix()}"
            archive.writestr(_entry(name), file.read_bytes())
    write_bytes(path, memory.getvalue())


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, _DATE)
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.create_system = 3
    entry.external_attr = _READABLE
    return entry
