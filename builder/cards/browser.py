"""The network itself, packed for the browser."""

from __future__ import annotations

from builder.core.shown import InBrowser
from builder.models.folder import weight_shapes
from builder.models.network import CharNetwork
from builder.models.spec import ModelSpec
from builder.tokens.reading.resets import DOCUMENT

LARGEST = 4_000_000
"""Most weights that a page may load: 8 MB."""


def pack(network: CharNetwork) -> InBrowser | None:
    """Return the weights as float16 in the order of the model folder.

    None where they are many, and where scripts cannot cut a text into the steps of the network.
    A network of the gallery is stored as float16, so nothing is lost.
    """
    reading = _reading(network.spec)
    if reading is None or sum(p.numel() for p in network.parameters()) > LARGEST:
        return None
    state, names = network.state_dict(), weight_shapes(network.spec)
    raw = b"".join(state[name].half().contiguous().numpy().tobytes() for name in names)
    vocabulary = network.spec.vocabulary
    entries = [vocabulary.name(index) for index in range(1, vocabulary.size)]
    return InBrowser("".join(entries), raw, reading | (
        {"vocabulary": entries} if reading else {}))


def _reading(spec: ModelSpec) -> dict[str, object] | None:
    """Return how a script cuts a text; nothing where that is plain, None where it cannot."""
    of_tokens = spec.vocabulary.for_scripts()
    if of_tokens is None:
        return None
    reset = {} if spec.reset == DOCUMENT else {"reset": spec.reset}
    return {**of_tokens, **reset, **({} if spec.begin is None else {"begin": spec.begin})}
