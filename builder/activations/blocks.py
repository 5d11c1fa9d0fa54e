"""Documents to blocks of signals, many documents side by side."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import torch
from numpy.typing import NDArray

from builder.activations.signals import Reader
from builder.core.blocks import StateBlock
from builder.models.lockstep import blocks

ROWS = 64
"""T: steps of a block of as many streams as are read side by side."""

STREAMS = 128
"""B: most stretches that are read side by side."""


def read_batch(
    reader: Reader, texts: Sequence[NDArray[np.int64]], columns: Sequence[int],
    rows: int = ROWS,
) -> Iterator[StateBlock]:
    """Yield the signals of one batch of documents, each read from a zero state to its end.

    Args:
        reader: Of the values.
        texts: Encoded documents; the longest are read first.
        columns: A number for each, which the blocks carry.
        rows: T of a block of `STREAMS` documents; where they are fewer, a block has more rows, so
            that sums are fed as much at a time. Decides speed and memory, and the numbers to
            rounding.
    """
    order = sorted(range(len(texts)), key=lambda i: -len(texts[i]))
    rows *= max(1, STREAMS // len(texts))
    state = reader.initial_state(len(texts))
    memory = torch.empty(rows * len(texts) * reader.width)
    with torch.no_grad():
        for block in blocks([texts[i] for i in order], rows):
            t, b = block.ids.shape
            out = memory[: t * b * reader.width].view(t, b, reader.width)
            state = tuple(part[:, :b].contiguous() for part in state)
            state = reader.read(torch.from_numpy(block.ids), state, out)
            yield StateBlock(out.numpy(), block.start, tuple(columns[i] for i in order[:b]),
                             block.lengths)
