"""Training of small networks, those of several seeds at once."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn.functional import binary_cross_entropy_with_logits

from builder.models.counting.abreast import Abreast, as_one
from builder.models.counting.language import Language, Strings, padded
from builder.models.counting.networks import SmallNetwork
from builder.models.training.rate import learning_rate

STRINGS, STREAMS = 2_048, 32
"""Of the training set of each network, and of a step of training."""
CLIP = 1.0


def trained(architecture: str, language: Language, seeds: Sequence[int], steps: int
            ) -> list[tuple[SmallNetwork, float]]:
    """Train a network for each seed; return each with its loss over the last steps.

    Adam, 32 strings a step out of 2,048, the rate as `learning_rate` has it. What is to be answered
    after a letter counts the same however rare it is: in aⁿbⁿ only one step of a string is its end.

    Args:
        architecture: Its name.
        language: What is learned.
        seeds: The only source of chance: strings, weights and order hang on one each.
        steps: Of training.
    """
    networks = [SmallNetwork(architecture, language, seed) for seed in seeds]
    rngs = [np.random.default_rng([seed, *language.name.encode()]) for seed in seeds]
    losses, start = list[float](), 0
    for wide in as_one(networks):
        losses += _train(wide, language, rngs[start : start + wide.count], steps)
        start += wide.count
    return list(zip(networks, losses, strict=True))


def _train(wide: Abreast, language: Language, rngs: Sequence[np.random.Generator], steps: int
           ) -> list[float]:
    drawn = [language.draw(rng, STRINGS) for rng in rngs]
    longest = max(map(len, drawn))
    known = [language.strings(padded(ids, longest)) for ids in drawn]
    weights = [evenly(strings) for strings in known]
    optimiser = torch.optim.Adam(wide.parameters(), fused=True)
    losses = np.empty((steps, wide.count))
    for step in range(steps):
        for group in optimiser.param_groups:
            group["lr"] = learning_rate(step, steps, language.rate)
        chosen = [rng.integers(STRINGS, size=STREAMS) for rng in rngs]
        each = _losses(wide, *_beside(known, weights, chosen))
        optimiser.zero_grad(set_to_none=True)
        each.sum().backward()  # type: ignore[no-untyped-call]
        wide.clip(CLIP)
        optimiser.step()
        losses[step] = each.detach().numpy()
    wide.separate()
    last: list[float] = losses[-max(1, steps // 20):].mean(0).tolist()
    return last


def evenly(strings: Strings) -> NDArray[np.float32]:
    """Return the weight of each step, float32[T, B], 0 where nothing is asked.

    All that is right after a letter, be it rare or not, weighs the same together; the mean is 1.
    """
    bits = strings.answers @ (1 << np.arange(strings.answers.shape[-1]))
    kinds = (strings.ids << strings.answers.shape[-1]) + bits
    _, each, counts = np.unique(kinds[strings.asked], return_inverse=True, return_counts=True)
    out = np.zeros(strings.ids.shape, np.float32)
    out[strings.asked] = (counts.sum() / len(counts) / counts)[each.ravel()]
    return out


def _beside(known: Sequence[Strings], weights: Sequence[NDArray[np.float32]],
            columns: Sequence[NDArray[np.int64]]) -> tuple[Tensor, Tensor, Tensor]:
    """Return letters, answers and weights of some strings of each network, [T, B, S, ...]."""
    rows = list(zip(known, weights, columns, strict=True))
    ids = np.stack([strings.ids[:, some] for strings, _, some in rows], 2)
    used = int((ids >= 0).any((1, 2)).sum())
    answers = np.stack([strings.answers[:used, some] for strings, _, some in rows], 2)
    weight = np.stack([weight[:used, some] for _, weight, some in rows], 2)
    return (torch.from_numpy(ids[:used]), torch.from_numpy(answers).float(),
            torch.from_numpy(weight))


def _losses(wide: Abreast, ids: Tensor, answers: Tensor, weight: Tensor) -> Tensor:
    """Return the mean loss of an answer of each network, float32[S]."""
    each = binary_cross_entropy_with_logits(wide(ids), answers, reduction="none").mean(-1)
    losses: Tensor = (each * weight).sum((0, 1)) / weight.sum((0, 1)).clamp_min(1)
    return losses
