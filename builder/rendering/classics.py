"""The pictures that made units famous, at addresses that stay, each with its best cell."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np

from builder.core.cards import CellCard, Claim, ExhibitCard, Grade
from builder.core.labels import FeatureSpec
from builder.core.shown import Explored
from builder.core.units import UnitId
from builder.rendering.comparing import OnPassage, on_passage, values_of
from builder.rendering.gallery import Gallery, claims_on


@dataclass(frozen=True)
class Classic:
    """One picture.

    Attributes:
        name: Last part of its address, which never changes.
        title: Heading.
        said: What is said of such a unit, a sentence.
        features: What it would have to follow, best first; any of them will do.
        famous: Whether it is one of the three that everybody knows.
        counts: Whether it must pass the counter test.
        passage: Name of the kernel's function that the picture was first shown on.
    """

    name: str
    title: str
    said: str
    features: tuple[str, ...]
    famous: bool = False
    counts: bool = False
    passage: str = ""


CLASSICS = (
    Classic("quotes-and-comments", "Inside quotes and comments",
            "One unit is on inside quotation marks and comments, and off in the code around them.",
            ("comment_or_string", "in_string", "in_comment", "in_docstring", "in_quotes"), True,
            passage="audit_dupe_lsm_field"),
    Classic("nesting-depth", "How deep it is nested",
            "One unit counts how deep an expression or a block is nested.",
            ("expression_depth", "bracket_depth", "round_depth", "block_depth", "indent_depth"),
            True, passage="audit_match_class_bits"),
    Classic("end-of-line", "The end of the line",
            "One unit helps to predict that the line ends here.",
            ("next_is_newline", "to_line_end"), True,
            passage="audit_unpack_string"),
    Classic("line-position", "Position in the line",
            "One unit goes up, or down, along each line and begins anew at the next.",
            ("line_position", "word_of_line")),
    Classic("inside-if", "Inside the condition of an if",
            "One unit is on from the word if to the end of its condition.", ("in_if_condition",)),
    Classic("counter", "A counter",
            "The elements of the state act like counters: up by a step at one kind of character, "
            "down by as much at another.",
            ("expression_depth", "bracket_depth", "round_depth", "block_depth", "in_parens",
             "in_square", "in_curly", "comment_or_string", "in_string"), counts=True),
)
"""All pictures, in the order of the index."""

LEAST_RANGE = 0.5
"""How far a unit must move over an excerpt to be worth a picture."""

UNINTERPRETABLE = "No claim at all"
"""Heading of the page of a unit that nothing was found for."""

ORDER = tuple(Grade)


@dataclass(frozen=True)
class Unexplained:
    """A unit that follows no feature well.

    Attributes:
        exhibit: Whose.
        unit: Which.
        feature: The feature that it follows most all the same.
        r_within: How far, discover text.
        excerpt: A text that all units were read over.
        values: The unit there.
    """

    exhibit: ExhibitCard
    unit: UnitId
    feature: FeatureSpec
    r_within: float
    excerpt: Explored
    values: tuple[float, ...]


@dataclass(frozen=True)
class Shown:
    """What there is to show of a picture.

    Attributes:
        classic: Which picture.
        cell: The cell that shows it best; None where no cell's claim is about it.
        claims: Of every exhibit and feature that could show it, the claim of the best unit.
        passages: The best unit of every exhibit that has the famous function.
    """

    classic: Classic
    cell: CellCard | None
    claims: tuple[tuple[ExhibitCard, FeatureSpec, Claim], ...]
    passages: tuple[OnPassage, ...] = ()


def show(gallery: Gallery, classic: Classic) -> Shown:
    """Find the best cell for a picture, and the best claims whether they hold or not."""
    cells = [cell for id_ in classic.features for cell in gallery.cells_of(id_)
             if cell.excerpts and (not classic.counts or _counts(cell.claim))]
    known = {spec.id: spec for spec in gallery.features}
    claims = tuple(
        (exhibit, known[id_], claims_on(exhibit, id_)[0])
        for id_ in classic.features if id_ in known
        for exhibit in gallery.exhibits if claims_on(exhibit, id_))
    best = min(cells, key=lambda c: _place(gallery, c, classic), default=None)
    return Shown(classic, best, claims, tuple(_passages(gallery, classic, cells, claims)))


def _passages(
    gallery: Gallery, classic: Classic, cells: Sequence[CellCard],
    claims: Sequence[tuple[ExhibitCard, FeatureSpec, Claim]],
) -> Iterator[OnPassage]:
    """Yield the best cell, else the unit of the first claim, of each exhibit on the function."""
    for exhibit in gallery.exhibits:
        own = [cell for cell in cells if cell.exhibit == exhibit.name]
        best = [cell.claim for cell in sorted(own, key=lambda c: _place(gallery, c, classic))]
        best += [claim for other, _, claim in claims if other is exhibit]
        found = (on_passage(exhibit, claim, classic.passage) for claim in best)
        yield from islice(filter(None, found), 1)


def unexplained(gallery: Gallery) -> Unexplained | None:
    """Return the unit whose largest |r'| is smallest, of those that move over the excerpt.

    None where no exhibit has an excerpt with all units.
    """
    found = [(largest, exhibit, unit) for exhibit in gallery.exhibits if exhibit.explored
             for unit, largest in _largest(exhibit)
             if np.ptp(values_of(exhibit, exhibit.explored[0], unit)) >= LEAST_RANGE]
    if not found:
        return None
    (thousandths, k), exhibit, unit = min(found, key=lambda f: (abs(f[0][0]), f[2]))
    excerpt = exhibit.explored[0]
    return Unexplained(exhibit, unit, gallery.feature(exhibit.table.features[k]),
                       thousandths / 1000, excerpt,
                       tuple(values_of(exhibit, excerpt, unit).tolist()))


def _largest(exhibit: ExhibitCard) -> Iterator[tuple[UnitId, tuple[int, int]]]:
    """Yield each unit with its largest r' and the place of that feature."""
    for unit, row in zip(exhibit.table.units, exhibit.table.r_within, strict=True):
        known = [(r, k) for k, r in enumerate(row) if r is not None]
        if known:
            yield unit, max(known, key=lambda pair: abs(pair[0]))


def _counts(claim: Claim) -> bool:
    return claim.counter is not None and claim.counter.opposite


def _place(gallery: Gallery, cell: CellCard, classic: Classic) -> tuple[float, ...]:
    """Return a key by which the best cell is first: grade, evenness of its steps, |r'|.

    One of a made text comes after all others that are verified.
    """
    claim, good = cell.claim, cell.claim.grade in (Grade.CAUSAL, Grade.VERIFIED)
    even = claim.counter.evenness if claim.counter else None
    return (not good, gallery.exhibit(cell.exhibit).made, ORDER.index(claim.grade),
            -(even or 0.0) if classic.counts else 0.0, -abs(claim.r_within or 0.0))
