"""Files that somebody else wrote: networks in every container, and stored states."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from functools import partial
from pathlib import Path
from random import Random

import numpy as np
import pytest
import torch
from safetensors.torch import save_file

from builder.models.folder import load_model
from tests.models.made_files import (
    CHARACTERS,
    arrays_of,
    by_hand,
    network_of,
    of_keras,
    write_h5,
    write_keras,
)
from tests.soak.kinds import Change, Kind, command
from tests.soak.mutations import mutated_archive, mutated_bytes, mutated_ends


def weights():
    return {name: t.contiguous() for name, t in arrays_of(network_of("lstm")).items()}


def checkpoint(path, **settings):
    torch.save({"state_dict": weights(), "chars": list(CHARACTERS)}, path, **settings)


def tensors(path):
    save_file(weights(), path, {"chars": CHARACTERS})


def arrays(path):
    np.savez(path, **by_hand(network_of("rnn", one_hot=True)), chars=np.array(list(CHARACTERS)))


def of_keras_by(write, path):
    pytest.importorskip("h5py")
    write(path, "LSTM", *of_keras(network_of("lstm"), (0, 1, 2, 3)))


CONTAINERS: dict[str, tuple[Callable[[Path], None], Change]] = {
    "x.pt": (checkpoint, mutated_archive),
    "old.pth": (partial(checkpoint, _use_new_zipfile_serialization=False), mutated_bytes),
    "x.safetensors": (tensors, mutated_bytes),
    "x.npz": (arrays, mutated_archive),
    "x.h5": (partial(of_keras_by, write_h5), mutated_bytes),
    "x.keras": (partial(of_keras_by, write_keras), mutated_archive),
}
"""Name of a file to what writes it and how it is changed, where not only near its ends."""


def import_of(name: str) -> Kind:
    write, change = CONTAINERS[name]

    def make(folder: Path) -> Path:
        (folder / "vocabulary.json").write_text(json.dumps(list(CHARACTERS)), "utf-8")
        write(folder / name)
        return folder / name

    def changed(chance: Random, raw: bytes) -> bytes:
        return chance.choice((mutated_ends, change))(chance, raw)

    return Kind(make, changed, import_it, times=10)


def import_it(path: Path) -> None:
    """Import a file: it becomes a model that can be read, or one line, and nothing is written."""
    folder = path.parent
    out, before = folder / "m", sorted(folder.iterdir())
    try:
        command("import", path, "--vocabulary", folder / "vocabulary.json", "--out", out, lines=1)
        load_model(out)
    finally:
        read = out.is_dir() and (out / "model.json").is_file()
        if read:
            shutil.rmtree(out)
        assert sorted(folder.iterdir()) == before


def some_states(folder):
    draw, text = np.random.default_rng(0), "def f(x): return 'a'  # b\n" * 800
    np.savez(folder / "states.npz", h0=draw.normal(size=(len(text), 3)).astype(np.float32),
             text=np.array(text), documents=np.arange(0, len(text), 260),
             log_probs=np.full(len(text), -1.0), names=np.array(["a", "b", "c"]))
    return folder / "states.npz"


def inspect_states(path):
    command("inspect", "--states", path, "--language", "python", "--controls", "none",
            "--workers", "1", "--json", path.with_name("out.json"))


KINDS = {**{f"import of {name}": import_of(name) for name in CONTAINERS},
         "states": Kind(some_states, mutated_archive, inspect_states)}
