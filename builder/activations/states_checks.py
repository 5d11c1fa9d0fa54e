"""What must hold of a file of activations; each raises a CorpusError that says what does not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from builder.activations.states_file import MOST_UNITS, Layer, StatesFile, refused

ROWS = 2**14
"""Steps that are looked at at a time."""


def check_sizes(layers: Sequence[Layer], where: str) -> None:
    """See that all signals have as many steps, and that there are not too many units."""
    steps = {layer.name: layer.values.shape[0] for layer in layers}
    if len(set(steps.values())) > 1:
        raise refused(where, "the signals do not have the same number of steps",
                      ", ".join(f"{name} has {count:,}" for name, count in steps.items()))
    units = sum(layer.values.shape[1] for layer in layers)
    if units > MOST_UNITS:
        raise refused(where, "too many units to be measured together", f"{units:,}",
                      "steps stand in front, [steps, units]: give states.T"
                      if units > max(steps.values()) else
                      f"{MOST_UNITS:,} are read at most; put fewer layers in a file")


def check_finite(layer: Layer, where: str) -> None:
    """See that all values are numbers, some at a time."""
    values = layer.values.array
    for start in range(0, len(values), ROWS):
        fine = np.isfinite(values[start : start + ROWS])
        if not fine.all():
            row, unit = (int(i[0]) for i in np.nonzero(~fine))
            found = values[start + row, unit]
            remedy = "it may be too large for float16: write float32" \
                if values.dtype.itemsize == 2 and np.isinf(found) else ""
            raise refused(where, f"a value of {layer.name} is {found}",
                           f"step {start + row:,}, unit {unit} (from 0)", remedy)


def check_beside(found: StatesFile) -> None:
    """See that all that stands beside the values is of as many steps, and is what it should be."""
    where, steps = found.where, found.steps
    if found.tokens is not None and len(found.tokens) != steps:
        raise refused(where, "there must be one token for each step of the states",
                      f"{len(found.tokens):,} tokens, {steps:,} steps")
    if found.tokens is None and found.text is not None and len(found.text) != steps:
        raise refused(where, "there must be one character for each step of the states",
                      f"{len(found.text):,} characters, {steps:,} steps",
                      "if a step is no character, give tokens")
    starts = found.starts
    if starts is not None and not (
            len(starts) and starts[0] == 0 and (np.diff(starts) > 0).all() and starts[-1] < steps):
        raise refused(where, "documents must begin with 0 and rise, all below the number of steps",
                      f"{_shown(starts)}; {steps:,} steps")
    for name in ("names", "vocabulary"):
        words = getattr(found, name) or ()
        twice = [word for word, count in Counter(words).items() if count > 1]
        if twice:
            raise refused(where, f"{name}: {twice[0]!r} stands there twice")
    _check_names(found)
    _check_log_probs(found)


def _check_names(found: StatesFile) -> None:
    documents = 1 if found.starts is None else len(found.starts)
    units = sum(layer.values.shape[1] for layer in found.layers)
    if found.names and len(found.names) not in (documents, units):
        raise refused(found.where, "names must be one for each document, or for each unit",
                      f"{len(found.names):,} names, {documents:,} documents, {units:,} units")


def _check_log_probs(found: StatesFile) -> None:
    given = found.log_probs
    if given is None:
        return
    if given.dtype.kind != "f" or given.shape != (found.steps,):
        raise refused(found.where, "log_probs must be one number for each step",
                      f"{given.dtype}, shape {given.shape}; {found.steps:,} steps")
    allowed = np.zeros(found.steps, bool)
    allowed[0 if found.starts is None else found.starts] = True
    wrong = np.flatnonzero(~((given <= 1e-3) & np.isfinite(given)) & ~allowed)
    if len(wrong):
        raise refused(
            found.where, "log_probs must be logarithms of chances, 0 at most",
            f"{given[wrong[0]]} at step {wrong[0]:,} (from 0)",
            "NaN may stand at the first step of a document, where nothing is predicted")


def _shown(numbers: NDArray[np.int64]) -> str:
    some = ", ".join(map(str, numbers[:5].tolist()))
    return f"{some}, …" if len(numbers) > 5 else some or "none"
