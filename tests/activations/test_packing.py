"""Labels packed feature by feature are those that all of them together would be."""

import tracemalloc

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder.activations.packing import pack
from builder.features import LARGEST, features_for, label, label_columns
from tests.cli.conftest import program

COLUMNS = {
    "bits": [np.array([0, 1, 1]), np.array([False, True, False]), np.array([1.0, 0.0, 1.0])],
    "counts": [np.array([0, 2, -7]), np.array([1, 1, 0])],
    "a large count": [np.array([0, LARGEST + 5, -LARGEST - 5]), np.array([0, 1, 1])],
    "numbers": [np.array([0.5, 0.25, -1.0]), np.array([0, 3, 1])],
    "whole numbers as floats": [np.array([4.0, -2.0, 0.0]), np.array([0, 3, 1])],
    "a large one beside floats": [np.array([4.0, 1.0, 2.0]), np.array([0, LARGEST + 5, 1])],
    "none": [],
}
KINDS = {"a large count": np.int16, "numbers": np.float32, "a large one beside floats": np.float32}


@pytest.mark.parametrize("name", COLUMNS)
def test_what_is_packed_comes_back(name):
    columns = COLUMNS[name]
    packed = pack(np.arange(3), columns)
    kind = KINDS.get(name, np.int16)
    wanted = [np.clip(c, -LARGEST, LARGEST) if kind is np.int16 else c for c in columns]
    assert packed.labels.dtype == kind
    assert np.array_equal(packed.labels, np.array(wanted, kind).T.reshape(3, len(columns)))


@given(st.lists(st.lists(st.integers(0, 1), min_size=5, max_size=5), max_size=20))
def test_bits_stand_as_numpy_packs_them(rows):
    packed = pack(np.arange(5), [np.array(row) for row in rows])
    whole = np.array(rows, bool).T.reshape(5, len(rows))
    assert np.array_equal(packed.bits, np.packbits(whole, 1))


def test_labels_of_a_long_text_are_never_all_there_at_their_full_size():
    text, features = program(1, 200_000), features_for("python")
    tracemalloc.start()
    packed = pack(np.arange(len(text)), label_columns(text, "python", features))
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert np.array_equal(packed.labels, label(text, "python", features).values)
    kept = sum(array.nbytes for array in packed.arrays)
    print(f"{len(features)} features: {most / len(text):.0f} bytes per character, "
          f"{kept / len(text):.0f} of them kept")
    assert most < 4 * len(features) * len(text)
