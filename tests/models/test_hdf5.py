"""Files of HDF5 that are damaged so that its own library does not end, or read other files."""

import json
import signal
import struct
import subprocess

import numpy as np
import pytest

pytest.importorskip("torch")
h5py = pytest.importorskip("h5py")

from builder.models.foreign import archives, hdf5  # noqa: E402
from tests.cli.conftest import complaint, here  # noqa: E402, F401
from tests.models.made_files import (  # noqa: E402
    CHARACTERS,
    network_of,
    of_keras,
    write_h5,
    write_keras,
)

pytestmark = pytest.mark.torch


@pytest.fixture
def refused(here, complaint):  # noqa: F811
    """Import `x.h5`, which must fail; return the one line that says so."""
    (here / "vocabulary.json").write_text(json.dumps(list(CHARACTERS)), "utf-8")
    return lambda: complaint("import", "x.h5", "--out", "m", "--vocabulary", "vocabulary.json")


@pytest.fixture
def parts():
    return of_keras(network_of("lstm"), (0, 1, 2, 3))


def without_end(raw):
    """Return a file of which the first text is so long that the one after it is the same again."""
    first = raw.index(b"GCOL") + 16
    return raw[:first] + struct.pack("<HHIQ", 1, 0, 0, 2**64 - 16) + raw[first + 16:]


@pytest.mark.skipif(not hasattr(signal, "SIGXCPU"), reason="no limits of time on this system")
def test_a_file_that_has_no_end_is_one_line(here, refused, parts, monkeypatch):  # noqa: F811
    monkeypatch.setattr(hdf5, "SECONDS", 1)
    path = here / "x.h5"
    write_h5(path, "LSTM", *parts)
    path.write_bytes(without_end(path.read_bytes()))
    says = "reading it takes longer than its size allows"
    assert f"not a whole file of Keras; {says}; save it again" in refused()
    with pytest.raises(ValueError, match=says):  # as what is in an archive is read
        hdf5.read_hdf5(path.read_bytes())


def test_a_file_that_says_it_is_large_takes_no_memory(here, refused):  # noqa: F811
    with h5py.File("x.h5", "w") as file:
        file.create_dataset("lstm/kernel", (1 << 30,), "f4", chunks=(1 << 20,))
    assert "not a whole file of Keras; Unable to allocate 4.00 GiB" in refused()


def test_numbers_of_another_file_are_not_read(here, refused, parts):  # noqa: F811
    secret = here / "secret"
    secret.write_bytes(b"a secret of 32 characters or so.")
    with h5py.File("x.h5", "w") as file:
        file.create_dataset("dense/bias", (8,), "f4", external=[(str(secret), 0, 32)])
    assert "the numbers of /dense/bias are in another file" in refused()
    layout = h5py.VirtualLayout((8,), "f4")
    with h5py.File("other", "w") as file:
        layout[:] = h5py.VirtualSource(file.create_dataset("a", data=np.zeros(8, np.float32)))
    with h5py.File("x.h5", "w") as file:
        file.create_virtual_dataset("dense/bias", layout)
    assert "the numbers of /dense/bias are in another file" in refused()
    write_h5("other", "LSTM", *parts)
    with h5py.File("x.h5", "w") as file:
        file["model_weights"] = h5py.ExternalLink("other", "model_weights")
    assert "its weights are in another file" in refused()


@pytest.mark.parametrize(("code", "said", "says"), [
    (-signal.SIGSEGV, "", "the library of HDF5 stopped with signal 11"),
    (-signal.SIGKILL, "", "takes longer than its size allows"), (3, "one\ntwo\n", "two"),
    (1, "", "it cannot be read")])
def test_a_reader_that_dies_is_one_line(tmp_path, monkeypatch, code, said, says):
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: subprocess.CompletedProcess(
        [], code, b"", said.encode()))
    with pytest.raises(ValueError, match=says):
        hdf5.read_hdf5(b"")


@pytest.mark.parametrize("name", ["x.npz", "x.keras"])
def test_an_archive_with_more_in_it_than_anybody_has_is_one_line(
    here, complaint, parts, monkeypatch, name,  # noqa: F811
):
    if name == "x.npz":
        np.savez(here / name, Wxh=np.zeros((30, 30)))
    else:
        write_keras(here / name, "LSTM", *parts)
    monkeypatch.setattr(archives, "LARGEST", 1_000)
    assert "what is in it is larger than 4 GiB; save it again" in complaint(
        "import", name, "--out", "m")
