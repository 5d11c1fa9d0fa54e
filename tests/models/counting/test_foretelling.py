"""Where a counter must fail: known steps give a known n."""

import numpy as np
import pytest

from builder.models.counting.foretelling import (
    Decided,
    Unit,
    failures,
    first,
    fitted,
    without_saturation,
)
from builder.models.counting.languages import LANGUAGES

LANGUAGE = LANGUAGES["anbn"]
TO = 400


def values_of(ids, up, down, keep=1.0):
    """Return the values of a unit that rises by `up` at an a and falls by `down` at a b."""
    steps = np.where(ids == 0, up, np.where(ids == 1, -down, 0.0))
    out, value = np.zeros(ids.shape), np.zeros(ids.shape[1])
    for row, step, now in zip(ids, steps, out, strict=True):
        value = np.where(row >= 0, keep * value + step, value)
        now[:] = value
    return out


def counter(up, down, keep=1.0, sign=1.0):
    """Fit a unit to strings of up to 50; the network is sure halfway between 0 and 1."""
    ids = LANGUAGE.climb(np.arange(1, 51))
    values = sign * values_of(ids, up, down, keep)
    counts, at = LANGUAGE.truths(ids)["a-b"], ids == 1
    sure = np.where(counts[at] == 0, 2.0, -2.0)
    return fitted(ids, values, counts, Decided(values[at], counts[at], sure), 2)


def fails(unit):
    ids = LANGUAGE.climb(np.arange(1, TO + 1))
    return first(failures(unit, ids, ids == 1, LANGUAGE.truths(ids)["a-b"]))


def really(unit, up, down, keep=1.0, sign=1.0):
    """Return the first n at which the unit itself is on the wrong side of the threshold."""
    ids = LANGUAGE.climb(np.arange(1, TO + 1))
    values, counts = sign * values_of(ids, up, down, keep), LANGUAGE.truths(ids)["a-b"]
    edge = np.where(counts == 0, unit.zero_to, unit.one_from)
    zero = (values < edge) == unit.rises
    wrong = ((zero != (counts == 0)) & (ids == 1)).any(0)
    return int(wrong.argmax()) + 1 if wrong.any() else None


def test_a_perfect_counter_never_fails():
    assert fails(counter(0.5, 0.5)) is None
    assert fails(counter(0.5, 0.5, sign=-1.0)) is None


@pytest.mark.parametrize("sign", [1.0, -1.0])
@pytest.mark.parametrize(("up", "down"), [(1.0, 0.995), (1.0, 1.004), (0.25, 0.2493)])
def test_a_counter_that_drifts_fails_where_its_steps_say(up, down, sign):
    unit = counter(up, down, sign=sign)
    expected = really(unit, up, down, sign=sign)
    assert expected is not None and 50 < expected < TO
    assert fails(unit) == expected
    assert first(failures(without_saturation(unit, 0.0), *_harder())) == expected


def test_the_n_of_a_drift_is_half_a_step_over_the_drift():
    # the threshold is halfway between the mean values at 0 and at 1, both of n up to 50
    unit = counter(1.0, 0.99)
    n = np.arange(1, 51)
    at_zero, at_one = np.mean(0.01 * n), np.mean(0.99 + 0.01 * n[1:])
    assert unit.zero_to == unit.one_from == pytest.approx((at_zero + at_one) / 2)
    assert fails(unit) == int(np.ceil(unit.zero_to / 0.01))


def test_a_counter_that_saturates_fails_though_it_does_not_drift():
    unit = counter(1.0, 0.985, keep=0.999)
    expected = really(unit, 1.0, 0.985, keep=0.999)
    assert expected is not None
    assert fails(unit) == expected
    assert fails(without_saturation(unit, 20.0)) != expected


def test_the_edge_is_where_the_network_changes_its_mind():
    ids = LANGUAGE.climb(np.arange(1, 51))
    values, counts, at = values_of(ids, 1.0, 1.0), LANGUAGE.truths(ids)["a-b"], ids == 1
    sure = np.where(counts[at] == 0, 1.0, -3.0)
    unit = fitted(ids, values, counts, Decided(values[at], counts[at], sure), 2)
    assert unit.zero_to == unit.one_from == pytest.approx(0.25)
    always = np.ones(at.sum())  # it never changes its mind: the middle
    assert fitted(ids, values, counts, Decided(values[at], counts[at], always), 2).zero_to == \
        pytest.approx(0.5)


@pytest.mark.parametrize("sign", [1.0, -1.0])
def test_certainty_that_falls_with_a_drift_says_where_it_ends(sign):
    ids = LANGUAGE.climb(np.arange(1, 51))
    values, counts, at = values_of(ids, 1.0, 0.996), LANGUAGE.truths(ids)["a-b"], ids == 1
    sure = 8.0 * (0.3 - values[at])  # at 0.3 it no longer takes a 0 for a 0
    unit = fitted(ids, sign * values, counts, Decided(sign * values[at], counts[at], sure), 2)
    assert unit.rises == (sign > 0)
    assert unit.zero_to == pytest.approx(sign * 0.3)
    assert unit.one_from == pytest.approx(sign * 0.3)
    assert fails(unit) in (75, 76)  # 0.004 n is 0.3 at 75, but for the last bits


def test_nothing_is_foretold_where_nothing_is_decided():
    ids = LANGUAGE.climb(np.array([1]))
    nothing = Decided(np.zeros(0), np.zeros(0, np.int64), np.zeros(0))
    assert fitted(ids, np.zeros(ids.shape), ids, nothing, 2) is None


def test_the_first_n_beyond_training():
    wrong = np.array([False, True, False, True])
    assert first(wrong) == 2
    assert first(wrong, 2) == 4
    assert first(wrong[:1]) is None


def test_a_unit_that_runs_off_fails_and_no_warning_is_given():
    steps = np.array([[[1.0, -1.0]] * 3] * 2)
    assert fails(Unit(np.full((2, 3, 2), 50.0), steps, 0.5, 0.5, True)) is not None


def _harder():
    ids = LANGUAGE.climb(np.arange(1, TO + 1))
    return ids, ids == 1, LANGUAGE.truths(ids)["a-b"]
