"""Rendered pages into the folders that the host of the site reads."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from builder.core.errors import OutputError, Problem
from builder.core.files import write_content
from builder.core.pages import Page
from builder.rendering import (
    PlannedText,
    RenderedSite,
    SitePlan,
    Tokens,
    generated_folders,
)
from builder.site.memory import RenderedBefore
from builder.site.placed import DOCS, FRAGMENTS, placed, write_made

Apart = Callable[[Sequence[tuple[str, str]]], bool]
"""Makes texts elsewhere, given where they go and what they are made from; False if it does not."""


def write_site(rendered: RenderedSite, root: Path) -> None:
    """Write all pages; equal files are left alone, generated files of former runs are removed.

    Args:
        rendered: What to write.
        root: The folder that holds `mkdocs.yml`.

    Raises:
        OutputError: Two pages want one place, or a place cannot be written.
    """
    documents = [*rendered.markdown, *rendered.downloads]
    _check([page.path for page in documents])
    _write(root / DOCS, documents)
    _write(root / FRAGMENTS, rendered.fragments)
    _remove_stale(root, [page.path for page in documents], rendered.fragments)


def write_planned(
    plan: SitePlan, root: Path, before: RenderedBefore, apart: Apart = lambda wanted: False
) -> int:
    """Do the same, but make only what is not there as it would be made now.

    Args:
        plan: What to make and write.
        root: The folder that holds `mkdocs.yml`.
        before: What was made before.
        apart: Who may make many texts at once.

    Returns:
        How many texts were made.

    Raises:
        OutputError: Two pages want one place, or a place cannot be written.
    """
    paths = [*(page.path for page in plan.markdown), *(text.path for text in plan.downloads)]
    _check(paths)
    _write(root / DOCS, plan.markdown)
    texts = dict(placed(plan))
    wanted = {path: given for path, text in texts.items()
              if (given := _wanted(path, text, plan.tokens, before)) is not None}
    told = [(path, given) for path, given in wanted.items() if given]
    left = [path for path in wanted if not wanted[path]] if apart(told) else list(wanted)
    for path in left:
        origin = write_made(texts[path], wanted[path], root / path, plan.tokens)
        if wanted[path]:
            before.note_file(path, origin)
    _remove_stale(root, paths, plan.fragments)
    return len(wanted)


def _wanted(path: str, text: PlannedText, tokens: Tokens, before: RenderedBefore) -> str | None:
    """Return a digest of what a text is made from; None where it is there as it would be made.

    It is empty where that has no digest.
    """
    try:
        given = text.given()
    except TypeError:
        return ""
    origin = before.origin_of(path)
    return None if origin is not None and origin.holds(given, tokens) else given


def _remove_stale(
    root: Path, documents: Iterable[str], fragments: Iterable[Page | PlannedText]
) -> None:
    docs, folder = root / DOCS, root / FRAGMENTS
    kept = {docs / path for path in documents}
    for name in generated_folders():
        remove_others(docs / name, kept)
    remove_others(folder, {folder / page.path for page in fragments})


def _check(paths: Sequence[str]) -> None:
    twice = sorted(path for path, times in Counter(paths).items() if times > 1)
    if twice:
        raise OutputError([Problem(path, "two pages have this address", "",
                                   "give one of the exhibits another name") for path in twice])


def _write(folder: Path, pages: Iterable[Page]) -> None:
    for page in pages:
        write_content(folder / page.path, page.content)


def remove_others(folder: Path, kept: set[Path]) -> None:
    """Remove every file under `folder` that is not kept, then every empty folder."""
    for path in sorted(folder.rglob("*"), reverse=True):
        if path.is_dir() and not path.is_symlink():
            if not any(path.iterdir()):
                path.rmdir()
        elif path not in kept:
            path.unlink()
