"""Of each feature, whether one unit tells what a network knows of it, a few, or many."""

from __future__ import annotations

from collections.abc import Iterator

from builder.core.cards import ExhibitCard
from builder.core.labels import FeatureSpec
from builder.core.worded import Spread
from builder.rendering.gallery import Gallery
from builder.rendering.numbers import percent

TELLING = 0.1
"""Share of a feature that all units of a network must tell, for there to be something to spread."""

NEARLY = 0.8
"""Share of what all units tell at which so many of them tell nearly all of it."""

DRAWN = 6
"""Features whose curves are drawn."""


def spreads_of(exhibit: ExhibitCard, gallery: Gallery) -> list[tuple[FeatureSpec, Spread]]:
    """Return the features of which a network tells something, what it learned most of first."""
    known = {spec.id: spec for spec in gallery.features}
    there = [(known[s.text], s) for s in (exhibit.worded.spread if exhibit.worded else ())
             if s.text in known and (s.linear or 0.0) >= TELLING]
    return sorted(there, key=lambda row: -learned(row[1]))


def drawn(rows: list[tuple[FeatureSpec, Spread]]) -> list[tuple[FeatureSpec, Spread]]:
    """Return the first few with a best unit of their own: near synonyms have the same one."""
    first = {spread.units[0].cell: (feature, spread) for feature, spread in reversed(rows)}
    return [row for row in rows if first[row[1].units[0].cell] == row][:DRAWN]


def spread_over(exhibit: ExhibitCard, text: str) -> Spread | None:
    """Return how a feature or a formula is spread over the units of a network; None if unknown."""
    return next((s for s in (exhibit.worded.spread if exhibit.worded else ()) if s.text == text),
                None)


def learned(spread: Spread) -> float:
    """Return by how much all units tell more than those of networks that learned nothing."""
    return (spread.linear or 0.0) - max(0.0, spread.reservoir or 0.0)


def enough(spread: Spread) -> int | None:
    """Return the smallest number of units that tell nearly all; None where it takes more."""
    return next((size for size, share in zip(spread.sizes, spread.explained, strict=True)
                 if share is not None and share >= NEARLY * (spread.linear or 0.0)), None)


def spread_said(spread: Spread) -> str:
    """Return in one sentence over how many units a feature is spread."""
    size, whole = enough(spread), percent(spread.linear or 0.0)
    if size == 1:
        return f"One unit alone tells nearly all that the network tells about it ({whole})."
    first = percent(max(0.0, spread.explained[0] or 0.0)) if spread.explained else "little"
    if size is None:
        return (f"It is spread over many units: the best one tells {first} of it, "
                f"all together {whole}.")
    share = percent(spread.explained[spread.sizes.index(size)] or 0.0)
    return (f"No single unit has it: the best one tells {first} of it, "
            f"{_WORDS.get(size, size)} together {share}, all {whole}.")


_WORDS = {2: "two", 5: "five", 10: "ten", 20: "twenty"}


def networks_telling(gallery: Gallery, feature: FeatureSpec) -> Iterator[
        tuple[ExhibitCard, Spread]]:
    """Yield the networks that tell something of a feature, those that tell most first."""
    rows = [(exhibit, spread) for exhibit in gallery.exhibits
            if (spread := spread_over(exhibit, feature.id)) is not None
            and (spread.linear or 0.0) >= TELLING]
    yield from sorted(rows, key=lambda row: -(row[1].linear or 0.0))
