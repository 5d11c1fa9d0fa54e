"""Labels of other documents: p keeps its promise when documents are of very unequal length."""

import numpy as np
import pytest
from scipy.signal import lfilter

from builder.scoring.null import LEAST_DOCUMENTS, Residuals, p_values

RUNS, LENGTH, MEMORY = 150, 4_000, 40
MOST = 17
"""Of 150 runs at .05 more come by chance once in a thousand times."""

ONE = np.zeros(1, np.intp)


def slow(random, n):
    """An AR(1) process of variance 1, with a level of its own."""
    stay = np.exp(-1 / MEMORY)
    noise = random.standard_normal(n + 8 * MEMORY)
    return (lfilter([np.sqrt(1 - stay**2)], [1, -stay], noise)[8 * MEMORY :]
            + random.normal(scale=0.5))


def documents(random, spread, planted=0.0):
    """Independent slow states and slow labels; lengths are log-normal."""
    share = np.exp(spread * random.standard_normal(LEAST_DOCUMENTS))
    for n in np.maximum(40, LENGTH * share / share.sum()).astype(int):
        label = (slow(random, n) > 0.3).astype(np.float32)
        unit = slow(random, n) + planted * label
        yield Residuals(unit[:, None].astype(np.float16), label[:, None], np.ones(n, bool))


@pytest.mark.parametrize("spread", [0.0, 2.0], ids=["equal", "unequal"])
def test_p_is_valid_whatever_the_lengths(spread):
    random = np.random.default_rng(1)
    p = [p_values(list(documents(random, spread)), ONE, ONE, seed)[0] for seed in range(RUNS)]
    assert 0 < sum(value <= 0.05 for value in p) <= MOST


@pytest.mark.parametrize("spread", [0.0, 2.0], ids=["equal", "unequal"])
def test_what_is_planted_is_found(spread):
    random = np.random.default_rng(2)
    p = [p_values(list(documents(random, spread, 3.0)), ONE, ONE, seed)[0] for seed in range(9)]
    assert np.median(p) <= 0.05
