"""Files of activations: what is read of them, what is refused, and that values stay in the file."""

import io
import os
import pickle
import subprocess
import sys
import zipfile
from pathlib import Path

import numpy as np
import pytest

import builder
from builder.activations.npz import LARGEST, Scratch
from builder.activations.states_file import MOST_UNITS
from builder.activations.states_reading import read_states_file
from builder.core.errors import CorpusError, OutputError

ROOT = Path(__file__).parents[2]
TEXT = "if a:\n    b = 'c'\n"
TOKENS = ("if", " ", "a", ":", "\n", "    ", "b", " ", "=", " ", "'", "c", "'", "\n")
STATES = np.random.default_rng(0).normal(size=(len(TEXT), 3)).astype(np.float32)
WORDS = STATES[: len(TOKENS)]


def read(path):
    return read_states_file(path, Scratch())


def refusal(path):
    with pytest.raises(CorpusError) as error:
        read(path)
    (problem,) = error.value.problems
    assert str(problem).startswith(f"{path}: ")
    return str(problem).removeprefix(f"{path}: ")


@pytest.fixture
def path(tmp_path):
    return tmp_path / "states.npz"


@pytest.mark.parametrize("kind", [np.float16, np.float32, np.float64, ">f4"])
@pytest.mark.parametrize("save", [np.savez, np.savez_compressed])
def test_values_are_mapped_and_have_their_own_type(path, kind, save):
    values = STATES.astype(kind)
    save(path, states=values, text=np.array(TEXT))
    (layer,) = read(path).layers
    assert isinstance(layer.values.array, np.memmap)
    assert layer.values.array.dtype == values.dtype
    assert np.array_equal(layer.values.array, values)
    assert (layer.signal, layer.number) == ("h", 0)


def test_columns_that_lie_one_after_another(path):
    np.savez(path, states=np.asfortranarray(STATES), text=np.array(TEXT))
    assert np.array_equal(read(path).layers[0].values.array, STATES)


def test_what_was_unpacked_is_removed(path, tmp_path):
    np.savez_compressed(path, states=STATES, text=np.array(TEXT))
    found = read_states_file(path, scratch := Scratch(tmp_path / "scratch"))
    unpacked = found.layers[0].values.path
    assert unpacked.exists() and unpacked.parent == tmp_path / "scratch"
    assert pickle.loads(pickle.dumps(scratch)) is not scratch and unpacked.exists()
    del scratch
    assert not unpacked.exists()


def test_values_are_equal_wherever_they_lie(path, tmp_path):
    np.savez(path, states=STATES)
    np.savez_compressed(tmp_path / "packed.npz", states=STATES)
    np.savez(tmp_path / "other.npz", states=STATES + 1)
    one, same, other = (read(tmp_path / name).layers for name in (
        "states.npz", "packed.npz", "other.npz"))
    assert one == same != other


def test_what_stands_beside_the_values(path):
    chances = np.log(np.linspace(0.1, 0.9, len(TOKENS)))
    chances[[0, 4]] = np.nan
    builder.save_states(path, {"h0": WORDS, "c0": WORDS, "h1": WORDS[:, :2].astype(np.float16)},
                        tokens=TOKENS, names=["a", "b"], documents=[0, 4], log_probs=chances,
                        vocabulary=sorted(set(TOKENS)))
    found = read(path)
    assert [(x.signal, x.number, x.values.shape[1]) for x in found.layers] == [
        ("h", 0, 3), ("c", 0, 3), ("h", 1, 2)]
    assert found.layers[2].values.kind == "<f2"
    assert tuple(found.tokens) == TOKENS and found.text is None and found.names == ("a", "b")
    assert found.starts.tolist() == [0, 4] and found.vocabulary == tuple(sorted(set(TOKENS)))
    assert np.array_equal(found.log_probs, chances.astype(np.float32), equal_nan=True)


def test_tensors_are_taken(path):
    torch = pytest.importorskip("torch")
    values = torch.tensor(STATES, dtype=torch.bfloat16, requires_grad=True)
    builder.save_states(path, {"h": values, "c": torch.tensor(STATES).half()}, text=TEXT)
    h, c = read(path).layers
    assert (h.values.kind, c.values.kind) == ("<f4", "<f2")
    assert np.array_equal(h.values.array, values.detach().float().numpy())


def test_what_is_nothing_of_ours_is_left_aside(path):
    np.savez(path, states=STATES, text=np.array(TEXT), loss=1.5, settings=np.array([{}]))
    assert read(path).left_aside == ("loss", "settings")


def test_writing_needs_no_torch(tmp_path):
    code = ("import sys, numpy, builder; builder.save_states('x.npz', numpy.zeros((2, 1)), "
            "text='ab'); assert 'torch' not in sys.modules")
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True,
                          cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(ROOT)})
    assert done.returncode == 0, done.stderr


def beside(**given):
    return {"states": STATES, "text": np.array(TEXT), **given}


NOT_RIGHT = {
    "three dimensions": (beside(states=np.stack([STATES, STATES])),
                         "give every layer an array of its own"),
    "a stream of its own": (beside(states=STATES[None]), "take away the dimension of 1: states[0]"),
    "turned": (beside(states=np.zeros((3, MOST_UNITS + 1), np.float16)), "give states.T"),
    "one dimension": (beside(states=STATES[:, 0]), "must have two dimensions"),
    "no units": (beside(states=STATES[:, :0]), "must have two dimensions"),
    "whole numbers": (beside(states=STATES.astype(np.int8)), "write them as float16 or float32"),
    "too many units": (beside(states=np.zeros((MOST_UNITS + 1, MOST_UNITS + 1), np.float16)),
                       f"{MOST_UNITS:,} are read at most; put fewer layers in a file"),
    "not a number": (beside(states=np.where(np.arange(3) == 1, np.nan, STATES)),
                     "a value of h0 is nan; step 0, unit 1 (from 0)"),
    "too large for float16": (beside(states=np.full((len(TEXT), 1), np.inf, np.float16)),
                              "it may be too large for float16"),
    "a pickle": (beside(states=STATES.astype(object)), "that is a pickle, which stays closed"),
    "tokens that are a pickle": (
        {"states": WORDS, "tokens": np.array(TOKENS, object)}, "np.array(tokens, dtype=str)"),
    "text of another length": (beside(text=np.array(TEXT[1:])),
                               "one character for each step of the states; 17 characters, 18"),
    "too few tokens": ({"states": WORDS, "tokens": np.array(TOKENS[1:])}, "13 tokens, 14 steps"),
    "tokens in one": ({"states": WORDS, "tokens": np.array("".join(TOKENS))}, "a single text"),
    "text as bytes": (beside(text=np.frombuffer(TEXT.encode(), np.uint8)), "must be text"),
    "documents that fall": (beside(documents=np.array([0, 9, 4])), "0, 9, 4; 18 steps"),
    "documents from 1": (beside(documents=np.array([1, 9])), "must begin with 0"),
    "documents beyond": (beside(documents=np.array([0, 18])), "below the number of steps"),
    "documents as shares": (beside(documents=np.array([0.0, 9.5])), "whole numbers"),
    "no documents": (beside(documents=np.array([], int)), "must begin with 0 and rise"),
    "names": (beside(names=np.array(["a", "b"])), "2 names, 1 documents, 3 units"),
    "names that stand twice": (beside(names=np.array(["a", "a", "b"])), "'a' stands there twice"),
    "chances above 1": (beside(log_probs=np.full(len(TEXT), 0.5)), "0.5 at step 1 (from 0)"),
    "chances that are none": (beside(log_probs=np.full(len(TEXT), np.nan)), "nan at step 1"),
    "too few chances": (beside(log_probs=np.zeros(3)), "one number for each step"),
    "no states": ({"text": np.array(TEXT)}, "there are no states; there are: text"),
    "no name of a signal": ({"layer_3": STATES, "text": np.array(TEXT)}, "call it 'layer3'"),
    "one signal twice": ({"h": STATES, "h0": STATES}, "the same signal of the same layer"),
    "signals of other lengths": ({"h0": STATES, "h1": STATES[1:]}, "h0 has 18, h1 has 17"),
}


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize("name", NOT_RIGHT)
@pytest.mark.parametrize("save", [np.savez, np.savez_compressed])
def test_what_is_not_right_is_said(path, name, save):
    arrays, said = NOT_RIGHT[name]
    save(path, **arrays)
    assert said in refusal(path)


@pytest.mark.parametrize("keep", [0, 50, -200, -1])
def test_a_file_that_is_cut_short(path, keep):
    np.savez(path, states=STATES, text=np.array(TEXT))
    path.write_bytes(path.read_bytes()[:keep])
    assert refusal(path).startswith("not a whole .npz file")


def test_a_file_that_is_none(path):
    np.save(path.with_suffix(".npy"), STATES)
    path.with_suffix(".npy").rename(path)
    assert refusal(path).startswith("not a whole .npz file")
    assert "No such file" in refusal(path.with_name("other.npz"))
    assert "cannot be read" in refusal(path.parent)


def with_header(path, shape, kind="<f4", content=b"\0" * 8):
    """Write a file whose only array says of itself what is asked for."""
    header = io.BytesIO()
    np.lib.format.write_array_header_1_0(
        header, {"descr": kind, "fortran_order": False, "shape": shape})
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("states.npy", header.getvalue() + content)


def test_sizes_that_are_claimed_are_not_believed(path):
    with_header(path, (10**9, 10**9))
    assert f"{LARGEST:,} bytes are read at most" in refusal(path)
    with_header(path, (1_000, 256))
    assert "states is not what it says" in refusal(path)
    with_header(path, (2**62, 2**62))
    assert "too large" in refusal(path)


def test_bytes_that_were_changed(path):
    np.savez_compressed(path, states=STATES, text=np.array(TEXT))
    raw = bytearray(path.read_bytes())
    raw[120:140] = bytes(20)
    path.write_bytes(raw)
    assert "states" in refusal(path)


def test_states_as_a_loop_collects_them(path):
    torch = pytest.importorskip("torch")
    rows = [torch.tensor(row, requires_grad=True) for row in STATES]
    for given in (rows, tuple(rows), torch.tensor(STATES).to_sparse(), STATES.tolist()):
        builder.save_states(path, given, text=TEXT)
        np.testing.assert_array_equal(read(path).layers[0].values.array, STATES)


@pytest.mark.filterwarnings("error")
def test_what_are_no_states_is_one_message(path):
    torch = pytest.importorskip("torch")
    for states, given, said in (
            (torch.zeros(18, 3, device="meta"), {"text": TEXT}, "not numbers of one shape"),
            (STATES * 1j, {"text": TEXT}, "complex numbers"),
            (torch.zeros(18, 3, dtype=torch.complex64), {"text": TEXT}, "complex numbers"),
            ({0: STATES}, {"text": TEXT}, "not the name of a signal"),
            (WORDS, {"tokens": range(14)}, "tokens must be texts; 0; give what each step covers"),
            (WORDS, {"tokens": [t.encode() for t in TOKENS]}, "tokens must be texts; b'if'")):
        with pytest.raises(CorpusError, match=said):
            builder.save_states(path, states, **given)
    assert not list(path.parent.iterdir())


def test_nothing_is_written_that_could_not_be_read(path):
    for given, said in (({"text": TEXT[1:]}, "one character for each step"),
                        ({"tokens": TOKENS}, "14 tokens, 18 steps"),
                        ({}, "tokens or text"), ({"text": TEXT, "tokens": TOKENS}, "not both")):
        with pytest.raises(CorpusError, match=said):
            builder.save_states(path, STATES, **given)
    with pytest.raises(CorpusError, match="is inf"):
        builder.save_states(path, STATES.astype(float) * 1e300, text=TEXT)
    with pytest.raises(CorpusError, match="not numbers of one shape"):
        builder.save_states(path, [[1.0], [1.0, 2.0]], text="ab")
    with pytest.raises(CorpusError, match="'H' is not the name of a signal"):
        builder.save_states(path, {"H": STATES}, text=TEXT)
    with pytest.raises(CorpusError, match=r"not the name of a .npz file"):
        builder.save_states(path.with_suffix(".npy"), STATES, text=TEXT)
    assert not list(path.parent.iterdir())
    path.parent.joinpath("file").touch()
    with pytest.raises(OutputError):
        builder.save_states(path.parent / "file" / "states.npz", STATES, text=TEXT)


@pytest.mark.parametrize("code", [0x110000, 0xFFFFFFFF, 0xD800, 0xDFFF])
@pytest.mark.parametrize("order", "<>")
@pytest.mark.parametrize("name", ["text", "tokens", "names"])
def test_a_number_that_is_no_character(path, code, order, name):
    """numpy takes any number for a character, and Python falls over it."""
    text = np.array(TEXT) if name == "text" else np.array(list(TEXT))
    broken = text.astype(f"{order}U{len(TEXT)}").ravel()
    broken.view(f"{order}u4")[3] = code
    given = {"text": np.array(TEXT), name: broken.reshape(text.shape)}
    if name == "tokens":
        del given["text"]
    np.savez(path, states=STATES, **given)
    assert refusal(path) == f"{name} has something in it that is no character; " \
                            f"number {code:,}; save it again"


def test_a_stream_that_cannot_be_unpacked(path):
    np.savez_compressed(path, states=STATES, text=np.array(TEXT))
    whole, refused = path.read_bytes(), 0
    for at in range(60, 400, 7):
        path.write_bytes(whole[:at] + b"\xff" * 6 + whole[at + 6:])
        try:
            read(path)  # some bytes of an archive mean nothing
        except CorpusError as error:
            refused += "\n" not in str(error)
    assert refused > 20


def test_an_array_that_lies_behind_the_end(path):
    np.savez(path, states=STATES, text=np.array(TEXT))
    whole, at = path.read_bytes(), path.read_bytes().rindex(b"PK\x01\x02")
    path.write_bytes(whole[:at + 42] + b"\xf0\xff\xff\x7f" + whole[at + 46:])
    assert "\n" not in refusal(path)


@pytest.mark.parametrize("said", ["{'descr': '<f4', (", "{" * 9_000, "(" * 9_000, "\0", "'", ""])
def test_an_array_whose_header_says_nothing(path, said):
    header = said.encode().ljust(9_998) + b"\n"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("states.npy", b"\x93NUMPY\x01\x00" + len(header).to_bytes(2, "little")
                         + header)
    assert "states cannot be read" in refusal(path) and "\n" not in refusal(path)
