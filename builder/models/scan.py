"""The recurrence h_t = a_t ∘ h_{t−1} + b_t, whose a and b are known for all steps in advance.

No step has to wait for what it depends on to be multiplied by weights, so on a graphics processor
a block is cut into chunks that are read side by side. That is sums and products as they stand, no
logarithms: a and h may have either sign. On a processor one step after the other is quickest.

Measured for T = 256, B = 64, H = 256, forward and back, on one core: step by step 42 ms, in chunks
of 16 steps 59 ms, by doubling 289 ms.
"""

from __future__ import annotations

import math
from typing import Any

import torch
from torch import Tensor


def scan(keep: Tensor, add: Tensor, before: Tensor) -> Tensor:
    """Return h after each step, [T, B, H]; differentiable once.

    Args:
        keep: a, [T, B, H], each from −1 to 1.
        add: b, [T, B, H].
        before: h before the first step, [B, H].
    """
    out: Tensor = _Scan.apply(keep, add, before)  # type: ignore[no-untyped-call]
    return out


class _Scan(torch.autograd.Function):
    """Gradients are the same recurrence backwards: G_t = g_t + a_{t+1} ∘ G_{t+1}."""

    @staticmethod
    def forward(ctx: Any, keep: Tensor, add: Tensor, before: Tensor) -> Tensor:
        h = _forwards(keep, add, before)
        ctx.save_for_backward(keep, h, before)
        return h

    @staticmethod
    @torch.autograd.function.once_differentiable
    def backward(ctx: Any, gradient: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        keep, h, before = ctx.saved_tensors
        later = torch.cat([keep[1:], torch.zeros_like(keep[:1])])
        total = _forwards(later.flip(0), gradient.flip(0), torch.zeros_like(before)).flip(0)
        return total * torch.cat([before[None], h[:-1]]), total, keep[0] * total[0]


def _forwards(keep: Tensor, add: Tensor, before: Tensor) -> Tensor:
    return step_by_step(keep, add, before) if keep.device.type == "cpu" else in_chunks(
        keep, add, before)


def step_by_step(keep: Tensor, add: Tensor, before: Tensor) -> Tensor:
    """Return h after each step, [T, B, H]: T operations, one after the other."""
    out, h = torch.empty_like(add), before
    for a, b, now in zip(keep.unbind(), add.unbind(), out.unbind(), strict=True):
        h = torch.addcmul(b, a, h, out=now)
    return out


def in_chunks(keep: Tensor, add: Tensor, before: Tensor, length: int = 0) -> Tensor:
    """Return h after each step, [T, B, H]: about 3 √T operations.

    Every chunk is read from zeros, all of them side by side; what the chunk before leaves, times
    all that has been multiplied since, is added afterwards.

    Args:
        keep: [T, B, H].
        add: [T, B, H].
        before: [B, H].
        length: Steps of a chunk; about √T where it is 0.
    """
    steps, *rest = add.shape
    length = length or math.isqrt(steps)
    chunks = -(-steps // length)
    short = chunks * length - steps
    a, b = (torch.cat([part, part.new_zeros(short, *rest)]).view(chunks, length, *rest)
            for part in (keep, add))
    h, through = torch.empty_like(b), torch.empty_like(a)
    h[:, 0], through[:, 0] = b[:, 0], a[:, 0]
    for t in range(1, length):
        torch.addcmul(b[:, t], a[:, t], h[:, t - 1], out=h[:, t])
        torch.mul(a[:, t], through[:, t - 1], out=through[:, t])
    starts = torch.empty_like(b[:, 0])
    starts[0] = before
    for chunk in range(1, chunks):
        torch.addcmul(h[chunk - 1, -1], through[chunk - 1, -1], starts[chunk - 1],
                      out=starts[chunk])
    return torch.addcmul(h, through, starts[:, None]).flatten(0, 1)[:steps]
