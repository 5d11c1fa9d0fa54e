"""Where that lies which comes with the package beside its code.

The folder is laid out as a project is: `mkdocs.yml`, `site_src/` with pages, style sheets, scripts
and templates, and the exhibits of `gallery/` that a new project begins with. In the sources of the
package it is their own folder; a wheel has a copy of what is written by hand (`setup.py`).
"""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).parents[1]
_IN_A_WHEEL = _PACKAGE / "given"


def given_root() -> Path:
    """Return the folder."""
    return _IN_A_WHEEL if _IN_A_WHEEL.is_dir() else _PACKAGE.parent
