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
    """Return a text drawn from the guesses, the same one every time.

    Args:
        network: In evaluation mode.
        length: Characters, or a few more where steps have many; no more steps than that.
        temperature: What the scores are divided by: below 1, likely characters become likelier.
        start: Read first; not returned.
    """
    vocabulary, cutting = network.spec.vocabulary, network.spec.cutting
    generator = torch.Generator().manual_seed(SEED)
    known, out, written = torch.from_numpy(vocabulary.known()), list[str](), 0
    with one_thread(), torch.inference_mode():
        begun = cutting.steps(start).fed.tolist()
        given, state = begun[:-1] + cutting.drawn(begun[-1], 1, ""), network.initial_state(1)
        for place in range(len(begun), len(begun) + length):
            scores, state = network(torch.tensor(given)[:, None], state)
            last = torch.full_like(scores[-1, 0], -torch.inf)  # what is not known is not written
            last[known] = scores[-1, 0, known] / temperature
            index = int(torch.multinomial(last.softmax(-1), 1, generator=generator))
            given = cutting.drawn(index, place, (start, *out)[-1])
            out.append(vocabulary.name(index))
            written += len(out[-1])
            if written >= length:
                break
    return "".join(out)
