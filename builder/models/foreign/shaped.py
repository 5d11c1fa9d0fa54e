"""One layer that is told by shapes alone, whatever its tensors are called."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import combinations, permutations

from torch import Tensor

from builder.models.foreign.orders import OURS
from builder.models.foreign.sketch import Layer, Sketch, all_ends

STANDING, TURNED = "matrices stand before vectors (W x)", "vectors before matrices (x W)"
MOST = 9
"""Tensors among which a reading is looked for."""


def shaped(tensors: Mapping[str, Tensor], library: str) -> Iterator[Sketch]:
    """Yield every way in which all tensors are one layer and what stands around it."""
    if len(tensors) > MOST:
        return
    for layer, turned in _layers(tensors):
        rest = {name: t for name, t in tensors.items() if name not in layer.names.values()}
        for ends in all_ends(rest, layer.width, layer.hidden, turned):
            yield Sketch((layer,), ends, library, TURNED if turned else STANDING)


def _layers(tensors: Mapping[str, Tensor]) -> Iterator[tuple[Layer, bool]]:
    """Yield layers, each with whether its matrices stand on their side."""
    tables = {name: t for name, t in tensors.items() if t.ndim == 2}
    for recurrent, read in permutations(tables, 2):
        for turned in (False, True):
            hh, ih = (t.T if turned else t for t in (tables[recurrent], tables[read]))
            blocks, over = divmod(hh.shape[0], hh.shape[1])
            if over or blocks not in {len(order) for order in OURS.values()} or (
                    ih.shape[0] != hh.shape[0]):
                continue
            for biases in _biases(tensors, hh.shape[0], blocks):
                names = {"weight_ih": read, "weight_hh": recurrent, **biases}
                given = {"weight_ih": ih, "weight_hh": hh,
                         **{role: tensors[name] for role, name in biases.items()}}
                yield Layer(given, names), turned


def _biases(
    tensors: Mapping[str, Tensor], rows: int, blocks: int
) -> Iterator[dict[str, str]]:
    fitting = [name for name, t in tensors.items() if t.ndim == 1 and len(t) == rows]
    yield {}
    yield from ({"bias_ih": name} for name in fitting)
    for pair in combinations(fitting, 2):
        yield dict(zip(("bias_ih", "bias_hh"), pair, strict=True))
        if blocks == len(OURS["gru"]):  # there it matters which is multiplied by a gate
            yield dict(zip(("bias_ih", "bias_hh"), pair[::-1], strict=True))
