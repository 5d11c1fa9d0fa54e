"""The search for formulas against explicit residuals."""

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from builder.scoring.joining import (  # noqa: E402
    AND,
    AND_NOT,
    BUT_NOT,
    LEAST_SHARE,
    OR,
    Made,
    correlations,
    rows_of,
    search,
    where_on,
)

pytestmark = pytest.mark.torch
N, U, A, PAIRS = 3_000, 5, 7, 6
KEPT = (7, 60, 60)


@pytest.fixture(scope="module")
def data():
    """Units that go with joined atoms and with the pair, atoms that depend on the pair too."""
    random = np.random.default_rng(0)
    pairs = random.integers(0, PAIRS, N)
    on = random.random((N, A)) < 0.15 + 0.1 * (pairs[:, None] + np.arange(A)) % 0.7
    units = random.standard_normal((N, U)).astype(np.float32) + 0.3 * pairs[:, None] - 5
    units[:, 0] += 3 * (on[:, 0] & ~on[:, 1])
    units[:, 1] += 3 * (on[:, 2] | on[:, 3])
    units[:, 2] -= 3 * (on[:, 4] & on[:, 5] & on[:, 6])
    return units.astype(np.float32), on, pairs


def residuals(x, pairs):
    x = x.astype(np.float64).copy()
    for pair in np.unique(pairs):
        x[pairs == pair] -= x[pairs == pair].mean(0)
    return x


def joined(made, on):
    """Return where a formula holds, by the words of its ways."""
    a = on[:, made.atom]
    if made.rest is None:
        return a
    f = joined(made.rest, on)
    return {AND: f & a, AND_NOT: f & ~a, BUT_NOT: a & ~f, OR: f | a}[made.way]


def r_within(unit, holds, pairs):
    return np.corrcoef(residuals(unit, pairs), residuals(holds, pairs))[0, 1]


def test_every_way_of_joining_has_the_r_of_explicit_residuals(data):
    units, on, pairs = data
    found = search(rows_of(units, on, pairs), KEPT)
    ways = set()
    for u, lengths in enumerate(found):
        for size, ranked in enumerate(lengths, 1):
            assert ranked
            for r, made in ranked:
                assert made.size == size
                ways.add(made.way)
                assert r == pytest.approx(
                    r_within(units[:, u], joined(made, on), pairs), abs=1e-6)
    assert ways == {-1, AND, AND_NOT, BUT_NOT, OR}


def test_r_of_given_formulas_is_that_of_explicit_residuals(data):
    units, on, pairs = data
    made = [Made(2), Made(1, OR, Made(0)), Made(3, BUT_NOT, Made(2, AND_NOT, Made(1))),
            Made(1, OR, Made(0))]
    unit_of = [0, 1, 2, 3]
    assert correlations(rows_of(units, on, pairs), made, unit_of) == pytest.approx(
        [r_within(units[:, u], joined(m, on), pairs) for m, u in zip(made, unit_of, strict=True)],
        abs=1e-6)


def test_nothing_better_is_missed_among_two_atoms(data):
    units, on, pairs = data
    found = search(rows_of(units, on, pairs), (A, 1))
    every = [Made(a, way, Made(b)) for a in range(A) for b in range(A) if a != b
             for way in (AND, AND_NOT, BUT_NOT, OR)]
    for u in range(U):
        best = max(abs(r_within(units[:, u], joined(made, on), pairs)) for made in every)
        assert abs(found[u][1][0][0]) == pytest.approx(best, abs=1e-6)


def test_what_was_put_in_is_found(data):
    units, on, pairs = data
    found = search(rows_of(units, on, pairs), (7, 7, 7))
    for u, truth in enumerate((on[:, 0] & ~on[:, 1], on[:, 2] | on[:, 3],
                               on[:, 4] & on[:, 5] & on[:, 6])):
        holds = joined(found[u][2 if u == 2 else 1][0][1], on)
        assert (holds == truth).all() or (holds == ~truth).all()


def test_the_same_formula_in_another_order_is_kept_once(data):
    units, on, pairs = data
    for lengths in search(rows_of(units, on, pairs), KEPT):
        for ranked in lengths:
            columns = {joined(made, on).tobytes() for _, made in ranked}
            columns |= {(~joined(made, on)).tobytes() for _, made in ranked}
            assert len(columns) == 2 * len(ranked)
            assert [abs(r) for r, _ in ranked] == sorted((abs(r) for r, _ in ranked), reverse=True)


def test_no_atom_stands_twice_in_a_formula(data):
    units, on, pairs = data
    for lengths in search(rows_of(units, on, pairs), KEPT):
        for size, ranked in enumerate(lengths, 1):
            assert all(len(set(made.atoms)) == size for _, made in ranked)


def test_where_formulas_hold(data):
    _, on, _ = data
    made = [Made(3, way, Made(1)) for way in (AND, AND_NOT, BUT_NOT, OR)] + [Made(2)]
    assert np.array_equal(where_on(made, on), np.stack([joined(m, on) for m in made], 1))


def test_the_search_is_the_same_again_and_changes_nothing(data):
    units, on, pairs = data
    before = units.copy()
    first, again = (search(rows_of(units, on, pairs), (5, 4)) for _ in range(2))
    assert first == again and np.array_equal(units, before)


def test_what_hardly_changes_within_pairs_is_left_out():
    """An atom that the pair tells but for a few rows would give quotients of rounding errors."""
    random, many = np.random.default_rng(1), 9_000
    pairs = random.integers(0, 4, many)
    told = pairs < 2
    told[:2] = ~told[:2]
    rare = np.arange(many) < 0.5 * LEAST_SHARE * many
    real = random.random(many) < 0.4
    units = (real + random.standard_normal(many))[:, None].astype(np.float32)
    on = np.stack([told, rare, ~rare, np.ones(many, bool), np.zeros(many, bool), real], 1)
    (lengths,) = search(rows_of(units, on, pairs), (6, 20))
    assert [made for _, made in lengths[0]] == [Made(5)]
    assert all(np.isfinite(r) and abs(r) <= 1 for ranked in lengths for r, _ in ranked)


@pytest.mark.parametrize("value", [0.0, 1.0, 0.1, -0.7])
def test_a_unit_that_is_constant_has_no_formula(value):
    random = np.random.default_rng(2)
    on, pairs = random.random((N, 3)) < 0.3, random.integers(0, 5, N)
    constant = np.full(N, value, np.float32)
    pair_alone = np.array([0.1, 0.3, 0.7, -0.3, 0.9], np.float32)[pairs]
    last_bits = np.where(random.random(N) < 0.5, np.nextafter(np.float32(value), np.float32(2)),
                         np.float32(value)) if value else constant
    units = np.stack([constant, pair_alone, last_bits], 1).astype(np.float32)
    assert search(rows_of(units, on, pairs), (3, 2)) == [[[], []]] * 3


def test_one_unit_one_atom_one_row():
    units, on = np.ones((1, 1), np.float32), np.ones((1, 1), bool)
    rows = rows_of(units, on, np.zeros(1, np.int64))
    assert search(rows, (3, 2)) == [[[], []]]
    assert correlations(rows, [Made(0)], [0]) == pytest.approx([0.0])
