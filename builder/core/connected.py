"""What moves units and what they move: characters, other units, the next character."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from builder.core.units import UnitId


@dataclass(frozen=True)
class Tie:
    """From one unit to another, seen from one of them.

    Shares are of the standard deviation of the change, from step to step, of the unit that is
    moved.

    Attributes:
        unit: The other one: the output that drives, or the state that is driven.
        through: Signal that most of it goes through; empty where the architecture does not say.
        drive: What weights times activity lead to expect, a share.
        held: By how much the change is another where the driver is held at its mean at one step,
            a share; square root of the mean square.
        turn: How much higher the change is for each standard deviation that the driver is above
            its mean, a share, −held to held: above 0 where it pushes up.
        running: By how much the state is another where the driver is held all along, as a share
            of the standard deviation of the state; square root of the mean square. None where
            the architecture cannot hold units side by side.
        there: Whether holding moves the unit more than it does 95 of 100 pairs of units.
    """

    unit: UnitId
    through: str
    drive: float
    held: float
    turn: float
    running: float | None
    there: bool


@dataclass(frozen=True)
class Mover:
    """What a character that is read does to a unit.

    Attributes:
        character: Or another step, by its name.
        share: Of the text that it makes up.
        put: Mean change of the unit where it is put in place of whatever came, less that over all
            characters as often as they come; a share, as in `Tie`.
        seen: Mean change where it came by itself, less that over all steps, a share.
        through: Signal that most of it goes through; empty where that is not known.
    """

    character: str
    share: float
    put: float
    seen: float
    through: str


@dataclass(frozen=True)
class Favoured:
    """What a unit does to the guess of what comes next.

    Attributes:
        character: Or another step, by its name.
        chance: By how much its probability is higher where the unit is one standard deviation
            above its mean, less that where it is held at its mean.
        nats: The same of the logarithm of its probability.
    """

    character: str
    chance: float
    nats: float


@dataclass(frozen=True)
class Moving:
    """How many there are of the units on one side of a unit.

    Attributes:
        named: That weights times activity name.
        there: That holding shows.
        both: That are among both.
    """

    named: int
    there: int
    both: int


@dataclass(frozen=True)
class UnitConnections:
    """All of one unit.

    Attributes:
        unit: Its state.
        characters: That move it, those first that do most, as often as they come.
        drivers: Units that are named as moving it, the strongest first; some are left out where
            there are many.
        driven: Units that it is named as moving.
        following: What it does to the next character.
        driven_by: How many units move it.
        drives: How many units it moves.
    """

    unit: UnitId
    characters: tuple[Mover, ...]
    drivers: tuple[Tie, ...]
    driven: tuple[Tie, ...]
    following: tuple[Favoured, ...]
    driven_by: Moving
    drives: Moving


@dataclass(frozen=True)
class Connected:
    """What moves the units of a network that are shown.

    Attributes:
        units: Those that have a page.
        steps: Unseen steps on which weights times activity were taken.
        held_steps: Other ones, at which units were held one by one.
        pairs: Pairs of units that were compared, all that there are.
        named_from: Share from which on a drive is named: 95 of 100 pairs of units have a smaller
            one, and it is no less than a floor.
        there_from: The same of what holding shows.
        within: Whether units of a layer read each other; if not, each reads those of the layer
            below alone.
    """

    units: tuple[UnitConnections, ...]
    steps: int
    held_steps: int
    pairs: int
    named_from: float
    there_from: float
    within: bool

    @property
    def drivers(self) -> Moving:
        """How many units move those that are shown, all of these together."""
        sides = [one.driven_by for one in self.units]
        return Moving(sum(side.named for side in sides), sum(side.there for side in sides),
                      sum(side.both for side in sides))

    @cached_property
    def by_cell(self) -> Mapping[tuple[int, int], UnitConnections]:
        """All by layer and index."""
        return {one.unit.cell: one for one in self.units}
