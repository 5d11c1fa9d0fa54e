"""Blocks of what is fed, cut where a state begins anew."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence

import torch
from torch import Tensor

from builder.models.architecture import Held, State


def rows_to(given: Tensor) -> Iterator[slice]:
    """Yield the rows of a block that are read at one go: none but the first has a fresh step.

    Args:
        given: int64[T, B], indices, −1 − index where the state before is zero.
    """
    starts = [0, *(t for t in (given < 0).any(1).nonzero()[:, 0].tolist() if t), len(given)]
    return (slice(a, b) for a, b in itertools.pairwise(starts))


def plain(given: Tensor) -> Tensor:
    """Return the indices of what is fed."""
    return torch.where(given < 0, ~given, given)


def begun(
    state: State, given: Tensor, held: Sequence[Held | None] | None = None
) -> State:
    """Return the state before a step, zero in the streams that begin anew.

    Args:
        state: Each float32[L, B, H]; not changed.
        given: int64[B], of the step.
        held: Of each layer, the cells whose output is a constant, also before the first step.
    """
    fresh = given < 0
    if not bool(fresh.any()):
        return state
    state = tuple(torch.where(fresh[:, None], 0.0, part) for part in state)
    for layer, cells in enumerate(held or ()):
        if cells is not None:
            cells.put(state[0][layer])
    return state


def in_parts(
    given: Tensor, state: State, read: Callable[[slice, Tensor, State], tuple[Tensor, State]],
    held: Sequence[Held | None] | None = None,
) -> tuple[Tensor, State]:
    """Read a block in parts, the state of each zero where it begins anew.

    Args:
        given: int64[T, B], what is fed.
        state: Before row 0.
        read: Reads some rows, given which, their indices and the state before the first; returns
            their output, float32[rows, B, ...], and the state after the last.
        held: As of `begun`.

    Returns:
        The output of all rows, and the state after the last.
    """
    outputs, ids = list[Tensor](), plain(given)
    for rows in rows_to(given):
        state = begun(state, given[rows.start], held)
        output, state = read(rows, ids[rows], state)
        outputs.append(output)
    return outputs[0] if len(outputs) == 1 else torch.cat(outputs), state
