"""What moves a unit and what it moves, in words and as a drawing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from builder.core.cards import ExhibitCard
from builder.core.connected import Favoured, Mover, Tie, UnitConnections
from builder.core.grades import GOOD
from builder.core.units import UnitId
from builder.rendering.addresses import explore_name
from builder.rendering.charts.ties import End, ties_chart
from builder.rendering.formulated import claims_of_cell, written
from builder.rendering.gallery import Gallery, page_of
from builder.rendering.spans import visible
from builder.rendering.words import shown, signal_title

MOSTLY = 0.5
"""Share of an effect that must go one way, for it to be called up or down."""

CHARACTERS, UNITS = 4, 4
"""Most that are drawn on a side."""

TELLING = 0.1
"""Of a standard deviation of a unit's change: a character that does less is not drawn."""


MUCH = 0.2
"""Of what the strongest character does: one that does less is not named in the line above."""


@dataclass(frozen=True)
class Neighbour:
    """A unit at the other end of a tie.

    Attributes:
        tie: What is between the two.
        page: Name of its page; empty where it has none.
        said: What is known of it in words; empty where nothing is.
        through: Gate or candidate that most goes through; empty where that is not known.
        pushes: Which way, in a word or two.
    """

    tie: Tie
    page: str
    said: str
    through: str
    pushes: str


def connections_of(exhibit: ExhibitCard, unit: UnitId) -> UnitConnections | None:
    """Return what moves a unit and what it moves; None where that was not measured."""
    return exhibit.connected.by_cell.get(unit.cell) if exhibit.connected else None


def in_a_line(one: UnitConnections) -> str:
    """Return the answer in one line: the characters that push most, and the strongest driver."""
    least = max(TELLING, MUCH * max((abs(m.put) for m in one.characters), default=0.0))
    up, down = ([shown(m.character) for m in one.characters if m.put * way > least][:2]
                for way in (1, -1))
    driver = next((tie for tie in one.drivers if tie.there), None)
    driven = next((tie for tie in one.driven if tie.there), None)
    return "; ".join(filter(None, (
        f"{' and '.join(up)} {_push(up)} it up" * bool(up),
        f"{' and '.join(down)} {_push(down)} it down" * bool(down),
        f"{driver.unit} drives it most" if driver else "",
        f"it drives {driven.unit} most" if driven else "")))


def _push(characters: Sequence[str]) -> str:
    return "pushes" if len(characters) == 1 else "push"


def given(gallery: Gallery, exhibit: ExhibitCard, unit: UnitId) -> dict[str, object]:
    """Return what the template of connections is given.

    Args:
        gallery: All exhibits.
        exhibit: Of the unit.
        unit: With connections.
    """
    one, whole = connections_of(exhibit, unit), exhibit.connected
    assert one is not None and whole is not None
    drivers, driven = ([neighbour(gallery, exhibit, tie) for tie in side]
                       for side in (one.drivers, one.driven))
    return {"one": one, "whole": whole, "drivers": drivers, "driven": driven,
            "drawing": drawing(exhibit, one), "through": _titles(exhibit, one),
            "apart": "" if whole.within else apart(exhibit)}


def neighbour(gallery: Gallery, exhibit: ExhibitCard, tie: Tie) -> Neighbour:
    """Return what is told of a unit at the other end of a tie."""
    return Neighbour(tie, page_of(exhibit, tie.unit), _said(gallery, exhibit, tie.unit),
                     signal_title(exhibit, tie.through) if tie.through else "",
                     {1: "up", -1: "down", 0: "either way"}[_way(tie)])


def apart(exhibit: ExhibitCard) -> str:
    """Say why units of a layer do not drive each other."""
    there = "those of the layer below" if exhibit.num_layers > 1 else "only what comes in"
    return (f"Units of one layer do not read each other in {exhibit.architecture_title}: "
            f"each reads {there}.")


def drawing(exhibit: ExhibitCard, one: UnitConnections) -> Markup:
    """Draw the strongest of all; lines are as thick as they are strong beside those of a kind."""
    drivers, driven = _ends(exhibit, one.drivers), _ends(exhibit, one.driven)
    into = [*_movers(one.characters), *drivers]
    out = [*driven, *_favoured(one.following)]
    label = (f"What moves {one.unit}: {_listed(into)}. What it moves: {_listed(out)}. "
             "The tables below have the numbers.")
    return ties_chart(one.unit.name, into, out, label)


def _listed(ends: Sequence[End]) -> str:
    return ", ".join(end.name for end in ends) or "nothing that is named"


def _movers(characters: Sequence[Mover]) -> list[End]:
    drawn = [m for m in characters if abs(m.put) > TELLING][:CHARACTERS]
    largest = max((abs(m.put) for m in drawn), default=1.0)
    return [End(_short(m.character), abs(m.put) / largest, m.put) for m in drawn]


def _ends(exhibit: ExhibitCard, ties: Sequence[Tie]) -> list[End]:
    drawn = ties[:UNITS]
    largest = max((tie.held for tie in drawn), default=1.0) or 1.0
    return [End(tie.unit.name, tie.held / largest, _way(tie), tie.there, _link(exhibit, tie.unit))
            for tie in drawn]


def _link(exhibit: ExhibitCard, unit: UnitId) -> str:
    """Return where a unit is shown: its page, else the explorer; empty where there is neither."""
    page = page_of(exhibit, unit)
    if page:
        return f"page:{page}"
    return f"page:{explore_name(exhibit.name)}#{unit}" if exhibit.explored else ""


def _favoured(following: Sequence[Favoured]) -> list[End]:
    drawn = sorted(sorted(following, key=lambda f: -abs(f.chance))[:CHARACTERS],
                   key=lambda f: -f.chance)
    largest = max((abs(f.chance) for f in drawn), default=1.0) or 1.0
    return [End(f"next {_short(f.character)}", abs(f.chance) / largest, f.chance) for f in drawn]


def _short(character: str) -> str:
    text = visible(shown(character))
    return text if len(text) <= 8 else f"{text[:7]}…"


def _way(tie: Tie) -> int:
    if abs(tie.turn) < MOSTLY * tie.held or not tie.turn:
        return 0
    return 1 if tie.turn > 0 else -1


def _titles(exhibit: ExhibitCard, one: UnitConnections) -> dict[str, str]:
    """Return what the signals are called that characters go through."""
    return {name: signal_title(exhibit, name) for m in one.characters if (name := m.through)}


def _said(gallery: Gallery, exhibit: ExhibitCard, unit: UnitId) -> str:
    """Return what a unit does in words, from its surest claim."""
    known = {spec.id: spec.title for spec in gallery.features}
    single = exhibit.surest.get(unit.cell)
    if single and single.feature in known:
        return known[single.feature]
    formula = next((c for c in claims_of_cell(exhibit, unit) if c.grade in GOOD), None)
    return written(formula.text, gallery) if formula else ""
