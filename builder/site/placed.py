"""Where what is planned goes, below the folder that holds `mkdocs.yml`."""

from __future__ import annotations

from collections.abc import Iterator

from builder.rendering import PlannedText, SitePlan

DOCS = "site_src/docs"
FRAGMENTS = ".gallery/fragments"


def placed(plan: SitePlan) -> Iterator[tuple[str, PlannedText]]:
    """Yield every text that has to be made, with its place."""
    for folder, texts in ((DOCS, plan.downloads), (FRAGMENTS, plan.fragments)):
        yield from ((f"{folder}/{text.path}", text) for text in texts)
