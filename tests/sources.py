"""The sources of the site, without what is generated among them."""

import shutil
from pathlib import Path

from builder.rendering import generated_folders
from builder.site.placed import DOCS

PROJECT = Path(__file__).parents[1]


def generated(folder, names):
    """Return which of these names in a folder are generated."""
    return set(generated_folders()) & set(names) if Path(folder) == PROJECT / DOCS else set()


def copy_sources(root):
    """Copy what MkDocs needs beside the generated pages."""
    shutil.copytree(PROJECT / "site_src", root / "site_src", ignore=generated)
    for path in PROJECT.glob("mkdocs*.yml"):
        shutil.copy(path, root)
