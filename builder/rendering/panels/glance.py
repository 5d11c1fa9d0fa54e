"""Three numbers in words: how well the unit tracks, what memory adds, whether it is used."""

from __future__ import annotations

from dataclasses import dataclass

from builder.core.cards import Claim, Grade
from builder.core.evidence import Effect
from builder.rendering.gallery import is_change
from builder.rendering.numbers import between, number, precise
from builder.rendering.panel import CellContext, Panel, add_panel


@dataclass(frozen=True)
class Figure:
    """A number in words.

    Attributes:
        title: What it is about.
        said: The number.
        beside: What to hold it against.
    """

    title: str
    said: str
    beside: str = ""


def figures(of: CellContext) -> list[Figure]:
    """Return the numbers that were measured, the most important first."""
    claim = of.cell.claim
    found = [_tracks(claim), _memory(claim), _used(claim.effect)]
    return [figure for figure in found if figure is not None]


def _tracks(claim: Claim) -> Figure | None:
    r = claim.held_out.r
    if r.value is None:
        return None
    return Figure("Correlation", number(r.value),
                  ", ".join(filter(None, ("on unseen text", between(r)))))


def _memory(claim: Claim) -> Figure | None:
    within = claim.held_out.r_within
    if within.value is None or is_change(claim):
        return None
    raw = claim.grade is Grade.CHARACTER or claim.untrained_floor is None
    floor = "" if raw else f"; untrained networks reach {number(claim.untrained_floor)}"
    return Figure("Beyond the last two characters", number(within.value),
                  f"the same among places that end alike{floor}")


def _used(effect: Effect | None) -> Figure | None:
    if effect is None or effect.nats.value is None or effect.random is None:
        return None
    nats, limit = effect.nats.value, effect.random
    low = effect.nats.low
    if low is not None and low > 0 and limit > 0 and nats > limit:
        times = f"{_times(nats / limit)} times as much as 95 of 100 random units"
        little = f"{precise(nats)} nats, 95 of 100 random units less than {precise(limit)}"
        return Figure("Used by the network", "yes",
                      f"freezing it costs {times if nats >= 2 * limit else little}")
    return Figure("Used by the network", "not shown",
                  f"freezing it changes {precise(abs(nats))} nats, random units up to "
                  f"{precise(limit)}")


def _times(ratio: float) -> str:
    """Return how many times as much something is: 2.5, 14."""
    return f"{ratio:.1f}".removesuffix(".0") if ratio < 10 else f"{ratio:.0f}"


def _given(of: CellContext) -> dict[str, object]:
    return {"figures": figures(of)}


add_panel(Panel("glance", 20, gives=_given))
