"""Files that were changed at random: they are read, or refused in lines that say why."""

from __future__ import annotations

import os
import random
import subprocess
import time
import traceback
from types import SimpleNamespace

import pytest

pytest.importorskip("torch")

from builder.core.errors import UserError
from builder.models.foreign import hdf5
from tests.features.hostile import within_patience
from tests.soak import foreign_files, own_files
from tests.soak.forked import forked
from tests.soak.kinds import CONTROL

pytestmark = pytest.mark.torch

KINDS = own_files.KINDS | foreign_files.KINDS
MANY = int(os.environ.get("GALLERY_SOAK_MUTATIONS", "1000"))
FIRST = int(os.environ.get("GALLERY_SOAK_FIRST", "0"))
"""The first seed; a run of many may go on where another ended."""

FEW = 12
SHOWN = 3
"""Of so many files, pages are made of one, if it is read."""

HANGS = 10.0
"""Seconds of a processor that nothing may take, however busy the machine."""


def fault_of(kind, path, *, show=True):
    """Use a file; return what must not happen, or nothing, and whether the file was refused."""
    begun, refused = time.process_time(), False
    try:
        with within_patience():
            pages = kind.use(path)
            if pages and show:
                pages()
    except UserError as error:
        refused = True
        for problem in error.problems:
            if "\n" in str(problem) or CONTROL.search(str(problem)):
                return f"raw on the terminal: {str(problem)!r:.200}", refused
    except Exception:
        return traceback.format_exc(limit=-4), False
    took = time.process_time() - begun
    return f"took {took:.0f} seconds" if took > HANGS else "", refused


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("name", KINDS)
def test_some_files_that_were_changed_at_random(tmp_path, name):
    assert_no_faults(tmp_path, name, FEW)


@pytest.mark.soak
@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("name", KINDS)
def test_many_files_that_were_changed_at_random(tmp_path, monkeypatch, name):
    monkeypatch.setattr(hdf5, "subprocess", SimpleNamespace(
        run=forked, TimeoutExpired=subprocess.TimeoutExpired))
    assert_no_faults(tmp_path, name, MANY * KINDS[name].times)


def assert_no_faults(folder, name, count):
    kind = KINDS[name]
    path = kind.make(folder)
    right, faults, refused = path.read_bytes(), {}, 0
    assert fault_of(kind, path) == ("", False)
    for seed in range(FIRST, FIRST + count):
        path.write_bytes(kind.change(random.Random(f"{name} {seed}"), right))
        fault, was_refused = fault_of(kind, path, show=seed % SHOWN == 0)
        refused += was_refused
        if fault:
            faults[seed] = fault
    print(f"{name}: {count} changed, {refused} refused, {len(faults)} faults")
    assert refused > count // 20
    assert not faults, "\n".join(f"{seed}: {fault}" for seed, fault in faults.items())
