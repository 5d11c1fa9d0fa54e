"""A file of activations: what stands in it, checked before anything is read of it.

It is a `.npz` file with `states` [N, U], or an array for each signal, and `tokens` (N texts) or
`text` (N characters); `documents`, `names`, `log_probs` and `vocabulary` may stand beside them.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from builder.activations.npz import Archive, Mapped, Scratch
from builder.core.errors import CorpusError, Problem

STATES = "states"
ONE_SIGNAL = "h"
"""Name of the signal that `states` are."""

WORDS = ("text", "tokens", "names", "vocabulary")
BESIDE = (*WORDS, "documents", "log_probs")

MOST_UNITS = 8_192
MOST_TEXT = 2**31
"""Bytes of the texts in one array, four for each character."""

ROWS = 2**14
"""Steps that are looked at at a time."""

_KEPT = (np.dtype(np.float16), np.dtype(np.float32))
_SIGNAL = re.compile(r"([a-z]+)(\d*)")
_REMEDY = "see \"Any other model, by its states\" in Bring your own model"


@dataclass(frozen=True)
class Layer:
    """The values of one signal of one layer, [N, U], float16, float32 or float64."""

    signal: str
    number: int
    values: Mapped


@dataclass(frozen=True)
class StatesFile:
    """What a file says.

    Attributes:
        where: How messages name it.
        layers: One array each, layer by layer.
        text: What was read, where it is one text.
        tokens: What each step covers, where it is not one character.
        starts: First step of each document, int64[D]; None where that is not said.
        names: Of documents or of units; empty where there are none.
        log_probs: Natural logarithm of the chance that the model gave to each step, [N]; None
            where it is not said.
        vocabulary: What the model knows; None where that is not said.
        left_aside: Names of arrays that are nothing of this.
    """

    where: str
    layers: tuple[Layer, ...]
    text: str | None
    tokens: NDArray[np.str_] | None
    starts: NDArray[np.int64] | None
    names: tuple[str, ...]
    log_probs: NDArray[Any] | None
    vocabulary: tuple[str, ...] | None
    left_aside: tuple[str, ...]

    @property
    def steps(self) -> int:
        """N."""
        return self.layers[0].values.shape[0]


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
        _check_sizes(layers, where)
        found = StatesFile(
            where, layers, _text(archive, where), _tokens(archive, where),
            _starts(archive, where), _words(archive, "names", where) or (),
            _log_probs(archive), _words(archive, "vocabulary", where),
            tuple(n for n in archive.names if n not in (*signals, *BESIDE)))
        _check_beside(found)
    for layer in layers:
        _check_finite(layer, where)
    return found


def pieces(tokens: NDArray[np.str_]) -> Iterator[list[str]]:
    """Yield what steps cover, some at a time, so that not all are Python's at once."""
    for start in range(0, len(tokens), 2**20):
        yield tokens[start : start + 2**20].tolist()


def parsed(name: str) -> tuple[str, int] | None:
    """Return the signal and the layer that a name means; None where it is none."""
    if name == STATES:
        return ONE_SIGNAL, 0
    match = _SIGNAL.fullmatch(name)
    return (match[1], int(match[2] or 0)) if match else None


def numbers_of(array: Any, name: str, where: str) -> NDArray[Any]:
    """Return numbers of numpy or PyTorch as float32, or as float16 where they are that.

    Raises:
        CorpusError: They are no numbers, or not of one shape.
    """
    if hasattr(array, "detach"):
        array = array.detach().cpu()
        array = (array if str(array.dtype) == "torch.float16" else array.float()).numpy()
    try:
        values = np.asarray(array)
        with np.errstate(over="ignore"):  # what is too large is infinite, and refused as that
            return values if values.dtype in _KEPT else values.astype(np.float32)
    except (TypeError, ValueError) as error:
        raise _refused(where, f"{name} are not numbers of one shape", str(error)) from None


def _refused(where: str, wrong: str, found: str = "", remedy: str = "") -> CorpusError:
    return CorpusError(Problem(where, wrong, found, remedy))


def _signals(archive: Archive, where: str) -> list[str]:
    """Return the names of the arrays that are values, layer by layer."""
    if STATES in archive.names:
        return [STATES]
    beside = set(BESIDE)
    found = [name for name in archive.names if name not in beside
             and (archive.dtype(name).kind in "fO" and len(archive.shape(name)) == 2)]
    if not found:
        raise _refused(where, "there are no states", f"there are: {' '.join(archive.names) or '—'}",
                       _REMEDY)
    wrong = [name for name in found if not parsed(name)]
    if wrong:
        plain = re.sub(r"[^a-z0-9]", "", wrong[0].lower())
        raise _refused(
            where, f"{wrong[0]!r} is not the name of a signal",
            "letters in lower case, and the number of its layer if there is one, such as h0",
            f"call it {plain!r}" if _SIGNAL.fullmatch(plain) else "call it h0")
    if len({parsed(name) for name in found}) < len(found):
        raise _refused(where, "two arrays are the same signal of the same layer", " ".join(found))
    return sorted(found, key=lambda name: (parsed(name) or ("", 0))[1])


def _layer(archive: Archive, name: str, where: str) -> Layer:
    signal = parsed(name)
    assert signal is not None
    mapped = archive.mapped(name)
    shape, kind = mapped.shape, np.dtype(mapped.kind)
    if kind.kind != "f" or kind.itemsize not in (2, 4, 8):
        raise _refused(where, f"{name} are not numbers of a kind that is read", str(kind),
                       "write them as float16 or float32")
    if len(shape) != 2 or not all(shape):
        raise _refused(
            where, f"{name} must have two dimensions, steps and units, and some of each",
            f"their shape is {shape}",
            "give every layer an array of its own: h0, h1" if len(shape) == 3 else "")
    return Layer(*signal, mapped)


def _check_sizes(layers: Sequence[Layer], where: str) -> None:
    steps = {f"{layer.signal}{layer.number}": layer.values.shape[0] for layer in layers}
    if len(set(steps.values())) > 1:
        raise _refused(where, "the signals do not have the same number of steps",
                       ", ".join(f"{name} has {count:,}" for name, count in steps.items()))
    units = sum(layer.values.shape[1] for layer in layers)
    if units > MOST_UNITS:
        raise _refused(where, "too many units to be measured together", f"{units:,}",
                       f"{MOST_UNITS:,} are read at most; put fewer layers in a file")


def _check_finite(layer: Layer, where: str) -> None:
    values = layer.values.array
    for start in range(0, len(values), ROWS):
        fine = np.isfinite(values[start : start + ROWS])
        if not fine.all():
            row, unit = (int(i[0]) for i in np.nonzero(~fine))
            found = values[start + row, unit]
            remedy = "it may be too large for float16: write float32" \
                if values.dtype.itemsize == 2 and np.isinf(found) else ""
            raise _refused(where, f"a value of {layer.signal}{layer.number} is {found}",
                           f"step {start + row:,}, unit {unit} (from 0)", remedy)


def _strings(archive: Archive, name: str, where: str) -> NDArray[np.str_] | None:
    if name not in archive.names:
        return None
    mapped = archive.mapped(name)
    kind = np.dtype(mapped.kind)
    if kind.kind != "U" or len(mapped.shape) > 1:
        raise _refused(where, f"{name} must be text, one dimension at most",
                       f"{kind}, {len(mapped.shape)} dimensions",
                       f"write it with np.array({name}, dtype=str)")
    size = kind.itemsize * int(np.prod(mapped.shape))
    if size > MOST_TEXT:
        raise _refused(where, f"{name} is too large", f"{size:,} bytes",
                       f"{MOST_TEXT:,} are read at most; numpy gives every text the room of the "
                       "longest")
    return mapped.array


def _text(archive: Archive, where: str) -> str | None:
    found = _strings(archive, "text", where)
    return None if found is None else "".join(found.ravel().tolist())


def _tokens(archive: Archive, where: str) -> NDArray[np.str_] | None:
    found = _strings(archive, "tokens", where)
    if found is not None and found.ndim != 1:
        raise _refused(where, "tokens must be one text for each step", "there is a single text",
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
        raise _refused(where, "documents must be the first step of each, whole numbers",
                       f"{np.dtype(mapped.kind)}, {len(mapped.shape)} dimensions")
    return mapped.array.astype(np.int64)


def _log_probs(archive: Archive) -> NDArray[Any] | None:
    return archive.mapped("log_probs").array if "log_probs" in archive.names else None


def _check_beside(found: StatesFile) -> None:
    """See that all that stands beside the values is of as many steps, and is what it should be."""
    where, steps = found.where, found.steps
    if found.tokens is not None and len(found.tokens) != steps:
        raise _refused(where, "there must be one token for each step of the states",
                       f"{len(found.tokens):,} tokens, {steps:,} steps")
    if found.tokens is None and found.text is not None and len(found.text) != steps:
        raise _refused(where, "there must be one character for each step of the states",
                       f"{len(found.text):,} characters, {steps:,} steps",
                       "if a step is no character, give tokens")
    starts = found.starts
    if starts is not None and not (
            len(starts) and starts[0] == 0 and (np.diff(starts) > 0).all() and starts[-1] < steps):
        raise _refused(where, "documents must begin with 0 and rise, all below the number of steps",
                       f"{_shown(starts)}; {steps:,} steps")
    for name in ("names", "vocabulary"):
        words = getattr(found, name) or ()
        twice = [word for word, count in Counter(words).items() if count > 1]
        if twice:
            raise _refused(where, f"{name}: {twice[0]!r} stands there twice")
    _check_names(found)
    _check_log_probs(found)


def _check_names(found: StatesFile) -> None:
    documents = 1 if found.starts is None else len(found.starts)
    units = sum(layer.values.shape[1] for layer in found.layers)
    if found.names and len(found.names) not in (documents, units):
        raise _refused(found.where, "names must be one for each document, or for each unit",
                       f"{len(found.names):,} names, {documents:,} documents, {units:,} units")


def _check_log_probs(found: StatesFile) -> None:
    given = found.log_probs
    if given is None:
        return
    if given.dtype.kind != "f" or given.shape != (found.steps,):
        raise _refused(found.where, "log_probs must be one number for each step",
                       f"{given.dtype}, shape {given.shape}; {found.steps:,} steps")
    allowed = np.zeros(found.steps, bool)
    allowed[0 if found.starts is None else found.starts] = True
    wrong = np.flatnonzero(~((given <= 1e-3) & np.isfinite(given)) & ~allowed)
    if len(wrong):
        raise _refused(
            found.where, "log_probs must be logarithms of chances, 0 at most",
            f"{given[wrong[0]]} at step {wrong[0]:,} (from 0)",
            "NaN may stand at the first step of a document, where nothing is predicted")


def _shown(numbers: NDArray[np.int64]) -> str:
    some = ", ".join(map(str, numbers[:5].tolist()))
    return f"{some}, …" if len(numbers) > 5 else some or "none"
