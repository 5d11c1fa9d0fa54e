"""Stretches of held-out text to show for a claim, by rules that are printed.

The text is cut at line ends into windows. With value and label standardised over the whole
sample, a window's *contribution* is the mean of their products over its characters, with the
sign of r; the mean over the sample is |r|. So the windows that contribute most are those where
the claim holds best, and those that contribute least are where it fails.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from builder.core.cards import Excerpt
from builder.core.digests import uniform

WINDOW = 500
"""Characters of a window, about; it ends with the line."""

LONGEST = 1_500
"""A window is cut here if its line does not end before."""

LEAST_MIX = 0.1
"""Share of a window's characters on which the label differs from its commonest value."""

LEAST_SPREAD = 0.5
"""Its standard deviation of the label, at least, as a share of that over the whole sample."""

RULES = ("strongest", "strongest", "upper", "typical", "lower", "weakest", "random", "fails")
QUARTERS = {"upper": 1, "typical": 2, "lower": 3}
"""Rules that take the stretch so many quarters down the order."""


@dataclass(frozen=True)
class Trace:
    """A piece of a held-out document, read for one claim.

    Attributes:
        name: Name of the document inside the corpus.
        offset: Where its first character is in the document.
        first_line: Number of the line its first character is on, from 1.
        text: N characters.
        group: Document group.
        scored: bool[N].
        values: float32[N], the unit.
        labels: float32[N], the feature.
    """

    name: str
    offset: int
    first_line: int
    text: str
    group: int
    scored: NDArray[np.bool_]
    values: NDArray[np.float32]
    labels: NDArray[np.float32]


@dataclass(frozen=True)
class _Window:
    trace: Trace
    start: int
    stop: int
    contribution: float
    mixed: bool

    @property
    def place(self) -> str:
        """Where it is, in a form that no other window has."""
        return f"{self.trace.name}:{self.trace.first_line}:{self.start}"


def choose_excerpts(traces: Sequence[Trace], sign: float, salt: str) -> tuple[Excerpt, ...]:
    """Return up to eight excerpts, one for each of `RULES`.

    All but the random one are taken among windows in which the feature changes, put in order by
    what they contribute: upper, typical and lower are a quarter, half and three quarters down,
    weakest is the one that contributes least either way, and the last is where the claim fails.
    No two are from one document or one document group, while there are
    enough of these.

    Args:
        traces: The sample.
        sign: Of r.
        salt: Decides the random one.
    """
    windows = list(_windows(traces, sign))
    mixed = sorted((w for w in windows if w.mixed), key=lambda w: -w.contribution)
    mixed = mixed or sorted(windows, key=lambda w: -w.contribution)
    shuffled = sorted(windows, key=lambda w: uniform(w.place, salt))
    orders = {
        "strongest": mixed,
        "fails": mixed[::-1],
        "weakest": sorted(mixed, key=lambda w: abs(w.contribution)),
        "random": shuffled,
    } | {rule: _nearest(mixed, len(mixed) * quarters // 4) for rule, quarters in QUARTERS.items()}
    chosen: list[tuple[str, _Window]] = []
    for rule in sorted(RULES, key=lambda r: r != "fails"):
        window = _first_new(orders[rule], [w for _, w in chosen])
        if window is not None:
            chosen.append((rule, window))
    chosen.sort(key=lambda pair: RULES.index(pair[0]))
    return tuple(_excerpt(rule, window) for rule, window in chosen)


def _nearest(windows: Sequence[_Window], place: int) -> list[_Window]:
    """Return windows by how near they are to a place of their order."""
    order = sorted(range(len(windows)), key=lambda i: abs(i - place))
    return [windows[i] for i in order]


def _first_new(windows: Sequence[_Window], taken: Sequence[_Window]) -> _Window | None:
    """Return the first window from a fresh group, else from a fresh document, else a fresh one."""
    keys: tuple[Callable[[_Window], object], ...] = (
        lambda w: w.trace.group, lambda w: w.trace.name,
        lambda w: w.place,
    )
    for key in keys:
        there = {key(w) for w in taken}
        for window in windows:
            if key(window) not in there:
                return window
    return None


def _windows(traces: Sequence[Trace], sign: float) -> Iterator[_Window]:
    values = np.concatenate([t.values[t.scored] for t in traces]).astype(np.float64)
    labels = np.concatenate([t.labels[t.scored] for t in traces]).astype(np.float64)
    (h_mean, h_deviation), (f_mean, f_deviation) = _standard(values), _standard(labels)
    for trace in traces:
        product = (trace.values - h_mean) / h_deviation * ((trace.labels - f_mean) / f_deviation)
        for start, stop in _cuts(trace):
            mixed = _is_mixed(trace.labels[start:stop], f_deviation)
            yield _Window(trace, start, stop, float(sign * product[start:stop].mean()), mixed)


def _is_mixed(labels: NDArray[np.float32], deviation: float) -> bool:
    """Tell whether the feature changes in a window, so that there is something to follow."""
    commonest = np.unique(labels, return_counts=True)[1].max()
    varied = 1 - commonest / len(labels) >= LEAST_MIX
    return bool(varied and labels.std() >= LEAST_SPREAD * deviation)


def _standard(values: NDArray[np.float64]) -> tuple[float, float]:
    return float(values.mean()), float(values.std()) or 1.0


def _cuts(trace: Trace) -> Iterator[tuple[int, int]]:
    """Yield windows of whole lines that tile what is scored, short rests left out.

    Between the first character that is scored and the last there may be some that are not.
    """
    at, places = 0, np.flatnonzero(trace.scored)
    first, last = (places[0], places[-1]) if len(places) else (0, -1)
    while at < len(trace.text):
        end = trace.text.find("\n", at + WINDOW, at + LONGEST)
        stop = min(end + 1 if end >= 0 else at + LONGEST, len(trace.text))
        if first <= at and stop <= last + 1 and stop - at >= WINDOW // 2:
            yield at, stop
        at = stop if at <= last else len(trace.text)


def _excerpt(rule: str, window: _Window) -> Excerpt:
    trace, at = window.trace, slice(window.start, window.stop)
    line = trace.first_line + trace.text.count("\n", 0, window.start)
    return Excerpt(
        rule, trace.name, trace.offset + window.start, line, trace.text[at],
        tuple(round(float(v), 3) for v in trace.values[at]),
        tuple(float(v) for v in trace.labels[at]), round(window.contribution, 4),
    )
