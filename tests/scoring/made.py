"""Characters made up for the statistics, and the same freed of bigram means the plain way."""

import numpy as np

from builder.scoring import MeanSums, Rows
from builder.scoring.residuals import CHUNK, SHORT
from tests.tolerances import correlation

UNITS, PAIRS, GROUPS = 7, 5, 9
FEATURES = ("a", "b", "c", "d")


def make_rows(seed, n=4000):
    """Units and features that share a memory, hang on the bigram, and have large means.

    Features a and b are 0 or 1, b told by the bigram alone; c is a count, d a fraction.
    """
    random = np.random.default_rng(seed)
    bigrams = random.integers(0, PAIRS + 1, n)
    memory = np.cumsum(random.normal(size=n)) / 30
    values = random.normal(size=(n, UNITS)) * 0.2 + bigrams[:, None] * np.linspace(0, 1, UNITS)
    values[:, 1] += memory
    values[:, 2] = 0.99 + 1e-4 * memory
    values[:, 5] = np.array([0.1, 0.5, 0.3, 0.2, 0.9, 0.4])[bigrams]
    values[:, 6] = 0.1
    labels = np.stack([memory > 0, bigrams == 2, np.abs(memory) // 0.1, 7 + np.sin(memory)], 1)
    return Rows(values.astype(np.float32), labels.astype(np.float32),
                random.integers(0, GROUPS, n), bigrams)


def fixed_means(rows):
    sums = MeanSums(PAIRS, UNITS, len(FEATURES))
    sums.add(rows)
    return sums.means()


def residuals(rows, means):
    """Return h', f' and which characters they are of, in float64."""
    kept = rows.bigrams < PAIRS
    pairs = rows.bigrams[kept]
    h = rows.values[kept].astype(np.float64) - means.units[pairs]
    return h, rows.labels[kept].astype(np.float64) - means.features[pairs], kept


def pearson(h, f):
    """Return r of every column of h and every column of f, in float64."""
    h, f = (x - x.mean(0) for x in (h.astype(np.float64), f.astype(np.float64)))
    return h.T @ f / np.sqrt(np.outer((h * h).sum(0), (f * f).sum(0)))


def rounding_of_r(count):
    """Bound the error of r over so many characters: what scoring adds up in float32."""
    return correlation(count, CHUNK, SHORT)


def cut(rows, size):
    for start in range(0, len(rows.values), size):
        at = slice(start, start + size)
        yield Rows(rows.values[at], rows.labels[at], rows.groups[at], rows.bigrams[at])


def filled(make, rows, size=1300):
    sums = make()
    for part in cut(rows, size):
        sums.add(part)
    return sums
