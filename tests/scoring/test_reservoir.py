"""Linear mixes against the equations of ridge regression, written out."""

import numpy as np
import pytest

from builder.scoring.reservoir import PENALTY, ROWS, mixed, mixing

N = ROWS + 900
"""More than are done at a time."""


@pytest.fixture(scope="module")
def data():
    random = np.random.default_rng(0)
    x = random.standard_normal((N, 6)).astype(np.float32) * np.float32(0.3)
    y = x[:, :2] @ np.array([[1, 2, 0], [0, -1, 0]], np.float32) + 0.1 * random.standard_normal(
        (N, 3)).astype(np.float32)
    return x, y.astype(np.float32)


def ridge(x, y):
    x, y = x.astype(np.float64), y.astype(np.float64)
    gram = x.T @ x
    return np.linalg.solve(gram + PENALTY * np.trace(gram) / len(gram) * np.eye(len(gram)), x.T @ y)


def test_weights_are_those_of_ridge_regression(data):
    x, y = data
    (weights,) = mixing(x, y)
    assert weights.dtype == np.float32
    assert weights == pytest.approx(ridge(x, y), abs=1e-5)


def test_columns_may_be_float16(data):
    x, y = data
    half = x.astype(np.float16)
    assert mixing(half, y)[0] == pytest.approx(ridge(half, y), abs=1e-5)


def test_several_sides_are_as_one_after_the_other(data):
    x, y = data
    first, second = mixing(x, y[:, :1], y[:, 1:])
    assert first == pytest.approx(mixing(x, y[:, :1])[0], abs=1e-6)
    assert second == pytest.approx(mixing(x, y[:, 1:])[0], abs=1e-6)


def test_a_mix_is_the_weighted_sum(data):
    x, y = data
    weights = mixing(x, y)[0]
    assert mixed(x, weights) == pytest.approx(x @ weights, abs=1e-5)
    left = y - mixed(x, weights)
    assert np.abs(x.T @ left).max() < 2 * PENALTY * N  # nothing of x is left but for the penalty


def test_columns_that_say_nothing_new_do_no_harm(data):
    x, y = data
    twice = np.concatenate([x, x, np.zeros((N, 2), np.float32)], 1)
    assert mixed(twice, mixing(twice, y)[0]) == pytest.approx(
        mixed(x, mixing(x, y)[0]), abs=2e-3)


def test_columns_that_are_all_still():
    x, y = np.zeros((50, 4), np.float32), np.ones((50, 2), np.float32)
    assert not mixing(x, y)[0].any()


def test_nothing_to_tell(data):
    x, _ = data
    weights = mixing(x, np.zeros((N, 0), np.float32))[0]
    assert weights.shape == (6, 0) and mixed(x, weights).shape == (N, 0)
