"""Generated Markdown pages: front matter, a heading and one line that stands for the fragment."""

from __future__ import annotations

import html
import json
import re

from builder.core.pages import Page
from builder.rendering.spans import visible

_MARKED = re.compile(r"([\\`*_{}\[\]()#+.!-])")


def markdown_page(
    name: str, title: str, *, searched: bool, after: str = "", template: str = ""
) -> Page:
    """Return the page whose content is the fragment of the same name.

    Args:
        name: Address of the page.
        title: Plain text.
        searched: Whether the site's search knows the page.
        after: Markdown to follow the fragment.
        template: Of the site, where it is not the usual one.
    """
    # Themes write the title of the front matter into their pages as it is.
    shown = html.escape(visible(title), quote=False)
    front = [f"title: {json.dumps(shown, ensure_ascii=False)}", "hide:",
             "  - navigation", "  - toc"]
    front += [f"template: {template}"] if template else []
    front += [] if searched else ["search:", "  exclude: true"]
    parts = ["\n".join(["---", *front, "---"]), f"# {_plain(title)}", f"[[fragment: {name}]]"]
    return Page(name + ".md", "\n\n".join([*parts, *filter(None, [after.strip()])]) + "\n")


def _plain(text: str) -> str:
    """Return a text that Markdown shows as it is."""
    return _MARKED.sub(r"\\\1", html.escape(visible(text), quote=False))
