"""The pictures that made units famous, at addresses that stay, each with its best cell."""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass
from itertools import islice

import numpy as np

from builder.core.cards import CellCard, Claim, ExhibitCard, Grade
from builder.core.grades import GOOD
from builder.core.labels import FeatureSpec
from builder.core.shown import Explored
from builder.core.units import UnitId
from builder.rendering.comparing import OnPassage, on_passage, values_of
from builder.rendering.gallery import Gallery, best_on, claim_rank, claims_on, judged_by
from builder.rendering.pictures import Picture, picture_of, picture_without_page
from builder.rendering.seeds import siblings
from builder.rendering.words import EVEN, WEAK

POST = "https://karpathy.github.io/2015/05/21/rnn-effectiveness/"
"""Where such pictures became famous: Andrej Karpathy, 2015."""


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
            "A unit that is on inside quotation marks and comments, and off in the code around "
            "them.",
            ("comment_or_string", "in_string", "in_comment", "in_quotes"), True,
            passage="audit_dupe_lsm_field"),
    Classic("nesting-depth", "How deep it is nested",
            "A unit that follows how deep an expression or a block is nested.",
            ("expression_depth", "bracket_depth", "round_depth", "block_depth", "indent_depth"),
            True, passage="audit_match_class_bits"),
    Classic("end-of-line", "The end of the line",
            "A unit that helps to predict where the line ends.",
            ("next_is_newline", "to_line_end"), True,
            passage="audit_unpack_string"),
    Classic("line-position", "Position in the line",
            "A unit that rises (or falls) along each line and resets at the next.",
            ("line_position", "word_of_line")),
    Classic("inside-if", "Inside the condition of an if",
            "A unit that is on from the word “if” to the end of its condition.",
            ("in_if_condition",)),
    Classic("counter", "A counter",
            "A unit that counts: one step up at each opening bracket, one step down at each "
            "closing bracket.",
            ("expression_depth", "bracket_depth", "round_depth", "block_depth"), counts=True),
)
"""All pictures, in the order of the index."""

BY_NAME = {classic.name: classic for classic in CLASSICS}

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
        picture: The unit that shows it best; None where no unit tries.
        good: Whether that unit's claim stands and is not weak.
        claims: Of every exhibit that could show it, the best claim.
        passages: The best unit of every exhibit that has the famous function.
    """

    classic: Classic
    picture: Picture | None
    good: bool
    claims: tuple[tuple[ExhibitCard, FeatureSpec, Claim], ...]
    passages: tuple[OnPassage, ...] = ()

    @property
    def cell(self) -> CellCard | None:
        """The cell of the picture; None where it has none."""
        return self.picture.cell if self.picture else None


def show_all(gallery: Gallery) -> list[Shown]:
    """Find what shows each picture best; no two of them show the same unit."""
    return list(_one_by_one(gallery))


def show(gallery: Gallery, classic: Classic) -> Shown:
    """Find what shows one picture best, and the best claims whether they hold or not."""
    return next(shown for shown in _one_by_one(gallery) if shown.classic is classic)


def _one_by_one(gallery: Gallery) -> Iterator[Shown]:
    """Yield what shows each picture best, of the units that none before it shows."""
    taken: set[tuple[str, tuple[int, int]]] = set()
    for classic in CLASSICS:
        shown = _show(gallery, classic, taken)
        if shown.picture:
            taken.add(_unit(shown.picture))
        yield shown


def _show(gallery: Gallery, classic: Classic, taken: Set[tuple[str, tuple[int, int]]]) -> Shown:
    pictures = [p for p in _pictures(gallery, classic) if _unit(p) not in taken]
    best = min(pictures, key=lambda p: _place(gallery, p, classic), default=None)
    claims = tuple(_best_claims(gallery, classic))
    cells = [p.cell for p in pictures if p.cell]
    return Shown(classic, best, best is not None and _is_good(best.claim, classic), claims,
                 tuple(_passages(gallery, classic, cells, claims)))


def _unit(picture: Picture) -> tuple[str, tuple[int, int]]:
    return picture.exhibit.name, picture.claim.cell


def _pictures(gallery: Gallery, classic: Classic) -> Iterator[Picture]:
    """Yield the cells that could show a picture, and other units that something is claimed of."""
    for id_ in classic.features:
        for cell in gallery.cells_of(id_):
            if cell.excerpts and (not classic.counts or _counts(cell.claim)):
                yield picture_of(gallery, cell)
        for exhibit in gallery.exhibits if not classic.counts else ():
            yield from filter(None, (picture_without_page(gallery, exhibit, claim)
                                     for claim in _without_page(exhibit, id_)))


def _without_page(exhibit: ExhibitCard, feature: str) -> Iterator[Claim]:
    """Yield the best claim on a feature, if its unit has no page."""
    shown = {cell.claim.cell for cell in exhibit.cells}
    return (claim for claim in claims_on(exhibit, feature)[:1] if claim.cell not in shown)


def _best_claims(
    gallery: Gallery, classic: Classic
) -> Iterator[tuple[ExhibitCard, FeatureSpec, Claim]]:
    """Yield of each exhibit the claim that comes closest to a picture: by grade, then by |r'|."""
    known = {spec.id: spec for spec in gallery.features}
    for exhibit in gallery.exhibits:
        claim = best_on(exhibit, [id_ for id_ in classic.features if id_ in known])
        if claim:
            yield exhibit, known[claim.feature], claim


def _passages(
    gallery: Gallery, classic: Classic, cells: Sequence[CellCard],
    claims: Sequence[tuple[ExhibitCard, FeatureSpec, Claim]],
) -> Iterator[OnPassage]:
    """Yield the best cell, else the unit of the first claim, of each exhibit on the function."""
    for exhibit in gallery.exhibits:
        own = [cell for cell in cells if cell.exhibit == exhibit.name]
        best = [cell.claim for cell in sorted(own, key=lambda c: claim_rank(c.claim))]
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


def _is_good(claim: Claim, classic: Classic) -> bool:
    """Tell whether a claim stands and is not weak; a counter must count with even steps too."""
    even = claim.counter.evenness if claim.counter else None
    counts = not classic.counts or (even or 0.0) >= EVEN
    return claim.grade in GOOD and _size(claim) >= WEAK and counts


def _size(claim: Claim) -> float:
    return abs(judged_by(claim)[1].value or 0.0)


def _place(gallery: Gallery, picture: Picture, classic: Classic) -> tuple[float, ...]:
    """Return a key by which the best picture is first: grade, evenness of its steps, |r'|.

    What people write comes before a made text where both are good or neither is; then networks
    that are on the list of exhibits before those that differ from one by their seed. Of claims
    that are not good, the strongest says most, whatever its grade.
    """
    claim, good = picture.claim, _is_good(picture.claim, classic)
    even = claim.counter.evenness if claim.counter else None
    return (not good, picture.exhibit.made, _is_repeated(gallery, picture.exhibit),
            ORDER.index(claim.grade) if good else claim.grade is Grade.NOT_SUPPORTED,
            -(even or 0.0) if classic.counts else 0.0, -_size(claim))


def _is_repeated(gallery: Gallery, exhibit: ExhibitCard) -> bool:
    networks = siblings(gallery, exhibit)
    return bool(networks) and networks[0] is not exhibit
