"""Pictures cut from what was read: moments, memory, excerpts to explore."""

from __future__ import annotations

import numpy as np
import pytest

from builder.activations.carried import Marks
from builder.cards.around_events import AFTER, BEFORE, BINS, LEAST_EVENTS, around, histogram
from builder.cards.explored import LEAST_SHARE, MOST, _choose, _Window
from builder.cards.memory import memoryless, same_characters
from builder.cards.traces import Read, up_to
from builder.core.labels import Tag
from builder.core.text import Document, Piece, Split
from builder.scoring import Prepared
from tests.make_cards import excerpt
from tests.tolerances import UNIT, printed

BURNED = 20


def read(name, values, labels, text=None, bigrams=None):
    """Return a piece that was read from the start of its document, one unit and one feature."""
    n = len(labels)
    text = text or "x" * n
    groups = np.full(n, 3, np.int16)
    groups[:BURNED] = -1
    numbers = np.zeros(n, np.int32) if bigrams is None else np.asarray(bigrams, np.int32)
    prepared = Prepared(np.zeros(n, np.int64), np.asarray(labels)[:, None], groups, numbers)
    document = Document(name, text, (Piece(0, n, Split.HELD_OUT, 3),))
    return Read(document, 0, prepared, np.asarray(values, np.float32)[:, None],
                np.arange(1, n + 1),
                Marks(np.zeros(1, np.int64), np.zeros((1, 1, 1, 1), np.float32)))


def square(count=60, period=50, on=20):
    """Return labels that are on for a while in every period."""
    return (np.arange(count * period) % period >= period - on).astype(np.float64)


def test_means_around_a_moment_are_those_of_a_plain_loop():
    labels = square()
    values = np.random.default_rng(0).normal(size=len(labels)) + labels
    found = around([read("a", values, labels)], 0, [read("a", -values, labels)], 0, 0, Tag.STATE)
    assert set(found) == {"rise", "fall"}
    for kind, step in (("rise", 1), ("fall", -1)):
        events = [t for t in range(BURNED + BEFORE, len(labels) - AFTER)
                  if labels[t] - labels[t - 1] == step]
        mean = np.mean([values[t - BEFORE : t + AFTER + 1] for t in events], 0)
        assert found[kind].count == len(events) >= LEAST_EVENTS
        close = printed(3) + UNIT * np.abs(values).max()
        assert found[kind].values == pytest.approx(mean, abs=close)
        assert found[kind].untrained == pytest.approx(-mean, abs=close)


def test_what_is_seldom_or_always_is_no_moment():
    seldom = np.zeros(3_000)
    seldom[500:510] = 1
    assert around([read("a", seldom, seldom)], 0, [read("a", seldom, seldom)], 0, 0,
                  Tag.STATE) == {}
    climbing = np.arange(3_000.0) % 90
    found = around([read("a", climbing, climbing)], 0, [read("a", climbing, climbing)], 0, 0,
                   Tag.COUNT)
    assert set(found) == {"fall"}


def test_an_event_is_its_own_moment():
    marks = (np.arange(4_000) % 40 == 0).astype(np.float64)
    found = around([read("a", marks, marks)], 0, [read("a", marks, marks)], 0, 0, Tag.EVENT)
    assert set(found) == {"rise"}
    assert found["rise"].values[BEFORE] == 1 and found["rise"].values[BEFORE - 1] == 0


def test_a_histogram_counts_every_scored_character_once():
    labels, values = square(), np.linspace(-1.5, 1.5, 3_000)
    found = histogram([read("a", values, labels)], 0, 0)
    assert len(found.off) == len(found.on) == BINS
    assert sum(found.on) == labels[BURNED:].sum()
    assert sum(found.off) + sum(found.on) == len(labels) - BURNED
    assert found.off[-1] + found.on[-1] > found.off[-2] + found.on[-2]  # beyond the scale: its end


def test_the_memoryless_twin_is_the_mean_of_the_pair_and_nothing_where_it_is_rare():
    assert memoryless(np.array([2, 0, 3, 1]), np.array([0.1, -0.2, 0.3456])) == (
        0.346, 0.1, None, -0.2)


def test_places_with_the_same_characters_differ_by_the_state_alone():
    text = "ab(c) d" * 300
    memory = np.repeat(np.arange(300) % 3 == 0, 7).astype(np.float64)
    where = np.arange(len(text))
    bigrams = where % 7
    values = np.where(bigrams == 4, 0.8 * (2 * memory - 1), 0.1)
    found = same_characters([read("a", values, memory, text, bigrams)], 0, 0, 7, 1.0)
    assert [(s.pair, s.high.label, s.low.label) for s in found] == [("c)", 1.0, 0.0)]
    (pair,) = found
    assert pair.count == int((where[BURNED:] % 7 == 4).sum())
    for place, value in ((pair.high, 0.8), (pair.low, -0.8)):
        assert place.text[place.at - 1 : place.at + 1] == "c)"
        assert place.values[place.at] == value and len(place.values) == len(place.text)


def test_with_the_other_sign_low_comes_first():
    text, memory = "ab(c) d" * 300, np.repeat(np.arange(300) % 2, 7).astype(np.float64)
    bigrams = np.arange(len(text)) % 7
    values = np.where(bigrams == 4, 0.8 * (1 - 2 * memory), 0.1)
    (found,) = same_characters([read("a", values, memory, text, bigrams)], 0, 0, 7, -1.0)
    assert found.high.values[found.high.at] == -0.8 and found.high.label == 1.0


def test_a_unit_that_reads_the_pair_alone_has_no_such_places():
    text, bigrams = "ab(c) d" * 300, np.arange(2_100) % 7
    labels = (np.arange(2_100) // 7 % 2).astype(np.float64)
    assert same_characters([read("a", bigrams / 7, labels, text, bigrams)], 0, 0, 7, 1.0) == ()


def test_an_excerpt_finds_its_stretch():
    one = excerpt("in_string", "strongest", 1)
    document = Document(one.document, "x" * 5_000, ())
    early, own = Piece(0, 50, Split.HELD_OUT, 0), Piece(300, 4_000, Split.HELD_OUT, 0)
    found, piece = up_to(one, [(document, early), (document, own)])
    assert found is document and piece.start == 300
    assert piece.stop == one.start + len(one.text)
    with pytest.raises(KeyError):
        up_to(one, [(document, early)])


def window(name, *shares):
    """Return a window in which each feature is on for a share of 100 characters."""
    labels = np.stack([(np.arange(100) < 100 * share) for share in shares], 1).astype(float)
    return _Window((Document(name, "", ()), Piece(0, 100, Split.HELD_OUT, 0)), 0, 100, labels)


def test_excerpts_to_explore_cover_the_features():
    windows = [window("a", 0.5, 0.0, 0.0), window("b", 0.5, 0.5, 0.0), window("b", 0.5, 0.5, 0.5),
               window("c", 0.0, LEAST_SHARE / 2, 0.6)]
    chosen = list(_choose(windows))
    assert [w.document.name for w in chosen] == ["b", "a", "c"]
    assert chosen[0] is windows[2]
    assert len(list(_choose([window(str(n), 0.5) for n in range(20)]))) == MOST
    assert list(_choose([])) == []
