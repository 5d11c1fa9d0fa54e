"""Units: which coordinate of which signal of which layer."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

_NAME = re.compile(r"([a-z]+)(\d+)\.(\d+)")


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
