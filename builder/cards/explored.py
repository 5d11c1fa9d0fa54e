"""All units over a few excerpts, small enough to be sent to a browser.

The excerpts hang on the recipe, the text and its features alone, so that networks which have the
same text are seen on the same excerpts.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from builder.activations.carried import states_after, values_over
from builder.activations.sampling import Stretch
from builder.activations.subject import Reading, no_bigrams
from builder.cards.traces import read_columns
from builder.core.feed import spanned
from builder.core.runs import runs
from builder.core.shown import Explored
from builder.core.text import Document
from builder.corpora.passages import Passage
from builder.models.network import CharNetwork
from builder.work import local

MOST = 8
WINDOW = 600
"""Characters of an excerpt, about; it ends with a line."""

LONGEST = 1_200
LEAST_SHARE = 0.05
"""Share of the characters that differ from the commonest label where a feature changes enough."""

SCALE = 127


@dataclass(frozen=True)
class _Window:
    stretch: Stretch
    start: int
    stop: int
    labels: NDArray[Any]
    title: str = ""

    @property
    def document(self) -> Document:
        return self.stretch[0]

    @property
    def read(self) -> Stretch:
        """What is read for it: its stretch, up to its own end."""
        document, piece = self.stretch
        return document, replace(piece, stop=self.stop)

    @property
    def offset(self) -> int:
        """Characters that are read before it."""
        return self.start - self.stretch[1].read_start

    @property
    def varied(self) -> NDArray[np.bool_]:
        """Which features change enough in it, bool[K]."""
        common = np.array([np.unique(column, return_counts=True)[1].max()
                           for column in self.labels.T])
        enough: NDArray[np.bool_] = 1 - common / len(self.labels) >= LEAST_SHARE
        return enough


def explore(
    reading: Reading, stretches: Sequence[Stretch], passages: Sequence[Passage] = (),
) -> tuple[Explored, ...]:
    """Read all units over the passages, and over excerpts in which many features change.

    Args:
        reading: What reads and labels.
        stretches: Where the excerpts are chosen from.
        passages: What is read whatever changes there.
    """
    wanted = [_wanted(reading, passage) for passage in passages]
    windows = [*wanted, *_choose(list(_windows(reading, stretches)))]
    described = [_described(reading, window) for window in windows]
    if not reading.is_network or not reading.texts.cutting.carries:
        return tuple(replace(one, activations=_activations(_whole(reading, window)))
                     for one, window in zip(described, windows, strict=True))
    cut = [_cut(reading, window) for window in windows]
    states = states_after(reading.network, [earlier for earlier, _ in cut])
    return read_again([replace(one, before=before, steps=steps) for one, before, (_, steps)
                       in zip(described, states, cut, strict=True)], reading.network)


def _cut(reading: Reading, window: _Window) -> tuple[NDArray[np.int64], str]:
    """Return what is fed before a window, and the steps in it, if they are no characters."""
    (one,) = reading.texts.slices([window.read])
    ids, start = reading.texts.packed(one).fed, window.offset
    if reading.texts.cutting.one_character:
        return ids[:start], ""
    steps = reading.texts.steps_within(one, ids)
    first = int(np.searchsorted(steps.ends, start, "right"))  # the one that covers the start
    return ids[:first], spanned(ids[first:], np.diff(steps.ends[first:], prepend=start))


def _wanted(reading: Reading, passage: Passage) -> _Window:
    labels = reading.texts.labels(passage.document)[passage.start : passage.stop]
    stretch = passage.document, passage.piece
    return _Window(stretch, passage.start, passage.stop, labels, passage.title)


def _windows(reading: Reading, stretches: Sequence[Stretch]) -> Iterator[_Window]:
    """Yield windows of whole lines, one after the other, from every stretch."""
    for stretch in stretches:
        document, piece = stretch
        at = document.text.find("\n", piece.scored_start) + 1 or piece.stop
        values = reading.texts.labels(document)
        while at + WINDOW // 2 < piece.stop:
            end = document.text.find("\n", at + WINDOW, at + LONGEST) + 1 or at + LONGEST
            stop = min(end, piece.stop)
            yield _Window(stretch, at, stop, values[at:stop])
            at = stop


def _choose(windows: Sequence[_Window]) -> Iterator[_Window]:
    """Yield, one after the other, the window with most features that were in none before."""
    varied = [w.varied for w in windows]
    seen = np.zeros(len(varied[0]), bool) if varied else np.zeros(0, bool)
    taken: set[str] = set()
    for _ in range(MOST):
        left = [i for i, w in enumerate(windows) if w.document.name not in taken]
        if not left:
            return
        best = max(left, key=lambda i: ((varied[i] & ~seen).sum(), varied[i].sum(), -i))
        seen |= varied[best]
        taken.add(windows[best].document.name)
        yield windows[best]


def _described(reading: Reading, window: _Window) -> Explored:
    """Return a window with its features, without activations."""
    document = window.document
    changing = {id_: runs(column.tolist()) for id_, column in
                zip(reading.feature_ids, window.labels.T, strict=True) if np.ptp(column)}
    return Explored(document.name, document.text.count("\n", 0, window.start) + 1,
                    document.text[window.start : window.stop], b"", changing, window.title)


def read_again(excerpts: Sequence[Explored], network: CharNetwork) -> tuple[Explored, ...]:
    """Return excerpts with their activations, each read from the state that is known before it.

    Args:
        excerpts: Any; those without such a state come back as they are.
        network: Whose state it is.

    Raises:
        ValueError: A state or a step is none of this network.
    """
    read = iter(values_over(network, [excerpt for excerpt in excerpts if excerpt.before]))
    return tuple(replace(excerpt, activations=_activations(next(read)))
                 if excerpt.before else excerpt for excerpt in excerpts)


def _whole(reading: Reading, window: _Window) -> NDArray[np.float32]:
    (read,) = read_columns(reading, range(len(reading.units)), [window.read],
                           no_bigrams(reading.source.tokens.size), local(1), "")
    return read.values[window.offset :]


def _activations(values: NDArray[np.float32]) -> bytes:
    return np.rint(np.clip(values, -1, 1) * SCALE).astype(np.int8).tobytes()
