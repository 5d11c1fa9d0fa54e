"""Statistics against plain numpy, with residuals laid out, and scipy."""

import numpy as np
import pytest
from scipy import stats

torch = pytest.importorskip("torch")

from builder.core.text import GROUPS, Split  # noqa: E402
from builder.core.units import UnitId  # noqa: E402
from builder.scoring import CorrelationSums, MeanSums, PairSums, Rows, count_bigrams  # noqa: E402
from builder.scoring.held_out import jackknife  # noqa: E402
from builder.scoring.prepare import compact  # noqa: E402

pytestmark = pytest.mark.torch
UNITS = tuple(UnitId("h", 0, i) for i in range(7))
FEATURES = ("a", "b", "c")
PAIRS = 5


def make_rows(seed, n=4000):
    """Units and features that share a memory, hang on the bigram, and have large means."""
    random = np.random.default_rng(seed)
    bigrams = random.integers(0, PAIRS + 1, n)
    memory = np.cumsum(random.normal(size=n)) / 30
    values = random.normal(size=(n, 7)) * 0.2 + bigrams[:, None] * np.linspace(0, 1, 7)
    values[:, 1] += memory
    values[:, 2] = 0.99 + 1e-4 * memory
    values[:, 5] = np.array([0.1, 0.5, 0.3, 0.2, 0.9, 0.4])[bigrams]
    values[:, 6] = 0.25
    labels = np.stack([memory > 0, bigrams == 2, np.abs(memory) // 0.1], 1)
    return Rows(values.astype(np.float32), labels.astype(np.float32),
                random.integers(0, 9, n), bigrams)


def fixed_means(rows):
    sums = MeanSums(PAIRS, 7, 3)
    sums.add(rows)
    return sums.means()


def residuals(rows, means):
    kept = rows.bigrams < PAIRS
    pairs = rows.bigrams[kept]
    h = rows.values[kept].astype(np.float64) - means.units[pairs]
    return h, rows.labels[kept].astype(np.float64) - means.features[pairs], kept


def cut(rows, size):
    for start in range(0, len(rows.values), size):
        at = slice(start, start + size)
        yield Rows(rows.values[at], rows.labels[at], rows.groups[at], rows.bigrams[at])


def scores_of(rows, means, size=1300):
    sums = CorrelationSums(means)
    for part in cut(rows, size):
        sums.add(part)
    return sums.scores(UNITS, FEATURES, Split.DISCOVER), sums


def test_means_against_a_plain_loop():
    rows = make_rows(0)
    means = fixed_means(rows)
    for pair in range(PAIRS):
        there = rows.bigrams == pair
        assert means.units[pair] == pytest.approx(rows.values[there].mean(0, float), abs=1e-9)
        assert means.features[pair] == pytest.approx(rows.labels[there].mean(0, float), abs=1e-9)
    assert means.unit_mean == pytest.approx(rows.values.mean(0, float), abs=1e-9)


def test_r_and_r_within_against_explicit_residuals():
    means, rows = fixed_means(make_rows(0)), make_rows(1)
    found, _ = scores_of(rows, means)
    h, f, kept = residuals(rows, means)
    for u in range(6):
        for k in range(3):
            r = stats.pearsonr(rows.values[:, u].astype(float), rows.labels[:, k]).statistic
            assert found.r[u, k] == pytest.approx(r, abs=1e-9)
    for u in range(5):
        for k in (0, 2):
            r = stats.pearsonr(h[:, u], f[:, k]).statistic
            assert found.r_within[u, k] == pytest.approx(r, abs=1e-9)
    share = h.var(0) / rows.values[kept].astype(float).var(0).clip(1e-30)
    assert found.share_h[:5] == pytest.approx(share[:5], abs=1e-6)
    assert found.share_f[[0, 2]] == pytest.approx(
        f.var(0)[[0, 2]] / rows.labels[kept].astype(float).var(0)[[0, 2]], abs=1e-9)
    assert found.kept == pytest.approx(kept.mean())


def test_what_the_bigram_tells_wholly_and_what_never_moves_have_no_r_within():
    means, rows = fixed_means(make_rows(0)), make_rows(1)
    found, _ = scores_of(rows, means)
    assert found.share_f[1] < 1e-6 and np.isnan(found.r_within[:, 1]).all()
    assert found.share_h[5] < 1e-6 and np.isnan(found.r_within[5]).all()
    assert np.isnan(found.r[6]).all() and np.isnan(found.r_within[6]).all()


def test_a_memoryless_unit_falls_to_nothing_within_bigrams():
    means, rows = fixed_means(make_rows(0)), make_rows(1)
    found, _ = scores_of(rows, means)
    assert abs(found.r[4, 1]) > 0.1
    assert found.r_within[1, 0] > 0.5
    assert abs(found.r_within[3, 0]) < 0.1


def test_another_cutting_gives_the_same_scores():
    means, rows = fixed_means(make_rows(0)), make_rows(1)
    one, _ = scores_of(rows, means, 4000)
    other, _ = scores_of(rows, means, 17)
    np.testing.assert_allclose(one.r, other.r, atol=1e-9)
    np.testing.assert_allclose(one.r_within[:5], other.r_within[:5], atol=1e-9)


def test_feature_correlations():
    means, rows = fixed_means(make_rows(0)), make_rows(1)
    _, sums = scores_of(rows, means)
    np.testing.assert_allclose(
        sums.feature_correlations(), np.corrcoef(rows.labels.T.astype(float)), atol=1e-12)


def test_held_out_pairs_and_their_intervals():
    means, rows = fixed_means(make_rows(0)), make_rows(2)
    units, features = [1, 3, 1, 0], [0, 0, 2, 1]
    sums = PairSums(means, units, features)
    for part in cut(rows, 911):
        sums.add(part)
    h, f, kept = residuals(rows, means)
    groups = rows.groups
    for (u, k), found in zip(zip(units, features, strict=True), sums.results(), strict=True):
        raw = interval(rows.values[:, u].astype(float), rows.labels[:, k], groups)
        assert (found.r.value, found.r.low, found.r.high) == pytest.approx(raw, abs=1e-6)
        if k != 1:
            within = interval(h[:, u], f[:, k], groups[kept])
            got = (found.r_within.value, found.r_within.low, found.r_within.high)
            assert got == pytest.approx(within, abs=1e-6)
    assert sums.count == 4000 and sums.kept == pytest.approx(kept.mean())


def interval(h, f, groups):
    """Leave out one group at a time, the slow way."""
    there = np.unique(groups)
    z = np.array([np.arctanh(np.corrcoef(h[groups != g], f[groups != g])[0, 1]) for g in there])
    whole, d = np.corrcoef(h, f)[0, 1], len(there)
    error = np.sqrt((d - 1) / d * ((z - z.mean()) ** 2).sum())
    reach = stats.t.ppf(0.975, d - 1) * error
    return whole, np.tanh(np.arctanh(whole) - reach), np.tanh(np.arctanh(whole) + reach)


def test_the_interval_covers_the_truth_about_as_often_as_it_says():
    random, covered = np.random.default_rng(5), 0
    for _ in range(200):
        h = random.normal(size=(20, 60))
        f = 0.5 * h + np.sqrt(0.75) * random.normal(size=h.shape)
        sums = np.stack([h.sum(1), (h * h).sum(1), f.sum(1), (f * f).sum(1), (h * f).sum(1)])
        found = jackknife(np.full(20, 60.0), sums[:, :, None])[0]
        covered += found.low <= 0.5 <= found.high
    assert 0.90 <= covered / 200 <= 0.99


def test_one_group_has_no_interval_and_a_constant_has_no_correlation():
    sums = np.ones((5, 1, 1))
    assert jackknife(np.array([1.0]), sums)[0].value is None
    assert jackknife(np.zeros(0), np.zeros((5, 0, 2)))[1].value is None


def test_bigrams_must_be_frequent_in_several_texts():
    common, lonely = np.tile([1, 2], 30), np.tile([3, 4], 30)
    table = count_bigrams([common, common, common, lonely], 5)
    assert table.size == 2
    assert table.of(np.array([1, 2, 1, 3, 4])).tolist() == [2, 0, 1, 2, 2]


def test_labels_are_kept_small_only_where_nothing_is_lost():
    assert compact(np.array([[1.0], [300.0]], np.float32)).dtype == np.int16
    for lost in (0.5, 40_000.0):
        assert compact(np.array([[lost]], np.float32)).dtype == np.float32


def test_groups_are_numbers_below_64():
    assert GROUPS == 64
