"""The character-level network: embedding, recurrent layers, decoder."""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn

from builder.models.spec import GATES, ModelSpec

LAYERS: dict[str, type[nn.RNN] | type[nn.GRU] | type[nn.LSTM]] = {
    "rnn": nn.RNN, "gru": nn.GRU, "lstm": nn.LSTM,
}

State = tuple[Tensor, ...]
"""What is carried from step to step, each float32[L, B, H]: (h,) or, for an LSTM, (h, c)."""


class CharNetwork(nn.Module):
    """Predicts the next character; parameters are named as in `model.safetensors`."""

    def __init__(self, spec: ModelSpec, dropout: float = 0.0) -> None:
        super().__init__()
        self.spec = spec
        rows, between = spec.vocabulary.size, dropout if spec.num_layers > 1 else 0.0
        self.embedding = nn.Embedding(rows, spec.embedding_size)
        self.rnn = LAYERS[spec.architecture](
            spec.embedding_size, spec.hidden_size, spec.num_layers, dropout=between
        )
        self.dropout = nn.Dropout(dropout)
        self.decoder = nn.Linear(spec.hidden_size, rows)

    def initial_state(self, streams: int) -> State:
        """Return zeros, the state before the first character of a document."""
        parts = 2 if self.spec.architecture == "lstm" else 1
        shape = (self.spec.num_layers, streams, self.spec.hidden_size)
        return tuple(torch.zeros(shape, device=self.decoder.weight.device) for _ in range(parts))

    def forward(self, ids: Tensor, state: State) -> tuple[Tensor, State]:
        """Return the logits of the next characters and the state after the last.

        Args:
            ids: int64[T, B]; row t is read at step t.
            state: The state before row 0.

        Returns:
            Logits float32[T, B, V], row t predicting the character after row t; the new state.
        """
        carried = state if self.spec.architecture == "lstm" else state[0]
        hidden, after = self.rnn(self.embedding(ids), carried)
        return self.decoder(self.dropout(hidden)), after if isinstance(after, tuple) else (after,)


def initialise(network: CharNetwork, seed: int) -> None:
    """Set fresh weights in place, the same for the same seed.

    Recurrent matrices are orthogonal gate by gate, input matrices Glorot uniform, biases 0,
    but 1 for the forget gate of an LSTM, so that memory is long before anything is learned.

    Source:
        Saxe et al. 2014; Glorot and Bengio 2010; Jozefowicz et al. 2015 (forget bias).
    """
    generator = torch.Generator().manual_seed(seed)
    gates = GATES[network.spec.architecture]
    hidden = network.spec.hidden_size
    with torch.no_grad():
        for name, weight in network.named_parameters():
            if "bias" in name:
                weight.zero_()
            elif "weight_hh" in name:
                for block in weight.chunk(gates):
                    nn.init.orthogonal_(block, generator=generator)
            elif "weight_ih" in name:
                for block in weight.chunk(gates):
                    nn.init.xavier_uniform_(block, generator=generator)
            else:
                nn.init.normal_(weight, std=1 / math.sqrt(weight.shape[1]), generator=generator)
            if "bias_ih" in name and network.spec.architecture == "lstm":
                weight[hidden : 2 * hidden] = 1.0
