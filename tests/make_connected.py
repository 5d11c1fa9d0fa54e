"""Makes connections of units that no network was needed for."""

from builder.core.connected import (
    Connected,
    Favoured,
    Mover,
    Moving,
    Tie,
    UnitConnections,
)
from builder.core.units import UnitId


def tie(unit: str, held: float, turn: float, drive: float = 0.2, through: str = "f") -> Tie:
    """Return a tie that is there from .1 on."""
    return Tie(UnitId.parse(unit), through, drive, held, turn, 0.31, held > 0.1)


def connected() -> Connected:
    """Return connections of three units of `tests.make_cards.exhibit`; the second has no driver."""
    movers = (Mover('"', 0.011, 3.2, 4.1, "f"), Mover("\n", 0.03, -1.4, -1.2, "i"),
              Mover("<b>", 0.002, 1.1, 0.9, "g"), Mover("e", 0.07, -0.05, -0.02, ""))
    favoured = (Favoured('"', 0.021, 0.4), Favoured(" ", -0.012, -0.2))
    first = UnitConnections(
        UnitId.parse("c0.17"), movers,
        (tie("h0.5", 0.25, 0.22), tie("h0.203", 0.21, -0.2), tie("h0.9", 0.15, 0.02),
         tie("h0.10", 0.06, -0.05, 0.13)),
        (tie("c0.88", 0.3, -0.28),), favoured, Moving(4, 5, 3), Moving(1, 1, 1))
    second = UnitConnections(UnitId.parse("c0.203"), movers[1:], (), (), (), Moving(0, 0, 0),
                             Moving(0, 1, 0))
    third = UnitConnections(UnitId.parse("c0.88"), movers[:1], (tie("h0.17", 0.3, -0.28),), (),
                            favoured, Moving(1, 1, 1), Moving(0, 0, 0))
    return Connected((first, second, third), 4_508, 2_254, 65_280, 0.11, 0.1, True)
