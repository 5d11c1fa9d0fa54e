"""Notebooks that a site offers know its address, so that they run wherever they are taken."""

from __future__ import annotations

import json
import re
from typing import Any

_PLACE, _OPEN = re.compile(r"notebooks/[\w-]+\.ipynb", re.ASCII), r"GALLERY = \"\""
_EXHIBIT = re.compile(r"\bload\(\\\"([\w-]+)\\\"", re.ASCII)


def address_notebooks(files: Any, config: Any) -> None:
    """Write the address of the site into its notebooks, if it has one and has their exhibit.

    Args:
        files: Of MkDocs.
        config: Of MkDocs.
    """
    for file in (file for file in files if _PLACE.fullmatch(file.src_uri)):
        text = file.content_string
        loaded = _EXHIBIT.search(text)
        if config.site_url and loaded and files.get_file_from_path(f"models/{loaded[1]}.js"):
            file.content_string = addressed(text, config.site_url)


def addressed(notebook: str, address: str) -> str:
    """Return a notebook, as JSON, with an address where its first cell leaves it open."""
    code = json.dumps(address)
    return notebook.replace(_OPEN, f"GALLERY = {json.dumps(code)[1:-1]}")
