"""Files of activations put on their text: which step covers what, and which documents there are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from builder.activations.given import GivenSteps, numbered
from builder.activations.npz import Scratch
from builder.activations.states_file import Layer, StatesFile, pieces
from builder.activations.states_reading import read_states_file
from builder.activations.stored import StoredSource
from builder.core.digests import digest_of_parts
from builder.core.errors import CorpusError, Problem
from builder.tokens.characters import Vocabulary
from builder.tokens.contract import Cut


@dataclass(frozen=True)
class OpenedStates:
    """Values in a file, and what they are of.

    Attributes:
        source: Of the activations.
        texts: Name of each document to its text and its digest.
        notes: What is to be said of the file.
    """

    source: StoredSource
    texts: Mapping[str, tuple[str, str]]
    notes: tuple[str, ...]


@dataclass(frozen=True)
class _Read:
    """A text as it was read, in order.

    Attributes:
        text: All of it.
        sizes: Characters that each step covers, [N]; None where each is one.
        starts: First step of each document, int64[D].
        names: Of the documents.
    """

    text: str
    sizes: NDArray[np.int64] | None
    starts: NDArray[np.int64]
    names: tuple[str, ...]


def open_states(
    path: Path, untrained: Sequence[Path] = (), texts: Mapping[str, str] | None = None,
    scratch: Path | None = None,
) -> OpenedStates:
    """Return the values in a file, and the text that they are of.

    Args:
        path: Of the file.
        untrained: Files with what networks that learned nothing give on the same text.
        texts: Name to the text, in the order in which they were read; may be None where the file
            has its text itself.
        scratch: Where values are unpacked that are compressed.

    Raises:
        CorpusError: A file is not right, is of another text or of other units, or there is no
            text.
    """
    files = Scratch(scratch)
    found = read_states_file(path, files)
    names, ids = numbered(pieces(found.tokens), found.vocabulary) \
        if found.tokens is not None else ((), None)
    read = _read(found, texts or {}, names, ids)
    documents = _documents(found, read)
    places = {own: (first, stop) for _, own, _, (first, stop) in documents}
    cut: Cut = Vocabulary(found.vocabulary or tuple(sorted(set(read.text)))) \
        if read.sizes is None or ids is None else GivenSteps(names, ids, read.sizes, places)
    others = tuple(_others(found, read_states_file(other, files)) for other in untrained)
    units = sum(layer.values.shape[1] for layer in found.layers)
    source = StoredSource(
        found.layers, cut, {own: first for own, (first, _) in places.items()}, others,
        found.log_probs, None if found.vocabulary is None else len(found.vocabulary),
        found.names if len(found.names) == units and found.names != read.names else (),
        files)
    return OpenedStates(source, {name: (text, own) for name, own, text, _ in documents},
                        tuple(_notes(found)))


def _notes(found: StatesFile) -> Iterator[str]:
    if found.left_aside:
        yield f"{found.where}: left aside: {', '.join(found.left_aside)}"


def _read(
    found: StatesFile, texts: Mapping[str, str], names: Sequence[str],
    ids: NDArray[np.int32] | None,
) -> _Read:
    """Say what was read, from the file itself and from texts that are given besides.

    Raises:
        CorpusError: There is no text, or two that are not the same.
    """
    sizes = None
    own = found.text
    if found.tokens is not None:
        own, sizes = _joined(found)
    text = _agreed(found, own, texts)
    if sizes is None and len(text) != found.steps:
        raise CorpusError(Problem(
            found.where, "there must be one character of the text for each step",
            f"{found.steps:,} steps, {len(text):,} characters",
            "if a step is no character, the file needs tokens"))
    starts = found.starts
    if starts is None:
        starts = _starts_of(texts, sizes, found.steps) if len(texts) > 1 else np.zeros(1, np.int64)
    called = found.names if len(found.names) == len(starts) else \
        tuple(texts) if len(texts) == len(starts) else _numbers(len(starts))
    return _Read(text, sizes, starts, called)


def _joined(found: StatesFile) -> tuple[str, NDArray[np.int64]]:
    assert found.tokens is not None
    text, sizes = list[str](), [np.zeros(0, np.int64)]
    for some in pieces(found.tokens):
        text += some
        sizes.append(np.fromiter(map(len, some), np.int64, len(some)))
    whole = "".join(text)
    if found.text is not None and found.text != whole:
        raise _differs(found.where, "its tokens, one after the other, are not its text",
                       whole, found.text)
    return whole, np.concatenate(sizes)


def _agreed(found: StatesFile, own: str | None, texts: Mapping[str, str]) -> str:
    """Return the one text that a file and others besides have, as it was read."""
    given = "".join(texts.values())
    plain = given.replace("\r\n", "\n").replace("\r", "\n")
    if own is None and not texts:
        raise CorpusError(Problem(found.where, "there is no text",
                                  "neither text nor tokens", "give it with --text"))
    if own is None:
        return plain if len(given) != found.steps and len(plain) == found.steps else given
    if texts and own not in (given, plain):
        nearest = max((given, plain), key=lambda text: _same(own, text))
        raise _differs(", ".join(texts), f"not the text of {found.where}", nearest, own)
    return own


def _same(a: str, b: str) -> int:
    """Return how many characters two texts have in common at their start."""
    low, high = 0, min(len(a), len(b))
    while low < high:
        middle = (low + high + 1) // 2
        if a[low:middle] == b[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low


def _differs(where: str, wrong: str, a: str, b: str) -> CorpusError:
    at = _same(a, b)
    line = a.count("\n", 0, at) + 1
    return CorpusError(Problem(
        where, wrong, f"they part at character {at:,} (from 0), line {line:,}: "
        f"{a[at : at + 20]!r} and {b[at : at + 20]!r}"))


def _starts_of(
    texts: Mapping[str, str], sizes: NDArray[np.int64] | None, steps: int
) -> NDArray[np.int64]:
    """Return the first step of each text: of several that were read one after another."""
    lengths = np.array([len(text) for text in texts.values()])
    starts = np.concatenate([[0], np.cumsum(lengths)[:-1]])
    if sizes is not None:
        starts = np.searchsorted(np.cumsum(sizes), starts, "right")
    return np.unique(starts[starts < steps])


def _numbers(count: int) -> tuple[str, ...]:
    return tuple(f"{i:06d}" for i in range(count))


def _documents(
    found: StatesFile, read: _Read
) -> list[tuple[str, str, str, tuple[int, int]]]:
    """Return of each document its name, digest, text, first step and the one after its last.

    The digest is of the place too, for two documents with the same text may have other values.
    """
    steps = [*read.starts.tolist(), found.steps]
    ends = np.arange(found.steps + 1) if read.sizes is None else \
        np.concatenate([[0], np.cumsum(read.sizes)])
    return [(name, digest_of_parts([text := read.text[ends[first] : ends[stop]], str(first)]),
             text, (first, stop))
            for name, first, stop in zip(read.names, steps, steps[1:], strict=False)]


def _others(found: StatesFile, other: StatesFile) -> tuple[Layer, ...]:
    """Return the layers of a network that learned nothing, in the order of ours.

    Raises:
        CorpusError: They are of another text, or of other units.
    """
    there = {(layer.signal, layer.number): layer for layer in other.layers}
    ours = {(layer.signal, layer.number): layer.values.shape for layer in found.layers}
    if {key: layer.values.shape for key, layer in there.items()} != ours:
        shapes = ["; ".join(f"{s}{n} {layer.values.shape}" for (s, n), layer in sorted(
            ((layer.signal, layer.number), layer) for layer in file.layers))
            for file in (other, found)]
        raise CorpusError(Problem(
            other.where, f"not the same signals, steps and units as in {found.where}",
            f"{shapes[0]}, and there {shapes[1]}",
            "write what an untrained network of the same sizes gives on the same text"))
    for name in ("text", "tokens", "starts"):
        a, b = getattr(other, name), getattr(found, name)
        if a is not None and b is not None and not np.array_equal(a, b):
            raise CorpusError(Problem(
                other.where, f"its {'documents' if name == 'starts' else name} are not those of "
                f"{found.where}", "", "write what an untrained network gives on the same text"))
    return tuple(there[key] for key in ours)
