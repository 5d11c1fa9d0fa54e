"""What moves units and what they move, kept beside their weights: `connections.json.xz`.

It names the digests of the weights and of the text, and the version of the method. It is taken
while the weights are the same; the text need not be at hand.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from pydantic import TypeAdapter
from pydantic.dataclasses import dataclass

from builder.core.cards import ExhibitCard
from builder.core.connected import Connected, Favoured, Mover, Moving, Tie
from builder.workspace.beside import Beside
from builder.workspace.ranges import COUNT, POSITIVE, SHARE, Range, Ranges, outside
from builder.workspace.results import AS_JSON

FORMAT: Literal[1] = 1

METHOD = 1
"""Version of the method: raised whenever it comes to other connections or numbers, beyond rounding.
"""

ROUNDED = 0.001
"""By how much numbers may contradict each other that were rounded."""

_CHANCE: Range = (-1.0, 1.0)

RANGES: Ranges = {
    Tie: dict.fromkeys(("drive", "held", "running"), POSITIVE),
    Mover: {"share": SHARE},
    Favoured: {"chance": _CHANCE},
    Moving: dict.fromkeys(("named", "there", "both"), COUNT),
    Connected: {**dict.fromkeys(("steps", "held_steps", "pairs"), COUNT),
                **dict.fromkeys(("named_from", "there_from"), POSITIVE)},
}
"""In which numbers must be."""


@dataclass(frozen=True, config=AS_JSON)
class ConnectionsFile:
    """The content of a file of connections.

    Attributes:
        format: Of this file.
        method: Version of the method.
        weights: SHA-256 of the weights.
        text: Digest of the documents, their splits, and of what was left out.
        connected: What was found.
    """

    format: Literal[1]
    method: int
    weights: str
    text: str
    connected: Connected

    @property
    def version(self) -> int:
        """Version of the method."""
        return self.method

    @property
    def found(self) -> Connected:
        """What was found."""
        return self.connected


def _wrong(file: ConnectionsFile) -> Iterator[tuple[str, str]]:
    numbers = [*outside(file.connected, RANGES), *_contradictions(file.connected)]
    yield from (("has a number that cannot be", wrong) for wrong in numbers)


def _contradictions(connected: Connected) -> Iterator[str]:
    for i, one in enumerate(connected.units):
        for name, side, ties in (("driven_by", one.driven_by, one.drivers),
                                 ("drives", one.drives, one.driven)):
            if side.both > min(side.named, side.there):
                yield f"units.{i}.{name}: {side.both} of {side.named} and of {side.there}"
            if len(ties) > side.named:
                yield f"units.{i}.{name}: {len(ties)} of {side.named}"
            for k, tie in enumerate(ties):
                near = abs(tie.held - connected.there_from) <= ROUNDED
                if abs(tie.turn) > tie.held + ROUNDED or not (
                        near or tie.there == (tie.held > connected.there_from)):
                    yield f"units.{i}.{name}.{k}: {tie.held} is not what it is said to be"


def _strange_units(connected: Connected, card: ExhibitCard) -> Iterator[str]:
    for one in connected.units:
        for unit in (one.unit, *(tie.unit for tie in (*one.drivers, *one.driven))):
            if not card.has_unit(unit):
                yield f"there is no unit {unit}"
        for through in (*(tie.through for tie in (*one.drivers, *one.driven)),
                        *(mover.through for mover in one.characters)):
            if through and through not in card.signal_names:
                yield f"there is no signal {through!r}"


CONNECTIONS = Beside("connections", "method", METHOD, TypeAdapter(ConnectionsFile), _wrong,
                     _strange_units)
"""How it is read, written and described."""


def connections_file(weights: str, text: str, connected: Connected) -> ConnectionsFile:
    """Return what is written of what was found.

    Args:
        weights: SHA-256 of the weights.
        text: Digest of the text.
        connected: What was found.
    """
    return ConnectionsFile(FORMAT, METHOD, weights, text, connected)
