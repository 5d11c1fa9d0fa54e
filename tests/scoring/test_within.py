"""Correlations within pairs of characters, with intervals, against explicit ones."""

import numpy as np
import pytest

pytest.importorskip("torch")

from builder.scoring.within import centred, estimates, left_of, squares, variance_of

pytestmark = pytest.mark.torch
N = 6_000


@pytest.fixture(scope="module")
def data():
    random = np.random.default_rng(0)
    pairs, groups = random.integers(0, 9, N), random.integers(3, 15, N)
    units = random.standard_normal((N, 4)) + pairs[:, None] + 0.3 * (groups % 3)[:, None]
    others = random.random((N, 3)) < 0.1 * (1 + pairs[:, None] % 4)
    units[:, 1] += others[:, 2]
    return units.astype(np.float32), others.astype(np.float32), pairs, groups


def test_means_of_each_pair_are_taken_away(data):
    units, _, pairs, _ = data
    found = centred(units.copy(), pairs)
    for pair in range(9):
        rows = pairs == pair
        assert found[rows] == pytest.approx(units[rows] - units[rows].mean(0), abs=1e-5)


def test_they_are_taken_away_in_place(data):
    units, _, pairs, _ = data
    values = units.copy()
    assert centred(values, pairs) is values and not np.array_equal(values, units)


def test_nothing_at_all():
    assert centred(np.zeros((0, 3), np.float32), np.zeros(0, np.int64)).shape == (0, 3)
    assert squares(np.zeros((0, 3), np.float32)).tolist() == [0, 0, 0]


def test_squares_and_variance(data):
    units, _, _, _ = data
    wide = units.astype(np.float64)
    assert squares(units) == pytest.approx((wide**2).sum(0))
    assert variance_of(units) == pytest.approx(N * wide.var(0))


def test_what_is_rounding_alone_is_nothing(data):
    units, _, pairs, _ = data
    pair_alone = (np.array([0.1, 0.7, 0.3]) * 7)[pairs % 3]
    constant = np.full(N, 0.9999999)
    bits = np.where(np.arange(N) % 2, 1.0, np.nextafter(np.float32(1), np.float32(0)))
    values = np.stack([units[:, 0], pair_alone, constant, bits], 1).astype(np.float32)
    before = variance_of(values)
    left = left_of(centred(values, pairs), before)
    assert left[0] > 0 and left[1:].tolist() == [0, 0, 0]


def test_estimates_are_correlations_and_lie_in_their_intervals(data):
    units, others, pairs, groups = data
    unit_of, other_of = [1, 0, 3], [2, 1, 2]
    h, f = centred(units.copy(), pairs), centred(others.copy(), pairs)
    for found, u, o in zip(estimates(h, f, groups, unit_of, other_of), unit_of, other_of,
                           strict=True):
        assert found.value == pytest.approx(np.corrcoef(h[:, u], f[:, o])[0, 1], abs=1e-6)
        assert found.low < found.value < found.high


def test_intervals_are_a_jackknife_over_groups(data):
    units, others, _, groups = data
    (found,) = estimates(units, others, groups, [1], [2])
    there = np.unique(groups)
    z = np.array([np.arctanh(np.corrcoef(units[groups != g, 1], others[groups != g, 2])[0, 1])
                  for g in there])
    count = len(there)
    error = np.sqrt((count - 1) / count * ((z - z.mean()) ** 2).sum())
    wide = (np.arctanh(found.high) - np.arctanh(found.low)) / 2
    assert wide / error == pytest.approx(2.201, abs=0.01)  # t of 11 degrees of freedom


def test_a_side_that_is_constant_has_no_estimate(data):
    units, others, _, groups = data
    still = np.zeros((N, 1), np.float32)
    assert estimates(units, still, groups, [0], [0])[0].value is None
    assert estimates(still, others, groups, [0], [0])[0].value is None
    assert estimates(units, others, groups, [], []) == []
    one_group = estimates(units, others, np.zeros(N, np.int64), [1], [2])[0]
    assert one_group.value is not None and one_group.low is None


def test_no_rows():
    nothing = np.zeros((0, 2), np.float32)
    assert estimates(nothing, nothing, np.zeros(0, np.int64), [0], [1])[0].value is None
