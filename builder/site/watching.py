"""What `mkdocs serve` watches: all that pages are made from, and no page that was made."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from builder.rendering import TEMPLATES, generated_folders


def watch(server: Any, config: Any, folders: Iterable[Path]) -> None:
    """Tell a server of MkDocs what to watch.

    MkDocs watches the whole folder of documents: pages that are written while it builds would
    have it build once more.

    Args:
        server: Of MkDocs.
        config: Of MkDocs.
        folders: What pages are made from.
    """
    docs = Path(config.docs_dir)
    server.unwatch(str(docs))
    server.watch(str(docs), recursive=False)
    for folder in (*folders, *_by_hand(docs), *map(Path, config.theme.dirs[:1]), TEMPLATES):
        if folder.is_dir():
            server.watch(str(folder))


def _by_hand(docs: Path) -> Iterator[Path]:
    """Yield the folders of documents in which something is written by hand."""
    generated = generated_folders()
    yield from (path for path in docs.iterdir() if path.is_dir() and path.name not in generated)
