"""Networks of Keras in HDF5, read by a process that may take so much time and memory.

The library of HDF5 trusts what a file says of itself: a damaged one has it turn in an endless
loop, take gigabytes, or crash, and nothing in the same process can end that.
"""

from __future__ import annotations

import io
import json
import os
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

PROGRAM = Path(__file__).with_name("hdf5program.py")
SECONDS, A_SECOND = 5, 10 << 20
"""Seconds of a processor that a file may take, and bytes of it that give it one more."""
MEMORY, TIMES = 2 << 30, 8
"""Bytes of memory that a file may take, and how often its own size besides."""
PATIENCE = 20
"""How often those seconds may pass while others have the processor."""
ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
TOO_LONG = {getattr(signal, name, None) for name in ("SIGXCPU", "SIGKILL")}


@dataclass(frozen=True)
class Hdf5:
    """What was read from a file.

    Attributes:
        config: What Keras says of the network, in JSON, where it is there.
        version: Of Keras, or empty.
        order: Names of the layers as Keras lists them.
        datasets: Name of each dataset, in the order of the file, and its array where that is of
            floating point numbers.
    """

    config: str | None
    version: str
    order: tuple[str, ...]
    datasets: tuple[tuple[str, np.ndarray[Any, Any] | None], ...]


def read_hdf5(source: Path | bytes) -> Hdf5:
    """Read a network of Keras.

    Args:
        source: A file, or what is in one.

    Raises:
        ValueError: It is broken, or takes more time or memory than its size allows.
    """
    size = source.stat().st_size if isinstance(source, Path) else len(source)
    seconds = SECONDS + size // A_SECOND
    at, content = (str(source.resolve()), b"") if isinstance(source, Path) else ("", source)
    try:
        done = subprocess.run(
            [sys.executable, "-P", str(PROGRAM), str(seconds), str(MEMORY + TIMES * size), at],
            input=content, capture_output=True, timeout=PATIENCE * seconds, check=False,
            env={**os.environ, **ONE_THREAD})
    except subprocess.TimeoutExpired:
        raise ValueError(f"not read after {PATIENCE * seconds} seconds") from None
    if done.returncode:
        raise ValueError(_reason(done))
    return _read(done.stdout)


def _reason(done: subprocess.CompletedProcess[bytes]) -> str:
    """Return why a process ended without an answer."""
    if -done.returncode in TOO_LONG:
        return "reading it takes longer than its size allows"
    if done.returncode < 0:
        return f"the library of HDF5 stopped with signal {-done.returncode}"
    lines = done.stderr.decode("utf-8", "replace").split("\n")
    return next((line for line in reversed(lines) if line.strip()), "it cannot be read")


def _read(written: bytes) -> Hdf5:
    with np.load(io.BytesIO(written), allow_pickle=False) as arrays:
        said = json.loads(str(arrays["said"]))
        return Hdf5(said["config"], said["version"], tuple(said["order"]), tuple(
            (name, None if number is None else arrays[f"arr_{number}"])
            for name, number in said["datasets"]))
