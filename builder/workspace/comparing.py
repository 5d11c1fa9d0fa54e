"""Results against the same results measured again, number by number.

float32 differs in the last bits from processor to processor, and what is counted, ranked or cut
with it differs a little more. So numbers may differ by as much as `TOLERANCES` says; claims,
grades, excerpts and everything else that is no number must be the same.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields, is_dataclass
from enum import Enum
from typing import Any, TypeVar

import numpy as np

from builder.core.cards import CellCard, Claim, Excerpt, ExhibitCard
from builder.core.connected import (
    Connected,
    Favoured,
    Mover,
    Moving,
    Tie,
    UnitConnections,
)
from builder.core.shown import Explored, FilmedCell
from builder.core.units import UnitId
from builder.core.worded import (
    ConditionClaim,
    Counted,
    FormulaClaim,
    FurtherFormula,
    Marked,
    Spread,
    Worded,
)


@dataclass(frozen=True)
class Tolerance:
    """How far numbers may be from each other: absolute, and as a share of the larger."""

    absolute: float
    relative: float = 0.0

    def allows(self, there: float, here: float) -> bool:
        """Tell whether two numbers are close enough; what is no number equals itself alone."""
        if math.isnan(there) or math.isnan(here):
            return math.isnan(there) and math.isnan(here)
        return there == here or abs(there - here) <= \
            self.absolute + self.relative * max(abs(there), abs(here))


EXACT = Tolerance(0.0)
NUMBER = Tolerance(0.002, 0.002)
"""Of correlations, intervals, nats, states and probabilities, unless `TOLERANCES` says else."""

TOLERANCES = {
    "table": Tolerance(2.0),
    "histogram": Tolerance(5.0, 0.002),
    "shuffled_labels": Tolerance(0.003),
    "p_family": Tolerance(0.003),
    "untrained": Tolerance(0.05),
}
"""Of parts, by their names: thousandths; characters in a bin; three of a thousand permutations;
floors, which hang on networks with shuffled weights too: these amplify what was rounded."""

COUNTED = Tolerance(1.0)
"""Of units that reach a threshold, or that are there: one may be just above it here and just below
it there."""


@dataclass(frozen=True)
class Difference:
    """A number, or anything else, that is not what it was.

    Attributes:
        where: Its place in the results.
        there: What the results say.
        here: What was measured now.
        allowed: Whether it is no more than processors differ.
    """

    where: str
    there: object
    here: object
    allowed: bool = False

    @property
    def what(self) -> str:
        """What it is, in a word."""
        if self.where.endswith(("].text", "].single")):
            return "formula"
        return "number" if _is_number(self.there) and _is_number(self.here) else "value"

    def __str__(self) -> str:
        return f"{_short(self.there)} in the results, {_short(self.here)} measured"


def _short(value: object) -> str:
    return f"{value!r:.60}"


Compared = TypeVar("Compared", ExhibitCard, Worded, Connected)


def differences(there: Compared, here: Compared, *, exact: bool = False) -> list[Difference]:
    """Return all that differs, in its order.

    Args:
        there: The results.
        here: The same, measured again.
        exact: Whether nothing is allowed.
    """
    return list(_compare("", there, here, EXACT if exact else NUMBER, exact))


def _compare(
    where: str, there: Any, here: Any, tolerance: Tolerance, exact: bool
) -> Iterator[Difference]:
    if _is_number(there) and _is_number(here):
        counts = isinstance(there, int) and tolerance is NUMBER
        if not EXACT.allows(there, here):
            allowed = (EXACT if counts else tolerance).allows(there, here)
            yield Difference(where, there, here, allowed)
    elif isinstance(there, UnitId | Enum | str) or type(there) is not type(here):
        if there != here:
            yield Difference(where, there, here)
    elif isinstance(there, bytes):
        yield from _bytes(where, there, here, tolerance)
    elif is_dataclass(there):
        for field in fields(there):
            inside = _tolerance(field.name, there, tolerance, exact)
            yield from _compare(f"{where}.{field.name}".lstrip("."), getattr(there, field.name),
                                getattr(here, field.name), inside, exact)
    elif isinstance(there, dict | Sequence):
        yield from _parts(where, there, here, tolerance, exact)
    elif there != here:
        yield Difference(where, there, here)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _tolerance(name: str, owner: Any, tolerance: Tolerance, exact: bool) -> Tolerance:
    if exact:
        return EXACT
    if isinstance(owner, Counted | Moving):
        return COUNTED
    if name == "found":  # of a result: its control says what numbers they are
        return TOLERANCES.get(owner.control, tolerance)
    return TOLERANCES.get(name, tolerance)


def _parts(
    where: str, there: Any, here: Any, tolerance: Tolerance, exact: bool
) -> Iterator[Difference]:
    """Compare what has parts: those of one name with each other, whatever their order."""
    before, now = _named(there), _named(here)
    for name in [*before, *(name for name in now if name not in before)]:
        place = f"{where}[{name}]"
        if name not in now or name not in before:
            yield Difference(place, _there(name in before), _there(name in now))
        else:
            yield from _compare(place, before[name], now[name], tolerance, exact)


def _there(is_there: bool) -> str:
    return "there" if is_there else "not there"


def _named(parts: Any) -> dict[str, Any]:
    """Return parts by a name of their own; of those with the same, or without one, by number."""
    if isinstance(parts, dict):
        return {str(name): part for name, part in parts.items()}
    names = [_name(part) for part in parts]
    return {name if name and names.count(name) == 1 else f"{name} {i}".strip(): part
            for i, (name, part) in enumerate(zip(names, parts, strict=True))}


def _name(part: object) -> str:
    if isinstance(part, Claim | FilmedCell):
        return f"{part.unit} {part.feature}"
    if isinstance(part, FormulaClaim | Tie | UnitConnections):
        return part.unit.name
    if isinstance(part, Spread | FurtherFormula):
        return part.text
    if isinstance(part, Mover | Favoured):
        return part.character
    if isinstance(part, ConditionClaim):
        return f"{part.feature} given {part.given}"
    if isinstance(part, CellCard):
        return f"{part.claim.unit} {part.claim.feature}"
    if isinstance(part, tuple) and part and isinstance(part[0], str):  # a character and numbers
        return part[0]
    if isinstance(part, Excerpt):
        return f"{part.rule} {part.document} {part.start}"
    return f"{part.document} {part.line}" if isinstance(part, Explored | Marked) else ""


def _bytes(where: str, there: bytes, here: bytes, tolerance: Tolerance) -> Iterator[Difference]:
    """Compare the float32 numbers of a state."""
    if there == here:
        return
    if len(there) != len(here) or len(there) % 4:
        yield Difference(where, f"{len(there)} bytes", f"{len(here)} bytes")
        return
    for i, (a, b) in enumerate(zip(np.frombuffer(there, "<f4").tolist(),
                                   np.frombuffer(here, "<f4").tolist(), strict=True)):
        if not EXACT.allows(a, b):
            yield Difference(f"{where}[{i}]", a, b, tolerance.allows(a, b))
