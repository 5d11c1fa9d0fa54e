"""Files of every container with bytes changed: one message each, no traceback, nothing written.

`make soak` reads 10,000 of each, the ordinary tests some.
"""

import json
import random
from collections import Counter

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from safetensors.torch import save_file  # noqa: E402

from builder.cli import main  # noqa: E402
from builder.models.folder import load_model  # noqa: E402
from tests.cli.conftest import here  # noqa: E402, F401
from tests.models.made_files import (  # noqa: E402
    CHARACTERS,
    arrays_of,
    by_hand,
    network_of,
    of_keras,
    write_h5,
    write_keras,
)

pytestmark = pytest.mark.torch
NAMES = ("x.pt", "old.pth", "x.safetensors", "x.npz", "x.h5", "x.keras")
SOME, MANY = 100, 10_000


@pytest.fixture
def folder(here):  # noqa: F811
    (here / "vocabulary.json").write_text(json.dumps(list(CHARACTERS)), "utf-8")
    whole_files(here, network_of("lstm"), network_of("rnn", one_hot=True))
    return here


def whole_files(folder, network, hand):
    """Write a file of each container."""
    weights = {n: t.contiguous() for n, t in arrays_of(network).items()}
    torch.save({"state_dict": weights, "chars": list(CHARACTERS)}, folder / "x.pt")
    torch.save({"w": weights, "chars": list(CHARACTERS)}, folder / "old.pth",
               _use_new_zipfile_serialization=False)
    save_file(weights, folder / "x.safetensors", {"chars": CHARACTERS})
    np.savez(folder / "x.npz", **by_hand(hand), chars=np.array(list(CHARACTERS)))
    parts = of_keras(network, (0, 1, 2, 3))
    write_h5(folder / "x.h5", "LSTM", *parts)
    write_keras(folder / "x.keras", "LSTM", *parts)


def mutated(data, seed):
    """Return a file with bytes changed, cut off, put in or taken out; most near its ends."""
    chance, data = random.Random(seed), bytearray(data)
    for _ in range(chance.choice((1, 3, 20))):
        near = chance.choice((200, 2_000, len(data)))
        at = chance.randrange(min(near, len(data)))
        at = at if chance.random() < 0.5 else len(data) - 1 - at
        what = chance.randrange(4)
        if what == 0:
            data[at] = chance.randrange(256)
        elif what == 1:
            del data[at : at + chance.randrange(1, 40)]
        elif what == 2:
            data[at:at] = chance.randbytes(chance.randrange(1, 40))
        else:
            data = data[: max(at, 1)] if chance.random() < 0.2 else data
        if not data:
            break
    return bytes(data)


def read_mutated(folder, name, seeds, capsys):
    """Import a file with other bytes for each seed; return how many were read and refused."""
    path, whole = folder / name, (folder / name).read_bytes()
    there, out, counts = sorted(p.name for p in folder.iterdir()), folder / "m", Counter()
    for seed in seeds:
        path.write_bytes(mutated(whole, seed))
        code = main(["import", str(path), "--out", str(out), "--vocabulary", "vocabulary.json"])
        said = capsys.readouterr()
        counts[code] += 1
        assert "Traceback" not in said.err and code in (0, 2), (seed, said.err)
        if code == 2:
            lines = said.err.splitlines()
            assert said.out == "" and len(lines) == 1 and lines[0].startswith("gallery: "), seed
            assert not out.exists() and "\x00" not in said.err, seed
        else:  # what was changed was a weight, or is not read
            load_model(out)
            for file in out.iterdir():
                file.unlink()
            out.rmdir()
    assert sorted(p.name for p in folder.iterdir()) == there
    return counts


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("name", NAMES)
def test_mutated_files(folder, name, capsys):
    assert read_mutated(folder, name, range(SOME), capsys)[2] > SOME // 10


@pytest.mark.soak
@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("name", NAMES)
def test_many_mutated_files(folder, name, capsys):
    counts = read_mutated(folder, name, range(SOME, SOME + MANY), capsys)
    with capsys.disabled():
        print(f"\n{name}: {counts[0]:,} were read, {counts[2]:,} refused in one line each")
    assert counts[2] > MANY // 10
