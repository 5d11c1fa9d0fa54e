"""Units that say several things, and features that several units say."""

import numpy as np
import pytest

pytest.importorskip("torch")

from builder.evidence.formulas.sampled import Places
from builder.evidence.formulas.scene import Text
from builder.evidence.formulas.spreading import SIZES, spreads
from builder.evidence.formulas.summing import GAIN, Sides, sums
from builder.scoring.joining import AND, Made
from builder.scoring.reservoir import PENALTY
from builder.scoring.within import centred

pytestmark = pytest.mark.torch
N, PAIRS, ATOMS = 6_000, 12, 7
A_AND_B, C = Made(1, AND, Made(0)), Made(2)


def text_of(seed):
    """Return a text of chance with a few networks that learned nothing."""
    draw = np.random.default_rng(seed)
    pairs = draw.integers(0, PAIRS, N)
    on = draw.random((N, ATOMS)) < 0.4
    places = Places(np.zeros((N, 0)), pairs, np.arange(N) // 100)
    return Text(places, on, centred(draw.normal(size=(N, 5)).astype(np.float32), pairs)
                .astype(np.float16)), draw


def sides_of(seed):
    """Return four units: of one formula, of a sum, of a sum too small to be told, of chance."""
    text, draw = text_of(seed)
    a_and_b, c = text.on[:, 0] & text.on[:, 1], text.on[:, 2]
    noise = draw.normal(0, 0.3, (N, 4))
    units = np.stack([a_and_b, 0.8 * a_and_b - 0.5 * c, a_and_b - 0.05 * c, np.zeros(N)], 1)
    return Sides(centred((units + noise).astype(np.float32), text.places.bigrams), text)


@pytest.fixture(scope="module")
def both():
    return sides_of(1), sides_of(2)


def left_of(side):
    return side.units  # of chance, so a reservoir tells nothing of it


def test_a_sum_is_found_with_its_signs_and_weights(both):
    found = sums(*both, dict.fromkeys(range(4), A_AND_B), left_of(both[1]))
    assert found.keys() == {1}
    assert [one.made for one in found[1].further] == [C]
    assert np.allclose(found[1].weights, [0.8, -0.5], atol=0.03)
    (further,) = found[1].further
    assert further.within.value < -0.5 and further.within.high < 0
    assert further.beyond.value < -0.5


def test_what_a_sum_adds_is_what_is_left_on_the_other_text(both):
    """R² of least squares written out, fitted on one text and judged on the other."""
    a, b = both
    (found,) = sums(a, b, {1: A_AND_B}, left_of(b)).values()
    told = []
    for made in ([A_AND_B], [A_AND_B, C]):
        f0, f1 = a.formulas(made).astype(float), b.formulas(made).astype(float)
        w = np.linalg.pinv(f0) @ a.units[:, 1]
        h = b.units[:, 1].astype(float)
        told.append(1 - ((h - f1 @ w) ** 2).sum() / (h ** 2).sum())
    assert found.explained == pytest.approx(told[1], abs=1e-5)
    assert found.further[0].adds == pytest.approx(told[1] - told[0], abs=1e-5)
    assert found.further[0].adds > GAIN


def test_what_networks_that_learned_nothing_tell_adds_nothing(both):
    """A reservoir that has the second formula in it."""
    def knowing(side):
        c = centred(side.text.on[:, [2]].astype(np.float32), side.text.places.bigrams)
        return Sides(side.units, Text(side.text.places, side.text.on, c.astype(np.float16)))

    a, b = map(knowing, both)
    c = b.formulas([C])
    left = b.units - c @ np.linalg.lstsq(a.formulas([C]), a.units, rcond=None)[0]
    assert sums(a, b, {1: A_AND_B}, left.astype(np.float32)) == {}


def test_of_no_unit_nothing_is_asked(both):
    assert sums(*both, {}, left_of(both[1])) == {}


def targets_of(side):
    """Return what the first unit is, what two units are together, and chance."""
    draw = np.random.default_rng(9)
    h = side.units
    chance = centred(draw.normal(size=(N, 1)).astype(np.float32), side.text.places.bigrams)
    return np.concatenate([h[:, :1], h[:, 1:2] + 2 * h[:, 3:4], chance], 1)


CELLS = [(0, 0), (0, 1), (0, 1), (0, 3)]


def test_how_a_feature_is_spread(both):
    a, b = both
    found = spreads((a.units, targets_of(a)), (b.units, targets_of(b)), CELLS)
    assert found.units[0][0] == 0 and set(found.units[1][:2]) == {1, 3}
    assert found.explained[0] == pytest.approx(1, abs=1e-4)
    assert found.explained[1, 0] < 0.9 < found.explained[1, 1] == pytest.approx(1, abs=1e-4)
    assert np.abs(found.explained[2]).max() < 0.01
    assert all(len({CELLS[u] for u in of}) == len(of) == 3 for of in found.units)


def test_shares_are_those_of_least_squares_and_of_ridge(both):
    a, b = both
    draw = np.random.default_rng(3)
    mix = draw.normal(size=(4, 5)).astype(np.float32)
    t0, t1 = (side.units @ mix + draw.normal(size=(N, 5)).astype(np.float32) for side in both)
    found = spreads((a.units, t0), (b.units, t1), list(range(4)))
    for c in range(5):
        for k, size in enumerate(SIZES):
            of = found.units[c][:size]
            w = np.linalg.pinv(a.units[:, of].astype(float)) @ t0[:, c]
            told = 1 - ((t1[:, c] - b.units[:, of] @ w) ** 2).sum() / (t1[:, c] ** 2).sum()
            assert found.explained[c, k] == pytest.approx(told, abs=1e-5)
    gram = a.units.T.astype(float) @ a.units
    gram += np.eye(4) * PENALTY * np.trace(gram) / 4
    w = np.linalg.solve(gram, a.units.T.astype(float) @ t0)
    told = 1 - ((t1 - b.units @ w) ** 2).sum(0) / (t1 ** 2).sum(0)
    assert np.allclose(found.linear, told, atol=1e-5)


def test_a_unit_that_does_not_vary_is_not_taken(both):
    a, b = both
    still = [np.where(np.arange(4) == 0, 0, side.units).astype(np.float32) for side in both]
    found = spreads((still[0], targets_of(a)), (still[1], targets_of(b)), CELLS)
    assert all(0 not in of for of in found.units) and np.isfinite(found.linear).all()
