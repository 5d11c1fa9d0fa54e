"""Size of coloured text, for units of a network that has learned nothing and for the worst."""

from __future__ import annotations

import gzip

import numpy as np
from numpy.typing import NDArray

from builder.activations.blocks import read_batch
from builder.activations.signals import SignalReader
from builder.features import features_for, label
from builder.rendering.spans import coloured
from tests.bench.reading import LANGUAGE, make_network
from tests.bench.sizes import Row, Sizes
from tests.bench.text import documents

UNITS = 24


def page_rows(sizes: Sizes) -> list[Row]:
    """Return bytes a character, plain and gzipped."""
    text = documents(1, sizes.characters * 2)[0]
    in_string = label(text, LANGUAGE, features_for(LANGUAGE, ["in_string"])).values[:, 0] > 0
    values = _values(text, sizes.hidden)
    shown = values[:, np.linspace(0, values.shape[1] - 1, UNITS).astype(int)]
    worst = np.where(np.arange(len(text)) % 2, 0.9, -0.9)
    return [
        Row("bytes a character of coloured text, gzipped", ""),
        _row(f"  median of {UNITS} units, h and tanh(c)", text, list(shown.T), in_string.tolist()),
        _row("  every character in another colour", text, [worst], in_string.tolist()),
    ]


def _values(text: str, hidden: int) -> NDArray[np.float32]:
    """Return float32[N, U], h and tanh(c) after each character."""
    network = make_network(hidden, [text])
    ids = network.spec.vocabulary.encode(text)
    read = read_batch(SignalReader(network), [ids], [0])
    return np.concatenate([block.values[:, 0].copy() for block in read])


def _row(name: str, text: str, columns: list[NDArray[np.floating]], on: list[bool]) -> Row:
    pages = [str(coloured(text, column, on)).encode() for column in columns]
    plain = np.median([len(page) for page in pages]) / len(text)
    packed = np.median([len(gzip.compress(page, 9)) for page in pages]) / len(text)
    return Row(name, f"{plain:.1f}", f"{packed:.2f} gzipped")
