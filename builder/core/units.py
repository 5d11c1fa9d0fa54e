"""Names of units: which coordinate of which signal of which layer."""

from __future__ import annotations

import re
from dataclasses import dataclass

SIGNALS = ("h", "c", "dh", "dc", "i", "f", "o", "g", "r", "z", "n")
"""Every signal that can be read; `c` stands for tanh(c)."""

CHANGES = ("dh", "dc")
"""Those that are the change of another from one character to the next."""

_NAME = re.compile(rf"({'|'.join(SIGNALS)})(\d+)\.(\d+)")


@dataclass(frozen=True, slots=True, order=True)
class UnitId:
    """One coordinate of one signal of one layer; `h0.17` is element 17 of h in layer 0."""

    signal: str
    layer: int
    index: int

    @property
    def name(self) -> str:
        """The unit as others may write it, for example `c1.203`."""
        return f"{self.signal}{self.layer}.{self.index}"

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
