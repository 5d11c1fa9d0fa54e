"""Somebody's network in memory as a source of activations: read once, then as if it were stored.

What is asked of whoever reads it is one method; each further one lets more be said:

    class Reader:
        vocabulary = [...]                 # a list, str or dict: what the ids stand for
        def read(self, ids): ...           # name of a signal -> [steps, units]
        def log_probs(self, ids): ...      # [steps], of each step given those before it
        def hold(self, unit, value): ...   # the same reader, while a unit is a constant for others

In place of `vocabulary`, `steps(text)` may return the ids of a text and what each covers.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from builder.activations.given import GivenSteps
from builder.activations.npz import Mapped, Scratch
from builder.activations.source import Ability
from builder.activations.states_file import MOST_UNITS, Layer, numbers_of, parsed
from builder.activations.stored import StoredSource
from builder.core.errors import ModelError, Problem
from builder.core.text import Corpus
from builder.core.units import UnitId

LONGEST = 20_000
"""Steps that a network is given at once, but for those before that it warms up with."""

WARM_UP = 1_000

WHERE = "the network"


@dataclass(frozen=True)
class LiveSource(StoredSource):
    """What a network in memory gave, and the network itself.

    Attributes:
        reader: Who reads it.
    """

    reader: Any = field(default=None, compare=False)

    @property
    def abilities(self) -> frozenset[Ability]:
        """What the reader has methods for."""
        can_hold = self.log_probs is not None and hasattr(self.reader, "hold")
        return super().abilities | ({Ability.HOLD} if can_hold else set())

    @property
    def outputs(self) -> tuple[str, ...]:
        """All states."""
        return self.states

    def held(self, unit: UnitId) -> UnitId:
        """Return a unit itself, or what it is the change of."""
        of = self.signal(unit.signal).of
        return UnitId(of, *unit.cell) if of else unit

    def losses(self, texts: Sequence[NDArray[np.int64]]) -> list[NDArray[np.float32]]:
        """Return the losses of the whole network."""
        return [_losses(self.reader, ids) for ids in texts]

    def losses_without(
        self, texts: Sequence[NDArray[np.int64]], held: Sequence[tuple[UnitId, float]],
        first: Sequence[int],
    ) -> list[list[NDArray[np.float32]]]:
        """Return the losses while each unit is held."""
        return [[_losses(reader, ids) for ids in texts]
                for reader in (self.reader.hold(unit.name, value) for unit, value in held)]


def open_live(reader: Any, untrained: Sequence[Any], corpus: Corpus) -> LiveSource:
    """Read a corpus with a network in memory, and with networks that learned nothing.

    Args:
        reader: Who reads it.
        untrained: Who reads those.
        corpus: The text.

    Raises:
        ModelError: What a reader gives is not as it must be.
    """
    scratch = Scratch()
    ids, cut = _cut(reader, corpus)
    layers, log_probs = _read_all(reader, ids, scratch, chances=hasattr(reader, "log_probs"))
    others = []
    for number, other in enumerate(untrained):
        given, _ = _read_all(other, ids, scratch, chances=False)
        if [_of(a) for a in given] != [_of(a) for a in layers]:
            raise _wrong(f"untrained network {number} has other signals or units",
                         f"{[_of(a) for a in given]}, the network itself "
                         f"{[_of(a) for a in layers]}", "give networks of the same sizes")
        others.append(given)
    places = {digest: first for digest, (first, _) in cut.places.items()}
    return LiveSource(layers, cut, places, tuple(others), log_probs, scratch=scratch,
                      reader=reader)


def _of(layer: Layer) -> tuple[str, int]:
    return f"{layer.signal}{layer.number}", layer.values.shape[1]


def _cut(reader: Any, corpus: Corpus) -> tuple[list[NDArray[np.int64]], GivenSteps]:
    """Return the ids of each document, and what the steps are."""
    if not hasattr(reader, "read"):
        raise _wrong("cannot be read", f"{type(reader).__name__} has no method read",
                     "see \"In a notebook\" in Bring your own model")
    by_character = not hasattr(reader, "steps")
    rows = _rows(reader) if by_character else {}
    ids, sizes, names = list[NDArray[np.int64]](), list[NDArray[np.int64]](), dict[int, str]()
    places, first = dict[str, tuple[int, int]](), 0
    for document in corpus.documents:
        text = document.text
        of_one, pieces = (_known(text, rows, reader), list(text)) if by_character \
            else _steps(reader, text)
        names |= dict(zip(of_one.tolist(), pieces, strict=True))
        ids.append(of_one)
        sizes.append(np.fromiter(map(len, pieces), np.int64, len(pieces)))
        places[document.digest] = first, first + len(of_one)
        first += len(of_one)
    size = max(names, default=0) + 1
    return ids, GivenSteps(tuple(names.get(i, "\ufffd") for i in range(size)),
                           np.concatenate(ids), np.concatenate(sizes), places, by_character)


def _rows(reader: Any) -> dict[str, int]:
    """Return the id of each character."""
    vocabulary = getattr(reader, "vocabulary", None)
    if not vocabulary:
        raise _wrong("nothing says what its ids stand for", "",
                     "give its reader a vocabulary, or a method steps")
    if not isinstance(vocabulary, Mapping):
        return {character: i for i, character in enumerate(vocabulary)}
    return {str(b): int(a) for a, b in vocabulary.items()} \
        if all(isinstance(key, int) for key in vocabulary) else dict(vocabulary)


def _known(text: str, rows: Mapping[str, int], reader: Any) -> NDArray[np.int64]:
    unknown = getattr(reader, "unknown", None)
    found = [rows.get(character, unknown) for character in text]
    if None in found:
        at = found.index(None)
        raise _wrong(f"{text[at]!r} is not in its vocabulary", f"character {at:,} of a text",
                     "let its reader have unknown, the id that stands for other characters")
    return np.array(found, np.int64)


def _steps(reader: Any, text: str) -> tuple[NDArray[np.int64], list[str]]:
    ids, pieces = reader.steps(text)
    found, pieces = np.asarray(ids, np.int64), list(pieces)
    if len(found) != len(pieces) or "".join(pieces) != text:
        raise _wrong("steps(text) must return the ids and what each covers, the whole text",
                     f"{len(found):,} ids, {len(pieces):,} pieces with "
                     f"{sum(map(len, pieces)):,} characters, {len(text):,} in the text")
    if (found < 0).any():
        raise _wrong("an id is below 0", str(int(found.min())))
    return found, pieces


def _read_all(
    reader: Any, texts: Sequence[NDArray[np.int64]], scratch: Scratch, *, chances: bool
) -> tuple[tuple[Layer, ...], NDArray[np.float32] | None]:
    """Read texts into files, one for each array; return these, and the chance of each step."""
    files = dict[str, _File]()
    log_probs = [np.zeros(0, np.float32)]
    for ids in texts:
        for some, kept in _stretches(ids):
            given = _checked(reader.read(some), len(some))
            if files and {name: a.shape[1] for name, a in given.items()} != {
                    name: file.units for name, file in files.items()}:
                raise _wrong("read gives other signals or units than before",
                             ", ".join(f"{n} {a.shape}" for n, a in given.items()))
            for name, values in given.items():
                if name not in files:
                    files[name] = _File(scratch, values.shape[1])
                files[name].add(values[kept:])
            if chances:
                log_probs.append(_chances(reader, some)[kept:])
    order = sorted(files, key=lambda name: (parsed(name) or ("", 0))[1])
    layers = tuple(Layer(*(parsed(name) or ("", 0)), files[name].mapped) for name in order)
    return layers, np.concatenate(log_probs) if chances else None


def _stretches(ids: NDArray[np.int64]) -> Iterator[tuple[NDArray[np.int64], int]]:
    """Yield parts of a text, and how many steps of each were there before."""
    for start in range(0, len(ids), LONGEST):
        before = max(0, start - WARM_UP)
        yield ids[before : start + LONGEST], start - before


class _File:
    """An array that is written row by row."""

    def __init__(self, scratch: Scratch, units: int) -> None:
        self.units, self._rows, self._check, self._path = units, 0, 0, scratch.new()

    def add(self, values: NDArray[np.float32]) -> None:
        """Write rows."""
        raw = np.ascontiguousarray(values).tobytes()
        with self._path.open("ab") as file:
            file.write(raw)
        self._check = zlib.crc32(raw, self._check)
        self._rows += len(values)

    @property
    def mapped(self) -> Mapped:
        """The array as it is now."""
        kind = np.dtype(np.float32).str
        return Mapped(self._path, 0, False, kind, (self._rows, self.units), self._check)


def _checked(given: Any, steps: int) -> dict[str, NDArray[np.float32]]:
    """Return what a reader gave for some steps."""
    if not isinstance(given, Mapping) or not given:
        raise _wrong("read must return arrays by the names of signals",
                     f"it returned {type(given).__name__}", "for example {'h0': states}")
    found: dict[str, NDArray[np.float32]] = {}
    for name, array in given.items():
        if not parsed(str(name)):
            raise _wrong(f"{name!r} is not the name of a signal", "",
                         "letters in lower case, and the number of its layer: h0")
        values = numbers_of(array, str(name), WHERE).astype(np.float32)
        if values.ndim != 2 or len(values) != steps:
            raise _wrong(f"{name} must be [steps, units]", f"shape {values.shape}, {steps:,} steps")
        if not np.isfinite(values).all():
            step, unit = (int(i[0]) for i in np.nonzero(~np.isfinite(values)))
            raise _wrong(f"a value of {name} is {values[step, unit]}", f"unit {unit} (from 0)")
        found[str(name)] = values
    if sum(values.shape[1] for values in found.values()) > MOST_UNITS:
        raise _wrong("too many units to be measured together", "",
                     f"{MOST_UNITS:,} are read at most; return fewer signals")
    return found


def _chances(reader: Any, ids: NDArray[np.int64]) -> NDArray[np.float32]:
    found = numbers_of(reader.log_probs(ids), "log_probs", WHERE).astype(np.float32)
    if found.shape != ids.shape or not (np.isfinite(found[1:]) & (found[1:] <= 1e-3)).all():
        raise _wrong("log_probs must be one logarithm of a chance for each step, 0 at most",
                     f"shape {found.shape}, {len(ids):,} steps",
                     "that of the first may be anything")
    return found


def _losses(reader: Any, ids: NDArray[np.int64]) -> NDArray[np.float32]:
    """Return −log p of the step after each; the last row is NaN."""
    return np.append(-_chances(reader, ids)[1:], np.float32(np.nan))


def _wrong(wrong: str, found: str = "", remedy: str = "") -> ModelError:
    return ModelError(Problem(WHERE, wrong, found, remedy))
