"""What a network reads at once: how a text becomes steps, and what characters each step covers.

Another package declares tokens of its own in its pyproject.toml, under the name that `model.json`
gives them as `"tokens"`:

    [project.entry-points."unit_gallery.tokens"]
    words = "its_package.words"
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from builder.core.errors import ModelError, Problem
from builder.core.feed import FRESH, SILENT, StepMarks, fed, has
from builder.core.registry import Registry
from builder.core.text import Document

S = TypeVar("S", bound=np.generic)


@dataclass(frozen=True)
class Steps:
    """A text of N characters as S steps whose spans follow each other and cover the text.

    Attributes:
        ids: int64[S], index of each step.
        ends: int64[S], position after the last character of each step; it never falls, and the
            last is N. Step s covers the characters `ends[s − 1]` to `ends[s]` (exclusive), the
            first one those from 0. A step that ends inside a character, as a byte can, ends
            before it: its span is empty.
        marks: uint8[S], FRESH and SILENT of `core.feed`, where a network begins anew inside a
            text; None where it does not. Tokens leave it alone.
    """

    ids: NDArray[np.int64]
    ends: NDArray[np.int64]
    marks: StepMarks | None = None

    def __len__(self) -> int:
        return len(self.ids)

    @property
    def starts(self) -> NDArray[np.int64]:
        """Position of the first character of each step, int64[S]."""
        return self.ends - self.sizes

    @property
    def fed(self) -> NDArray[np.int64]:
        """What a network is fed, int64[S]: the indices, with a sign where it begins anew."""
        return fed(self.ids, self.marks)

    @property
    def predicts(self) -> NDArray[np.bool_]:
        """Which steps count where the step after them is predicted, bool[S].

        Not the last, nor a silent one, nor one before a fresh state.
        """
        predicts = ~has(self.marks, SILENT, len(self))
        predicts[-1:] = False
        predicts[:-1] &= ~has(self.marks, FRESH, len(self))[1:]
        return predicts

    @property
    def sizes(self) -> NDArray[np.int64]:
        """Characters that each step covers, int64[S]."""
        return np.diff(self.ends, prepend=0)


def at_steps(labels: NDArray[S], steps: Steps) -> NDArray[S]:
    """Return the value of each step: that after its last character, [S, …].

    Args:
        labels: [N, …], row t describes the position after character t.
        steps: Of the same text. Where a step ends before the first character, its value is 0.
    """
    values = labels[np.maximum(steps.ends - 1, 0)]
    values[steps.ends == 0] = 0
    return values


def of_steps(values: NDArray[S], steps: Steps) -> NDArray[S]:
    """Give each character the value of the step that covers it, [N, …].

    Args:
        values: [S, …].
        steps: Whose they are.
    """
    return np.repeat(values, steps.sizes, axis=0)


class Cut(Protocol):
    """How documents are cut into steps: by what a network reads, or as somebody cut them."""

    @property
    def size(self) -> int:
        """V: indices are 0 to V − 1."""

    @property
    def one_character(self) -> bool:
        """Whether each step is one character."""

    @property
    def carries(self) -> bool:
        """Whether the state is carried through a document, and begins anew nowhere in it."""

    @property
    def begin(self) -> int | None:
        """Index of the step that is fed before a text; None where there is none."""

    def steps_of(self, document: Document) -> Steps:
        """Return the steps of a document."""

    def are_unknown(self, ids: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Return which steps are not known, bool[S]."""

    def name(self, index: int) -> str:
        """Return what an index stands for."""


class Tokens(ABC):
    """Turns texts into steps. The same text has the same steps, in any process.

    Attributes:
        kind: Name under which `model.json` asks for it.
        one_character: Whether each step is one character. Then `ends` is 1, 2, …, N, and whoever
            needs just the indices asks `encode`.
    """

    kind: ClassVar[str]
    one_character: ClassVar[bool] = False

    @property
    def carries(self) -> bool:
        """True: tokens alone begin nothing anew."""
        return True

    @property
    def begin(self) -> int | None:
        """None: what is fed before a text is no part of it."""
        return None

    @property
    @abstractmethod
    def size(self) -> int:
        """V: indices are 0 to V − 1. It is the number of rows of the embedding."""

    @abstractmethod
    def steps(self, text: str) -> Steps:
        """Return the steps of a text, none for an empty one."""

    def steps_of(self, document: Document) -> Steps:
        """Return the steps of a document: those of its text."""
        return self.steps(document.text)

    @abstractmethod
    def name(self, index: int) -> str:
        """Return what an index stands for, as pages may show it.

        Of an index that stands for one text and no other, it is that text.
        """

    @abstractmethod
    def written(self) -> dict[str, Any]:
        """Return what stands of it in `model.json`: `vocabulary`, and whatever else it needs."""

    @classmethod
    @abstractmethod
    def read(cls, written: Mapping[str, Any], where: str) -> Tokens:
        """Return what `written` gave.

        Args:
            written: `model.json`, whole; it has a `vocabulary`.
            where: The file, for messages.

        Raises:
            ModelError: Something of it is not right; names all.
        """

    def encode(self, text: str) -> NDArray[np.int64]:
        """Return the index of each step, int64[S]."""
        return self.steps(text).ids

    def entry(self, index: int) -> str:
        """Return how `model.json` writes an index of the vocabulary; its name unless said."""
        return self.name(index)

    def index_of(self, entry: Any, where: str) -> int:
        """Return the index that `entry` gives this for.

        Raises:
            ModelError: There is none.
        """
        for index in range(1, self.size):
            if self.entry(index) == entry:
                return index
        raise ModelError(Problem(where, "not in the vocabulary", f"{entry!r:.60}",
                                 "name an entry of the vocabulary"))

    def with_rows(self, count: int) -> Tokens | None:
        """Return the same for an embedding of so many rows and one more, where that can be."""
        return None

    def files(self) -> Mapping[str, bytes]:
        """Return what stands beside `model.json` of it, by name."""
        return {}

    def never(self) -> Sequence[str]:
        """Return the special entries, which never match a text."""
        return ()

    def for_scripts(self) -> dict[str, Any] | None:
        """Return what a script must know to cut a text, beside the names; None where none can.

        The keys are those of `Cutting` in `assets/network.js`.
        """
        return None

    def notes(self) -> list[str]:
        """Return what is to be said of how a text is cut, a sentence each."""
        return []

    @property
    def line_end(self) -> int | None:
        """Index of the step that stands for the end of a line in place of a newline, if any."""
        return None

    def are_unknown(self, ids: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Return which steps stand for something that is not known: those of index 0, bool[S]."""
        return np.equal(ids, 0)

    def unknown(self, ids: NDArray[np.int64]) -> int:
        """Return how many steps stand for something that is not known."""
        return int(np.count_nonzero(self.are_unknown(ids)))

    def known(self) -> NDArray[np.int64]:
        """Return the indices that stand for something known, in their order, int64[≤ V]."""
        every = np.arange(self.size, dtype=np.int64)
        return every[[not self.unknown(index) for index in np.split(every, self.size)]]

    def starting_with(self, characters: str) -> list[int]:
        """Return the known indices whose name begins with one of these characters.

        They come in the order of the characters, and for each in their own.
        """
        if not characters:  # most features predict none, and a vocabulary may be large
            return []
        first = [(self.name(index)[:1], index) for index in self.known().tolist()]
        return [index for c in characters for initial, index in first if initial == c]


TOKENS: Registry[type[Tokens]] = Registry(
    "kind of tokens", "builder.tokens", "unit_gallery.tokens")


def check_tokens(tokens: Tokens, texts: Iterable[str]) -> None:
    """See that steps are as `Tokens` promises. For tests of ours and of others.

    Raises:
        AssertionError: They are not; says of which text.
    """
    for text in texts:
        steps, where = tokens.steps(text), f"{tokens.kind}, {text[:40]!r}"
        assert steps.ids.dtype == steps.ends.dtype == np.int64, f"{where}: not int64"
        assert steps.ids.shape == steps.ends.shape == (len(steps),), f"{where}: not one end a step"
        assert ((steps.ids >= 0) & (steps.ids < tokens.size)).all(), f"{where}: no such index"
        assert (steps.sizes >= 0).all(), f"{where}: ends fall"
        assert steps.ends[-1:].sum() == len(text), f"{where}: the text is not covered"
        assert (tokens.encode(text) == steps.ids).all(), f"{where}: encode gives other indices"
        assert not tokens.one_character or (steps.sizes == 1).all(), f"{where}: not one character"
