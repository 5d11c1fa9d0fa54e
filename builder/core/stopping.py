"""Ending when told to: in order where work is under way, at once before and after it."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Thread
from types import FrameType

SAID = "gallery: stopped; what was finished is kept"

SIGNALS = tuple(getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP")
                if hasattr(signal, name))
"""Ctrl-C, what `kill` sends, and a terminal that was closed."""


class Ended(KeyboardInterrupt):
    """We were told to end by another signal than Ctrl-C."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self.number = number


def code_of(stop: KeyboardInterrupt) -> int:
    """Return the exit code of a process that was stopped: 130 after Ctrl-C, 143 after `kill`."""
    return 128 + (stop.number if isinstance(stop, Ended) else signal.SIGINT)


def end_at_once() -> None:
    """End without a traceback when told to, wherever that is: nothing is under way."""
    _on_signals(_quit)


@contextmanager
def ending_in_order() -> Iterator[None]:
    """Raise KeyboardInterrupt in the body when told to end; who is told twice ends at once."""
    _on_signals(_raise)
    try:
        yield
    finally:
        end_at_once()


def end_with(parent_gone: Callable[[], object]) -> None:
    """End this process when another one has.

    Args:
        parent_gone: Waits, in a thread of its own, and returns when the other has ended.
    """
    def watch() -> None:
        parent_gone()
        os._exit(1)

    Thread(target=watch, daemon=True, name="end with the parent").start()


@contextmanager
def lifeline() -> Iterator[int]:
    """Yield a file to read from for children; it ends when this process or the body does."""
    reading, writing = os.pipe()
    try:
        yield reading
    finally:
        os.close(reading)
        os.close(writing)


def _on_signals(act: Callable[[int, FrameType | None], None]) -> None:
    """Let signals do something, but for those that whoever started us has us ignore."""
    for number in SIGNALS:
        if signal.getsignal(number) != signal.SIG_IGN:
            signal.signal(number, act)


def _quit(number: int, frame: FrameType | None) -> None:
    try:
        os.write(2, f"{SAID}\n".encode())
    finally:
        os._exit(128 + number)


def _raise(number: int, frame: FrameType | None) -> None:
    end_at_once()
    raise KeyboardInterrupt if number == signal.SIGINT else Ended(number)
