"""Arrays in a `.npz` file: mapped where they lie, and never opened as pickles."""

from __future__ import annotations

import shutil
import struct
import tempfile
import weakref
import zipfile
import zlib
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from tokenize import TokenError
from types import TracebackType
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from builder.core.errors import CorpusError, Problem

LARGEST = 2**36
"""Bytes of the largest array that is read."""

_BROKEN = (zipfile.BadZipFile, zlib.error, struct.error, EOFError, ValueError, NotImplementedError)
"""What is raised where an archive is not what it says."""

_NO_HEADER = (SyntaxError, TokenError, RecursionError, MemoryError)
"""What Python raises where what stands before an array is no dictionary."""

_LOCAL_HEADER = 30
_CHUNK = 2**22
_READERS = {(1, 0): np.lib.format.read_array_header_1_0,
            (2, 0): np.lib.format.read_array_header_2_0}


class Scratch:
    """Files that are removed when nobody needs them any more; other processes only read them.

    Args:
        folder: Where they go; the system's folder for such things where it is None.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder

    def __reduce__(self) -> tuple[Any, ...]:
        return Scratch, (self._folder,)

    def new(self) -> Path:
        """Return an empty file."""
        if self._folder is not None:
            self._folder.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(
                prefix="states-", suffix=".raw", dir=self._folder, delete=False) as file:
            path = Path(file.name)
        weakref.finalize(self, path.unlink, missing_ok=True)
        return path


@dataclass(frozen=True)
class Mapped:
    """An array in a file; it is equal to another with the same numbers in it, wherever it lies.

    Attributes:
        path: Of the file.
        offset: Where it begins, in bytes.
        fortran: Whether its columns lie one after the other, instead of its rows.
        kind: Its dtype, as numpy writes it.
        shape: Of the array.
        check: CRC-32 of its bytes.
    """

    path: Path = field(compare=False)
    offset: int = field(compare=False)
    fortran: bool = field(compare=False)
    kind: str
    shape: tuple[int, ...]
    check: int

    @property
    def array(self) -> NDArray[Any]:
        """The array; what is not looked at is not read."""
        return _mapped(self.path, self.offset, self.fortran, self.kind, self.shape, self.check)


@lru_cache(maxsize=64)
def _mapped(
    path: Path, offset: int, fortran: bool, kind: str, shape: tuple[int, ...], check: int
) -> NDArray[Any]:
    """Map an array once in a process; `check` tells it from what was there before."""
    if not np.prod(shape):
        return np.empty(shape, np.dtype(kind))
    return np.memmap(path, np.dtype(kind), "r", offset, shape, "F" if fortran else "C")


@dataclass(frozen=True)
class _Header:
    """What stands before an array: its size in bytes, and what follows."""

    size: int
    fortran: bool
    dtype: np.dtype[Any]
    shape: tuple[int, ...]


class Archive:
    """An open `.npz` file.

    Args:
        path: Of the file.
        scratch: Where arrays are unpacked that are compressed.
        where: How messages name it.

    Raises:
        CorpusError: It is not there, or not a whole `.npz` file.
    """

    def __init__(self, path: Path, scratch: Scratch, where: str) -> None:
        self._path, self._scratch, self._where = path, scratch, where
        try:
            self._zip = zipfile.ZipFile(path)
        except (*_BROKEN, OSError) as error:
            raise self._refused(*_unopened(path, error)) from None
        self._members = {info.filename.removesuffix(".npy"): info
                         for info in self._zip.infolist() if info.filename.endswith(".npy")}
        self._headers: dict[str, _Header] = {}

    def __enter__(self) -> Archive:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._zip.close()

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the arrays, in their order."""
        return tuple(self._members)

    def shape(self, name: str) -> tuple[int, ...]:
        """Return the shape of an array."""
        return self._header(name).shape

    def dtype(self, name: str) -> np.dtype[Any]:
        """Return the type of an array's elements."""
        return self._header(name).dtype

    def mapped(self, name: str) -> Mapped:
        """Return an array where it lies; one that is compressed is unpacked into a file before.

        Raises:
            CorpusError: It is a pickle, too large, cut short, or its sizes contradict each other.
        """
        info, header = self._members[name], self._header(name)
        self._check(name, info, header)
        rest = header.fortran, header.dtype.str, header.shape, info.CRC
        if info.compress_type == zipfile.ZIP_STORED:
            return Mapped(self._path, self._start(info) + header.size, *rest)
        return Mapped(self._unpacked(name, info), header.size, *rest)

    def _header(self, name: str) -> _Header:
        if name not in self._headers:
            try:
                with self._zip.open(self._members[name]) as file:
                    self._headers[name] = _header_of(file)
            except (*_BROKEN, *_NO_HEADER, OSError, RuntimeError) as error:
                raise self._refused(f"{name} cannot be read", str(error)) from None
        return self._headers[name]

    def _check(self, name: str, info: zipfile.ZipInfo, header: _Header) -> None:
        if header.dtype.hasobject:
            raise self._refused(
                f"{name} is an array of Python objects", "that is a pickle, which stays closed",
                f"write it with a dtype of its own: np.array({name}, dtype="
                f"{'str' if name in ('text', 'tokens', 'names', 'vocabulary') else 'np.float32'})")
        size = header.dtype.itemsize * int(np.prod([int(n) for n in header.shape], dtype=object))
        if size > LARGEST:
            raise self._refused(f"{name} is too large", f"{header.shape} {header.dtype}, "
                                f"{size:,} bytes", f"{LARGEST:,} bytes are read at most")
        if size + header.size != info.file_size:
            raise self._refused(f"{name} is not what it says", f"{header.shape} {header.dtype} "
                                f"are {size:,} bytes, there are {info.file_size - header.size:,}",
                                "save it again")

    def _start(self, info: zipfile.ZipInfo) -> int:
        """Return where a member's bytes begin."""
        with self._path.open("rb") as file:
            file.seek(info.header_offset)
            local = file.read(_LOCAL_HEADER).ljust(_LOCAL_HEADER, b"\xff")
        name, extra = struct.unpack("<HH", local[26:])
        start = int(info.header_offset) + _LOCAL_HEADER + int(name) + int(extra)
        if start + info.file_size > self._path.stat().st_size:
            raise self._refused(f"{info.filename} is cut short", "", "save it again")
        return start

    def _unpacked(self, name: str, info: zipfile.ZipInfo) -> Path:
        path = self._scratch.new()
        free = shutil.disk_usage(path.parent).free
        if info.file_size > free:
            raise self._refused(f"{name} is compressed, and there is no room to unpack it",
                                f"{info.file_size:,} bytes, {free:,} are free",
                                "write it with np.savez, which does not compress")
        try:
            with self._zip.open(info) as packed, path.open("wb") as file:
                shutil.copyfileobj(packed, file, _CHUNK)
        except _BROKEN as error:
            raise self._refused(f"{name} cannot be unpacked", str(error), "save it again") from None
        return path

    def _refused(self, wrong: str, found: str = "", remedy: str = "") -> CorpusError:
        return CorpusError(Problem(self._where, wrong, found, remedy))


def _unopened(path: Path, error: Exception) -> tuple[str, str, str]:
    if isinstance(error, OSError):
        return "cannot be read", error.strerror or str(error), ""
    return ("not a whole .npz file", f"{path.stat().st_size:,} bytes",
            "write it with builder.save_states or np.savez")


def _header_of(file: IO[bytes]) -> _Header:
    version = np.lib.format.read_magic(file)
    if version not in _READERS:
        raise ValueError(f"version {version} of numpy's format")
    shape, fortran, dtype = _READERS[version](file)
    return _Header(file.tell(), fortran, dtype, shape)
