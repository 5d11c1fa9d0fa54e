"""A Python-Markdown extension: a line `[[fragment: NAME]]` becomes the HTML of that fragment.

The HTML goes past Markdown untouched: Markdown is slow on it, and would change it. Works in any
host that uses Python-Markdown.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Any

from markdown import Markdown
from markdown.extensions import Extension
from markdown.preprocessors import Preprocessor

from builder.core.errors import OutputError, Problem
from builder.site.links import NAME, resolve

_PLACEHOLDER = re.compile(r"\[\[fragment: *(.*?) *\]\]")
_BEFORE_HTML_BLOCKS = 22


class FragmentExtension(Extension):
    """Options: `folder` of the fragments; `directory_urls`, whether `a/b` is at `a/b/`."""

    def __init__(self, **options: Any) -> None:
        self.config = {
            "folder": [".gallery/fragments", "Folder of the fragments, from where the host runs"],
            "directory_urls": [True, "Whether the page a/b is at a/b/ or at a/b.html"],
        }
        super().__init__(**options)

    def extendMarkdown(self, md: Markdown) -> None:
        """Register the preprocessor; called by Markdown."""
        fragments = _Fragments(md, Path(self.getConfig("folder")),
                               bool(self.getConfig("directory_urls")))
        md.preprocessors.register(fragments, "gallery-fragments", _BEFORE_HTML_BLOCKS)


class _Fragments(Preprocessor):
    def __init__(self, md: Markdown, folder: Path, directory_urls: bool) -> None:
        super().__init__(md)
        self._folder = folder
        self._directory_urls = directory_urls

    def run(self, lines: list[str]) -> list[str]:
        return [self._line(line) for line in lines]

    def _line(self, line: str) -> str:
        match = _PLACEHOLDER.fullmatch(line)
        if not match:
            return line
        html = resolve(read_fragment(self._folder, match[1]), match[1], self._directory_urls,
                       rewritten="zensical" in sys.modules)
        return self.md.htmlStash.store(html)


def read_fragment(folder: Path, name: str) -> str:
    """Return the HTML of a fragment.

    Raises:
        OutputError: The name is not one, or there is no such fragment.
    """
    if not NAME.fullmatch(name):
        raise OutputError(Problem(f"[[fragment: {name}]]", "not the name of a fragment", repr(name),
                                  "names are letters, digits, - and _, with / between"))
    path = folder / f"{name}.html"
    try:
        return path.read_text("utf-8")
    except OSError as error:
        raise OutputError(Problem(str(path), "this fragment of a page cannot be read",
                                  error.strerror or str(error),
                                  "write the pages again: gallery build")) from None


def makeExtension(**options: Any) -> FragmentExtension:
    """Return the extension; the name is the one Markdown looks for."""
    return FragmentExtension(**options)
