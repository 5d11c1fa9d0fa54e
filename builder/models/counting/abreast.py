"""Networks of several seeds, trained as one that is several times as wide.

Most of the time of a small network goes into calling, not into computing: five networks that never
touch cost little more than one. Their weights stand as blocks along the diagonal of wide ones, and
what is beside the blocks is 0 and stays 0.

Letters: S networks, T steps, B strings, V letters, H units, A answers.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import torch
from torch import Tensor, nn

from builder.models.architecture import Parameter
from builder.models.counting.networks import SmallNetwork

NEAR = 1e-4
"""How far the wide network's answers may be from those of the networks in it."""


class Abreast(nn.Module):
    """Networks of one architecture and size as one.

    Args:
        networks: S of them; what was learned is put into them by `separate`.
    """

    def __init__(self, networks: Sequence[SmallNetwork]) -> None:
        super().__init__()
        self.networks, first = list(networks), networks[0]
        self.architecture, self.layers = first.architecture, first.layers
        self.hidden, self.count = first.hidden * len(networks), len(networks)
        self.rnn = self.architecture.stack(first.letters * self.count, self.hidden, self.layers)
        self.decoder = nn.Linear(self.hidden, first.decoder.out_features * self.count)
        self._owners = {name: self._put(name, parameter)
                        for name, parameter in self.named_parameters()}

    def forward(self, ids: Tensor) -> Tensor:
        """Return the answers as logits, float32[T, B, S, A]; ids are int64[T, B, S]."""
        inputs = self.networks[0].inputs(ids).flatten(-2)
        before = self.architecture.initial_state(
            self.layers, ids.shape[1], self.hidden, ids.device)
        output, _ = self.architecture.run(self.rnn, inputs, before)
        logits: Tensor = self.decoder(output)
        return logits.view(*logits.shape[:-1], self.count, -1)

    def clip(self, most: float) -> None:
        """Keep the gradient of each network no longer than `most`, and what is beside it at 0."""
        squares = torch.zeros(self.count + 1)
        for name, parameter in self.named_parameters():
            assert parameter.grad is not None
            squares.index_add_(0, self._owners[name].flatten(), parameter.grad.square().flatten())
        scale = (most / (squares.sqrt() + 1e-6)).clamp_max(1.0)
        scale[-1] = 0.0
        for name, parameter in self.named_parameters():
            assert parameter.grad is not None
            parameter.grad.mul_(scale[self._owners[name]])

    def separate(self) -> None:
        """Put what was learned into the networks."""
        with torch.no_grad():
            for name, parameter in self.named_parameters():
                for number, network in enumerate(self.networks):
                    own = network.get_parameter(name)
                    own.copy_(parameter[self._owners[name] == number].view_as(own))

    def _put(self, name: str, parameter: nn.Parameter) -> Tensor:
        """Set a wide tensor; return whose each of its numbers is, S where it is nobody's."""
        own = [network.get_parameter(name).detach() for network in self.networks]
        blocks = self._blocks(name)
        owners = [torch.full(tensor.shape, number + 1) for number, tensor in enumerate(own)]
        wide = diagonal(own, blocks)
        if wide.shape != parameter.shape:
            raise ValueError(f"{name} of {self.architecture.title} cannot stand in blocks")
        with torch.no_grad():
            parameter.copy_(wide)
        found = diagonal(owners, blocks) - 1
        return torch.where(found < 0, self.count, found)

    def _blocks(self, name: str) -> int:
        parameters: Iterable[Parameter] = self.architecture.parameters
        return {f"rnn.{p.name}_l{layer}": p.blocks for p in parameters
                for layer in range(self.layers)}.get(name, 1)


def diagonal(tensors: Sequence[Tensor], blocks: int) -> Tensor:
    """Return tensors of weights as one, gate by gate: matrices along a diagonal, biases in a row.

    Args:
        tensors: Of the same shape, [G · H, C] or [G · H].
        blocks: G.
    """
    gates = zip(*(tensor.chunk(blocks) for tensor in tensors), strict=True)
    return torch.cat([torch.cat(gate) if gate[0].dim() == 1
                      else torch.block_diag(*gate)  # type: ignore[no-untyped-call]
                      for gate in gates])


def as_one(networks: Sequence[SmallNetwork]) -> list[Abreast]:
    """Return networks as one where that changes none of their answers, else each alone."""
    try:
        wide = Abreast(networks)
    except ValueError:
        return [Abreast([network]) for network in networks]
    ids = torch.arange(networks[0].letters)[:, None]
    with torch.inference_mode():
        together = wide(ids[..., None].expand(-1, -1, len(networks)))
        alone = torch.stack([network(ids) for network in networks], -2)
    same = bool(torch.allclose(together, alone, atol=NEAR))
    return [wide] if same else [Abreast([network]) for network in networks]
