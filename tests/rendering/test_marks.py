"""The truth under a text: lines for states and counts, bars for events."""

import html
import re
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder.features import FEATURES
from builder.rendering.colour import LETTERS, levels
from builder.rendering.comparing import same_text
from builder.rendering.excerpts import (
    excerpt_html,
    failing_lines,
    telling,
    telling_lines,
    without_margin,
)
from builder.rendering.gallery import Gallery
from builder.rendering.marks import mark_words, marks_of, step_words
from builder.rendering.score import best_first, score_of
from builder.rendering.spans import coloured
from tests.make_cards import excerpt, exhibits
from tests.rendering.test_rendering import text_of

DEPTH, STRING = FEATURES["bracket_depth"].spec, FEATURES["in_string"].spec
OPENS, NEWLINE = FEATURES["opens"].spec, FEATURES["next_is_newline"].spec


def drawn(spans):
    """Read back what stands under each character: lines, or the digit in them; −1 for a bar."""
    under, stack = [], []
    for tag, text in re.findall(r"(<[^>]*>)|([^<]+)", spans):
        if tag.startswith("<u"):
            stack.append(tag)
        elif tag == "</u>":
            stack.pop()
        elif text:
            digit = [int(n) for n in re.findall(r"data-n=(\d)", "".join(stack))]
            now = -1 if "<u class=e>" in stack else digit[-1] if digit else len(stack)
            under += [now] * len(html.unescape(text))
    assert not stack
    return under


def test_a_count_has_a_line_for_each_and_a_digit_beyond_four():
    labels = [n for n in (0, 1, 2, 3, 4, 5, 6, 4, 3, 2, 1, 0) for _ in range(4)]
    marks = marks_of(labels, DEPTH)
    assert drawn(coloured("x" * 48, [0.5] * 48, marks.lines)) == labels
    assert marks.step == 1 and step_words(marks) == ""


def test_a_large_count_has_at_most_four_lines_and_says_what_one_is():
    labels = [float(n % 79) for n in range(400)]
    marks = marks_of(labels, FEATURES["line_position"].spec)
    assert marks.step == 20 and step_words(marks) == "one line for each 20"
    assert marks.lines.tolist() == [int(np.ceil(label / 20)) for label in labels]


def test_a_count_that_changes_at_each_character_is_drawn_in_larger_steps():
    labels = [float(n % 8) for n in range(400)]
    marks = marks_of(labels, DEPTH)
    assert marks.step > 1 and np.count_nonzero(np.diff(marks.lines)) <= 100


def test_states_have_one_line_and_events_bars():
    assert drawn(coloured("a'b'c", [0.1] * 5, marks_of((0, 1, 1, 0, 0), STRING).lines)) == [
        0, 1, 1, 0, 0]
    for feature in (OPENS, NEWLINE):
        marks = marks_of((0, 1, 0), feature)
        assert drawn(coloured("a(b", [0.1] * 3, marks.lines, bars=marks.bars)) == [0, -1, 0]


@pytest.mark.parametrize("odd", [float("nan"), -3.0, 0.0])
def test_what_is_no_count_has_no_line(odd):
    assert marks_of((odd, 1.0), DEPTH).lines.tolist() == [0, 1]


def test_golden_marks():
    assert coloured("f(a[b", [0.1, 0.1, 0.1, 1, 1], [0, 1, 1, 2, 2]) == (
        "<b class=i>f</b><u><b class=i>(a</b><u><b class=p>[b</b></u></u>")
    assert coloured("ab", [1, 1], [4, 6], at=1) == (
        "<u><u><u><u><b class=p>a</b></u></u></u></u>"
        "<mark><u><u><u><u><u data-n=6><b class=p>b</b></u></u></u></u></u></mark>")


@given(text=st.text(max_size=80), data=st.data())
def test_stripping_tags_gives_the_text_back_whatever_is_marked(text, data):
    some = st.lists(st.integers(0, 9), min_size=len(text), max_size=len(text))
    lines, bars = data.draw(some), data.draw(st.booleans())
    at = data.draw(st.none() | st.integers(0, len(text) - 1)) if text else None
    assert text_of(coloured(text, [0.5] * len(text), lines, at=at, bars=bars)) == text


def test_the_truth_about_a_count_costs_little():
    one = excerpt("bracket_depth", "strongest", 0)
    marked, plain = excerpt_html(one, DEPTH), coloured(one.text, one.values)
    assert "<u><u>" in marked or "</b><u><b" in marked
    assert len(marked) - len(plain) <= 2 * len(one.text)


def test_a_legend_says_what_marks_mean():
    assert mark_words(STRING) == "underlined: inside strings"
    assert mark_words(OPENS).startswith("bar under a character: whenever a bracket")
    assert mark_words(NEWLINE) == "bar under a character: just before a line ends"
    assert mark_words(DEPTH).startswith("the more lines under the text, the more brackets")


def test_the_lines_to_show_have_the_feature_on_and_off():
    text = "a = 1\nb = 2\nc = 'x'\nd = 3\n"
    labels = tuple(float(at in (16, 17)) for at in range(len(text)))
    one = replace(excerpt("in_string", "strongest", 0, text=text), labels=labels,
                  values=tuple(0.9 if label else -0.9 + 0.05 * (at < 6)
                               for at, label in enumerate(labels)), twin=())
    part = telling_lines(one, 1)
    assert (part.text, part.line, part.start) == ("c = 'x'\n", one.line + 2, one.start + 12)
    constant = replace(one, labels=(0.0,) * len(text))
    assert telling(constant) == 0 and len(telling_lines(constant, 2).text.splitlines()) == 2


def test_a_small_picture_begins_where_its_text_begins():
    one = replace(excerpt("in_string", "strongest", 0, text="    a\n\n      b\n"),
                  values=(0.1,) * 15, labels=tuple(map(float, range(15))), twin=())
    small = without_margin(one)
    assert small.text == "a\n\n  b\n"
    assert small.labels == (4, 5, 6, 11, 12, 13, 14) and len(small.values) == 7


def test_rows_under_a_text_have_the_width_and_the_colours_of_its_characters():
    shown = same_text(Gallery(exhibits(), tuple(f.spec for f in FEATURES.values())), "in_string")
    score = score_of(best_first(shown), STRING, 3)
    assert len(score.lines) <= 3 and len(score.names) == len(score.units) == 2
    start = shown.excerpt.text.index(text_of(score.lines[0].text))
    for line in score.lines:
        text = text_of(line.text)
        for unit, row in zip(score.units, line.rows, strict=True):
            if text.isascii() and "\t" not in text:
                assert text_of(row) == " " * len(text)
                letters = [letter for letter, run in re.findall(r"<b class=(\w)>( +)</b>", row)
                           for _ in run]
                wanted = levels(unit.values[start : start + len(text)]).tolist()
                assert letters == [LETTERS[level] for level in wanted]
        start += len(text)


@pytest.mark.parametrize("sign", [1, -1])
def test_the_lines_that_fail_most_are_those_that_speak_against_the_claim(sign):
    lines = ["fits\n", "fits\n", "does not\n", "does not\n", "fits\n"]
    rows = [(0, -1), (1, 1), (1, -1), (0, 1), (1, 1)]  # label and value
    made = [(label, sign * value) for line, (label, value) in zip(lines, rows, strict=True)
            for _ in line]
    one = replace(excerpt("in_string", "fails", 0), text="".join(lines), line=7,
                  labels=tuple(float(label) for label, _ in made),
                  values=tuple(float(value) for _, value in made))
    part = failing_lines(one, 2, sign * 0.5)
    assert part.text == "does not\ndoes not\n" and part.line == 9
    assert failing_lines(one, 9, sign).text == one.text
