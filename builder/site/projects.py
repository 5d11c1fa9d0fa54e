"""A project of one's own, begun: its settings, first page, one exhibit, and how it is published.

What it has not comes with the package; `builder.site.lacking` says how.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path
from typing import Any

from builder import __version__
from builder.core.files import write_text, written_folder
from builder.core.given import given_root
from builder.core.parsing import json_of
from builder.rendering import STYLE_SHEET, generated_folders
from builder.site.lacking import HOME, SETTINGS
from builder.site.write import DOCS

EXHIBIT = "counters-rnn"
"""The exhibit that a project begins with: small, measured, and its text needs no network."""

OFFLINE_SETTINGS = "mkdocs.offline.yml"
DISTRIBUTION = "unit-gallery"
FILES = {
    SETTINGS: SETTINGS, "hook.py": "site_src/hook.py", HOME: f"{DOCS}/{HOME}",
    "README.md": "README.md", "gitignore": ".gitignore", "requirements.txt": "requirements.txt",
    "pages.yml": ".github/workflows/pages.yml",
}
"""Of the folder `project_files`, and their places in a project."""

_TEMPLATES = Path(__file__).parent / "project_files"
_OF_ONE_COMPUTER = f"""\
# It was installed from a file on one computer. Put its wheel into this folder and name that here in
# place of the next line: ./unit_gallery-{__version__}-py3-none-any.whl
"""
_BLANK = re.compile(r"@([A-Z]+)@")


def new_project(folder: Path) -> Path:
    """Begin a project in a folder; return its path.

    Args:
        folder: Not there, or empty.

    Raises:
        OutputError: Something is there, or the place cannot be written.
    """
    given, blanks = given_root(), _blanks(folder)
    with written_folder(folder) as aside:
        for name, place in FILES.items():
            text = (_TEMPLATES / name).read_text("utf-8")
            write_text(aside / place, _BLANK.sub(lambda blank: blanks[blank[1]], text))
        shutil.copyfile(given / OFFLINE_SETTINGS, aside / OFFLINE_SETTINGS)
        shutil.copytree(given / "gallery" / EXHIBIT, aside / "gallery" / EXHIBIT)
    return folder


def _blanks(folder: Path) -> dict[str, str]:
    """Return what is put into the templates, by the names of the blanks."""
    words = re.sub(r"[\W_]+", " ", folder.absolute().name).strip()
    return {
        "TITLE": (words[:1].upper() + words[1:]) or "A gallery of units",
        "GENERATED": "\n".join(_generated()),
        "REQUIREMENT": requirement(),
    }


def _generated() -> Iterator[str]:
    yield from (f"{DOCS}/{folder}/" for folder in generated_folders())
    yield f"{DOCS}/{STYLE_SHEET}"


def requirement() -> str:
    """Return what pip needs to install this package as it was installed here.

    What was installed from this computer alone is named by its version, with a line that says
    what to do about it.
    """
    plain = f"{DISTRIBUTION}=={__version__}"
    try:
        origin = _origin(distribution(DISTRIBUTION))
    except PackageNotFoundError:
        origin = {}
    url, vcs = str(origin.get("url", "")), origin.get("vcs_info")
    if isinstance(vcs, dict):
        return f"{DISTRIBUTION} @ {vcs.get('vcs')}+{url}@{vcs.get('commit_id')}"
    if url.startswith("https://"):
        return f"{DISTRIBUTION} @ {url}"
    if url:
        return f"{_OF_ONE_COMPUTER}{plain}"
    return plain


def _origin(installed: Distribution) -> dict[str, Any]:
    """Return what pip noted of where a package came from; nothing where it came from an index."""
    noted = installed.read_text("direct_url.json")
    found = json_of(noted) if noted else {}
    return found if isinstance(found, dict) else {}
