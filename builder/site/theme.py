"""Files of the theme that no page of a site asks for: they are left out of it."""

from __future__ import annotations

from typing import Any

_SOURCE_MAP = ".map"
_STEMMERS = "assets/javascripts/lunr/"
"""What the search needs for other languages than English: the theme's worker loads nothing then."""


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
