"""Texts as steps: their spans, and numbers that go from characters to steps and back."""

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder.core.errors import ModelError
from builder.features import features_for, label
from builder.tokens.characters import Vocabulary
from builder.tokens.contract import TOKENS, Steps, at_steps, check_tokens, of_steps
from tests.tokens.made import Bytes, Fives

TEXTS = st.text(max_size=60)


@st.composite
def cut_texts(draw):
    """Return a text and steps of it, cut anywhere, some of them of no character."""
    text = draw(st.text(min_size=1, max_size=40))
    cuts = draw(st.lists(st.integers(0, len(text)), max_size=20))
    ends = np.array([*sorted(cuts), len(text)], np.int64)
    return text, Steps(np.arange(len(ends)), ends)


@given(TEXTS, st.text(max_size=5))
def test_characters_are_steps(text, known):
    vocabulary = Vocabulary(tuple(dict.fromkeys(known)))
    check_tokens(vocabulary, [text])
    steps = vocabulary.steps(text)
    names = "".join(map(vocabulary.name, steps.ids))
    assert names == "".join(c if c in known else "\ufffd" for c in text)
    assert vocabulary.unknown(steps.ids) == sum(c not in known for c in text)


@given(TEXTS)
def test_bytes_and_chunks_keep_their_promises(text):
    check_tokens(Bytes(), [text])
    check_tokens(Fives(), [text])


def test_what_is_known_has_names_that_begin_as_they_are_asked_for():
    vocabulary = Vocabulary(("b", "\n", "a"))
    assert vocabulary.known().tolist() == [1, 2, 3]
    assert vocabulary.starting_with("ac\nb") == [3, 2, 1]
    assert Fives().known().tolist() == list(range(1, 30))
    assert Fives().starting_with("af") == list(range(1, 30)) and Fives().starting_with("i") == []
    assert Bytes().starting_with("é\n") == [11]


def test_whoever_knows_better_says_what_is_known():
    class All(Fives):
        def unknown(self, ids):
            return int((ids == 2).sum())

    assert All().known().tolist() == [0, 1, *range(3, 30)]


@given(cut_texts())
def test_spans_follow_each_other_and_cover_the_text(cut):
    text, steps = cut
    parts = [text[a:b] for a, b in zip(steps.starts, steps.ends, strict=True)]
    assert "".join(parts) == text
    assert [len(part) for part in parts] == steps.sizes.tolist()


@given(cut_texts())
def test_the_value_of_a_step_is_that_after_its_last_character(cut):
    text, steps = cut
    labels = np.stack([np.arange(1, len(text) + 1), -np.arange(1, len(text) + 1)], 1)
    assert at_steps(labels, steps).tolist() == [[end, -end] for end in steps.ends.tolist()]
    assert at_steps(labels[:, 0], steps).tolist() == steps.ends.tolist()


@given(cut_texts())
def test_values_of_steps_are_spread_over_their_characters(cut):
    text, steps = cut
    values = np.stack([steps.ids, steps.ids * 2], 1)
    spread = of_steps(values, steps)
    expected = [s for s, size in enumerate(steps.sizes.tolist()) for _ in range(size)]
    assert spread[:, 0].tolist() == expected and len(spread) == len(text)
    last = steps.sizes > 0
    assert (at_steps(spread, steps)[last] == values[last]).all()


@given(TEXTS)
def test_for_characters_both_change_nothing(text):
    steps, labels = Vocabulary(("a",)).steps(text), np.arange(len(text), dtype=np.int16)
    for out in (at_steps(labels, steps), of_steps(labels, steps)):
        assert (out == labels).all() and out.dtype == labels.dtype


def test_a_byte_inside_a_character_has_the_label_before_it():
    text, features = 'é"é"', features_for("python", ["in_string"])
    labels = label(text, "python", features).values[:, 0]
    steps = Bytes().steps(text)
    assert labels.tolist() == [0, 1, 1, 0]
    assert at_steps(labels, steps).tolist() == [0, 0, 1, 1, 1, 0]
    assert of_steps(at_steps(labels, steps), steps).tolist() == labels.tolist()


@pytest.mark.parametrize(("steps", "says"), [
    (Steps(np.array([1, 1]), np.array([1, 3])), "the text is not covered"),
    (Steps(np.array([1, 1]), np.array([2, 1])), "ends fall"),
    (Steps(np.array([1, 9]), np.array([1, 2])), "no such index"),
    (Steps(np.array([1]), np.array([2])), "not one character"),
    (Steps(np.array([1, 1], np.int32), np.array([1, 2])), "not int64"),
    (Steps(np.array([1, 1]), np.array([2])), "not one end a step"),
    (Steps(np.array([0, 0]), np.array([1, 2])), "encode gives other indices"),
])
def test_the_check_finds_what_is_wrong(steps, says):
    class Wrong(Vocabulary):
        def steps(self, text):
            return steps

    with pytest.raises(AssertionError, match=says):
        check_tokens(Wrong(("a",)), ["aa"])


def test_the_contract_is_no_kind():
    assert TOKENS.names() == ("bytes", "characters", "pieces", "subwords", "words")


def test_what_is_written_of_characters_is_read_back():
    vocabulary = Vocabulary(("\t", "é", "\U0001f600"))
    written = json.loads(json.dumps(vocabulary.written()))
    assert written == {"vocabulary": ["\t", "é", "\U0001f600"]}
    assert Vocabulary.read(written, "model.json") == vocabulary


@pytest.mark.parametrize(("vocabulary", "says"), [
    (["a", "bc", ""], "m, vocabulary: not all of it are characters; ''"),
    (["a", "bc", "de"], "m, vocabulary: not single characters; 'bc', 'de'; name them under "
                        '"special", or say what steps are: "tokens": "words", or "pieces"'),
    ([], "m, vocabulary: not a list of characters; []; give them in the order of the rows"),
    ("abc", "m, vocabulary: not a list of characters; 'abc'; give them in the order of the rows"),
    (["b", "a", "b"], "m, vocabulary: something stands in it twice; 'b'; name each once"),
])
def test_what_is_no_vocabulary(vocabulary, says):
    with pytest.raises(ModelError) as caught:
        Vocabulary.read({"vocabulary": vocabulary}, "m")
    assert str(caught.value) == says
