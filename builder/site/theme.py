"""What no page of a site needs of the theme is left out: files, and indents in every page."""

from __future__ import annotations

import re
from typing import Any

from jinja2 import BaseLoader

_SOURCE_MAP = ".map"
_STEMMERS = "assets/javascripts/lunr/"
"""What the search needs for other languages than English: the theme's worker loads nothing then."""

_INDENT = re.compile(r"^[ \t]+", re.MULTILINE)
_KEEPS_BLANKS = re.compile(r"<(?:pre|textarea)\b")
"""What shows the blanks in it as they are."""


def leave_out_indents(env: Any) -> None:
    """Let templates write lines without their indents, a third of what stands around a page.

    Lines stay lines, so no two words grow together. A template that may show its indents, and
    what pages have in them, stays as it is.

    Args:
        env: In which MkDocs looks for templates; none was read yet.
    """
    env.loader = _WithoutIndents(env.loader)


class _WithoutIndents(BaseLoader):
    """Reads templates as another loader does, and takes their indents away."""

    def __init__(self, loader: BaseLoader) -> None:
        self._loader = loader

    def get_source(self, environment: Any, template: str) -> Any:
        """Called by Jinja: source, file and whether that has not changed since."""
        source, *rest = self._loader.get_source(environment, template)
        return source if _KEEPS_BLANKS.search(source) else _INDENT.sub("", source), *rest

    def list_templates(self) -> list[str]:
        """Called by Jinja."""
        return self._loader.list_templates()


def leave_out_unneeded(files: Any, languages: list[str]) -> None:
    """Leave out source maps, and what the search needs for languages that are not searched.

    Args:
        files: Of MkDocs; those of the theme and all others.
        languages: Of the search; none where there is no search that is known.
    """
    stemmers = languages == ["en"]
    for file in list(files):
        place = file.src_uri
        of_theme = place.startswith(("assets/javascripts/", "assets/stylesheets/"))
        if of_theme and (place.endswith(_SOURCE_MAP) or (stemmers and place.startswith(_STEMMERS))):
            files.remove(file)
