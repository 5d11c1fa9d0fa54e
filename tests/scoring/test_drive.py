"""Weights times activity, against a sum over steps that is written out."""

import numpy as np
import pytest

from builder.scoring.drive import LEAST, drives, shares_of, threshold

RANDOM = np.random.default_rng(5)
G, N, H, I = 3, 40, 4, 5  # noqa: E741
WEIGHTS, SLOPES = RANDOM.normal(size=(G, H, I)), RANDOM.normal(size=(G, N, H))
ACTIVITY = RANDOM.normal(2.0, 1.0, (N, I))


def test_a_drive_is_the_root_of_the_mean_square_over_steps():
    found = drives(WEIGHTS, SLOPES, ACTIVITY)
    above = ACTIVITY - ACTIVITY.mean(0)
    for j in range(H):
        for i in range(I):
            by_block = np.array([SLOPES[b, :, j] * WEIGHTS[b, j, i] * above[:, i]
                                 for b in range(G)])
            assert found.size[j, i] == pytest.approx(np.sqrt(np.mean(by_block.sum(0) ** 2)))
            assert found.block[j, i] == np.square(by_block).mean(1).argmax()


def test_what_is_constant_drives_nothing_and_neither_does_a_shut_gate():
    still = ACTIVITY.copy()
    still[:, 2] = 7.0
    assert drives(WEIGHTS, SLOPES, still).size[:, 2] == pytest.approx(0.0)
    shut = SLOPES.copy()
    shut[:, :, 1] = 0.0
    assert drives(WEIGHTS, shut, ACTIVITY).size[1] == pytest.approx(0.0)


def test_the_threshold_is_that_of_most_pairs_but_no_less_than_a_floor():
    assert threshold(np.linspace(0, 1, 101)) == pytest.approx(0.95)
    assert threshold(np.zeros(50)) == threshold(np.zeros(0)) == LEAST


def test_a_unit_that_never_changes_has_no_shares():
    shares = shares_of(np.ones((2, 3)), np.array([0.0, 2.0]))
    assert shares.tolist() == [[0.0] * 3, [0.5] * 3]
