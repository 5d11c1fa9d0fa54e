"""ZIP archives that somebody else made."""

from __future__ import annotations

from zipfile import ZipFile

LARGEST = 4 << 30
"""Bytes of all that is in one."""


def check_size(archive: ZipFile) -> None:
    """See that what is in an archive is not larger than anybody's network.

    Raises:
        ValueError: It is.
    """
    if sum(entry.file_size for entry in archive.infolist()) > LARGEST:
        raise ValueError("what is in it is larger than 4 GiB")
