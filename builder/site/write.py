"""Rendered pages into the folders that the host of the site reads."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from builder.core.errors import OutputError, Problem
from builder.core.files import write_text
from builder.core.pages import Page
from builder.rendering import RenderedSite, generated_folders

DOCS = "site_src/docs"
FRAGMENTS = ".gallery/fragments"

def write_site(rendered: RenderedSite, root: Path) -> None:
    """Write all pages; equal files are left alone, generated files of former runs are removed.

    Args:
        rendered: What to write.
        root: The folder that holds `mkdocs.yml`.

    Raises:
        OutputError: Two pages want one place, or a place cannot be written.
    """
    docs, fragments = root / DOCS, root / FRAGMENTS
    _check(rendered)
    documents = [*rendered.markdown, *rendered.downloads]
    _write(docs, documents)
    _write(fragments, rendered.fragments)
    for folder in generated_folders():
        _remove_others(docs / folder, {docs / page.path for page in documents})
    _remove_others(fragments, {fragments / page.path for page in rendered.fragments})


def _check(rendered: RenderedSite) -> None:
    paths = [page.path for page in (*rendered.markdown, *rendered.downloads)]
    twice = sorted({path for path in paths if paths.count(path) > 1})
    if twice:
        raise OutputError([Problem(path, "two pages have this address", "",
                                   "give one of the exhibits another name") for path in twice])


def _write(folder: Path, pages: Iterable[Page]) -> None:
    for page in pages:
        write_text(folder / page.path, page.content)


def _remove_others(folder: Path, kept: set[Path]) -> None:
    """Remove every file under `folder` that is not kept, then every empty folder."""
    for path in sorted(folder.rglob("*"), reverse=True):
        if path.is_dir() and not path.is_symlink():
            if not any(path.iterdir()):
                path.rmdir()
        elif path not in kept:
            path.unlink()
