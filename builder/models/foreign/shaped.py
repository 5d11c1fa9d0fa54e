"""One layer that is told by shapes alone, whatever its tensors are called."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import combinations, permutations, product

from torch import Tensor

from builder.models.foreign.orders import OURS
from builder.models.foreign.sketch import STANDING, TURNED, Layer, Sketch, all_ends, of_candidate

MOST = 9
"""Tensors among which a reading is looked for."""


def shaped(tensors: Mapping[str, Tensor], library: str) -> Iterator[Sketch]:
    """Yield every way in which all tensors are one layer and what stands around it."""
    if len(tensors) > MOST:
        return
    several = [sketch for layer, turned in _layers(tensors)
               for sketch in _around(layer, turned, tensors, library)]
    yield from several or (
        replace(sketch, note=f"{sketch.note}; {how}") for layer, turned, how in _in_one(tensors)
        for sketch in _around(layer, turned, tensors, library))


def _around(
    layer: Layer, turned: bool, tensors: Mapping[str, Tensor], library: str
) -> Iterator[Sketch]:
    rest = {name: t for name, t in tensors.items() if name not in layer.names.values()}
    for ends in all_ends(rest, layer.width, layer.hidden, turned):
        yield Sketch((layer,), ends, library, TURNED if turned else STANDING)


def _in_one(tensors: Mapping[str, Tensor]) -> Iterator[tuple[Layer, bool, str]]:
    """Yield layers with one matrix for their input and state, and which of these is first."""
    tables = [name for name, t in tensors.items() if t.ndim == 2]
    for name in tables:
        for turned, blocks in product((False, True), [len(o) for o in OURS.values()]):
            table = tensors[name].T if turned else tensors[name]
            if len(table) % blocks:
                continue
            for biases in _biases(tensors, len(table), blocks):
                given = _vectors(tensors, biases, len(table))
                for weights, how in cut(table, blocks):
                    yield Layer({**weights, **given}, {**dict.fromkeys(weights, name), **biases}), \
                        turned, how


def cut(table: Tensor, blocks: int) -> Iterator[tuple[dict[str, Tensor], str]]:
    """Yield both ways to cut a matrix for input and state, [blocks · H, E + H], in two."""
    hidden = len(table) // blocks
    if 0 < hidden < table.shape[1]:
        yield {"weight_ih": table[:, :-hidden], "weight_hh": table[:, -hidden:]}, \
            "the input before the state"
        yield {"weight_ih": table[:, hidden:], "weight_hh": table[:, :hidden]}, \
            "the state before the input"


def _vectors(
    tensors: Mapping[str, Tensor], biases: Mapping[str, str], rows: int
) -> dict[str, Tensor]:
    """Return biases by their roles, that of a GRU's candidate alone as one of all blocks."""
    return {role: tensors[name] if len(tensors[name]) == rows else of_candidate(tensors[name])
            for role, name in biases.items()}


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
                         **_vectors(tensors, biases, hh.shape[0])}
                yield Layer(given, names), turned


def _biases(
    tensors: Mapping[str, Tensor], rows: int, blocks: int
) -> Iterator[dict[str, str]]:
    fitting = [name for name, t in tensors.items() if t.ndim == 1 and len(t) == rows]
    yield from _whole_biases(fitting, blocks)
    if blocks == len(OURS["gru"]):
        for name, t in tensors.items():
            if t.ndim == 1 and len(t) * blocks == rows:
                yield {"bias_hh": name}
                yield from ({"bias_ih": other, "bias_hh": name} for other in fitting)


def _whole_biases(fitting: Sequence[str], blocks: int) -> Iterator[dict[str, str]]:
    yield {}
    yield from ({"bias_ih": name} for name in fitting)
    for pair in combinations(fitting, 2):
        yield dict(zip(("bias_ih", "bias_hh"), pair, strict=True))
        if blocks == len(OURS["gru"]):  # there it matters which is multiplied by a gate
            yield dict(zip(("bias_ih", "bias_hh"), pair[::-1], strict=True))
