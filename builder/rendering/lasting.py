"""How long units keep what they have: those that are about something, and the others."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import median, quantiles

from builder.core.cards import Claim, ExhibitCard
from builder.core.grades import GOOD
from builder.rendering.gallery import claim_rank
from builder.rendering.numbers import whole
from builder.rendering.sentences import listed
from builder.rendering.words import architecture

LONGER = 1.5
"""Times as long from which units are said to keep longer."""
LONGEST = 1e6
"""Half-lives that are longer, or endless, are counted as this."""


@dataclass(frozen=True)
class Lasting:
    """The half-lives of a network's units, in the steps that it reads.

    Attributes:
        exhibit: Whose.
        found: The best verified claim of each unit that has one, with the half-life.
        others: Half-lives of the units without, rising.
    """

    exhibit: ExhibitCard
    found: tuple[tuple[Claim, float], ...]
    others: tuple[float, ...]

    @property
    def middle(self) -> float | None:
        """The median of the units with a verified claim; None where there are none."""
        return median(life for _, life in self.found) if self.found else None

    @property
    def middle_of_others(self) -> float | None:
        """The median of the others."""
        return median(self.others) if self.others else None

    @property
    def spread(self) -> tuple[float, ...]:
        """Of the others, what a tenth, a quarter, a half, and so on are below: five numbers."""
        if len(self.others) < 2:
            return self.others * 5
        cut = quantiles([min(life, LONGEST) for life in self.others], n=20, method="inclusive")
        return tuple(cut[at] for at in (1, 4, 9, 14, 17))


def lasting(exhibit: ExhibitCard) -> Lasting | None:
    """Return the half-lives of a network's units; None where no gate says them."""
    lives = {one.unit.cell: min(one.half_life, LONGEST) for one in exhibit.keeping}
    best: dict[tuple[int, int], Claim] = {}
    for claim in sorted(exhibit.claims, key=claim_rank):
        if claim.grade in GOOD and claim.cell in lives:
            best.setdefault(claim.cell, claim)
    if not lives:
        return None
    return Lasting(exhibit, tuple((claim, lives[cell]) for cell, claim in best.items()),
                   tuple(sorted(life for cell, life in lives.items() if cell not in best)))


def by_feature(shown: Sequence[Lasting]) -> list[tuple[str, list[list[float]]]]:
    """Return features with the half-lives of the units about them, rising, of each network.

    Features that most units are about come first.
    """
    names = dict.fromkeys(claim.feature for one in shown for claim, _ in one.found)
    rows = [(name, [sorted(life for claim, life in one.found if claim.feature == name)
                    for one in shown]) for name in names]
    return sorted(rows, key=lambda row: (-sum(map(len, row[1])), row[0]))


def sentences(shown: Sequence[Lasting]) -> Iterator[str]:
    """Say of each network whether units about something keep longer than the others."""
    longer, same = list[str](), list[str]()
    for one in shown:
        if one.middle is None or one.middle_of_others is None:
            continue
        said = (f"{architecture(one.exhibit)} ({steps(one.middle)} against "
                f"{steps(one.middle_of_others)})")
        (longer if one.middle >= LONGER * one.middle_of_others else same).append(said)
    if longer:
        yield ("Units with a verified claim keep what they have for longer than the others of "
               f"their network in the {listed(longer)}.")
    if same:
        yield (f"In the {listed(same)} they do not: there the gate alone does not tell which "
               "units stand for something.")


def in_a_line(shown: Sequence[Lasting]) -> str:
    """Say in a line the median half-life of the units with a verified claim in each network."""
    known = [f"{architecture(one.exhibit)} {steps(one.middle)}" for one in shown
             if one.middle is not None]
    return f"half-life in characters: {', '.join(known)}" if known else ""


def steps(life: float) -> str:
    """Return a half-life as it is written: 0.4, 2.7, 41, over 100,000."""
    if life >= 100_000:
        return "over 100,000"
    return f"{life:.1f}" if life < 9.95 else whole(round(life))


def read_over(exhibit: ExhibitCard) -> int:
    """Return how many characters half-lives are measured on."""
    return sum(len(excerpt.text) for excerpt in exhibit.explored if excerpt.before)


def chart_label(shown: Sequence[Lasting]) -> str:
    """Return what the picture shows, in words."""
    named = [f"{architecture(one.exhibit)} {steps(one.middle)} against "
             f"{steps(one.middle_of_others)}" for one in shown
             if one.middle is not None and one.middle_of_others is not None]
    return ("Half-lives of units with a verified claim beside those of the others, medians: "
            f"{listed(named)}")


def ticks(shown: Sequence[Lasting]) -> tuple[int, int]:
    """Return the powers of ten that the half-lives of some networks lie between."""
    ends = [life for one in shown for life in (*one.spread, *(life for _, life in one.found))
            if life > 0]
    if not ends:
        return 0, 1
    first = math.floor(math.log10(min(ends)))
    return first, max(first + 1, math.ceil(math.log10(max(ends))))
