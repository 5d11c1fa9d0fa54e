"""The contract of a panel: one part of a cell's page, with a template of its own.

A panel says when it applies, what it gives its template, and where it stands. Ours are the modules
of `panels/`; other packages bring theirs through the entry points `unit_gallery.panels`.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from builder.core.cards import CellCard, ExhibitCard
from builder.core.labels import FeatureSpec
from builder.core.registry import Registry
from builder.core.shown import Inside
from builder.rendering.gallery import Gallery
from builder.rendering.words import lead, numbers_sentence


@dataclass(frozen=True)
class CellContext:
    """The cell that a page is about; templates know all of these by their names, and `claim`.

    Attributes:
        gallery: All exhibits and features.
        exhibit: Of the cell.
        cell: The cell.
        feature: Of the cell's claim.
    """

    gallery: Gallery
    exhibit: ExhibitCard
    cell: CellCard
    feature: FeatureSpec

    @property
    def heading(self) -> str:
        """What stands above the pages of the cell."""
        return f"{self.cell.claim.unit}: {self.feature.title}"

    @property
    def title(self) -> str:
        """What the pages are called where nothing says whose unit it is."""
        return f"{self.cell.claim.unit} of {self.exhibit.name}: {self.feature.title}"

    @property
    def about(self) -> str:
        """What the unit does, for those who have only a link."""
        claim = self.cell.claim
        return f"{lead(claim, self.feature)} {numbers_sentence(claim, self.feature)}".strip()

    @property
    def inside(self) -> Inside | None:
        """What the network does along the first passage; None where that was not kept."""
        return self.cell.excerpts[0].inside if self.cell.excerpts else None

    def names(self) -> dict[str, object]:
        """Return what every template of a cell's page knows."""
        return {"gallery": self.gallery, "exhibit": self.exhibit, "cell": self.cell,
                "feature": self.feature, "claim": self.cell.claim}


def cells_of(gallery: Gallery) -> Iterator[CellContext]:
    """Yield all cells that have a page, exhibit by exhibit.

    Raises:
        KeyError: A claim names a feature that is not in the gallery.
    """
    for exhibit in gallery.exhibits:
        for cell in exhibit.cells:
            yield CellContext(gallery, exhibit, cell, gallery.feature(cell.claim.feature))


def _no_result(cell: CellContext) -> str:
    return ""


@dataclass(frozen=True)
class Heading:
    """A heading and its anchor; panels that follow each other under it are folded together.

    Attributes:
        anchor: Last part of the address of what is folded.
        title: What is asked, or what is there; a few words.
        result: Returns the answer in one line, plain text, so that the closed page tells it; empty
            where there is none.
    """

    anchor: str
    title: str
    result: Callable[[CellContext], str] = _no_result


def _always(cell: CellContext) -> bool:
    return True


def _nothing(cell: CellContext) -> Mapping[str, object]:
    return {}


@dataclass(frozen=True)
class Panel:
    """A part of a cell's page.

    Attributes:
        name: Letters, digits and _; no two panels have the same.
        place: Panels stand in the order of this number. Ours have tens, so there is room between.
        applies: Whether there is anything to show of a cell.
        gives: What the template is given beside the names of the context.
        heading: What it is folded under; without one it stands open, before what is folded.
        row: Panels that follow each other and have the same row stand side by side.
        template: File of its template; ours lie in `templates/panels/` under the panel's name.
    """

    name: str
    place: int
    applies: Callable[[CellContext], bool] = _always
    gives: Callable[[CellContext], Mapping[str, object]] = _nothing
    heading: Heading | None = None
    row: str = ""
    template: Path | None = None

    @property
    def file(self) -> str:
        """The template, as the environment of templates knows it."""
        return str(self.template or f"panels/{self.name}.html.j2")

    @property
    def origin(self) -> str:
        """Tells panels of the same name apart."""
        return f"{self.applies.__module__}, {self.file}"


PANELS: Registry[Panel] = Registry("panel", "builder.rendering.panels", "unit_gallery.panels")


def add_panel(panel: Panel) -> None:
    """Add a panel to the pages of all cells.

    Raises:
        UserError: Another one has its name.
    """
    PANELS.register(panel.name, panel)


def all_panels() -> list[Panel]:
    """Return all panels in the order in which they stand.

    Raises:
        UserError: One cannot be loaded, or two have the same name.
    """
    return sorted(PANELS.all(), key=lambda panel: (panel.place, panel.name))


@dataclass(frozen=True)
class Row:
    """Panels that follow each other; side by side where the row has a name."""

    name: str
    panels: tuple[Panel, ...]


@dataclass(frozen=True)
class Section:
    """Rows that are folded under one heading, or that stand open."""

    heading: Heading | None
    rows: tuple[Row, ...]


def sections(panels: Sequence[Panel], cell: CellContext) -> Iterator[Section]:
    """Yield the panels that apply to a cell, by heading and by row; first what stands open.

    All panels of a heading stand together, where the first of them does.

    Args:
        panels: In the order in which they stand.
        cell: Whose page it is.
    """
    found: dict[Heading | None, list[Panel]] = {None: []}
    for panel in panels:
        if panel.applies(cell):
            found.setdefault(panel.heading, []).append(panel)
    for heading, group in found.items():
        if group:
            yield Section(heading, tuple(_rows(group)))


def _rows(panels: Sequence[Panel]) -> Iterator[Row]:
    for name, group in itertools.groupby(panels, key=lambda panel: panel.row):
        yield Row(name, tuple(group))
