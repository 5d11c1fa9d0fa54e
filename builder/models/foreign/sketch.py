"""One way in which the tensors of a file can be a network, and the names that speak for it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import torch
from torch import Tensor

from builder.core.errors import ModelError, Problem
from builder.models.foreign.orders import OURS

BLOCKS = {len(order): name for name, order in OURS.items()}
HINTS = {
    "rnn.weight_hh": r"hh|recurrent|h2h|h_to_h|w_?h$|whh"
                       r"|(^|[./_])((w_?)?h|u_?)\*",
    "rnn.weight_ih": r"xh|x2h|i2h|ih(?!h)|in_to|input|w_?x$|w_?i$"
                       r"|(^|[./_])((w_?)?[ix]|w_?)\*",
    "rnn.bias": r"bh$|b_h$|b_?hn$|bias_n$|bias_?[ih]h|hidden_bias|h2h|i2h",
    "embedding.weight": r"emb|encoder|lookup|wte|table",
    "decoder.weight": r"hy|h2o|ho\b|decoder|fc|dense|head|out|logit|proj|linear",
    "decoder.bias": r"by$|b_?y|b_?o$|decoder|fc|dense|head|out|logit|proj|linear",
}

STANDING, TURNED = "matrices stand before vectors (W x)", "vectors before matrices (x W)"


@dataclass(frozen=True)
class Layer:
    """A layer of a source, rows in front, blocks in the source's order.

    Attributes:
        tensors: By the names of the model folder; biases may be missing.
        names: Where each is from.
    """

    tensors: Mapping[str, Tensor]
    names: Mapping[str, str]
    notes: Mapping[str, str] = field(default_factory=dict)

    @property
    def hidden(self) -> int:
        """H."""
        return self.tensors["weight_hh"].shape[1]

    @property
    def width(self) -> int:
        """What it reads."""
        return self.tensors["weight_ih"].shape[1]

    @property
    def architecture(self) -> str:
        """What it is, as far as the number of its blocks tells."""
        return BLOCKS.get(self.tensors["weight_hh"].shape[0] // self.hidden, "")


def of_candidate(bias: Tensor) -> Tensor:
    """Return the bias of all that reads h, where the candidate alone has one."""
    return torch.cat([torch.zeros(2 * len(bias)), bias])


@dataclass(frozen=True)
class Ends:
    """What stands below and above the layers.

    Attributes:
        embedding: [R, E]; None where the input is one-hot.
        decoder: [R, H].
        bias: [R] or None.
        names: Source of "embedding.weight", "decoder.weight" and "decoder.bias".
    """

    embedding: Tensor | None
    decoder: Tensor
    bias: Tensor | None
    names: Mapping[str, str]


@dataclass(frozen=True)
class Sketch:
    """One reading of the names and shapes of a source.

    Attributes:
        layers: From below.
        ends: What stands around them.
        library: Whose convention is to be expected.
        note: How its matrices were read, where that is not sure.
        order: Of its blocks, where their names tell it.
    """

    layers: tuple[Layer, ...]
    ends: Ends
    library: str
    note: str = ""
    order: str = ""

    @property
    def count(self) -> int:
        """R."""
        return self.ends.decoder.shape[0]

    def roles(self) -> dict[str, list[str]]:
        """Return the roles of each tensor that is used."""
        found: dict[str, list[str]] = {}
        for number, layer in enumerate(self.layers):
            for role, name in layer.names.items():
                found.setdefault(name, []).append(f"rnn.{role}_l{number}")
        for role, name in self.ends.names.items():
            found.setdefault(name, []).append(role)
        return found

    def notes(self) -> dict[str, str]:
        """Return what was done with tensors."""
        return {layer.names[role]: note for layer in self.layers
                for role, note in layer.notes.items()}

    def agrees(self, said: Mapping[str, str]) -> bool:
        """Tell whether tensors have the roles that somebody said."""
        roles = self.roles()
        return all(role in roles.get(name, []) for role, name in said.items())

    def spoken_for(self) -> int:
        """Return how many names speak for this reading, less those that speak against it."""
        return sum(_speaks(name, role) for name, roles in self.roles().items() for role in roles)


def _speaks(name: str, role: str) -> int:
    word, own = name.lower(), re.sub(r"^(rnn\.bias).*|_l\d+$", r"\1", role)
    if own == role == name:
        return 5
    if re.search(HINTS[own], word):
        return 2
    kind = "bias" in own
    others = (h for r, h in HINTS.items() if r != own and ("bias" in r) == kind)
    return -1 if any(re.search(hint, word) for hint in others) else 0


def chained(layers: Sequence[Layer], where: str) -> tuple[Layer, ...]:
    """Return layers in an order in which each reads the one below.

    Raises:
        ModelError: They differ in kind or size, or do not read each other.
    """
    for order in (layers, sorted(layers, key=lambda layer: natural(layer.names["weight_hh"]))):
        if all(above.width == below.hidden for below, above in pairwise(order)):
            break
    else:
        raise ModelError(Problem(where, "its layers do not read each other", ", ".join(
            f"{layer.names['weight_hh']} of {layer.hidden} cells reads {layer.width}"
            for layer in layers), "name them from below with --map rnn.weight_hh_l0=TENSOR …"))
    if len({(layer.hidden, layer.architecture) for layer in order}) > 1:
        raise ModelError(Problem(where, "its layers differ in kind or size", ", ".join(
            f"{layer.names['weight_hh']}: {layer.architecture} of {layer.hidden}"
            for layer in layers), "a gallery keeps layers of one kind and one size"))
    return tuple(order)


def natural(name: str) -> list[tuple[str, int]]:
    """Return what sorts names with numbers in them as people do."""
    parts = re.split(r"(\d+)", name)
    return [(text, int(number or 0)) for text, number in
            zip(parts[::2], [*parts[1::2], "0"], strict=True)]


def all_ends(
    rest: Mapping[str, Tensor], width: int, hidden: int, turned: bool
) -> Iterator[Ends]:
    """Yield every way in which all that is left can stand around layers.

    Args:
        rest: Tensors that no layer uses, of one or two dimensions.
        width: E of the lowest layer.
        hidden: H.
        turned: Whether a decoder is [H, R] instead of [R, H].
    """
    tables = {name: t for name, t in rest.items() if t.ndim == 2}
    biases = {name: t for name, t in rest.items() if t.ndim == 1}
    if len(tables) > 2 or len(biases) > 1:
        return
    for name, decoder in _seen_as(tables, hidden, turned):
        others = {n: t for n, t in tables.items() if n != name}
        for below, table in _below(others, name, decoder, width):
            if all(len(bias) == len(decoder) for bias in biases.values()):
                bias = next(iter(biases), "")
                names = {"embedding.weight": below, "decoder.weight": name, "decoder.bias": bias}
                yield Ends(table, decoder, biases.get(bias),
                           {role: tensor for role, tensor in names.items() if tensor})


def _seen_as(
    tables: Mapping[str, Tensor], columns: int, turned: bool
) -> Iterator[tuple[str, Tensor]]:
    """Yield tables of so many columns."""
    for name, table in tables.items():
        seen = table.T if turned else table
        if seen.shape[1] == columns:
            yield name, seen


def _below(
    others: Mapping[str, Tensor], decoder: str, weight: Tensor, width: int
) -> Iterator[tuple[str, Tensor | None]]:
    rows = len(weight)
    if not others:
        if width == rows:
            yield "", None
        if width == weight.shape[1] and re.search(HINTS["embedding.weight"], decoder.lower()):
            yield decoder, weight  # tied
        return
    for name, table in _seen_as(others, width, False):
        if len(table) == rows:
            yield name, table
