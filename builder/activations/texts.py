"""Texts prepared once: steps and labels of documents, packed in a file that all processes map.

Whoever reads a text is sent where it stands in the file and nothing of the text itself. A feature
that is 0 or 1 takes a bit of a step, any other two bytes. Stretches are given in characters, and
here they become stretches of steps.
"""

from __future__ import annotations

import mmap
import tempfile
import weakref
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from builder.activations.bounds import Bounds, bounds, steps_before
from builder.activations.packing import Packed, pack, small
from builder.activations.sampling import Stretch
from builder.core.feed import SILENT, StepMarks, has
from builder.core.text import Document, Piece
from builder.features import Feature, label_columns
from builder.scoring import Prepared
from builder.scoring.bigrams import BigramTable
from builder.scoring.prepare import NOT_SCORED
from builder.tokens.contract import Cut, Steps, at_steps, of_steps

Marks = tuple[tuple[int, int, int], ...]
"""Start, stop and group of stretches that count, in characters or in steps of a document."""


_Where = tuple[int, str, tuple[int, ...]]


@dataclass(frozen=True)
class _Place:
    """Where the arrays of a document stand in the file: offset, type and shape of each.

    Attributes:
        binary: Of what is packed.
        arrays: Of what is packed.
        ends: Where its steps end; nothing where each is one character.
    """

    binary: tuple[int, ...]
    arrays: tuple[_Where, ...]
    ends: tuple[_Where, ...]


@dataclass(frozen=True)
class Slice:
    """What is sent of a stretch to whoever reads it.

    Attributes:
        document: Digest of its document.
        piece: Which characters of it; with what is read before them.
        bounds: The same in steps.
        place: Where the document stands in the file.
        carried: The steps themselves, for those who cannot see the file.
    """

    document: str
    piece: Piece
    bounds: Bounds
    place: _Place = field(compare=False)
    carried: Packed | None = field(default=None, compare=False)


@dataclass(frozen=True)
class Texts:
    """Documents that were encoded and labelled, each once, whole, when it is first asked for.

    Attributes:
        cutting: How they become steps.
        language: Of the texts.
        features: K, that they are labelled with.
        folder: Where the file goes; the system's folder for such things where it is None.
    """

    cutting: Cut
    language: str
    features: tuple[Feature, ...]
    folder: Path | None = field(default=None, compare=False)
    path: Path = field(init=False, compare=False)
    _places: dict[str, _Place] = field(default_factory=dict, init=False, compare=False)

    def __post_init__(self) -> None:
        if self.folder is not None:
            self.folder.mkdir(parents=True, exist_ok=True)
        file = tempfile.NamedTemporaryFile(  # noqa: SIM115 - it lives as long as this
            prefix="texts-", suffix=".packed", dir=self.folder, delete=False)
        file.close()
        object.__setattr__(self, "path", Path(file.name))
        weakref.finalize(self, Path(file.name).unlink, missing_ok=True)

    def __reduce__(self) -> tuple[Any, ...]:
        """Be the same file in another process, which only reads it."""
        return _there, (self.cutting, self.language, self.features, self.path)

    def slices(self, stretches: Iterable[Stretch]) -> list[Slice]:
        """Return what is sent of stretches; documents that are new are encoded and labelled."""
        chosen = [(d, p, self._place(d)) for d, p in stretches]
        return [Slice(d.digest, p, bounds(p, self._ends(place)), place) for d, p, place in chosen]

    def labels(self, document: Document) -> NDArray[Any]:
        """Return the labels of a whole document, of each character those of its step, [N, K]."""
        place = self._place(document)
        packed, ends = self._read(place), self._ends(place)
        return packed.labels if ends is None else of_steps(
            packed.labels, Steps(packed.ids, ends.astype(np.int64)))

    def scored(self, stretch: Stretch) -> Packed:
        """Return the steps of a stretch that count, and silent ones among them."""
        (one,) = self.slices([stretch])
        return self._read(one.place)[one.bounds.scored : one.bounds.stop]

    def marks(self, document: Document, marks: Marks) -> Marks:
        """Return stretches of a document in steps, given in characters."""
        ends = self._ends(self._place(document))
        return tuple((steps_before(start, ends), steps_before(stop, ends), group)
                     for start, stop, group in marks)

    def ends(self, one: Slice) -> NDArray[np.int64]:
        """Return where the steps that are read for a slice end, int64[S].

        Positions are counted from where reading starts; the last may be beyond the slice.
        """
        start, ends = one.piece.read_start, self._ends(one.place)
        if ends is None:
            return np.arange(1, one.piece.stop - start + 1, dtype=np.int64)
        return ends[one.bounds.first : one.bounds.end].astype(np.int64) - start

    def steps_within(self, one: Slice, ids: NDArray[np.int64]) -> Steps:
        """Return the steps that are read for a slice, the last no longer than the slice is.

        Args:
            one: The slice.
            ids: Its steps, int64[S].
        """
        length = one.piece.stop - one.piece.read_start
        return Steps(ids, np.minimum(self.ends(one), length))

    def carried(self, one: Slice) -> Slice:
        """Return a slice with its steps in it."""
        return replace(one, carried=self.packed(one))

    def packed(self, one: Slice) -> Packed:
        """Return the steps that are read for a slice."""
        return one.carried or self._read(one.place)[one.bounds.first : one.bounds.end]

    def _place(self, document: Document) -> _Place:
        if document.digest not in self._places:
            self._places[document.digest] = self._write(document)
        return self._places[document.digest]

    def _write(self, document: Document) -> _Place:
        columns = label_columns(document.text, self.language, self.features)
        steps, ends = self.cutting.steps_of(document), list[NDArray[Any]]()
        if not self.cutting.one_character:
            columns = (at_steps(column, steps) for column in columns)
            ends = [small(steps.ends)]
        packed = pack(steps.ids, columns, steps.marks)
        with self.path.open("ab") as file:
            return _Place(packed.binary, tuple(_append(file, a) for a in packed.arrays),
                          tuple(_append(file, a) for a in ends))

    def _ends(self, place: _Place) -> NDArray[Any] | None:
        return _array(self.path, *place.ends[0]) if place.ends else None

    def _read(self, place: _Place) -> Packed:
        ids, bits, rest, *marks = (_array(self.path, *where) for where in place.arrays)
        return Packed(ids, place.binary, bits, rest, marks[0] if marks else None)


def _there(
    cutting: Cut, language: str, features: tuple[Feature, ...], path: Path
) -> Texts:
    texts: Texts = object.__new__(Texts)
    for name, value in (("cutting", cutting), ("language", language),
                        ("features", features), ("folder", None), ("path", path),
                        ("_places", {})):
        object.__setattr__(texts, name, value)
    return texts


def _append(file: BinaryIO, array: NDArray[Any]) -> tuple[int, str, tuple[int, ...]]:
    file.write(b"\0" * (-file.tell() % 8))
    start = file.tell()
    file.write(np.ascontiguousarray(array).tobytes())
    return start, array.dtype.str, array.shape


def _array(path: Path, offset: int, kind: str, shape: tuple[int, ...]) -> NDArray[Any]:
    dtype, count = np.dtype(kind), int(np.prod(shape))
    if not count:
        return np.empty(shape, dtype)
    raw = _mapped(path, path.stat().st_size)
    return np.frombuffer(raw, dtype, count, offset).reshape(shape)


@lru_cache(maxsize=4)
def _mapped(path: Path, size: int) -> mmap.mmap:
    """Map a file as large as it is now; it only grows."""
    with path.open("rb") as file:
        return mmap.mmap(file.fileno(), size, access=mmap.ACCESS_READ)


def load(
    texts: Texts, slices: Sequence[Slice], table: BigramTable,
    clips: Sequence[tuple[int, int]],
) -> list[Prepared]:
    """Return slices as they are read and scored.

    Args:
        texts: Where they stand.
        slices: Of the texts.
        table: Numbers of the frequent pairs of steps.
        clips: Columns of labels, each with the largest value that is scored.
    """
    return [_prepared(texts.packed(one), one, table, clips) for one in slices]


def _prepared(
    packed: Packed, one: Slice, table: BigramTable, clips: Sequence[tuple[int, int]]
) -> Prepared:
    ids, labels, at = packed.indices, packed.labels, one.bounds
    for column, most in clips:
        np.minimum(labels[:, column], most, out=labels[:, column])
    groups = grouped(len(ids), at.first, ((at.scored, at.stop, one.piece.group),), packed.marks)
    return Prepared(ids, labels, groups, table.of(packed.fed), packed.marks)


def grouped(
    length: int, start: int, marks: Marks, silent: StepMarks | None = None
) -> NDArray[np.int16]:
    """Return the group of each of so many steps, int16[S]; NOT_SCORED where none counts.

    Args:
        length: S.
        start: Number of the first of them in its document.
        marks: In steps of the document.
        silent: uint8[S], marks of the steps, of which the silent ones do not count.
    """
    groups = np.full(length, NOT_SCORED, np.int16)
    for first, stop, group in marks:
        groups[first - start : stop - start] = group
    groups[has(silent, SILENT, length)] = NOT_SCORED
    return groups
