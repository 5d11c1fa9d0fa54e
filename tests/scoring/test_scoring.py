"""Correlations and means against plain numpy, with residuals laid out, and scipy."""

import numpy as np
import pytest
from scipy import stats

torch = pytest.importorskip("torch")

from builder.core.blocks import StateBlock  # noqa: E402
from builder.core.text import GROUPS, Split  # noqa: E402
from builder.core.units import UnitId  # noqa: E402
from builder.scoring import (  # noqa: E402
    CorrelationSums,
    PairSums,
    Prepared,
    Rows,
    bigrams,
    count_bigrams,
    join,
)
from builder.scoring.held_out import jackknife  # noqa: E402
from builder.scoring.prepare import NOT_SCORED  # noqa: E402
from builder.scoring.residuals import RUN  # noqa: E402
from tests.scoring.made import (  # noqa: E402
    FEATURES,
    PAIRS,
    UNITS,
    cut,
    filled,
    fixed_means,
    make_rows,
    pearson,
    residuals,
    rounding_of_r,
)
from tests.tolerances import added  # noqa: E402

pytestmark = pytest.mark.torch
NAMES = tuple(UnitId("h", 0, i) for i in range(UNITS))
MOVING = [0, 1, 2, 3, 4]
"""Units with an r': 5 is told by the bigram, 6 is constant."""


def scores_of(rows, means, size=1300):
    sums = filled(lambda: CorrelationSums(means), rows, size)
    return sums.scores(NAMES, FEATURES, Split.DISCOVER), sums


def test_means_against_a_plain_loop():
    rows = make_rows(0, 70_000)
    means = fixed_means(rows)
    close = added(RUN) * float(np.abs(rows.values).max())
    for pair in range(PAIRS):
        there = rows.bigrams == pair
        assert means.units[pair] == pytest.approx(rows.values[there].mean(0, float), abs=close)
        assert means.features[pair] == pytest.approx(rows.labels[there].mean(0, float), abs=1e-12)
    assert means.unit_mean == pytest.approx(rows.values.mean(0, float), abs=close)
    assert means.unit_table.shape == (PAIRS + 1, UNITS)
    assert (means.unit_table[-1] == means.unit_mean).all()


@pytest.mark.parametrize("n", [4_000, 80_000])
def test_r_and_r_within_against_explicit_residuals(n):
    means, rows = fixed_means(make_rows(0)), make_rows(1, n)
    found, _ = scores_of(rows, means)
    h, f, kept = residuals(rows, means)
    close = rounding_of_r(n)
    assert found.r[:6] == pytest.approx(pearson(rows.values[:, :6], rows.labels), abs=close)
    told = [0, 2, 3]
    close = rounding_of_r(len(h))
    assert found.r_within[MOVING][:, told] == pytest.approx(
        pearson(h[:, MOVING], f[:, told]), abs=close)
    share = h.var(0) / rows.values[kept].astype(float).var(0).clip(1e-30)
    assert found.share_h[MOVING] == pytest.approx(share[MOVING], abs=2 * close)
    told = rows.labels[kept].astype(float).var(0)
    assert found.share_f == pytest.approx(f.var(0) / told, abs=1e-9)
    assert found.kept == pytest.approx(kept.mean()) and found.count == n


def test_labels_may_be_whole_numbers():
    means, rows = fixed_means(make_rows(0)), make_rows(1)
    whole = Rows(rows.values, rows.labels.astype(np.int16), rows.groups, rows.bigrams)
    same = Rows(rows.values, whole.labels.astype(np.float32), rows.groups, rows.bigrams)
    np.testing.assert_array_equal(scores_of(whole, means)[0].r, scores_of(same, means)[0].r)


def test_what_the_bigram_tells_wholly_and_what_never_moves_have_no_r_within():
    means, rows = fixed_means(make_rows(0)), make_rows(1)
    found, _ = scores_of(rows, means)
    assert found.share_f[1] < 1e-6 and np.isnan(found.r_within[:, 1]).all()
    assert found.share_h[5] < 1e-6 and np.isnan(found.r_within[5]).all()
    assert np.isnan(found.r[6]).all() and np.isnan(found.r_within[6]).all()


def test_little_that_is_left_is_still_measured_well():
    """A unit of which the bigram tells all but a hundred-thousandth of the variance."""
    rows = make_rows(1, 30_000)
    rows.values[:, 5] += (0.001 * rows.values[:, 1]).astype(np.float32)
    means = fixed_means(make_rows(0))
    found, _ = scores_of(rows, means)
    h, f, _ = residuals(rows, means)
    assert 1e-6 < found.share_h[5] < 1e-4
    expected = stats.pearsonr(h[:, 5], f[:, 0]).statistic
    assert abs(expected) > 0.3
    assert found.r_within[5, 0] == pytest.approx(expected, abs=rounding_of_r(len(h)))


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
    kept = int((rows.bigrams < PAIRS).sum())
    close, close_within = rounding_of_r(len(rows.values)), rounding_of_r(kept)
    assert one.r[:6] == pytest.approx(other.r[:6], abs=2 * close)
    assert one.r_within[MOVING] == pytest.approx(
        other.r_within[MOVING], abs=2 * close_within, nan_ok=True)


def test_feature_correlations():
    means, rows = fixed_means(make_rows(0)), make_rows(1)
    _, sums = scores_of(rows, means)
    np.testing.assert_allclose(
        sums.feature_correlations(), np.corrcoef(rows.labels.T.astype(float)), atol=1e-12)


def test_held_out_pairs_and_their_intervals():
    means, rows = fixed_means(make_rows(0)), make_rows(2)
    units, features = [1, 3, 1, 0, 2], [0, 0, 2, 1, 3]
    sums = filled(lambda: PairSums(means, units, features), rows, 911)
    h, f, kept = residuals(rows, means)
    groups = rows.groups
    close = rounding_of_intervals(len(rows.values), groups)
    close_within = rounding_of_intervals(len(h), groups)
    for (u, k), found in zip(zip(units, features, strict=True), sums.results(), strict=True):
        raw = interval(rows.values[:, u].astype(float), rows.labels[:, k].astype(float), groups)
        assert (found.r.value, found.r.low, found.r.high) == pytest.approx(raw, abs=close)
        if k != 1:
            within = interval(h[:, u], f[:, k], groups[kept])
            got = (found.r_within.value, found.r_within.low, found.r_within.high)
            assert got == pytest.approx(within, abs=close_within)
    assert sums.count == 4000 and sums.kept == pytest.approx(kept.mean())


def rounding_of_intervals(count, groups):
    """Bound the error of the ends of an interval over D groups.

    With e the error of each r, z = artanh r is off by e/(1 − r²) and tanh takes that back. Half
    the width is t √((D − 1)/D Σ(z_i − z̄)²), off by at most t √D e/(1 − r²).
    """
    d = len(np.unique(groups))
    return rounding_of_r(count) * (1 + stats.t.ppf(0.975, d - 1) * np.sqrt(d))


def interval(h, f, groups):
    """Leave out one group at a time, the slow way."""
    there = np.unique(groups)
    z = np.array([np.arctanh(np.corrcoef(h[groups != g], f[groups != g])[0, 1]) for g in there])
    whole, d = np.corrcoef(h, f)[0, 1], len(there)
    error = np.sqrt((d - 1) / d * ((z - z.mean()) ** 2).sum())
    reach = stats.t.ppf(0.975, d - 1) * error
    return whole, np.tanh(np.arctanh(whole) - reach), np.tanh(np.arctanh(whole) + reach)


def test_pairs_where_all_bigrams_are_rare_have_no_r_within():
    means, rows = fixed_means(make_rows(0)), make_rows(2, 300)
    rare = Rows(rows.values, rows.labels, rows.groups, np.full(300, PAIRS))
    sums = filled(lambda: PairSums(means, [1], [0]), rare)
    found = sums.results()[0]
    assert found.r.value is not None and found.r_within.value is None and sums.kept == 0


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
    one = jackknife(np.array([3.0]), np.array([6, 14, 6, 14, 13.0])[:, None, None])[0]
    assert one.value == pytest.approx(0.5) and one.low is None and one.high is None


def test_the_interval_of_a_perfect_unit_does_not_hang_on_its_last_bits():
    f = np.tile([0.0, 1.0], (12, 30))
    h = f.copy()
    h[0] += np.random.default_rng(4).normal(size=60) * 1e-4  # all other groups are exact
    sums = np.stack([h.sum(1), (h * h).sum(1), f.sum(1), (f * f).sum(1), (h * f).sum(1)])
    found = jackknife(np.full(12, 60.0), sums[:, :, None])[0]
    assert 0.99999 < found.low <= found.value <= found.high <= 1


def test_bigrams_must_be_frequent_in_several_texts():
    common, lonely = np.tile([1, 2], 30), np.tile([3, 4], 30)
    table = count_bigrams([common, common, common, lonely], 5)
    assert table.size == 2
    assert table.of(np.array([1, 2, 1, 3, 4])).tolist() == [2, 0, 1, 2, 2]


def test_pairs_of_many_steps_take_the_room_of_the_frequent_ones():
    rare = np.arange(1_000, 500_000)
    table = count_bigrams([np.append(rare, np.tile([499_999, 7, 0], 30))] * 3, 500_000)
    assert table.size == 3 and table.numbers.size == 16
    assert table.of(np.array([7, 0, 499_999, 7, 8, 499_999])).tolist() == [3, 1, 0, 2, 3, 3]
    assert count_bigrams([], 500_000).of(np.array([1, 2])).tolist() == [0, 0]


def test_pairs_that_have_no_table_have_the_same_numbers(monkeypatch):
    texts = [np.random.default_rng(n).integers(0, 30, 3_000) for n in range(4)]
    texts[1][50::70] = ~texts[1][50::70]  # where a network begins anew there is no pair
    table = count_bigrams(texts, 40)
    monkeypatch.setattr(bigrams, "MOST_PLACES", 0)
    other = count_bigrams(texts, 40)
    assert other.numbers.size == 0 and other.size == table.size > 40
    for text in (*texts, np.arange(40), texts[0][:0]):
        assert other.of(text).tolist() == table.of(text).tolist()
    assert (table.of(texts[1])[50::70] == table.size).all()
    assert count_bigrams([], 40).of(np.array([1, 2])).tolist() == [0, 0]


def test_joining_picks_exactly_the_scored_characters():
    random = np.random.default_rng(3)
    lengths, start, t = (30, 21, 12), 10, 16
    documents = []
    for length in lengths:
        groups = np.where(random.random(length) < 0.6, random.integers(0, 64), NOT_SCORED)
        documents.append(Prepared(
            random.integers(1, 9, length), random.integers(0, 5, (length, 2)).astype(np.int16),
            groups.astype(np.int16), random.integers(0, 6, length).astype(np.int32)))
    real = np.clip(np.array(lengths) - start, 0, t)
    values = random.normal(size=(t, 3, 4)).astype(np.float32)
    expected = sorted(
        (*values[i - start, b].tolist(), *d.labels[i].tolist(), int(d.groups[i]),
         int(d.bigrams[i]))
        for b, d in enumerate(documents) for i in range(start, start + int(real[b]))
        if d.groups[i] != NOT_SCORED)
    rows = join(StateBlock(values, start, (0, 1, 2), real), documents)
    found = sorted((*v.tolist(), *f.tolist(), int(g), int(b)) for v, f, g, b in zip(
        rows.values, rows.labels, rows.groups, rows.bigrams, strict=True))
    assert found == expected and rows.labels.dtype == np.int16


def test_a_block_without_a_scored_character_has_no_rows():
    nothing = Prepared(np.ones(4, np.int64), np.zeros((4, 1), np.int16),
                       np.full(4, NOT_SCORED, np.int16), np.zeros(4, np.int32))
    block = StateBlock(np.zeros((4, 1, 2), np.float32), 0, (0,), np.array([4]))
    assert join(block, [nothing]) is None


def test_groups_are_numbers_below_64():
    assert GROUPS == 64


def test_cutting_leaves_nothing_out():
    rows = make_rows(4, 100)
    assert sum(len(part.values) for part in cut(rows, 33)) == 100
