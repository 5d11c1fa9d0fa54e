"""The network itself, packed for the browser."""

from __future__ import annotations

from builder.core.shown import InBrowser
from builder.models.folder import weight_shapes
from builder.models.network import CharNetwork
from builder.tokens.characters import Vocabulary

LARGEST = 4_000_000
"""Most weights that a page may load: 8 MB."""


def pack(network: CharNetwork) -> InBrowser | None:
    """Return the weights as float16 in the order of the model folder.

    None where they are many, and where the network reads other steps than characters: what is typed
    could not be cut into these. A network of the gallery is stored as float16, so nothing is lost.
    """
    vocabulary, size = network.spec.vocabulary, sum(p.numel() for p in network.parameters())
    if not isinstance(vocabulary, Vocabulary) or size > LARGEST:
        return None
    state, names = network.state_dict(), weight_shapes(network.spec)
    raw = b"".join(state[name].half().contiguous().numpy().tobytes() for name in names)
    return InBrowser("".join(vocabulary.characters), raw)
