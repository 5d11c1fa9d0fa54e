"""A text as a network reads it: where it begins anew, and what is not scored."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder.core.errors import ModelError
from builder.core.feed import FRESH, SILENT, fed, has, indices
from builder.core.text import BURN_IN
from builder.tokens.bytes import Bytes
from builder.tokens.characters import Vocabulary
from builder.tokens.contract import Steps
from builder.tokens.reading.cutting import Cutting, burn_in
from builder.tokens.reading.resets import read_reset
from builder.tokens.words import Words
from tests.tokens.made import Fives

KINDS = [Vocabulary(tuple("ab\n ")), Bytes(tuple(f"<0x{b:02X}>" for b in range(256))), Fives(),
         Words(("a", "b", "ab", " ", "\n", "\n\n"))]
TEXTS = st.text("ab \n\r\u2028é", max_size=60)


def fresh_of(steps):
    return np.flatnonzero(has(steps.marks, FRESH, len(steps))).tolist()


@pytest.mark.parametrize("tokens", KINDS, ids=lambda t: t.kind)
@given(text=TEXTS)
def test_a_document_is_read_as_its_tokens_cut_it(tokens, text):
    steps, plain = Cutting(tokens).steps(text), tokens.steps(text)
    assert (steps.fed == plain.ids).all() and (steps.ends == plain.ends).all()
    assert steps.marks is None


@pytest.mark.parametrize("begin", [None, 1])
@pytest.mark.parametrize("tokens", KINDS, ids=lambda t: t.kind)
@given(text=TEXTS)
def test_lines_are_read_one_by_one(tokens, begin, text):
    steps = Cutting(tokens, "line", begin).steps(text)
    starts, at = [0, *[i + 1 for i, c in enumerate(text) if c == "\n"]], 0
    lines = [text[a:b] for a, b in zip(starts, [*starts[1:], None], strict=True) if text[a:b]]
    assert len(fresh_of(steps)) == len(lines)
    for number, (line, first) in enumerate(zip(lines, fresh_of(steps), strict=True)):
        last = [*fresh_of(steps), len(steps)][number + 1]
        own = tokens.steps(line)
        ids = steps.ids[first:last].tolist()
        assert ids == ([] if begin is None else [begin]) + own.ids.tolist()
        assert steps.ends[first:last].tolist()[-len(own):] == (own.ends + at).tolist()
        at += len(line)
    silent = np.flatnonzero(has(steps.marks, SILENT, len(steps))).tolist()
    assert silent == ([] if begin is None else fresh_of(steps))


@given(st.text("ab", max_size=60), st.integers(1, 70))
def test_windows_begin_anew_at_every_nth_step(text, n):
    steps = Cutting(KINDS[0], n).steps(text)
    assert fresh_of(steps) == list(range(0, len(text), n))
    assert (steps.fed < 0).tolist() == [at % n == 0 for at in range(len(text))]
    assert (indices(steps.fed) == KINDS[0].encode(text)).all()
    silent = has(steps.marks, SILENT, len(steps)).tolist()
    assert silent == [at % n < burn_in(n) for at in range(len(text))]


def test_the_burn_in_of_a_window():
    assert [burn_in(n) for n in (1, 3, 40, 100, 1000, 5000)] == [0, 0, 10, 25, BURN_IN, BURN_IN]


def test_a_document_begins_with_a_special_step():
    steps = Cutting(KINDS[0], "document", 3).steps("ab")
    assert steps.ids.tolist() == [3, 1, 2] and steps.ends.tolist() == [0, 1, 2]
    assert steps.fed.tolist() == [~3, 1, 2]
    assert steps.predicts.tolist() == [False, True, False]
    windows = Cutting(KINDS[0], 2, 3).steps("abab")
    assert windows.fed.tolist() == [~3, 1, 2, ~1, 2]


def test_nothing_is_predicted_across_a_fresh_state():
    steps = Cutting(KINDS[0], "line").steps("a\nb\n")
    assert steps.predicts.tolist() == [True, False, True, False]


def test_what_is_drawn_is_fed_as_a_text_would_be():
    tokens, text = KINDS[0], "ab\nb\n\nab"
    for reset in ("document", "line", 3):
        for begin in (None, 4):
            given, before = [], ""
            cutting = Cutting(tokens, reset, begin)
            for place, index in enumerate(tokens.encode(text).tolist()):
                given += cutting.drawn(index, place, before)
                before = tokens.name(index)
            whole = cutting.steps(text).fed.tolist()
            if begin is not None:
                whole = whole[1:]
            if reset != 3 or begin is None:
                first = [] if reset == "document" or begin is not None else [~indices(
                    np.array(whole[:1])).item()]
                assert (first or given[:1]) + given[1:] == whole


@pytest.mark.parametrize(("said", "found"), [
    ("document", "document"), ("line", "line"), (40, 40), ("100", 100)])
def test_where_a_state_begins_anew(said, found):
    assert read_reset(said, "m") == found


@pytest.mark.parametrize("said", ["lines", 0, -1, True, 1.5, None, [], "0", "1e3", "²", 10**9])
def test_what_is_no_such_place(said):
    with pytest.raises(ModelError, match="m: not where a state begins anew"):
        read_reset(said, "m")


def test_a_sign_marks_a_fresh_state():
    ids = np.array([0, 5, 2])
    given = fed(ids, np.array([FRESH, 0, FRESH | SILENT], np.uint8))
    assert given.tolist() == [-1, 5, -3] and indices(given).tolist() == [0, 5, 2]
    assert Steps(ids, ids).fed is ids
