"""What formulas of any network are found and judged on: two texts, and where atoms hold in them."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from builder.core.formulas import Atom
from builder.evidence.formulas.sampled import Places


@dataclass(frozen=True)
class Text:
    """A sample of a split, with where atoms hold and what a reservoir does there.

    Attributes:
        places: Of its N steps.
        on: bool[N, A].
        reservoir: float16[N, R], freed of means after pairs of characters; R may be 0.
    """

    places: Places
    on: NDArray[np.bool_]
    reservoir: NDArray[np.float16]


@dataclass(frozen=True)
class Scene:
    """What formulas of any network are found and judged on.

    Attributes:
        atoms: A of them.
        discover: Where they are found.
        held_out: Where they are judged.
    """

    atoms: tuple[Atom, ...]
    discover: Text
    held_out: Text

    @property
    def has_reservoir(self) -> bool:
        """Whether there are networks that are taken away."""
        return bool(self.discover.reservoir.shape[1])

    @property
    def without_reservoir(self) -> Scene:
        """The same where nothing is taken away."""
        discover, held_out = (replace(text, reservoir=text.reservoir[:, :0])
                              for text in (self.discover, self.held_out))
        return Scene(self.atoms, discover, held_out)
