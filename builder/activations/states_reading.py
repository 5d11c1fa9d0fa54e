"""A file of activations read and checked; the values themselves stay where they are."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from builder.activations.npz import Archive, Scratch
from builder.activations.states_checks import check_beside, check_finite, check_sizes
from builder.activations.states_file import STATES, Layer, StatesFile, by_layer, parsed, refused

WORDS = ("text", "tokens", "names", "vocabulary")
BESIDE = (*WORDS, "documents", "log_probs")

MOST_TEXT = 2**31
"""Bytes of the texts in one array, four for each character."""

MOST_CODE, SURROGATES = 0x10FFFF, 0xD800 >> 11
"""The last character of Unicode, and what halves of characters have in their upper bits."""

_REMEDY = "see \"Any other model, by its states\" in Bring your own model"


def read_states_file(path: Path, scratch: Scratch, where: str = "") -> StatesFile:
    """Read a file of activations; the values themselves stay where they are.

    Args:
        path: Of the file.
        scratch: Where values are unpacked that are compressed.
        where: How messages name it; as its path where that is empty.

    Raises:
        CorpusError: Something of it is not right.
    """
    where = where or str(path)
    with Archive(path, scratch, where) as archive:
        signals = _signals(archive, where)
        layers = tuple(_layer(archive, name, where) for name in signals)
        check_sizes(layers, where)
        found = StatesFile(
            where, layers, _text(archive, where), _tokens(archive, where),
            _starts(archive, where), _words(archive, "names", where) or (),
            _log_probs(archive), _words(archive, "vocabulary", where),
            tuple(n for n in archive.names if n not in (*signals, *BESIDE)))
        check_beside(found)
    for layer in layers:
        check_finite(layer, where)
    return found


def _signals(archive: Archive, where: str) -> list[str]:
    """Return the names of the arrays that are values, layer by layer."""
    if STATES in archive.names:
        return [STATES]
    beside = set(BESIDE)
    found = [name for name in archive.names if name not in beside
             and (archive.dtype(name).kind in "fO" and len(archive.shape(name)) == 2)]
    if not found:
        raise refused(where, "there are no states", f"there are: {' '.join(archive.names) or '—'}",
                      _REMEDY)
    wrong = [name for name in found if not parsed(name)]
    if wrong:
        plain = re.sub(r"[^a-z0-9]", "", wrong[0].lower())
        raise refused(
            where, f"{wrong[0]!r} is not the name of a signal",
            "letters in lower case, and the number of its layer if there is one, such as h0",
            f"call it {plain!r}" if parsed(plain) else "call it h0")
    if len({parsed(name) for name in found}) < len(found):
        raise refused(where, "two arrays are the same signal of the same layer", " ".join(found))
    return by_layer(found)


def _layer(archive: Archive, name: str, where: str) -> Layer:
    signal = parsed(name)
    assert signal is not None
    mapped = archive.mapped(name)
    shape, kind = mapped.shape, np.dtype(mapped.kind)
    if kind.kind != "f" or kind.itemsize not in (2, 4, 8):
        raise refused(where, f"{name} are not numbers of a kind that is read", str(kind),
                      "write them as float16 or float32")
    if len(shape) != 2 or not all(shape):
        raise refused(
            where, f"{name} must have two dimensions, steps and units, and some of each",
            f"their shape is {shape}",
            _remedy_of(shape))
    return Layer(*signal, mapped)


def _remedy_of(shape: tuple[int, ...]) -> str:
    if len(shape) != 3:
        return ""
    if 1 in shape[:2]:
        return "take away the dimension of 1: states[0], or states[:, 0]"
    return "give every layer an array of its own: h0, h1"


def _strings(archive: Archive, name: str, where: str) -> NDArray[np.str_] | None:
    if name not in archive.names:
        return None
    mapped = archive.mapped(name)
    kind = np.dtype(mapped.kind)
    if kind.kind != "U" or len(mapped.shape) > 1:
        raise refused(where, f"{name} must be text, one dimension at most",
                      f"{kind}, {len(mapped.shape)} dimensions",
                      f"write it with np.array({name}, dtype=str)")
    size = kind.itemsize * int(np.prod(mapped.shape))
    if size > MOST_TEXT:
        raise refused(where, f"{name} is too large", f"{size:,} bytes",
                      f"{MOST_TEXT:,} are read at most; numpy gives every text the room of the "
                      "longest")
    found = mapped.array
    if size:
        _check_characters(found, name, where)
    return found


def _check_characters(array: NDArray[np.str_], name: str, where: str) -> None:
    """See that all are characters: numpy takes any number for one, and Python falls over it."""
    codes = array.ravel().view(f"{array.dtype.str[0]}u4")
    wrong = np.flatnonzero((codes > MOST_CODE) | (codes >> 11 == SURROGATES))
    if len(wrong):
        raise refused(where, f"{name} has something in it that is no character",
                      f"number {int(codes[wrong[0]]):,}", "save it again")


def _text(archive: Archive, where: str) -> str | None:
    found = _strings(archive, "text", where)
    return None if found is None else "".join(found.ravel().tolist())


def _tokens(archive: Archive, where: str) -> NDArray[np.str_] | None:
    found = _strings(archive, "tokens", where)
    if found is not None and found.ndim != 1:
        raise refused(where, "tokens must be one text for each step", "there is a single text",
                      "if every step is one character, call it text")
    return found


def _words(archive: Archive, name: str, where: str) -> tuple[str, ...] | None:
    found = _strings(archive, name, where)
    return None if found is None else tuple(found.ravel().tolist())


def _starts(archive: Archive, where: str) -> NDArray[np.int64] | None:
    if "documents" not in archive.names:
        return None
    mapped = archive.mapped("documents")
    if np.dtype(mapped.kind).kind not in "iu" or len(mapped.shape) != 1:
        raise refused(where, "documents must be the first step of each, whole numbers",
                      f"{np.dtype(mapped.kind)}, {len(mapped.shape)} dimensions")
    return mapped.array.astype(np.int64)


def _log_probs(archive: Archive) -> NDArray[Any] | None:
    return archive.mapped("log_probs").array if "log_probs" in archive.names else None
