"""One thread, so that a share of work gives the same bytes wherever it is done."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import torch
from threadpoolctl import threadpool_limits

_TURN = threading.RLock()
"""The number of threads is one for a whole process, so its own threads take turns."""


@contextmanager
def one_thread() -> Iterator[None]:
    """Run the body with one thread of torch and of the libraries below numpy, then as before."""
    with _TURN:
        before = torch.get_num_threads()  # asked first: the limits below would make it one
        with threadpool_limits(1):
            torch.set_num_threads(1)
            try:
                yield
            finally:
                torch.set_num_threads(before)
