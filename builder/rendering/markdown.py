"""Generated Markdown pages: front matter, a heading and one line that stands for the fragment."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Mapping
from types import MappingProxyType

from builder.core.pages import Page
from builder.rendering.spans import visible

_MARKED = re.compile(r"([\\`*_{}\[\]()#+.!-])")


def markdown_page(
    name: str, title: str, *, searched: bool, boost: int = 1, heading: str = "", about: str = "",
    picture: str = "", after: str = "", template: str = "",
    further: Mapping[str, str] = MappingProxyType({}),
) -> Page:
    """Return the page whose content is the fragment of the same name.

    Args:
        name: Address of the page.
        title: Plain text.
        heading: Plain text, where it is another one than the title.
        about: One sentence for those who have only a link, plain text.
        picture: Path of a picture to stand beside a link.
        searched: Whether the site's search knows the page.
        boost: How many times as much a word counts there as on another page.
        after: Markdown to follow the fragment.
        template: Of the site, where it is not the usual one.
        further: What else templates of the site are told, plain text; what is empty is left out.
    """
    front = [_said("title", title), "hide:", "  - navigation", "  - toc"]
    front += [_said("description", about)] if about else []
    front += [_said("picture", picture)] if picture else []
    front += [f"template: {template}"] if template else []
    front += [_said(key, text) for key, text in further.items() if text]
    front += [] if searched else ["search:", "  exclude: true"]
    front += ["search:", f"  boost: {boost}"] if searched and boost != 1 else []
    parts = ["\n".join(["---", *front, "---"]), f"# {_plain(heading or title)}",
             f"[[fragment: {name}]]"]
    return Page(name + ".md", "\n\n".join([*parts, *filter(None, [after.strip()])]) + "\n")


def _said(name: str, text: str) -> str:
    """Return a line of the front matter; themes write it into their pages as it is."""
    return f"{name}: {json.dumps(html.escape(visible(text)), ensure_ascii=False)}"


def _plain(text: str) -> str:
    """Return a text that Markdown shows as it is."""
    return _MARKED.sub(r"\\\1", html.escape(visible(text), quote=False))
