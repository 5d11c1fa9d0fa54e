"""What a cell's page shows beside its excerpts: every picture as plain numbers."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from builder.core.units import UnitId

Series = tuple[float, ...]
Gaps = tuple[float | None, ...]


@dataclass(frozen=True)
class Inside:
    """What the network does while it reads an excerpt of N characters.

    Attributes:
        gates: Name of a gate of the cell to its N values, 0 to 1.
        guesses: For each character, the five likeliest next steps with their probabilities; none
            for a character that ends no step.
    """

    gates: dict[str, Series]
    guesses: tuple[tuple[tuple[str, float], ...], ...]


@dataclass(frozen=True)
class Histogram:
    """How often the unit has which value, where its feature is off and where it is on.

    Attributes:
        off: Characters in each of equal bins from −1 to 1.
        on: The same where the feature is not 0.
    """

    off: tuple[int, ...]
    on: tuple[int, ...]


@dataclass(frozen=True)
class Snippet:
    """A few characters with the unit's values, one of which is pointed at.

    Attributes:
        document: Name inside the corpus.
        line: Number of the line of the character that is pointed at, from 1.
        text: The characters.
        values: One a character.
        at: Which one is pointed at.
        label: The feature there.
    """

    document: str
    line: int
    text: str
    values: Series
    at: int
    label: float


@dataclass(frozen=True)
class SameCharacters:
    """Two places with the same last two steps, where the unit is high and where it is low.

    Attributes:
        pair: The characters of the two steps.
        count: Places of the sample that end with them.
        high: The place at the upper quantile of the unit among these.
        low: The place at the lower quantile.
    """

    pair: str
    count: int
    high: Snippet
    low: Snippet


@dataclass(frozen=True)
class Around:
    """Mean of a unit around an event, from `BEFORE` characters before to `AFTER` after it.

    Attributes:
        count: Events.
        values: Means; the event's own character is at `BEFORE`.
        untrained: The same for the best unit of a network that learned nothing.
    """

    count: int
    values: Series
    untrained: Series


@dataclass(frozen=True)
class Untrained:
    """The unit of a network that learned nothing that follows the same feature best.

    Attributes:
        unit: Which.
        r: Its correlation on the sample, which it was chosen by.
        values: What it does on the first excerpt.
    """

    unit: UnitId
    r: float
    values: Series


@dataclass(frozen=True)
class Compared:
    """The unit against another feature, on discover text."""

    feature: str
    r: float | None
    r_within: float | None


@dataclass(frozen=True)
class Explored:
    """All units over one excerpt.

    Attributes:
        document: Name inside the corpus.
        line: Number of its first line, from 1.
        text: N characters.
        activations: int8[N, U] in order, the units' values times 127; empty where they are to be
            read again from `before`.
        labels: Feature id to its runs of equal labels, `0x12 1x30`; features that do not change
            here are left out.
        title: Name of the passage, where the recipe asked for it.
        before: float32, little-endian: the state that the network has before the first of these
            characters, its parts [L, H] one after the other. Empty where it begins anew on the
            way, and where nothing but states is known of the network.
        steps: Index of each step of the text and how many of its characters it covers,
            `17x3 204x1`; empty where each step is one character. The first may have begun before
            the text, and the last end behind it.
    """

    document: str
    line: int
    text: str
    activations: bytes
    labels: dict[str, str]
    title: str = ""
    before: bytes = b""
    steps: str = ""


@dataclass(frozen=True)
class Keeping:
    """How long a unit keeps what it has, as its gate says.

    Attributes:
        unit: Whose state is kept.
        share: Of the state, kept from one step to the next: the mean over the excerpts that all
            units are shown on, 0 to 1.
        where_on: The same where a feature is on that the unit is claimed to follow, by feature.
    """

    unit: UnitId
    share: float
    where_on: Mapping[str, float] = field(default_factory=dict)

    @property
    def half_life(self) -> float:
        """Steps after which half is left if that share is kept at each."""
        return half_life(self.share)


def half_life(share: float) -> float:
    """Return after how many steps half is left if a share is kept at each; infinite where all."""
    if not 0 < share < 1:
        return 0.0 if share <= 0 else math.inf
    return -math.log(2) / math.log(share)


@dataclass(frozen=True)
class Transfer:
    """A text of another kind, on which claims were measured once more.

    Attributes:
        title: What text it is.
        source: Where it comes from.
        license: Its licence.
        documents: That were scored.
        characters: That were scored.
        bits_per_character: Of the network there; None where that is too little text.
    """

    title: str
    source: str
    license: str
    documents: int
    characters: int
    bits_per_character: float | None


@dataclass(frozen=True)
class FilmedCell:
    """A unit at checkpoints of the training that made it.

    Attributes:
        unit: Which.
        feature: Feature id.
        r: Held-out correlation at each checkpoint.
        r_within: The same within bigrams.
        best: At each checkpoint, the unit that had the largest |r'| on discover text.
        best_within: Its r' on held-out text, turned so that discover text's would be positive.
        document: Of the excerpt.
        line: Number of the excerpt's first line, from 1.
        text: N characters.
        labels: Of the feature, one a character.
        values: At each checkpoint, what the unit does over the text.
    """

    unit: UnitId
    feature: str
    r: Gaps
    r_within: Gaps
    best: tuple[UnitId, ...]
    best_within: Gaps
    document: str
    line: int
    text: str
    labels: Series
    values: tuple[Series, ...]


@dataclass(frozen=True)
class Film:
    """A training, looked at again and again.

    Attributes:
        characters: Read until each checkpoint; rising.
        bits: Bits per character on the held-out sample at each checkpoint.
        sample: Characters of the held-out sample.
        cells: A few of those with a page.
    """

    characters: tuple[int, ...]
    bits: Gaps
    sample: int
    cells: tuple[FilmedCell, ...]


@dataclass(frozen=True)
class InBrowser:
    """A network for the pages: what a visitor's own text is read with.

    Attributes:
        vocabulary: The characters in the order of their indices, from 1.
        reading: What else a script must know to cut a text into steps, as its `Cutting` takes it;
            nothing where steps are characters and a text is read as a whole.
        weights: float16, little-endian, the tensors one after the other: embedding; of each
            layer input and recurrent matrix, input and recurrent bias; decoder matrix and bias.
    """

    vocabulary: str
    weights: bytes
    reading: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class UnitTable:
    """Every unit against every feature, on discover text, in thousandths; None where constant.

    Attributes:
        units: U units.
        features: K feature ids.
        r: U rows of K.
        r_within: U rows of K.
    """

    units: tuple[UnitId, ...]
    features: tuple[str, ...]
    r: tuple[tuple[int | None, ...], ...]
    r_within: tuple[tuple[int | None, ...], ...]

    @cached_property
    def places(self) -> dict[UnitId, int]:
        """The row of each unit."""
        return {unit: row for row, unit in enumerate(self.units)}
