"""Tasks that the tests run in other processes."""

from __future__ import annotations

import os
import signal
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from builder.core.errors import CorpusError, Problem
from tests.interrupts import PATIENCE


def scaled(matrix, item):
    """Return sums whose last bits depend on how they are added."""
    values = np.random.default_rng(item).standard_normal(matrix.shape[1]).astype(np.float32)
    return {"sum": (matrix * values).sum(1), "item": np.array([item])}


def slow_first(seconds, item):
    time.sleep(0 if item else seconds)
    return {"item": item, "process": os.getpid()}


def last_but_first(context, item):
    """Do item 0 once so many others have left a mark in the folder."""
    folder, others = context
    end = time.monotonic() + PATIENCE
    while not item and len(list(Path(folder).iterdir())) < others and time.monotonic() < end:
        time.sleep(0.01)
    if item:
        Path(folder, str(item)).touch()
    return {"item": item, "process": os.getpid()}


def refusing(context, item):
    raise CorpusError([Problem("text", "too short", f"{item}"), Problem("text", "too dull")])


def dividing(context, item):
    return context / item


class Unsendable(Exception):
    def __init__(self, one, two):
        super().__init__(f"{one} and {two}")


def raising_unsendable(context, item):
    raise Unsendable(1, 2)


def making_lambda(context, item):
    return lambda: item


def dying(context, item):
    """Kill the process at item 3, so many times; a mark in the folder for each."""
    folder, times = context
    marks = len(list(Path(folder).iterdir()))
    if item == 3 and marks < times:
        Path(folder, str(marks)).touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return {"item": np.array([item * 7])}


def leaving(context, item):
    sys.exit(3)


def environment(context, item):
    return [os.environ.get(name) for name in context]


@dataclass
class Counted:
    """Leaves a mark in a folder each time that it is unpacked."""

    folder: str
    size: int

    def __reduce__(self):
        return _counted, (self.folder, self.size, b"x" * self.size)


def _counted(folder, size, content):
    Path(folder, f"{os.getpid()}-{time.monotonic_ns()}").touch()
    assert len(content) == size
    return Counted(folder, size)


def sized(counted, item):
    time.sleep(0.02)
    return counted.size + len(item)


def noting(folder, item):
    """Leave a mark for each time that an item is done."""
    Path(folder, f"{item}-{time.monotonic_ns()}").touch()
    return None if item == 4 else {
        "square": np.array([[item * item]], np.float32), "item": np.array(item)}


def noting_then_waiting(folder, item):
    Path(folder, f"{os.getpid()}").touch()
    time.sleep(600)


def working(seconds, item):
    """Work for a while, with a result that shows its bytes."""
    values = np.random.default_rng(item).standard_normal(1_000).astype(np.float32)
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        total = np.cumsum(values)
    return {"sums": total, "item": np.array([item])}
