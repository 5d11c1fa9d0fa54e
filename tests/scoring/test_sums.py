"""Sums of shares, merged, are those of the whole; the same order of merging, the same bytes."""

from itertools import pairwise

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from builder.core.text import Split  # noqa: E402
from builder.core.units import UnitId  # noqa: E402
from builder.scoring import CorrelationSums, MeanSums, PairSums  # noqa: E402
from builder.scoring.counter import CounterSums, DeltaByCharacter, EventSums  # noqa: E402
from builder.scoring.effect import CostSums  # noqa: E402
from builder.scoring.histograms import Histograms  # noqa: E402
from builder.scoring.probe import GramSums  # noqa: E402
from builder.scoring.saturation import SaturationSums  # noqa: E402
from builder.scoring.tuning import TuningSums  # noqa: E402
from tests.scoring.made import FEATURES, PAIRS, UNITS, cut, fixed_means, make_rows  # noqa: E402

pytestmark = pytest.mark.torch
MEANS = fixed_means(make_rows(0))
UNIT_OF, FEATURE_OF = [1, 2, 1, 0], [0, 0, 1, 0]
EXACT = 1e-12
"""Of the largest sum: parts give the same float32 sums, which float64 adds in another order."""

OVER_ROWS = {
    "means": lambda: MeanSums(PAIRS, UNITS, len(FEATURES)),
    "correlation": lambda: CorrelationSums(MEANS),
    "pairs": lambda: PairSums(MEANS, UNIT_OF, FEATURE_OF),
    "histograms": lambda: Histograms(UNIT_OF, FEATURE_OF),
    "tuning": lambda: TuningSums(UNIT_OF, [2, 2, 2, 2]),
    "gram": lambda: GramSums(MEANS),
}


def pieces(seed, count):
    """Texts with changes, labels, scored characters and a group."""
    random = np.random.default_rng(seed)
    for i in range(count):
        n = int(random.integers(20, 200))
        labels = random.integers(0, 4, (n, 2)).astype(np.int16)
        yield (random.normal(size=(n, 2)).astype(np.float32), labels, np.arange(n) >= 7, i % 5)


def add_piece(sums, piece):
    changes, labels, scored, group = piece
    if isinstance(sums, (CounterSums, EventSums)):
        sums.add(changes, labels, scored, group)
    elif isinstance(sums, DeltaByCharacter):
        sums.add(changes[scored], labels[scored, 0].astype(np.int64))
    elif isinstance(sums, SaturationSums):
        sums.add(changes[scored])
    else:
        sums.add(changes[:, 0], (labels > 1).astype(np.float32), (labels == 0).astype(np.float32),
                 group)


OVER_PIECES = {
    "counter": lambda: CounterSums(2), "events": lambda: EventSums(2),
    "deltas": lambda: DeltaByCharacter(4, 2), "saturation": lambda: SaturationSums(2),
    "costs": lambda: CostSums(2),
}


def together(make, add, parts, borders):
    """Fill one share after the other, send each as copied arrays, and merge in order."""
    total = make()
    for start, stop in pairwise(borders):
        share = make()
        for part in parts[start:stop]:
            add(share, part)
        total.merge({name: array.copy() for name, array in share.state().items()})
    return total.state()


def same_bytes(a, b):
    return a.keys() == b.keys() and all(a[name].tobytes() == b[name].tobytes() for name in a)


def check(make, add, parts):
    n = len(parts)
    whole = make()
    for part in parts:
        add(whole, part)
    cuts = [[0, n // 2, n], [0, 1, n // 3, n], list(range(n + 1)), [0, 0, n]]
    for borders in cuts:
        merged = together(make, add, parts, borders)
        for name, array in whole.state().items():
            assert array.dtype in (np.float64, np.int64)
            scale = EXACT * max(1.0, float(np.abs(array).max()))
            np.testing.assert_allclose(merged[name], array, rtol=0, atol=scale, err_msg=name)
        assert same_bytes(merged, together(make, add, parts, borders))


@pytest.mark.parametrize("name", OVER_ROWS)
def test_shares_of_characters_add_up(name):
    check(OVER_ROWS[name], lambda sums, rows: sums.add(rows), list(cut(make_rows(1), 370)))


@pytest.mark.parametrize("name", OVER_PIECES)
def test_shares_of_pieces_add_up(name):
    check(OVER_PIECES[name], add_piece, list(pieces(3, 12)))


def test_correlations_of_merged_shares():
    parts = list(cut(make_rows(1), 370))
    names = tuple(UnitId("h", 0, i) for i in range(UNITS))
    found = []
    for borders in ([0, len(parts)], [0, 3, 7, len(parts)]):
        sums = CorrelationSums(MEANS)
        sums.merge(together(lambda: CorrelationSums(MEANS), lambda s, r: s.add(r), parts, borders))
        found.append(sums.scores(names, FEATURES, Split.DISCOVER))
    np.testing.assert_allclose(found[0].r, found[1].r, atol=EXACT)
    np.testing.assert_allclose(found[0].r_within[:5], found[1].r_within[:5], atol=EXACT)


def test_values_are_not_kept_and_not_changed():
    for make in OVER_ROWS.values():
        rows, sums, again = make_rows(1, 700), make(), make()
        before = rows.values.copy()
        sums.add(rows)
        assert rows.values.tobytes() == before.tobytes()
        again.add(rows)
        rows.values[:] = 9.0
        assert same_bytes(sums.state(), again.state())


def test_sums_of_another_kind_are_refused():
    sums = MeanSums(PAIRS, UNITS, len(FEATURES))
    with pytest.raises(ValueError, match=r"units is float64\[6, 7\] here and float64\[6, 9\]"):
        sums.merge(MeanSums(PAIRS, 9, len(FEATURES)).state())
    with pytest.raises(ValueError, match="by_pair is missing here"):
        sums.merge(CorrelationSums(MEANS).state())
