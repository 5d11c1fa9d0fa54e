"""Units: which coordinate of which signal of which layer; and what signals there are."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

_NAME = re.compile(r"([a-z]+)(\d+)\.(\d+)")


class Kind(StrEnum):
    """What sort of signal it is."""

    STATE = "state"
    """Carried from step to step."""
    CHANGE = "change"
    """The change of a state from step to step."""
    GATE = "gate"
    """Between 0, shut, and 1, open."""
    CANDIDATE = "candidate"
    """What a gate lets in."""


@dataclass(frozen=True, slots=True)
class Signal:
    """A vector of one value for each cell that a layer computes at every step.

    Attributes:
        name: Lower-case letters, as in the names of its units.
        kind: What sort it is.
        title: What it is called in a sentence, such as "forget gate".
        low: The least value that it is shown with; smaller ones look the same.
        high: The largest value that it is shown with.
        of: Of a change, the state that changes; else empty.
    """

    name: str
    kind: Kind
    title: str
    low: float
    high: float
    of: str = ""


@dataclass(frozen=True, slots=True, order=True)
class UnitId:
    """One coordinate of one signal of one layer; `h0.17` is element 17 of h in layer 0.

    A unit stays what it is from the reader to the page. As text, and in JSON, it is its name.
    """

    signal: str
    layer: int
    index: int

    @property
    def name(self) -> str:
        """The unit as others may write it, for example `c1.203`."""
        return f"{self.signal}{self.layer}.{self.index}"

    def __str__(self) -> str:
        return self.name

    @property
    def cell(self) -> tuple[int, int]:
        """Layer and index: what the signals of one cell share."""
        return self.layer, self.index

    @classmethod
    def parse(cls, name: str) -> UnitId:
        """Read a name back; ValueError where it is none."""
        match = _NAME.fullmatch(name)
        if not match:
            raise ValueError(f"not a unit: {name!r}")
        return cls(match[1], int(match[2]), int(match[3]))

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: Any) -> Any:
        """Tell pydantic that in JSON a unit is its name."""
        from pydantic_core import core_schema

        return core_schema.no_info_plain_validator_function(
            _unit, serialization=core_schema.to_string_ser_schema())


def _unit(value: object) -> UnitId:
    return value if isinstance(value, UnitId) else UnitId.parse(str(value))
