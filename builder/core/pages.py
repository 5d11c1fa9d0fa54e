"""Pages, before anything is written."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Page:
    """A file of the site: where it goes and what is in it.

    Attributes:
        path: With slashes, inside the folder of its kind; no leading slash.
        content: The whole text; bytes where it is none.
    """

    path: str
    content: str | bytes
