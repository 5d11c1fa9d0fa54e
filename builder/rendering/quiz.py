"""Pictures to guess: what does this unit do, and is it from a trained network?

A picture shows lines in which the feature is on and off, so that it can answer the question. No two
questions show the same lines or the same unit, and they come from as many exhibits as there are.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from markupsafe import Markup

from builder.core.cards import CellCard, Excerpt
from builder.core.digests import uniform
from builder.core.grades import GOOD
from builder.core.labels import FeatureSpec, Tag
from builder.rendering.colour import stretch
from builder.rendering.excerpts import FITTING, excerpt_html, telling, telling_lines
from builder.rendering.gallery import Gallery, claim_rank, is_change
from builder.rendering.numbers import number
from builder.rendering.overlap import overlap
from builder.rendering.words import lead

CELLS, PAIRS, OPTIONS = 6, 4, 4
LINES = 8

EACH = 2
"""Questions about one exhibit; all that read a made text count as one."""

MADE = "made"

NEAR = 8
"""Wrong answers are drawn from so many: from those that the unit goes with most."""

LEAST = 0.15
"""How well a picture must show what the unit does (`telling`)."""

APART = 0.5
"""How much of the |r'| of the right answer a wrong one may have."""

ALIKE = 0.4
"""How much a wrong answer may correlate with the right one, so that a picture tells them apart."""


@dataclass(frozen=True)
class Question:
    """One picture.

    Attributes:
        asked: The question.
        picture: Coloured text, with the truth marked; a style sheet hides it until the answer.
        options: Answers to choose from.
        answer: Place of the right one.
        cell: The cell that it is about.
        marks: Of what feature the marks are.
        explanation: What is said of the answer.
        others: Why the other answers are wrong.
        pale: Whether colours are stretched in questions of this kind, so that a pale unit can be
            seen; by how much must not tell the answer.
        stretched: By how much they are in this one.
    """

    asked: str
    picture: Markup
    options: tuple[str, ...]
    answer: int
    cell: CellCard
    marks: FeatureSpec
    explanation: str
    others: str = ""
    pale: bool = False
    stretched: float = 1.0


def questions(gallery: Gallery) -> list[Question]:
    """Return the questions of a gallery in an order of hashes; none where too few cells are good.

    What is asked last of a cell is whether its picture is from a trained network: half of these
    pictures are of the best unit of an untrained one instead.
    """
    cells = list(_cells(gallery))
    shown: list[Excerpt] = []
    asked = list(islice(_whats(gallery, cells, shown), CELLS))
    if len({cell.claim.feature for cell in cells}) < OPTIONS or len(asked) < OPTIONS:
        return []
    used = {id(question.cell) for question in asked}
    rest = [cell for cell in cells if id(cell) not in used]
    asked += islice(_real_or_not(gallery, rest, shown), PAIRS)
    return sorted(asked, key=lambda q: uniform(f"{q.cell.claim.unit}{q.explanation}", "quiz"))


def _cells(gallery: Gallery) -> Iterator[CellCard]:
    """Yield the good cells, exhibit by exhibit in turn, the strongest of each first."""
    rows = [sorted((c for c in exhibit.cells if c.claim.grade in GOOD and c.excerpts),
                   key=lambda c: claim_rank(c.claim)) for exhibit in gallery.exhibits]
    for turn in range(max(map(len, rows), default=0)):
        yield from (row[turn] for row in rows if turn < len(row))


def _whats(
    gallery: Gallery, cells: Sequence[CellCard], shown: list[Excerpt]
) -> Iterator[Question]:
    """Ask what cells do, each of another feature."""
    features: set[str] = set()
    exhibits: Counter[str] = Counter()
    for cell in cells:
        network = MADE if gallery.exhibit(cell.exhibit).made else cell.exhibit
        if cell.claim.feature in features or exhibits[network] >= EACH:
            continue
        part = next(_pictures(cell.excerpts, shown), None)
        question = _what(gallery, cell, part) if part else None
        if part and question:
            features.add(cell.claim.feature)
            exhibits[network] += 1
            shown.append(part)
            yield question


def _what(gallery: Gallery, cell: CellCard, part: Excerpt) -> Question | None:
    """Ask what a cell does; None where too few other features are clearly wrong."""
    feature = gallery.feature(cell.claim.feature)
    near = sorted(_wrong(gallery, cell), key=lambda found: -found[1])[:NEAR]
    wrong = sorted(near, key=lambda found: uniform(found[0].title, feature.title))
    if len(wrong) < OPTIONS - 1:
        return None
    others = wrong[: OPTIONS - 1]
    options = sorted((feature.title, *(spec.title for spec, _ in others)))
    right = abs(cell.claim.r_within or cell.claim.r or 0.0)
    fits = "; ".join(f"“{spec.title}” {number(size)}" for spec, size in others)
    return Question("What does this unit track?", excerpt_html(part, feature), tuple(options),
                    options.index(feature.title), cell, feature, lead(cell.claim, feature),
                    f"The others fit less. Size of the correlation on the discovery text, among "
                    f"places with the same last two characters: “{feature.title}” "
                    f"{number(right)}; {fits}.")


def _wrong(gallery: Gallery, cell: CellCard) -> Iterator[tuple[FeatureSpec, float]]:
    """Yield features that the unit tracks much less, and that look different, with their |r'|."""
    exhibit, claim = gallery.exhibit(cell.exhibit), cell.claim
    right = abs(claim.r_within or claim.r or 0.0)
    if claim.unit not in exhibit.table.units:
        return
    known = {spec.id: spec for spec in gallery.measured(exhibit)}
    row = exhibit.table.r_within[exhibit.table.places[claim.unit]]
    for id_, thousandths in zip(exhibit.table.features, row, strict=True):
        size = abs(thousandths or 0) / 1000
        plain = id_ in known and known[id_].tag in (Tag.STATE, Tag.COUNT)
        if (id_ != claim.feature and plain and size <= APART * right
                and abs(overlap(exhibit, claim.feature, id_) or 0.0) <= ALIKE):
            yield known[id_], size


def _real_or_not(
    gallery: Gallery, cells: Sequence[CellCard], shown: list[Excerpt]
) -> Iterator[Question]:
    """Ask by turns of a trained unit and of an untrained one from which network it is."""
    features: set[str] = set()
    trained = True
    for cell in cells:
        if not cell.untrained or is_change(cell.claim) or cell.claim.feature in features:
            continue
        first = cell.excerpts[0]
        values = first.values if trained else cell.untrained.values
        part = next(_pictures([replace(first, values=values)], shown, 0.0), None)
        if part:
            features.add(cell.claim.feature)
            shown.append(part)
            yield _which_network(gallery, cell, part, trained=trained)
            trained = not trained


def _which_network(
    gallery: Gallery, cell: CellCard, part: Excerpt, *, trained: bool
) -> Question:
    feature = gallery.feature(cell.claim.feature)
    said = f"It is from the trained network. {lead(cell.claim, feature)}"
    if not trained and cell.untrained:
        said = (f"It is {cell.untrained.unit} of a network that was never trained, of all its "
                f"units the best for “{feature.title}” (r = {number(cell.untrained.r)}). "
                f"In the trained network that is {cell.claim.unit}.")
    return Question("Which network is this unit from?", excerpt_html(part, feature),
                    ("a trained one", "one that was never trained"), int(not trained), cell,
                    feature, said, pale=True, stretched=stretch(part.values))


def _pictures(
    excerpts: Sequence[Excerpt], shown: Sequence[Excerpt], least: float = LEAST
) -> Iterator[Excerpt]:
    """Yield the lines of each excerpt that tell enough and are new, the clearest first."""
    parts = [telling_lines(excerpt, LINES) for excerpt in excerpts if excerpt.rule in FITTING]
    for part in sorted(parts, key=telling, reverse=True):
        if telling(part) > least and not any(_overlap(part, other) for other in shown):
            yield part


def _overlap(one: Excerpt, other: Excerpt) -> bool:
    apart = (one.start + len(one.text) <= other.start or other.start + len(other.text) <= one.start)
    return one.document == other.document and not apart
