"""Many texts made by several processes at once; each of them plans the same site for itself.

What is registered by hand in one process is not there in another one. Others therefore make texts
only where they know the same kinds of page and the same panels.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from builder.core.counted import Counted
from builder.core.labels import FeatureSpec
from builder.rendering import (
    Origin,
    PlannedText,
    SitePlan,
    StampedCard,
    known_parts,
    plan_site,
)
from builder.site.memory import Panels, RenderedBefore
from builder.site.placed import placed, write_made

MANY = 600
"""Texts to make from which it pays to start further processes."""

SHARE = 24
"""Texts that a process makes at a time; neighbours have much in common, which is kept."""

Several = Callable[[Callable[[Any, Any], Any], object, Sequence[Any]], Iterable[Any]]
"""Does a task with a context for each item, in several processes; in the order of the items."""


@dataclass(frozen=True)
class Site:
    """All that pages are made from, for a process that makes some of them.

    Attributes:
        cards: The exhibits.
        features: All features that claims name.
        counted: What small networks count.
        store: File of the panels that were made before.
        parts: What the first process knows of kinds of page and panels.
    """

    cards: tuple[StampedCard, ...]
    features: tuple[FeatureSpec, ...]
    counted: Counted | None
    store: Path
    parts: tuple[str, ...] = field(default_factory=known_parts)

    def plan(self, panels: Panels) -> SitePlan:
        """Plan it as the first process does."""
        return plan_site(self.cards, self.features, panels, self.counted)


@dataclass(frozen=True)
class Made:
    """What a process has made.

    Attributes:
        origins: Of each text that was asked for, in that order.
        panels: Name, text and origin of the panels that were made on the way.
    """

    origins: tuple[Origin, ...]
    panels: tuple[tuple[str, str, Origin], ...]


class _Maker:
    """Makes texts of a site, below a root; plans it when it is first asked."""

    def __init__(self, site: Site, root: Path) -> None:
        self.site, self.root = site, root

    @cached_property
    def panels(self) -> Panels:
        return Panels(self.site.store)

    @cached_property
    def plan(self) -> SitePlan:
        return self.site.plan(self.panels)

    @cached_property
    def texts(self) -> dict[str, PlannedText]:
        return dict(placed(self.plan))

    def make(self, path: str, given: str) -> Origin:
        return write_made(self.texts[path], given, self.root / path, self.plan.tokens)


def make_apart(
    site: Site, root: Path, wanted: Sequence[tuple[str, str]], before: RenderedBefore,
    several: Several,
) -> bool:
    """Make and write texts in several processes.

    Args:
        site: What they are made from.
        root: The folder that holds `mkdocs.yml`.
        wanted: Where each goes, below the root, with the digest of what it is made from directly.
        before: Where it is noted.
        several: Starts the processes, and ends them.

    Returns:
        False where there are too few, or where others do not know the same parts: then what was
        asked for is still to be made.

    Raises:
        OutputError, UserError: As the making of the texts does.
    """
    if len(wanted) < MANY:
        return False
    shares = [wanted[at:at + SHARE] for at in range(0, len(wanted), SHARE)]
    found = list(several(_make, _Maker(site, root), shares))
    for share, one in zip(shares, found, strict=True):
        if one is None:
            return False
        for name, text, origin in one.panels:
            before.keep(name, text, origin)
        for (path, _), origin in zip(share, one.origins, strict=True):
            before.note_file(path, origin)
    return True


def _make(maker: _Maker, share: Sequence[tuple[str, str]]) -> Made | None:
    """Make some texts; None where this process does not know what the first one does."""
    if maker.site.parts != known_parts():
        return None
    origins = tuple(maker.make(path, given) for path, given in share)
    return Made(origins, maker.panels.taken())
