"""The program that reads a file of HDF5 for `hdf5.py`; it needs nothing else of this package.

python hdf5program.py SECONDS BYTES [FILE]: writes an archive of numpy, of the file or of what
comes in.
"""

from __future__ import annotations

import io
import json
import sys
from contextlib import suppress
from typing import Any

import h5py
import numpy as np


def main(seconds: int, memory: int, path: str) -> int:
    """Read a file; say in one line what is wrong with it, if anything."""
    _limit(seconds, memory)
    try:
        with h5py.File(path or io.BytesIO(sys.stdin.buffer.read()), "r") as root:
            said, arrays = _content(root)
    except Exception as error:  # a broken file can raise whatever its reader does
        print(" ".join(str(error).split()) or type(error).__name__, file=sys.stderr)
        return 3
    np.savez(sys.stdout.buffer, *arrays, said=np.array(json.dumps(said)))
    return 0


def _limit(seconds: int, memory: int) -> None:
    """Take no more time and memory, where the system can see to that; leave no image of it."""
    try:
        import resource
    except ImportError:  # on Windows
        return
    for kind, most in ((resource.RLIMIT_CORE, 0), (resource.RLIMIT_CPU, seconds),
                       (resource.RLIMIT_AS, memory)):
        _, hard = resource.getrlimit(kind)
        with suppress(ValueError, OSError):  # macOS knows some limits only by name
            resource.setrlimit(
                kind, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard))


def _content(root: h5py.File) -> tuple[dict[str, Any], list[np.ndarray[Any, Any]]]:
    """Return the names of everything, and the arrays of floating point numbers."""
    top = root
    if "model_weights" in root:
        if not isinstance(root.get("model_weights", getlink=True), h5py.HardLink):
            raise ValueError("its weights are in another file")
        top = root["model_weights"]
    found: list[tuple[str, h5py.Dataset]] = []
    top.visititems(lambda name, one: found.append((name, one)) if isinstance(one, h5py.Dataset)
                   else None)
    arrays: list[np.ndarray[Any, Any]] = []
    datasets: list[tuple[str, int | None]] = []
    for name, dataset in found:
        floats = dataset.dtype.kind == "f"
        datasets.append((name, len(arrays) if floats else None))
        if floats:
            arrays.append(_array(dataset))
    order = [_decoded(name) for name in top.attrs.get("layer_names", [])]
    config = root.attrs.get("model_config")
    version = root.attrs.get("keras_version")
    return {"config": None if config is None else _decoded(config),
            "version": "" if version is None else _decoded(version), "order": order,
            "datasets": datasets}, arrays


def _decoded(name: Any) -> str:
    return name.decode() if isinstance(name, bytes) else str(name)


def _array(dataset: h5py.Dataset) -> np.ndarray[Any, Any]:
    if dataset.external or dataset.is_virtual:
        raise ValueError(f"the numbers of {dataset.name} are in another file")
    return np.array(dataset).astype(np.float32)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]))
