"""Which steps belong to a stretch of characters, against a loop over steps."""

from hypothesis import example, given
from hypothesis import strategies as st
from numpy import array, int64

from builder.activations.bounds import Bounds, bounds, steps_before
from builder.core.text import BURN_IN, WARM_UP, Piece, Split


@st.composite
def texts(draw):
    """Return the length of a text and the ends of its steps, some of which cover nothing."""
    length = draw(st.integers(1, 30))
    return length, [*sorted(draw(st.lists(st.integers(0, length), max_size=20))), length]


def homes(length, ends):
    """Return, of each step, the character where it belongs."""
    found, start = [], 0
    for end in ends:
        found.append(end - 1 if end > start else min(end, length - 1))
        start = end
    return found


@given(texts())
@example((2, [0, 1, 1, 2, 2]))
def test_a_step_belongs_where_its_last_character_is(text):
    length, ends = text
    own = homes(length, ends)
    for position in range(length + 1):
        before = [s for s, home in enumerate(own) if home < position]
        assert before == list(range(steps_before(position, array(ends))))


@given(texts(), st.integers(0, 30), st.integers(0, 30))
def test_every_step_is_in_one_of_the_stretches_that_a_text_is_cut_into(text, one, other):
    length, ends = text
    cuts = [0, *sorted({min(one, length), min(other, length)}), length]
    edges = [steps_before(cut, array(ends)) for cut in cuts]
    assert edges[0] == 0 and edges[-1] == len(ends) and edges == sorted(edges)


def piece(start, stop):
    return Piece(start, stop, Split.DISCOVER, 7)


def test_what_is_read_covers_the_stretch_and_what_goes_beyond_does_not_count():
    ends = array([4, 8, 12, 16], int64)
    assert bounds(piece(0, 10), ends) == Bounds(0, 2, 2, 3)
    assert bounds(piece(0, 12), ends) == Bounds(0, 3, 3, 3)
    assert bounds(piece(0, 1), ends) == Bounds(0, 0, 0, 1)
    assert bounds(piece(0, 0), ends) == Bounds(0, 0, 0, 0)


@given(texts(), st.data())
def test_one_step_more_is_read_where_the_last_character_is_inside_it(text, data):
    length, ends = text
    stop = data.draw(st.integers(1, length))
    found = bounds(piece(0, stop), array(ends))
    assert ends[found.end - 1] >= stop
    assert [s for s in range(found.stop, found.end - 1) if ends[s] >= stop] == []
    assert found.end == found.stop or ends[found.end - 1] > stop


def test_burn_in_and_warm_up_are_in_characters():
    ends = array(range(7, 7 * 600, 7), int64)
    found = bounds(piece(2_000, 3_000), ends)
    first, scored = 2_000 - WARM_UP, 2_000 + BURN_IN
    assert ends[found.first - 1] <= first < ends[found.first]
    assert ends[found.scored - 1] <= scored < ends[found.scored]
    assert ends[found.stop - 1] <= 3_000 < ends[found.stop]


def test_characters_are_their_own_bounds():
    one = piece(1_500, 4_000)
    assert bounds(one, None) == Bounds(500, 1_700, 4_000, 4_000)
    assert bounds(one, array(range(1, 5_001))) == bounds(one, None)
