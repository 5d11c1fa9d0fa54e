"""The search of the site reads what can be found in it, and not the coloured text beside that.

What is marked `data-search-exclude` is parsed by the search plugin all the same, tag by tag: that
took more time than all the rest of MkDocs.
"""

from __future__ import annotations

import re
from typing import Any

PLUGINS = ("material/search", "search")
EXCLUDED = "data-search-exclude"

_START = re.compile(rf"<([a-z]+)\b[^<>]*\s{EXCLUDED}\b[^<>]*>")
_SECTION = re.compile(r"<h[1-6]\b[^<>]*\sid=")
"""What begins a section of its own, wherever it stands."""

_TOLD = re.compile(r"\s?data-search-\w+=\"[^\"]+\"")
_ANY_TOLD = re.compile(r"data-search-\w+=\"")
"""What the plugin takes out of a page that it has read; and whether there is any, found faster."""


def without_excluded(html: str) -> str:
    """Return a page of which the search plugin makes the same, and which is read faster."""
    parts, at = [], 0
    while found := _START.search(html, at):
        end = _end(html, found)
        inside = html[found.end():end]
        parts += [html[at:found.end()], inside if _SECTION.search(inside) else ""]
        at = end
    return "".join([*parts, html[at:]])


def _end(html: str, start: re.Match[str]) -> int:
    """Return where the element that starts here ends; itself if it does nowhere."""
    depth = 1
    for tag in re.compile(rf"<(/?){start[1]}\b").finditer(html, start.end()):
        depth += -1 if tag[1] else 1
        if not depth:
            return tag.start()
    return start.end()


def plugin_of(config: Any) -> Any:
    """Return the plugin that makes the search; None where there is none that is known."""
    return next((config.plugins[name] for name in PLUGINS if name in config.plugins), None)


class Reading:
    """One page at a time, as the search plugin is given it, and as it is after that."""

    def __init__(self) -> None:
        self._whole = ""

    def before(self, page: Any) -> None:
        """Let the plugin see what can be found."""
        self._whole = page.content
        if EXCLUDED in page.content:
            page.content = without_excluded(page.content)

    def after(self, page: Any) -> None:
        """Put the page back, as the plugin would have left it."""
        told = _ANY_TOLD.search(self._whole)
        page.content = _TOLD.sub("", self._whole) if told else self._whole
