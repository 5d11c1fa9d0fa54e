"""A Python-Markdown extension: options such as `--update-lock` stay in one piece in inline code.

Browsers break a line after any hyphen, and so right after the dashes that an option begins with.
"""

from __future__ import annotations

import re
from typing import Any
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.extensions import Extension
from markdown.treeprocessors import Treeprocessor
from markdown.util import AtomicString

CLASS = "option"
"""Class of what stays in one piece."""

LONGEST = 28
"""Characters of an option that fits a narrow screen; a longer one may break."""

_OPTION = re.compile(rf"(?<![^\s\[(|])(--?[A-Za-z][\w-]{{0,{LONGEST}}})(?![\w-])")
_AFTER_INLINE = 15


class UnbrokenExtension(Extension):
    """Has no options."""

    def extendMarkdown(self, md: Markdown) -> None:
        """Register the processor; called by Markdown."""
        md.treeprocessors.register(_Unbroken(md), "gallery-unbroken", _AFTER_INLINE)


class _Unbroken(Treeprocessor):
    def run(self, root: Element) -> None:
        blocks = set(root.iterfind(".//pre/code"))
        for code in list(root.iter("code")):
            if code.text and not len(code) and code not in blocks:
                _keep(code)


def _keep(code: Element) -> None:
    """Put each option in the text of an element into a span."""
    first, *rest = _OPTION.split(code.text or "")
    code.text = AtomicString(first)
    for option, after in zip(rest[::2], rest[1::2], strict=True):
        span = Element("span", {"class": CLASS})
        span.text, span.tail = AtomicString(option), AtomicString(after)
        code.append(span)


def makeExtension(**options: Any) -> UnbrokenExtension:
    """Return the extension; the name is the one Markdown looks for."""
    return UnbrokenExtension(**options)
