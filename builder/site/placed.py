"""Where what is planned goes, below the folder that holds `mkdocs.yml`, and how it gets there."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from builder.core.files import write_content
from builder.rendering import Origin, PlannedText, SitePlan, Tokens, made

DOCS = "site_src/docs"
FRAGMENTS = ".gallery/fragments"


def placed(plan: SitePlan) -> Iterator[tuple[str, PlannedText]]:
    """Yield every text that has to be made, with its place."""
    for folder, texts in ((DOCS, plan.downloads), (FRAGMENTS, plan.fragments)):
        yield from ((f"{folder}/{text.path}", text) for text in texts)


def write_made(text: PlannedText, given: str, place: Path, tokens: Tokens) -> Origin:
    """Make a text and write it; return what it was made from.

    Args:
        text: As planned.
        given: Digest of what it is made from directly.
        place: Where it goes.
        tokens: Of what is read on the way.

    Raises:
        OutputError: The place cannot be written.
    """
    content, origin = made(given, tokens, text.make)
    write_content(place, content)
    return origin
