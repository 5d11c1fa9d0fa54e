"""Ctrl-C in processes that a test starts, also where the test itself is not to be interrupted."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager

PATIENCE = 120.0
"""Seconds until something is taken to hang; far from what anything takes on a busy machine."""


@contextmanager
def let_through() -> Iterator[None]:
    """Let processes that are started in the body end at Ctrl-C.

    What is started in the background of a shell, or by a program that is, ignores it and hands
    that on to all that it starts.
    """
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
