"""Texts prepared once: steps and labels of documents, packed in a file that all processes map.

Whoever reads a text is sent where it stands in the file and nothing of the text itself. A feature
that is 0 or 1 takes a bit of a character, any other two bytes.
"""

from __future__ import annotations

import mmap
import tempfile
import weakref
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from builder.activations.sampling import Stretch
from builder.core.text import Document, Piece
from builder.features import Feature, label
from builder.scoring import Prepared, compact
from builder.scoring.bigrams import BigramTable
from builder.scoring.prepare import NOT_SCORED
from builder.tokens.characters import Vocabulary


@dataclass(frozen=True)
class Packed:
    """Some characters with their labels, as small as they get.

    Attributes:
        ids: [N], indices in the vocabulary, in the smallest unsigned type that holds them.
        binary: Columns of features that are 0 or 1 everywhere, Kb of them.
        bits: uint8[N, ceil(Kb / 8)], these features, the first in the highest bit.
        rest: int16 or float32[N, K − Kb], the other features, in their order.
    """

    ids: NDArray[Any]
    binary: tuple[int, ...]
    bits: NDArray[np.uint8]
    rest: NDArray[Any]

    @property
    def labels(self) -> NDArray[Any]:
        """All labels, [N, K], in the type of `rest`."""
        n, k = len(self.ids), len(self.binary) + self.rest.shape[1]
        labels = np.empty((n, k), self.rest.dtype)
        others = np.setdiff1d(np.arange(k), self.binary)
        labels[:, others] = self.rest
        labels[:, self.binary] = np.unpackbits(self.bits, 1, len(self.binary))
        return labels

    def __getitem__(self, at: slice) -> Packed:
        return Packed(self.ids[at], self.binary, self.bits[at], self.rest[at])

    @property
    def arrays(self) -> tuple[NDArray[Any], ...]:
        """All that takes room."""
        return self.ids, self.bits, self.rest


def pack(ids: NDArray[np.int64], labels: NDArray[Any]) -> Packed:
    """Pack N characters.

    Args:
        ids: int64[N].
        labels: [N, K], int16 or float32.
    """
    binary = np.flatnonzero(((labels == 0) | (labels == 1)).all(0))
    others = np.setdiff1d(np.arange(labels.shape[1]), binary)
    bits = np.packbits(labels[:, binary].astype(bool), 1)
    small = np.min_scalar_type(int(ids.max(initial=0)))
    return Packed(ids.astype(small), tuple(binary.tolist()), bits,
                  np.ascontiguousarray(labels[:, others]))


@dataclass(frozen=True)
class _Place:
    """Where the arrays of a document stand in the file: offset, type and shape of each."""

    binary: tuple[int, ...]
    arrays: tuple[tuple[int, str, tuple[int, ...]], ...]


@dataclass(frozen=True)
class Slice:
    """What is sent of a stretch to whoever reads it.

    Attributes:
        document: Digest of its document.
        piece: Which characters of it; with what is read before them.
        place: Where the document stands in the file.
        carried: The characters themselves, for those who cannot see the file.
    """

    document: str
    piece: Piece
    place: _Place = field(compare=False)
    carried: Packed | None = field(default=None, compare=False)


@dataclass(frozen=True)
class Texts:
    """Documents that were encoded and labelled, each once, whole, when it is first asked for.

    Attributes:
        vocabulary: What steps are.
        language: Of the texts.
        features: K, that they are labelled with.
        folder: Where the file goes; the system's folder for such things where it is None.
    """

    vocabulary: Vocabulary
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
        return _there, (self.vocabulary, self.language, self.features, self.path)

    def slices(self, stretches: Iterable[Stretch]) -> list[Slice]:
        """Return what is sent of stretches; documents that are new are encoded and labelled."""
        return [Slice(d.digest, p, self._place(d)) for d, p in stretches]

    def labels(self, document: Document) -> NDArray[Any]:
        """Return the labels of a whole document, [N, K]."""
        return self._read(self._place(document)).labels

    def carried(self, one: Slice) -> Slice:
        """Return a slice with its characters in it."""
        return Slice(one.document, one.piece, one.place, self.packed(one))

    def packed(self, one: Slice) -> Packed:
        """Return the characters that are read for a slice."""
        return one.carried or self._read(one.place)[one.piece.read_start : one.piece.stop]

    def _place(self, document: Document) -> _Place:
        if document.digest not in self._places:
            self._places[document.digest] = self._write(document)
        return self._places[document.digest]

    def _write(self, document: Document) -> _Place:
        labels = compact(label(document.text, self.language, self.features).values)
        packed = pack(self.vocabulary.encode(document.text), labels)
        with self.path.open("ab") as file:
            return _Place(packed.binary, tuple(_append(file, a) for a in packed.arrays))

    def _read(self, place: _Place) -> Packed:
        ids, bits, rest = (_array(self.path, *where) for where in place.arrays)
        return Packed(ids, place.binary, bits, rest)


def _there(
    vocabulary: Vocabulary, language: str, features: tuple[Feature, ...], path: Path
) -> Texts:
    texts: Texts = object.__new__(Texts)
    for name, value in (("vocabulary", vocabulary), ("language", language),
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


def load(texts: Texts, slices: Sequence[Slice], table: BigramTable) -> list[Prepared]:
    """Return slices as they are read and scored."""
    return [_prepared(texts.packed(one), one.piece, table) for one in slices]


def _prepared(packed: Packed, piece: Piece, table: BigramTable) -> Prepared:
    ids = packed.ids.astype(np.int64)
    groups = np.full(len(ids), NOT_SCORED, np.int16)
    groups[piece.scored_start - piece.read_start :] = piece.group
    return Prepared(ids, packed.labels, groups, table.of(ids))
