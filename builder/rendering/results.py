"""What the page of all results says: the same questions asked of every exhibit."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from builder.core.cards import CellCard, Claim, ExhibitCard, Grade
from builder.core.grades import GOOD
from builder.core.labels import FeatureSpec, Tag
from builder.core.scores import Estimate
from builder.core.shown import Transfer
from builder.rendering.architectures import Row, side_by_side
from builder.rendering.gallery import Gallery, claims_on, judged_by
from builder.rendering.seeds import count, found_in_any, of_seeds, siblings

LARGE = 0.3
"""The |r'| from which on a claim still holds on another text."""

ORDER = tuple(Grade)


@dataclass(frozen=True)
class Best:
    """A feature, and the unit that was best for it on discover text.

    Attributes:
        feature: Which.
        claim: Of the unit.
    """

    feature: FeatureSpec
    claim: Claim


@dataclass(frozen=True)
class Claims:
    """What became of every feature in an exhibit.

    Attributes:
        exhibit: Which.
        best: Features for which more than nothing is claimed: by grade, the strongest first.
        unsupported: The other features that were looked for.
    """

    exhibit: ExhibitCard
    best: tuple[Best, ...]
    unsupported: tuple[FeatureSpec, ...]


@dataclass(frozen=True)
class Seeds:
    """Networks that differ by their seed alone.

    Attributes:
        networks: All of them.
        found: In how many of them, in words, and the features that were found in so many.
    """

    networks: tuple[ExhibitCard, ...]
    found: tuple[tuple[str, tuple[FeatureSpec, ...]], ...]


@dataclass(frozen=True)
class Counters:
    """Networks of different architecture, and what they count.

    Attributes:
        exhibits: One of each architecture.
        rows: Counts that any of them has a verified claim for.
    """

    exhibits: tuple[ExhibitCard, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Transferred:
    """Verified claims of an exhibit on a text of another kind.

    Attributes:
        exhibit: Which.
        text: The other text.
        cells: Those that could be measured there, the one that holds best there first.
        held: How many of them have |r'| of `LARGE` there, with the sign they had.
    """

    exhibit: ExhibitCard
    text: Transfer
    cells: tuple[CellCard, ...]
    held: int


def all_claims(gallery: Gallery) -> list[Claims]:
    """Return the best claim on every feature, for each exhibit."""
    return [_claims(gallery, exhibit) for exhibit in gallery.exhibits]


def _claims(gallery: Gallery, exhibit: ExhibitCard) -> Claims:
    features = gallery.measured(exhibit)
    found = [Best(spec, claims[0]) for spec in features if (claims := claims_on(exhibit, spec.id))]
    best = sorted((b for b in found if b.claim.grade is not Grade.NOT_SUPPORTED), key=_place)
    named = {b.feature.id for b in best}
    return Claims(exhibit, tuple(best), tuple(f for f in features if f.id not in named))


def _place(best: Best) -> tuple[int, float]:
    return ORDER.index(best.claim.grade), -abs(judged_by(best.claim)[1].value or 0.0)


def all_seeds(gallery: Gallery) -> list[Seeds]:
    """Return every group of networks that differ by their seed alone."""
    groups: dict[str, ExhibitCard] = {}
    for exhibit in gallery.exhibits:
        if siblings(gallery, exhibit):
            groups.setdefault(exhibit.seed_group, exhibit)
    return [_seeds(gallery, exhibit) for exhibit in groups.values()]


def _seeds(gallery: Gallery, exhibit: ExhibitCard) -> Seeds:
    said: dict[tuple[int, str], list[FeatureSpec]] = {}
    for spec in found_in_any(gallery, exhibit):
        rows = of_seeds(gallery, exhibit, spec.id)
        said.setdefault((-sum(row.found for row in rows), count(rows)), []).append(spec)
    found = tuple((key[1], tuple(said[key])) for key in sorted(said))
    return Seeds(siblings(gallery, exhibit), found)


def all_counters(gallery: Gallery) -> list[Counters]:
    """Return what networks of different architecture count, where any of them counts anything."""
    groups = ((group, tuple(row for row in group.rows if row.feature.tag is Tag.COUNT))
              for group in side_by_side(gallery))
    return [Counters(group.exhibits, rows) for group, rows in groups if rows]


def all_transferred(gallery: Gallery) -> list[Transferred]:
    """Return what is left of verified claims on texts of another kind."""
    return [_transferred(exhibit, exhibit.transfer) for exhibit in gallery.exhibits
            if exhibit.transfer]


def _transferred(exhibit: ExhibitCard, text: Transfer) -> Transferred:
    cells = sorted((cell for cell in exhibit.cells if cell.claim.grade in GOOD
                    and there(cell).value is not None), key=_kept, reverse=True)
    return Transferred(exhibit, text, tuple(cells), sum(_kept(cell) >= LARGE for cell in cells))


def there(cell: CellCard) -> Estimate:
    """Return r' of a cell's claim on the text of another kind."""
    return cell.transfer.r_within if cell.transfer else Estimate(None)


def _kept(cell: CellCard) -> float:
    """Return r' there, positive where it has the sign that it has on the cell's own text."""
    sign = -1.0 if (cell.claim.held_out.r_within.value or 0.0) < 0 else 1.0
    return sign * (there(cell).value or 0.0)


def filmed(gallery: Gallery) -> Iterator[ExhibitCard]:
    """Yield the exhibits whose training was looked at again and again."""
    return (exhibit for exhibit in gallery.exhibits if exhibit.film)
