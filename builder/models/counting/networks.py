"""Small networks that learn a toy language.

Letters: T steps, B strings read side by side, V letters, H units, A answers.
"""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn.functional import one_hot

from builder.core.errors import ModelError
from builder.models.architecture import Architecture, Layer
from builder.models.architectures import ARCHITECTURES
from builder.models.counting.language import Ids, Language
from builder.models.inputgated import InputGated

MOST_MORE = 8
"""Units that a layer may have beyond those asked for, where its units come in groups."""


class SmallNetwork(nn.Module):
    """Recurrent layers over letters, each a place of its own, and a linear answer.

    Architectures whose gates see the input alone get two layers: what they have read gets into
    their gates through the layer below only.

    Args:
        architecture: Its name.
        language: What it is to learn.
        seed: The only source of chance.
    """

    def __init__(self, architecture: str, language: Language, seed: int) -> None:
        super().__init__()
        self.architecture = ARCHITECTURES.get(architecture)
        self.letters = len(language.letters)
        self.layers = 2 if reads_input_alone(architecture) else 1
        self.hidden = _fitting(self.architecture, language.units)
        self.rnn = self.architecture.stack(self.letters, self.hidden, self.layers)
        self.decoder = nn.Linear(self.hidden, len(language.answers))
        generator = torch.Generator().manual_seed(seed)
        with torch.no_grad():
            for number in range(self.layers):
                self.architecture.initialise(self.layer(number).weights, generator)
            nn.init.normal_(self.decoder.weight, std=self.hidden**-0.5, generator=generator)
            self.decoder.bias.zero_()

    def layer(self, number: int) -> Layer:
        """Return the weights of a layer, from 0; they share the memory of the parameters."""
        weights = {name: parameter.detach() for name, parameter in self.rnn.named_parameters()}
        own = {p.name: weights[f"{p.name}_l{number}"] for p in self.architecture.parameters}
        return Layer(own, None, self.hidden, self.hidden if number else self.letters)

    def inputs(self, ids: Tensor) -> Tensor:
        """Return letters, of any shape, as inputs, float32[..., V]; 0 after the end."""
        return one_hot(ids.clamp_min(0), self.letters).float() * (ids >= 0)[..., None]

    def forward(self, ids: Tensor) -> Tensor:
        """Return the answers as logits, float32[T, B, A]; ids are int64[T, B]."""
        before = self.architecture.initial_state(
            self.layers, ids.shape[1], self.hidden, ids.device)
        output, _ = self.architecture.run(self.rnn, self.inputs(ids), before)
        logits: Tensor = self.decoder(output)
        return logits

    def answer(self, ids: Ids) -> NDArray[np.float32]:
        """Return the answers as logits, float32[T, B, A], with no gradient."""
        with torch.inference_mode():
            logits: NDArray[np.float32] = self(torch.from_numpy(ids)).numpy()
        return logits


def reads_input_alone(architecture: str) -> bool:
    """Tell whether the gates of an architecture see its input and nothing else."""
    return isinstance(ARCHITECTURES.get(architecture), InputGated)


def _fitting(architecture: Architecture, units: int) -> int:
    """Return the smallest H that an architecture can have, `units` or a little more."""
    for more in range(MOST_MORE):
        try:
            architecture.shapes(1, units + more, 1)
        except ModelError:
            continue
        return units + more
    architecture.shapes(1, units, 1)
    return units
