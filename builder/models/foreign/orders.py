"""In which order libraries stack gates, and what else shapes cannot tell."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import torch
from torch import Tensor

OURS = {"lstm": "ifgo", "gru": "rzn", "rnn": "h"}
"""Blocks of the model folder, which are PyTorch's."""

KERAS, RESET_BEFORE = "Keras", "Keras, reset_after=False"
"""What conventions of Keras have in their names."""

OLD_KERAS = "Keras before 2.3"
"""What those of older versions have."""

SPLIT = "gates r z n, reset before the product"
"""What a GRU with one matrix for its input and r · h can only be."""

BEFORE = "grubefore"
"""What a GRU is kept as whose reset gate stands before the product with h."""

HARD = {"lstm": "lstmhard", "gru": "gruhard"}
"""What layers are kept as whose gates are the hard sigmoids of Keras 1 and 2."""


@dataclass(frozen=True)
class Convention:
    """How the blocks of a layer are to be read.

    Attributes:
        name: For messages.
        architecture: Whose layers they are.
        order: The blocks, a letter each: i f g o of an LSTM, r z n of a GRU.
        forget: What is added to the forget gate when the network runs.
        kept: Architecture of the model folder that computes so; that of the layers where empty.
        lets_in: Whether z is the share of what is new in a GRU, not of what stays.
    """

    name: str
    architecture: str
    order: str
    forget: float = 0.0
    kept: str = ""
    lets_in: bool = False

    @property
    def keeps(self) -> str:
        """Architecture of the model folder that it becomes."""
        return self.kept or self.architecture


CONVENTIONS = (
    Convention("gates i f g o (PyTorch, Keras)", "lstm", "ifgo"),
    Convention("gates i g f o, 1 added to f (TensorFlow's BasicLSTMCell)", "lstm", "igfo", 1.0),
    Convention("gates i g f o", "lstm", "igfo"),
    Convention("gates i f o g (char-rnn)", "lstm", "ifog"),
    Convention("gates f i g o", "lstm", "figo"),
    Convention("gates f i o g", "lstm", "fiog"),
    Convention("gates i o f g (ONNX)", "lstm", "iofg"),
    Convention("gates g i f o", "lstm", "gifo"),
    Convention("gates r z n, reset after the product (PyTorch)", "gru", "rzn"),
    Convention("gates z r n, reset after the product (Keras)", "gru", "zrn"),
    Convention(f"gates z r n, reset before the product ({RESET_BEFORE})", "gru", "zrn",
               kept=BEFORE),
    Convention(SPLIT, "gru", "rzn", kept=BEFORE),
    Convention(f"gates i f g o, hard sigmoids ({OLD_KERAS})", "lstm", "ifgo", kept=HARD["lstm"]),
    Convention(f"gates z r n, hard sigmoids, reset before the product ({OLD_KERAS})", "gru", "zrn",
               kept=HARD["gru"]),
    Convention("one tanh layer", "rnn", "h"),
)
LETTING_IN = tuple(replace(one, name=f"{one.name}, z lets the new in", lets_in=True)
                   for one in CONVENTIONS if one.architecture == "gru" and one.order == "rzn")
"""What networks written by hand have besides."""
HAIKU = Convention("gates z r n, reset before the product, z lets the new in (Haiku)", "gru", "zrn",
                   kept=BEFORE, lets_in=True)
"""What is tried besides where no library is known."""


def conventions_of(
    architecture: str, first: str, kept: str = "", order: str = ""
) -> tuple[Convention, ...]:
    """Return all conventions of an architecture, that whose name holds `first` in front.

    Args:
        architecture: What the layers are, as far as shapes tell.
        first: A part of a name.
        kept: What they are, where that is known; any of it where it is empty. Hard gates have to be
            said: over a text they are too much like others to be told from them.
        order: Of the blocks, where that is known.
    """
    besides = LETTING_IN if order else (HAIKU,) if first in HAIKU.name else ()
    known = (*CONVENTIONS, *besides)
    own = [one for one in known if one.architecture == architecture
           and (one.keeps == kept or (not kept and one.keeps not in HARD.values()))
           and order in ("", one.order) and not (order and one.forget)]
    return tuple(sorted(own, key=lambda one: first not in one.name))


def in_our_order(layer: Mapping[str, Tensor], convention: Convention) -> dict[str, Tensor]:
    """Return the tensors of a layer with their blocks as a model folder has them.

    Args:
        layer: [blocks · H, …] each, blocks in the order of the source.
        convention: What that is.
    """
    ours = OURS[convention.architecture]
    at = [convention.order.index(block) for block in ours]
    turned = {name: torch.cat([tensor.chunk(len(at))[k] for k in at])
              for name, tensor in layer.items()}
    hidden = layer["weight_hh"].shape[1]
    if convention.lets_in:
        start = ours.index("z") * hidden
        for tensor in turned.values():
            tensor[start : start + hidden] *= -1
    if convention.forget:
        bias = turned.get("bias_ih", torch.zeros(len(at) * hidden)).clone()
        start = ours.index("f") * hidden
        bias[start : start + hidden] += convention.forget
        turned["bias_ih"] = bias
    return turned
