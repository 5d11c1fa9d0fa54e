"""Gates that have tensors of their own, as in networks written by hand: joined to one layer."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import permutations, product

import torch
from torch import Tensor

from builder.core.errors import ModelError
from builder.models.foreign.orders import OURS, SPLIT
from builder.models.foreign.shaped import cut
from builder.models.foreign.sketch import STANDING, TURNED, Layer, Sketch, all_ends, chained

CALLED = {"lstm": ("i", "f", "cg", "o"), "gru": ("r", "zu", "nhcg")}
"""Letters that the gates of a layer have, in the order of a model folder."""
WORDS = {"input": "i", "forget": "f", "output": "o", "cell": "c", "candidate": "c", "memory": "c",
         "reset": "r", "update": "z", "new": "n"}
_GATE = re.compile("|".join(WORDS))
ALL = "*"
"""Stands in a name for the letter or the word of a gate."""
BIAS = "bias_ih", "bias_hh"


@dataclass(frozen=True)
class Gates:
    """Tensors that differ by the gate in their names.

    Attributes:
        name: With `ALL` for the gate.
        kind: "lstm" or "gru".
        names: Of the tensors, in the order of a model folder; of a bias some may be missing.
        tensors: Of one shape; zeros where there is none.
    """

    name: str
    kind: str
    names: tuple[str, ...]
    tensors: tuple[Tensor, ...]

    @property
    def layer(self) -> str:
        """What stands before the part of the name that has the gate."""
        return re.split(r"[^./]*\*", self.name)[0]

    @property
    def stem(self) -> str:
        """What matrix and bias of one product have in common: "h*/" of "h*/kernel"."""
        return stem(self.name)

    def joined(self, turned: bool = False) -> Tensor:
        """Return them as blocks, each [H, …]; `turned` where they stand on their side."""
        return torch.cat([t.T if turned and t.ndim > 1 else t for t in self.tensors])


def stem(name: str) -> str:
    """Return a name without its last part; empty where the gate is in that."""
    first = re.sub(r"[^./_]*$", "", name)
    return first if ALL in first else ""


def gates_in(tensors: Mapping[str, Tensor]) -> list[Gates]:
    """Return the gates that have tensors of their own; none where there is no matrix of them."""
    found: dict[str, dict[str, str]] = {}
    for name in tensors:
        for whole, letter in _places(name):
            found.setdefault(whole, {}).setdefault(letter, name)
    gates, used = list[Gates](), set[str]()
    for whole, letters in found.items():
        for kind, called in CALLED.items():
            names = [letters[c] for one in called for c in one if c in letters]
            if len(names) == len(called) == len({*names} - used) and all(
                    len(letters.keys() & {*one}) == 1 for one in called) and len(
                    {tensors[name].shape for name in names}) == 1:
                used.update(names)
                gates.append(Gates(whole, kind, tuple(names), tuple(tensors[n] for n in names)))
    tables = [one for one in gates if one.tensors[0].ndim > 1]
    return [*gates, *_partial(tables, found, tensors, used)] if tables else []


def _partial(
    tables: Sequence[Gates], found: Mapping[str, Mapping[str, str]],
    tensors: Mapping[str, Tensor], used: set[str],
) -> Iterator[Gates]:
    """Yield biases that only some of the gates have, as in Flax that of the candidate alone.

    Args:
        tables: Matrices of all gates.
        found: By name with `ALL`, the tensor of each letter.
        tensors: All.
        used: Names that have a place.
    """
    for table in tables:
        for whole, letters in found.items():
            if not table.stem or stem(whole) != table.stem or used & {*letters.values()}:
                continue
            names = [next((letters[c] for c in one if c in letters), "")
                     for one in CALLED[table.kind]]
            given = [name for name in names if name]
            shapes = {tuple(tensors[name].shape) for name in given}
            if given and len(shapes) == 1 and len(shape := next(iter(shapes))) == 1:
                used.update(given)
                yield Gates(whole, table.kind, tuple(given), tuple(
                    tensors[name] if name else torch.zeros(shape) for name in names))


def _places(name: str) -> Iterator[tuple[str, str]]:
    """Yield a name with `ALL` for what could be its gate, and the letter of that gate."""
    lower = name.lower()
    for match in _GATE.finditer(lower):
        yield name[:match.start()] + ALL + name[match.end():], WORDS[match[0]]
    for at, letter in enumerate(lower):
        if any(letter in one for called in CALLED.values() for one in called):
            yield name[:at] + ALL + name[at + 1:], letter


def gated(gates: Sequence[Gates], rest: Mapping[str, Tensor]) -> Iterator[Sketch]:
    """Yield every way in which gates are layers, and what is left stands around these.

    Args:
        gates: Of one kind of layer.
        rest: All other tensors, of one or two dimensions.
    """
    by_layer: dict[str, list[Gates]] = {}
    for one in gates:
        by_layer.setdefault(one.layer, []).append(one)
    if len({one.kind for one in gates}) != 1:
        return
    kind = gates[0].kind
    for turned in (False, True):
        note = TURNED if turned else STANDING
        for several in product(*(list(_layers(part, turned)) for part in by_layer.values())):
            try:
                layers = chained([layer for layer, _ in several], "")
            except ModelError:
                continue
            said = "; ".join(dict.fromkeys([note, *(how for _, how in several if how)]))
            before = any(how for _, how in several) and kind == "gru"
            for ends in all_ends(rest, layers[0].width, layers[0].hidden, turned):
                yield Sketch(layers, ends, SPLIT if before else "", said, OURS[kind])


def _layers(gates: Sequence[Gates], turned: bool) -> Iterator[tuple[Layer, str]]:
    """Yield the layers that gates can be, and how one matrix for input and state was cut."""
    tables = [one for one in gates if one.tensors[0].ndim > 1]
    biases = [one for one in gates if one.tensors[0].ndim == 1]
    if len(biases) > len(BIAS):
        return
    for names, given, how in _tables(tables, turned):
        size = len(given["weight_hh"])
        vectors = {one.name: one.joined() for one in biases}
        if any(len(vector) != size for vector in vectors.values()):
            continue
        for roles in _biases(names, vectors, gates[0].kind):
            yield Layer({**given, **{role: vectors[name] for role, name in roles.items()}},
                        {**names, **roles}), how


def _biases(
    tables: Mapping[str, str], biases: Iterable[str], kind: str
) -> Iterator[dict[str, str]]:
    """Yield the roles that biases can have: their names tell, or either is tried."""
    roles = {stem(tables[f"weight_{part}"]): f"bias_{part}" for part in ("ih", "hh")}
    told = {roles[stem(name)]: name for name in biases if roles.get(stem(name)) and stem(name)}
    if len(roles) == len(BIAS) and len(told) == len([*biases]):
        yield told
        return
    for order in permutations(biases) if kind == "gru" else [(*biases,)]:
        yield dict(zip(BIAS, order, strict=False))


def _tables(
    tables: Sequence[Gates], turned: bool
) -> Iterator[tuple[dict[str, str], dict[str, Tensor], str]]:
    seen = {one.name: one.joined(turned) for one in tables}
    if len(seen) == 1:
        (name, table), = seen.items()
        for given, how in cut(table, len(tables[0].tensors)):
            yield dict.fromkeys(given, name), given, how
    elif len(seen) == 2:
        for read, recurrent in permutations(seen):
            ih, hh = seen[read], seen[recurrent]
            if len(ih) == len(hh) == hh.shape[1] * len(tables[0].tensors):
                yield {"weight_ih": read, "weight_hh": recurrent}, \
                    {"weight_ih": ih, "weight_hh": hh}, ""
