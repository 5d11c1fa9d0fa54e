"""Links between pages, relative to the page they stand on.

In a fragment, `page:a/b#c` is a page by its name and `asset:a/b.json` a file of the site.
"""

from __future__ import annotations

import posixpath
import re
from functools import lru_cache

NAME = re.compile(r"[\w-]+(/[\w-]+)*", re.ASCII)
"""What a page may be called: no dots, so no way out of the folder."""

_LINK = re.compile(r'="(page|asset):([^"#]*)')
"""Starts with what is fixed, which is found fast: fragments are long and links are few."""


def resolve(html: str, page: str, directory_urls: bool, *, rewritten: bool = False) -> str:
    """Return a fragment whose links lead from the page named `page` to where they say.

    Args:
        html: The fragment; quotes inside its texts are escaped.
        page: Name of the page the fragment stands on.
        directory_urls: Whether `a/b` is at `a/b/` or at `a/b.html`.
        rewritten: Whether the host takes links in HTML to start at the Markdown file and
            rewrites them, as Zensical does; MkDocs leaves them as they are.
    """
    real = posixpath.dirname(_file(page, directory_urls)) or "."
    taken = posixpath.dirname(page) or "." if rewritten else real

    def link(match: re.Match[str]) -> str:
        kind, target = match.groups()
        data = html.endswith("data-source", 0, match.start())  # hosts know nothing of data
        start = real if data else taken
        if kind == "asset":
            return f'="{posixpath.relpath(target, start)}'
        return f'="{_relative(target, start, directory_urls)}'

    return _LINK.sub(link, html)


@lru_cache(maxsize=4096)  # a page links to some twenty, which others link to as well
def _relative(target: str, start: str, directory_urls: bool) -> str:
    path = posixpath.relpath(_file(target, directory_urls), start)
    return path.removesuffix("index.html") or "./" if directory_urls else path


def _file(name: str, directory_urls: bool) -> str:
    """Return the file a page is written to."""
    is_index = name.split("/")[-1] == "index"
    return f"{name}/index.html" if directory_urls and not is_index else f"{name}.html"
