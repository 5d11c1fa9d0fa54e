"""A project of one's own, begun: its settings, first page, one exhibit, and how it is published.

What it has not comes with the package; `builder.site.lacking` says how.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator, Mapping
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from urllib.request import url2pathname

from builder import __version__
from builder.core.files import write_text, written_folder
from builder.core.given import given_root
from builder.core.parsing import json_of
from builder.rendering import GENERATED_FILES, generated_folders
from builder.site.lacking import HOME, SETTINGS
from builder.site.placed import DOCS

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
_NO_WHEEL = """\
# It was installed from a folder of this computer, which GitHub does not know. Make a wheel there
# with: pip wheel --no-deps . and put it here, beside this file.
"""
_BLANK = re.compile(r"@([A-Z]+)@")


def new_project(folder: Path) -> Path:
    """Begin a project in a folder; return its path.

    Args:
        folder: Not there, or empty.

    Raises:
        OutputError: Something is there, or the place cannot be written.
    """
    given, origin = given_root(), _origin()
    blanks, wheel = _blanks(folder, origin), _wheel(origin)
    with written_folder(folder) as aside:
        for name, place in FILES.items():
            text = (_TEMPLATES / name).read_text("utf-8")
            write_text(aside / place, _BLANK.sub(lambda blank: blanks[blank[1]], text))
        shutil.copyfile(given / OFFLINE_SETTINGS, aside / OFFLINE_SETTINGS)
        shutil.copytree(given / "gallery" / EXHIBIT, aside / "gallery" / EXHIBIT)
        if wheel:
            shutil.copyfile(wheel, aside / wheel.name)
    return folder


def _blanks(folder: Path, origin: Mapping[str, Any]) -> dict[str, str]:
    """Return what is put into the templates, by the names of the blanks."""
    words = re.sub(r"[\W_]+", " ", folder.absolute().name).strip()
    return {
        "TITLE": (words[:1].upper() + words[1:]) or "A gallery of units",
        "GENERATED": "\n".join(_generated()),
        "REQUIREMENT": _requirement(origin),
    }


def _generated() -> Iterator[str]:
    yield from (f"{DOCS}/{folder}/" for folder in generated_folders())
    yield from (f"{DOCS}/{name}" for name in GENERATED_FILES)


def _requirement(origin: Mapping[str, Any]) -> str:
    """Return what pip needs to install this package as it was installed here.

    Where it came from this computer that is a wheel beside the file, never a name: nobody knows
    who has that name in an index.
    """
    url, vcs = str(origin.get("url", "")), origin.get("vcs_info")
    if isinstance(vcs, dict):
        return f"{DISTRIBUTION} @ {vcs.get('vcs')}+{url}@{vcs.get('commit_id')}"
    if url.startswith("https://"):
        return f"{DISTRIBUTION} @ {url}"
    if wheel := _wheel(origin):
        return f"./{wheel.name}"
    if url:
        return f"{_NO_WHEEL}./{DISTRIBUTION.replace('-', '_')}-{__version__}-py3-none-any.whl"
    return f"{DISTRIBUTION}=={__version__}"


def _wheel(origin: Mapping[str, Any]) -> Path | None:
    """Return the wheel that this package was installed from; None where there is none."""
    address = urlsplit(str(origin.get("url", "")))
    path = Path(url2pathname(address.path))
    return path if address.scheme == "file" and path.suffix == ".whl" and path.is_file() else None


def _origin() -> Mapping[str, Any]:
    """Return what pip noted of where this package came from; nothing where that is an index."""
    try:
        noted = distribution(DISTRIBUTION).read_text("direct_url.json")
    except PackageNotFoundError:  # it runs from its sources
        return {"url": given_root().as_uri()}
    found = json_of(noted) if noted else {}
    return found if isinstance(found, dict) else {}
