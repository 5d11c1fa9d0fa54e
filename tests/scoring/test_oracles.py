"""Statistics against those of scipy, scikit-learn, statsmodels and pandas, or a plain loop."""

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from scipy import stats
from sklearn.linear_model import Ridge
from sklearn.metrics import average_precision_score, f1_score, jaccard_score, r2_score
from statsmodels.stats.weightstats import DescrStatsW

torch = pytest.importorskip("torch")

from builder.core.scores import Scores  # noqa: E402
from builder.core.text import Split  # noqa: E402
from builder.core.units import UnitId  # noqa: E402
from builder.scoring import CorrelationSums, Rows  # noqa: E402
from builder.scoring.counter import (  # noqa: E402
    CounterSums,
    DeltaByCharacter,
    EventSums,
    evenness,
    two_steps,
)
from builder.scoring.effect import CostSums, effect_of  # noqa: E402
from builder.scoring.gathering import ENOUGH  # noqa: E402
from builder.scoring.histograms import BINS, Histograms, detections  # noqa: E402
from builder.scoring.intervals import difference_estimates, mean_estimates  # noqa: E402
from builder.scoring.null import PERMUTATIONS, Residuals, p_values  # noqa: E402
from builder.scoring.probe import PENALTIES, GramSums, localisation, probe_r2  # noqa: E402
from builder.scoring.residuals import CHUNK  # noqa: E402
from builder.scoring.saturation import SaturationSums  # noqa: E402
from builder.scoring.specificity import selectivity_margin  # noqa: E402
from builder.scoring.tuning import BINS as TUNING_BINS  # noqa: E402
from builder.scoring.tuning import LEAST_COUNT, TuningSums  # noqa: E402
from tests.scoring.made import (  # noqa: E402
    FEATURES,
    PAIRS,
    UNITS,
    filled,
    fixed_means,
    make_rows,
    residuals,
    rounding_of_r,
)
from tests.tolerances import UNIT, pieces  # noqa: E402

pytestmark = pytest.mark.torch


def detector_rows(seed, n=ENOUGH + 700):
    """Units between −1 and 1 of which the first two tell a rare feature, one by being low."""
    random = np.random.default_rng(seed)
    on = random.random(n) < 0.07
    units = np.stack([np.tanh(random.normal(1.5 * on - 0.5)), np.tanh(random.normal(0.6 - on)),
                      random.uniform(-1, 1, n)], 1)
    return Rows(units.astype(np.float32), on[:, None].astype(np.int16),
                random.integers(0, 9, n), np.zeros(n, np.int64))


def binned(values, bins):
    """Return values rounded down to the bins that are counted, so that ties are the same."""
    return np.minimum(np.floor((values.astype(np.float64) + 1) * bins / 2), bins - 1)


def test_average_precision_f1_and_iou_against_scikit_learn():
    a, b = detector_rows(0), detector_rows(1)
    pairs = ([0, 1, 2], [0, 0, 0])
    found = detections(*(filled(lambda: Histograms(*pairs), rows, 999) for rows in (a, b)),
                       [1.0, -1.0, 1.0])
    for unit, (sign, detection) in enumerate(zip((1, -1, 1), found, strict=True)):
        on_a, on_b = a.labels[:, 0], b.labels[:, 0]
        score_a, score_b = (sign * binned(rows.values[:, unit], BINS) for rows in (a, b))
        assert detection.auprc == pytest.approx(average_precision_score(on_b, score_b), abs=1e-9)
        assert detection.base_rate == pytest.approx(on_b.mean())
        tried = np.unique(score_a)[:: max(1, len(np.unique(score_a)) // 400)]
        best = max(f1_score(on_a, score_a >= t) for t in tried)
        edge = sign * detection.threshold
        said_a, said_b = (sign * rows.values[:, unit] >= edge - 1e-9 for rows in (a, b))
        assert f1_score(on_a, said_a) >= best - 1e-3
        assert detection.f1 == pytest.approx(f1_score(on_b, said_b), abs=2e-3)
        assert detection.iou == pytest.approx(jaccard_score(on_b, said_b), abs=2e-3)


def test_a_feature_that_is_never_on_has_no_detection():
    rows = detector_rows(0, 500)
    never = Rows(rows.values, np.zeros_like(rows.labels), rows.groups, rows.bigrams)
    sums = filled(lambda: Histograms([0], [0]), never)
    found = detections(sums, sums, [1.0])[0]
    assert (found.auprc, found.base_rate, found.f1, found.iou) == (None, 0.0, None, None)


def test_histograms_count_every_character_once():
    rows = detector_rows(2, 5_000)
    counts = filled(lambda: Histograms([0, 2], [0, 0]), rows, 333).counts
    on = rows.labels[:, 0] > 0
    for pair, unit in enumerate((0, 2)):
        for which, mask in enumerate((~on, on)):
            expected = np.bincount(binned(rows.values[mask, unit], BINS).astype(int),
                                   minlength=BINS)
            assert counts[pair, which].tolist() == expected.tolist()


def test_tuning_and_spearman_against_pandas_and_scipy():
    random = np.random.default_rng(3)
    n = ENOUGH + 300
    count = random.poisson(4, n)
    values = np.tanh(0.2 * count + random.normal(size=n) * 0.3 - 1)[:, None].astype(np.float32)
    rows = Rows(values, count[:, None].astype(np.int16), np.zeros(n, np.int64),
                np.zeros(n, np.int64))
    found = filled(lambda: TuningSums([0], [0]), rows, 777).results()[0]
    expected = stats.spearmanr(binned(values[:, 0], TUNING_BINS), count)
    assert found.spearman == pytest.approx(expected.statistic, abs=1e-9)
    assert found.spearman == pytest.approx(stats.spearmanr(values[:, 0], count).statistic, abs=2e-3)
    by_value = pd.Series(values[:, 0].astype(float)).groupby(count).agg(["mean", "size"])
    by_value = by_value[by_value["size"] >= LEAST_COUNT]
    assert found.values == tuple(by_value.index)
    assert found.counts == tuple(by_value["size"])
    assert found.means == pytest.approx(by_value["mean"].to_numpy(), abs=1e-9)


def test_r_within_is_the_partial_correlation_given_the_bigram():
    rows = make_rows(5, 3_000)
    means = fixed_means(rows)
    sums = filled(lambda: CorrelationSums(means), rows)
    names = tuple(UnitId("h", 0, i) for i in range(UNITS))
    found = sums.scores(names, FEATURES, Split.DISCOVER)
    kept = rows.bigrams < PAIRS
    dummies = pd.get_dummies(rows.bigrams[kept]).to_numpy(float)
    close = rounding_of_r(int(kept.sum()))
    for unit, feature in ((0, 0), (1, 2), (4, 3)):
        h, f = (sm.OLS(x[kept].astype(float), dummies).fit().resid
                for x in (rows.values[:, unit], rows.labels[:, feature]))
        assert found.r_within[unit, feature] == pytest.approx(np.corrcoef(h, f)[0, 1], abs=close)


def told_by_many(seed, n):
    """Features that several units tell of together, units that depend on the bigram."""
    random = np.random.default_rng(seed)
    bigrams = random.integers(0, PAIRS + 1, n)
    units = random.normal(size=(n, UNITS)) + bigrams[:, None] * np.linspace(0, 1, UNITS)
    told = units @ np.linspace(-0.5, 1, UNITS * len(FEATURES)).reshape(UNITS, -1)
    labels = told + random.normal(size=told.shape) * [1, 2, 3, 4]
    return Rows(units.astype(np.float32), labels.astype(np.float32), np.zeros(n, np.int64), bigrams)


def rounding_of_r2(count):
    """Bound the error of a probe's R² over so many characters.

    Σ(f − p)² is Σf² − 2 w·Σhf + w·Σhhᵀ w, with products known to a share e. For units of one
    variance that hang little together, Σ|w_u h_u| is at most √U times as large as p; so with
    R² ≤ 1 the whole is off by at most e (1 + √U)².
    """
    return pieces(count, CHUNK) * (1 + np.sqrt(UNITS)) ** 2


def test_the_probe_against_scikit_learn():
    means = fixed_means(told_by_many(0, 4_000))
    a, b = told_by_many(1, 6_000), told_by_many(2, 5_000)
    sums = [filled(lambda: GramSums(means), rows) for rows in (a, b)]
    (ha, fa, _), (hb, fb, _) = (residuals(rows, means) for rows in (a, b))
    mean_variance = np.var(ha, 0).mean()
    expected = [
        max(r2_score(fb[:, k], Ridge(alpha=p * mean_variance * len(ha)).fit(ha, fa[:, k])
                     .predict(hb)) for p in PENALTIES)
        for k in range(len(FEATURES))]
    assert min(expected) > 0.05
    close = rounding_of_r2(min(len(ha), len(hb)))
    assert probe_r2(*sums) == pytest.approx(expected, abs=close)
    r = np.corrcoef(hb[:, 1], fb[:, 0])[0, 1]
    assert localisation(*sums, [1], [0])[0] == pytest.approx(
        min(1.0, r * r / expected[0]), abs=2 * close / expected[0])


def test_a_feature_that_no_unit_tells_is_nowhere():
    random = np.random.default_rng(0)

    def noise(n):
        return Rows(random.normal(size=(n, UNITS)).astype(np.float32),
                    random.integers(0, 2, (n, len(FEATURES))).astype(np.int16),
                    np.zeros(n, np.int64), random.integers(0, PAIRS, n))

    means = fixed_means(noise(4_000))
    sums = [filled(lambda: GramSums(means), noise(4_000)) for _ in range(2)]
    assert localisation(*sums, [0], [1]) == [None]


def test_intervals_of_means_against_statsmodels():
    """With groups of one size, the jackknife of a mean is Student's interval of group means."""
    random = np.random.default_rng(1)
    values = random.normal(0.3, 1.0, size=(12, 50))
    found = mean_estimates(np.full((12, 1), 50), values.sum(1)[:, None])[0]
    low, high = DescrStatsW(values.mean(1)).tconfint_mean()
    assert (found.value, found.low, found.high) == pytest.approx((values.mean(), low, high))


def test_intervals_of_differences_leave_out_one_group_at_a_time():
    random = np.random.default_rng(2)
    counts, other_counts = random.integers(1, 40, (2, 9, 1))
    sums, other_sums = random.normal(3.0, size=(9, 1)), random.normal(1.0, size=(9, 1))
    found = difference_estimates(counts, sums, other_counts, other_sums)[0]

    def difference(rows):
        return (sums[rows].sum() / counts[rows].sum()
                - other_sums[rows].sum() / other_counts[rows].sum())

    left = np.array([difference(np.arange(9) != i) for i in range(9)])
    error = np.sqrt(8 / 9 * ((left - left.mean()) ** 2).sum())
    reach = stats.t.ppf(0.975, 8) * error
    whole = difference(np.arange(9))
    assert (found.value, found.low, found.high) == pytest.approx(
        (whole, whole - reach, whole + reach))


def counter_pieces(seed, count=40):
    random = np.random.default_rng(seed)
    for i in range(count):
        n = int(random.integers(60, 400))
        level = np.maximum(0, np.cumsum(random.integers(-1, 2, n)))
        step = np.diff(level, prepend=level[0])
        changes = 0.3 * step + 0.1 * np.roll(step, 1) + random.normal(size=n) * 0.05
        scored = np.arange(n) >= 20
        yield changes.astype(np.float32), level.astype(np.int16), scored, i % 7


def test_the_counter_test_against_pandas():
    sums, frames = CounterSums(1), []
    for changes, level, scored, group in counter_pieces(0):
        sums.add(changes[:, None], level[:, None], scored, group)
        before = np.r_[level[0], level[:-1]].astype(int)
        wide = changes.astype(float)
        now = pd.DataFrame({"change": wide, "after": np.r_[wide[1:], np.nan],
                            "scored": scored, "next": np.r_[scored[1:], False],
                            "step": np.sign(level - before), "level": before})
        frames.append(now[now["scored"]])
    table = pd.concat(frames)
    found = sums.results(["dc"])[0]
    for step, sign in ((found.opening, 1), (found.closing, -1)):
        events = table[table["step"] == sign]
        assert step.count == len(events)
        assert step.now.value == pytest.approx(events["change"].mean(), abs=1e-9)
        assert step.after.value == pytest.approx(events[events["next"]]["after"].mean(), abs=1e-9)
        assert step.now.low < step.now.value < step.now.high
    assert found.opposite and found.opening.now.value > 0 > found.closing.now.value
    by_level = table[table["step"] == 1].groupby("level")["change"].agg(["mean", "size"])
    often = by_level[(by_level["size"] >= 50) & (by_level.index < 16)]
    opened = {level: up for level, up, _ in found.levels if up is not None}
    assert list(opened) == list(often.index)
    assert list(opened.values()) == pytest.approx(often["mean"].to_numpy(), abs=1e-9)
    assert found.evenness == pytest.approx((often["mean"] / often["mean"].abs().max()).min(),
                                           abs=1e-9)


def test_evenness():
    assert evenness(np.array([0.2, 0.1])) == pytest.approx(0.5)
    assert evenness(np.array([-0.2, 0.1])) == pytest.approx(-0.5)
    assert evenness(np.array([0.2])) is None and evenness(np.zeros(3)) is None


def test_two_events_that_undo_each_other():
    random, up, down = np.random.default_rng(4), EventSums(1), EventSums(1)
    changes_at_up = []
    for group in range(20):
        marks = random.random((200, 2)) < 0.1
        changes = (0.5 * marks[:, :1] - 0.5 * marks[:, 1:] + random.normal(size=(200, 1)) * 0.1)
        scored = np.arange(200) > 10
        up.add(changes.astype(np.float32), marks[:, :1], scored, group)
        down.add(changes.astype(np.float32), marks[:, 1:], scored, group)
        changes_at_up += changes[marks[:, 0] & scored, 0].tolist()
    found = two_steps("dh", up.steps()[0], down.steps()[0])
    assert found.opening.now.value == pytest.approx(
        np.mean(changes_at_up), abs=UNIT * max(map(abs, changes_at_up)))
    assert found.opposite
    assert not two_steps("dh", up.steps()[0], up.steps()[0]).opposite


def test_changes_by_character_against_pandas():
    random, sums = np.random.default_rng(5), DeltaByCharacter(6, 2)
    ids, changes = random.integers(0, 5, 900), random.normal(size=(900, 2)).astype(np.float32)
    for start in range(0, 900, 250):
        sums.add(changes[start : start + 250], ids[start : start + 250])
    means, counts = sums.results()
    expected = pd.DataFrame(changes.astype(float)).groupby(ids).mean()
    assert means[:5] == pytest.approx(expected.to_numpy(), abs=1e-12)
    assert np.isnan(means[5]).all() and counts[5] == 0


def test_saturation_against_plain_shares():
    values = np.random.default_rng(6).uniform(size=(1000, 3)).astype(np.float32) ** [1, 4, 0.1]
    sums = SaturationSums(3)
    sums.add(values[:400].astype(np.float32))
    sums.add(values[400:].astype(np.float32))
    shut, open_ = sums.results()
    assert shut == pytest.approx((values < 0.1).mean(0), abs=1e-3)
    assert open_ == pytest.approx((values > 0.9).mean(0), abs=1e-3)


def costs_of(seed, size=0.0):
    random, sums, table = np.random.default_rng(seed), CostSums(1), []
    for group in range(10):
        on = (random.random(80) < 0.3).astype(np.float32)
        costs = (random.normal(size=80) * 0.1 + size * on).astype(np.float32)
        sums.add(costs, on[:, None], 1 - on[:, None], group)
        table.append((costs, on))
    costs, on = (np.concatenate(x) for x in zip(*table, strict=True))
    return sums, float(costs[on > 0].mean(dtype=float) - costs[on == 0].mean(dtype=float))


def test_the_effect_and_the_percentile_of_others():
    target, expected = costs_of(0, 0.2)
    others = [costs_of(1 + i) for i in range(30)]
    found = effect_of(target, [sums for sums, _ in others], 0)
    assert found.nats.value == pytest.approx(expected, abs=1e-12)
    assert found.random == pytest.approx(
        np.percentile([abs(value) for _, value in others], 95), abs=1e-12)
    assert found.units == 30 and found.nats.low > found.random


def test_the_gap_passes_over_near_synonyms():
    r = np.array([[0.8, -0.75, 0.3, np.nan]])
    scores = Scores((UnitId("h", 0, 0),), ("a", "b", "c", "d"), Split.DISCOVER, 1, 1.0, r, r,
                    np.ones(1), np.ones(4))
    none, ab = np.eye(4, dtype=bool), np.eye(4, dtype=bool)
    ab[0, 1] = ab[1, 0] = True
    assert selectivity_margin(scores, UnitId("h", 0, 0), "a", none) == pytest.approx(0.05)
    assert selectivity_margin(scores, UnitId("h", 0, 0), "a", ab) == pytest.approx(0.5)
    assert selectivity_margin(scores, UnitId("h", 0, 0), "c", ab) == pytest.approx(-0.5)
    assert selectivity_margin(scores, UnitId("h", 0, 0), "d", ab) is None


def test_p_of_one_pair_against_scipys_permutation_test():
    random, documents = np.random.default_rng(8), []
    for _ in range(16):
        drift = np.cumsum(random.normal(size=(90, 2)), 0) / 9
        h, f = drift[:, :1], 0.35 * drift[:, :1] + drift[:, 1:]
        documents.append(Residuals(h.astype(np.float16), f.astype(np.float32), np.ones(90, bool)))
    one = np.zeros(1, np.intp)
    found = p_values(documents, one, one)[0]
    units = np.stack([d.units[:, 0].astype(float) for d in documents])
    features = np.stack([d.features[:, 0].astype(float) for d in documents])

    def size(order):
        return abs(np.corrcoef(units.ravel(), features[order].ravel())[0, 1])

    theirs = stats.permutation_test(
        (np.arange(16),), size, permutation_type="pairings", n_resamples=PERMUTATIONS,
        alternative="greater", rng=np.random.default_rng(0)).pvalue
    assert 0.002 < theirs < 0.9
    assert found == pytest.approx(theirs, abs=4 * np.sqrt(theirs * (1 - theirs) / 1000) + 0.002)
