"""What a network writes when its guesses are drawn and read again."""

from __future__ import annotations

import torch

from builder.models.network import CharNetwork
from builder.models.threads import one_thread

LENGTH = 600
TEMPERATURE = 0.7
SEED = 1


def write(
    network: CharNetwork, length: int = LENGTH, temperature: float = TEMPERATURE,
    start: str = "\n",
) -> str:
    """Return characters drawn from the guesses, the same ones every time.

    Args:
        network: In evaluation mode.
        length: How many.
        temperature: What the scores are divided by: below 1, likely characters become likelier.
        start: Read first; not returned.
    """
    vocabulary = network.spec.vocabulary
    generator = torch.Generator().manual_seed(SEED)
    out = []
    with one_thread(), torch.inference_mode():
        ids, state = torch.from_numpy(vocabulary.encode(start))[:, None], network.initial_state(1)
        for _ in range(length):
            scores, state = network(ids, state)
            last = scores[-1, 0] / temperature
            last[0] = -torch.inf  # the unknown character is no character
            ids = torch.multinomial(last.softmax(-1), 1, generator=generator)[None]
            out.append(vocabulary.character(int(ids)))
    return "".join(out)
