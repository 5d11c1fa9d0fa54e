"""A digest of all that decides a site: what pages are made from, settings, code, what is installed.

Content counts, never dates, so that a copy of a project has the same digest.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterable, Iterator
from importlib.metadata import entry_points
from importlib.util import find_spec
from pathlib import Path

from builder.core.digests import digest, digest_of_parts
from builder.rendering import GENERATED_FILES, generated_folders
from builder.site.lacking import given_by_hand
from builder.site.placed import DOCS

PACKAGE = Path(__file__).parents[1]
OTHERS = "unit_gallery."
"""What the groups of entry points begin with by which packages add something."""

_VARIABLES = re.compile(r"!ENV\b([^#\n]*)")


def key_of(root: Path, inputs: Iterable[Path], others: Iterable[str] = ()) -> str:
    """Return a digest of all that decides a site.

    These are the files that are named, what is written by hand, here and in what comes with this
    package, the settings of MkDocs and the variables they name, this package, what others add to
    it, and what is installed.

    Args:
        root: The folder that holds `mkdocs.yml`.
        inputs: Files and folders that pages are made from.
        others: What else they hang on.
    """
    settings = sorted(root.glob("mkdocs*.yml"))
    given = [f"{path.name} {digest(path.read_bytes())}" for path in given_by_hand()]
    ours = (*settings, *_by_hand(root), *(path for place in inputs for path in files_of(place)))
    parts = [f"{os.path.relpath(path, root)} {digest(path.read_bytes())}" for path in ours]
    return digest_of_parts([*parts, *given, *_variables(settings), *others, code_digest()])


def code_digest() -> str:
    """Return a digest of this package, of what others add to it, and of what is installed."""
    code = [f"{path.relative_to(folder).as_posix()} {digest(path.read_bytes())}"
            for folder in (PACKAGE, *_added()) for path in files_of(folder)]
    return digest_of_parts([*code, sys.version, *_installed()])


def files_of(path: Path) -> list[Path]:
    """Return a file, or the files of a folder, sorted; not what Python leaves there."""
    found = [path] if path.is_file() else sorted(path.rglob("*"))
    return [p for p in found if p.is_file() and p.suffix != ".pyc"]


def _by_hand(root: Path) -> Iterator[Path]:
    """Yield the sources of the site that are written by hand."""
    docs = root / DOCS
    made = {docs / name for name in (*GENERATED_FILES, *generated_folders())}
    yield from (path for path in files_of(root / "site_src") if made.isdisjoint(
        {path, *path.parents}))


def _added() -> Iterator[Path]:
    """Yield the folders in which the modules lie that other packages add."""
    groups = (group for group in entry_points().groups if group.startswith(OTHERS))
    modules = {entry.module for group in groups for entry in entry_points(group=group)}
    for module in sorted(modules):
        spec = find_spec(module)
        if spec and spec.origin:
            yield Path(spec.origin).parent if "." in module else Path(spec.origin)


def _variables(settings: Iterable[Path]) -> Iterator[str]:
    """Yield the variables that settings name, with their values."""
    for path in settings:
        for named in _VARIABLES.findall(path.read_text("utf-8")):
            yield from (f"{name}={os.environ.get(name)}" for name in re.findall(r"\w+", named))


def _installed() -> list[str]:
    """Return name and version of what is installed, as the names of folders tell them."""
    places = (Path(place) for place in sys.path if Path(place).is_dir())
    return sorted({found.name for place in places for found in place.glob("*.dist-info")})
