"""The catalogues of published files, written of the files that are there."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from hashlib import sha256
from pathlib import Path

from builder.core.cards import ExhibitCard
from builder.core.files import write_content
from builder.rendering import PublishedFile, catalogues, is_data
from builder.site.placed import DOCS


def write_catalogues(exhibits: Sequence[ExhibitCard], paths: Iterable[str], root: Path) -> None:
    """Write the catalogues; equal ones are left alone.

    Args:
        exhibits: All that are shown.
        paths: Of the files that were written for them, from the folder of documents.
        root: The folder that holds `mkdocs.yml`.

    Raises:
        OutputError: A place cannot be written.
    """
    docs = root / DOCS
    files = [_published(docs, path) for path in paths if is_data(path)]
    for page in catalogues(exhibits, files):
        write_content(docs / page.path, page.content)


def _published(docs: Path, path: str) -> PublishedFile:
    content = (docs / path).read_bytes()
    return PublishedFile(path, len(content), sha256(content).hexdigest())
