"""Progress of long work: a bar on a terminal, a plain line every few seconds elsewhere."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Never, Protocol

from tqdm import tqdm

PLAIN_SECONDS = 15.0


class Progress(Protocol):
    """Told how far the work has come; never asked anything."""

    def advance(self, amount: int, note: str = "") -> None:
        """Count `amount` more units done; `note` is shown beside the rate."""


class _Bar:
    def __init__(self, bar: tqdm[Never]) -> None:
        self._bar = bar

    def advance(self, amount: int, note: str = "") -> None:
        if note:
            self._bar.set_postfix_str(note, refresh=False)
        self._bar.update(amount)


class _Lines:
    def __init__(self, title: str, total: int, unit: str, done: int) -> None:
        self._title, self._total, self._unit = title, total, unit
        self._done = self._first = done
        self._start = self._shown = time.monotonic()

    def advance(self, amount: int, note: str = "") -> None:
        self._done += amount
        now = time.monotonic()
        if now - self._shown >= PLAIN_SECONDS:
            self._shown = now
            self._print(now, note)

    def _print(self, now: float, note: str) -> None:
        rate = (self._done - self._first) / max(now - self._start, 1e-9)
        left = (self._total - self._done) / rate if rate else float("inf")
        share = self._done / max(self._total, 1)
        text = f"{self._title}: {share:.0%}, {rate:,.0f} {self._unit}/s, {left:,.0f} s left"
        print(text + (f", {note}" if note else ""), file=sys.stderr, flush=True)


@contextmanager
def progress(title: str, total: int, unit: str = "chars", done: int = 0) -> Iterator[Progress]:
    """Show the progress of work of `total` units, `done` of which were done before."""
    if not sys.stderr.isatty():
        yield _Lines(title, total, unit, done)
        return
    with tqdm(total=total, initial=done, desc=title, unit=unit, unit_scale=True) as bar:
        yield _Bar(bar)
