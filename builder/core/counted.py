"""What small networks were found to count: the results of `count`, and how they are written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated

from pydantic import Field


@dataclass(frozen=True)
class Fails:
    """Where a counter must fail, as its steps in training say; None where that is at no n tried.

    Attributes:
        first: The first n, from 1.
        beyond: The first n beyond those of training.
        reason: "drift" where steps up and down differ, "saturation" where it keeps too little or
            too much of what it has; empty where it fails nowhere beyond training.
    """

    first: int | None
    beyond: int | None
    reason: str


@dataclass(frozen=True)
class Counting:
    """How a network counts something, and how far that must go.

    Attributes:
        truth: What is counted.
        unit: The unit that does.
        r: Its correlation with the count, on strings as in training.
        step: By how much it rises for each, from the means at all counts of training.
        drift: Its step up and its step down together; 0 is a perfect counter.
        keep: Share of its value that it keeps as the count rises; 1 is a perfect counter.
        fails: At which n it must fail.
    """

    truth: str
    unit: str
    r: float
    step: float
    drift: float
    keep: float
    fails: Fails


@dataclass(frozen=True)
class Share:
    """How much is right: of all answers, and of all strings, from beginning to end."""

    answers: float
    strings: float


@dataclass(frozen=True)
class Run:
    """One trained network.

    Attributes:
        architecture: Its name.
        language: The toy language it learned.
        seed: What it was started from.
        units: H of a layer.
        layers: L.
        loss: At the end of training, in nats an answer.
        within: On strings as in training.
        beyond: On strings longer or deeper than in training.
        trained_to: Largest n in training of the strings that get harder with n.
        tried_to: Largest n tried.
        failed: The first n that failed, from 1; None where none did.
        failed_beyond: The first n beyond those of training that failed.
        truths: Name of what is to be known to the best unit's |r|, and R² of all units together.
        counting: What counts what; empty where nothing is to be counted.
    """

    architecture: str
    language: str
    seed: int
    units: int
    layers: int
    loss: float
    within: Share
    beyond: Share
    trained_to: int
    tried_to: int
    failed: int | None
    failed_beyond: int | None
    truths: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    counting: tuple[Counting, ...] = ()

    @property
    def name(self) -> tuple[str, str, int]:
        """What tells it from all others."""
        return self.architecture, self.language, self.seed

    @property
    def predicted(self) -> int | None:
        """The first n at which something that counts must fail; None where nothing must."""
        return min((c.fails.first for c in self.counting if c.fails.first), default=None)

    @property
    def predicted_beyond(self) -> int | None:
        """The same, of the n beyond training."""
        return min((c.fails.beyond for c in self.counting if c.fails.beyond), default=None)


@dataclass(frozen=True)
class Driven:
    """A network that counts, small enough to be watched letter by letter.

    Attributes:
        run: What was found of it, with its weights rounded as they are here.
        title: Of its architecture, with its article: "an LSTM".
        letters: What it reads, each an input of its own; it answers which of them may come next,
            and then whether the string may end.
        weights: base64 of float16, little-endian: a row of zeros and one for each letter, then the
            tensors of each layer in the order of the architecture, the answers' matrix and bias.
        digest: SHA-256 of these bytes.
        n: Of the string aⁿbⁿ that it is shown on.
        values: Of the unit that counts, after each letter of that string.
        wrong: At which of these letters, from 0, an answer is wrong; rising.
    """

    run: Run
    title: str
    letters: str
    weights: str
    digest: str
    n: int
    values: tuple[float, ...]
    wrong: tuple[int, ...]

    @property
    def unit(self) -> str:
        """The unit that counts."""
        return self.run.counting[0].unit


@dataclass(frozen=True)
class DrivenNetworks:
    """All of them, with what they were made by.

    Attributes:
        made_by: The command.
        versions: Of what computed them, by name.
        networks: In the order in which they are shown.
    """

    made_by: str
    versions: dict[str, str]
    networks: tuple[Driven, ...]


@dataclass(frozen=True)
class Counted:
    """All runs, with what they were made by.

    Attributes:
        made_by: The command.
        versions: Of what computed them, by name.
        titles: Of the architectures, by name, with their articles: "an LSTM".
        effort: Times the steps of training that each language has; 1 unless said otherwise.
        runs: In the order of their names.
        driven: Networks that a visitor drives; they lie in a file of their own.
    """

    made_by: str
    versions: Mapping[str, str]
    titles: Mapping[str, str]
    effort: float
    runs: tuple[Run, ...]
    driven: Annotated[tuple[Driven, ...], Field(exclude=True)] = ()
