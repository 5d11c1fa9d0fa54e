"""What the page of a unit shows of whom there is nothing but words: a formula, or a condition."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial

from builder.core.cards import Excerpt, ExhibitCard
from builder.core.labels import FeatureSpec
from builder.core.units import UnitId
from builder.core.worded import ConditionClaim, FormulaClaim
from builder.rendering.addresses import unit_name
from builder.rendering.connections import connections_of, given, in_a_line
from builder.rendering.excerpts import telling, telling_lines
from builder.rendering.followed import followed, formula_excerpts
from builder.rendering.formulated import (
    among,
    claims_of_cell,
    condition_sentence,
    sentence,
    share_sentence,
    written,
)
from builder.rendering.gallery import Gallery, said_in_words
from builder.rendering.given import picture_of
from builder.rendering.page_kind import PlannedPage
from builder.rendering.spreading import TELLING, spread_over
from builder.rendering.typed import first_lines

PICTURES, LINES = 3, 10
"""Passages that are shown at most, and lines of each."""

FEATURES = 6
"""Single features that are listed."""


@dataclass(frozen=True)
class Spoken:
    """A unit in words.

    Attributes:
        claim: What is said of it.
        lead: The same as a sentence.
        pictures: Passages; their labels say where the formula holds, or the feature is on.
        features: The single features that go with the unit best, with r and r'.
    """

    claim: FormulaClaim | ConditionClaim
    lead: str
    pictures: tuple[Excerpt, ...]
    features: tuple[tuple[FeatureSpec, float, float], ...]

    @property
    def unit(self) -> UnitId:
        """Of whom."""
        return self.claim.unit

    @property
    def formula(self) -> FormulaClaim | None:
        """What is said, where it is a formula."""
        return self.claim if isinstance(self.claim, FormulaClaim) else None


def spoken_pages(gallery: Gallery) -> Iterator[PlannedPage]:
    """Yield the pages of units that have none for a single feature, but of whom words are sure."""
    for exhibit in gallery.worded():
        for claim in said_in_words(exhibit):
            yield PlannedPage(
                unit_name(exhibit.name, claim.unit), "spoken.html.j2",
                partial(_given, gallery, exhibit, claim), title(exhibit, claim, gallery),
                heading=f"{claim.unit}, in words", about=about(claim, gallery))


def _given(
    gallery: Gallery, exhibit: ExhibitCard, claim: FormulaClaim | ConditionClaim
) -> dict[str, object]:
    found = spoken(gallery, exhibit, claim)
    conditions = [c for c in exhibit.worded.conditions if c.unit.cell == claim.unit.cell] \
        if exhibit.worded else []
    text = (found.pictures or exhibit.explored)[0].text
    panel = in_words(exhibit, claim) if isinstance(claim, FormulaClaim) else {}
    ties = connections_of(exhibit, claim.unit)
    moving = {**given(gallery, exhibit, claim.unit), "moving": in_a_line(ties)} if ties else {
        "moving": ""}
    return {"exhibit": exhibit, "found": found, "conditions": conditions,
            "start": first_lines(text), **panel, **moving}


def spoken(
    gallery: Gallery, exhibit: ExhibitCard, claim: FormulaClaim | ConditionClaim
) -> Spoken:
    """Return what is shown of a unit in words."""
    if isinstance(claim, FormulaClaim):
        found = sorted((excerpt for excerpt, _ in formula_excerpts(exhibit, claim)),
                       key=lambda excerpt: -telling(excerpt))[:PICTURES]
        pictures = [replace(telling_lines(one, LINES), start=0) for one in found]
        lead = sentence(claim, gallery)
    else:
        one = picture_of(exhibit, claim)
        pictures, lead = [] if one is None else [one], condition_sentence(claim, gallery)
    return Spoken(claim, lead, tuple(pictures), _features(gallery, exhibit, claim.unit))


def about(claim: FormulaClaim | ConditionClaim, gallery: Gallery) -> str:
    """Return what a unit does in a line, for those who have only a link."""
    if isinstance(claim, ConditionClaim):
        return condition_sentence(claim, gallery)
    return f"{sentence(claim, gallery)} {share_sentence(claim)}".strip()


def title(exhibit: ExhibitCard, claim: FormulaClaim | ConditionClaim, gallery: Gallery) -> str:
    """Return what the page of a unit in words is called where nothing says whose unit it is."""
    said = f"among {among(claim, gallery)}" if isinstance(
        claim, ConditionClaim) else written(claim.text, gallery)
    return f"{claim.unit} of {exhibit.name}: {said}"


def in_words(exhibit: ExhibitCard, claim: FormulaClaim) -> dict[str, object]:
    """Return what the panel of words is given of a claim and of those beside it."""
    spread = spread_over(exhibit, claim.text)
    others = [c for c in claims_of_cell(exhibit, claim.unit) if c.unit != claim.unit]
    return {"best": claim, "others": others, "drawn": followed(exhibit, claim),
            "spread": spread if spread and (spread.linear or 0.0) >= TELLING else None}


def _features(
    gallery: Gallery, exhibit: ExhibitCard, unit: UnitId
) -> tuple[tuple[FeatureSpec, float, float], ...]:
    table, known = exhibit.table, {spec.id: spec for spec in gallery.features}
    if unit not in table.units:
        return ()
    u = table.places[unit]
    rows = [(known[id_], r / 1000, within / 1000)
            for id_, r, within in zip(table.features, table.r[u], table.r_within[u], strict=True)
            if id_ in known and r is not None and within is not None]
    return tuple(sorted(rows, key=lambda row: -abs(row[2]))[:FEATURES])
