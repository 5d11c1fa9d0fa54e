"""Which word and which mark each position is at."""

import numpy as np
import pytest

from builder.core.labels import Lookahead
from builder.features.checks import check_feature
from builder.features.naming import LEAST, LONGEST, Named, naming
from builder.features.source import Source
from tests.features.test_scripts import SCRIPTS

NAMES = ("if", "x", "import", "re", "foo")
MARKS = ("=", ":", "(")
TEXT = "if x == 1:\n  import re\n\nfoo(x)\n"


def said(kind, names, text, language="python"):
    """Return the name at each character, and a dash for none."""
    numbers = Named(kind, names)(Source(text, language))
    return [names[k - 1] if k else "-" for k in numbers.tolist()]


def spelled(*parts):
    return [name for name, count in parts for _ in range(count)]


def test_the_word_that_a_character_is_in():
    assert said("word", NAMES, "if x==2 re") == [
        "if", "if", "-", "x", "-", "-", "-", "-", "re", "re"]


def test_the_word_before_is_the_last_that_was_complete():
    assert said("previous_word", NAMES, TEXT) == spelled(
        ("-", 2), ("if", 2), ("x", 5), ("-", 10), ("import", 3), ("re", 5), ("foo", 2), ("x", 2))


def test_the_first_word_of_the_line_counts_once_it_is_complete():
    assert said("first_word", NAMES, TEXT) == spelled(
        ("-", 2), ("if", 9), ("-", 8), ("import", 4), ("-", 1), ("-", 3), ("foo", 4))


def test_the_last_mark():
    assert said("last_mark", MARKS, TEXT) == spelled(
        ("-", 5), ("=", 4), (":", 18), ("(", 2), ("-", 2))


def test_the_character():
    assert said("character", ("x", "\n"), "x y\nx") == ["x", "-", "-", "\n", "x"]


@pytest.mark.parametrize("kind", ["word", "previous_word", "first_word", "last_mark", "character"])
@pytest.mark.parametrize(("text", "expected"), [("", []), ("\U0001f40d", ["-"]), ("\n", ["-"])])
def test_texts_without_words(kind, text, expected):
    assert said(kind, ("a", "b"), text) == expected


def test_a_name_that_has_no_number_is_nowhere():
    named = Named("word", ("a",))
    assert named.number("a") == 1
    assert not (named(Source("a b", "python")) == named.number("b")).any()


@pytest.fixture(scope="module", params=["python", "text"])
def columns(request):
    text = 'if x == 1:\n  import re  # don\'t, l\u2019\u00e9t\u00e9 3.14\n\nfoo(x_1, "e\u0301a")\n'
    return request.param, text, naming([text * LEAST], request.param)


def test_what_comes_later_changes_nothing_but_the_word_itself(columns):
    language, text, features = columns
    scripts = dict.fromkeys(some for some, _, _ in SCRIPTS) if language == "text" else ()
    for feature in features[:4]:
        check_feature(feature, language, [text, *scripts])
    assert {f.spec.id for f in features if f.spec.lookahead is not Lookahead.NONE} == {"word"}


def test_a_word_of_prose_is_over_when_it_cannot_go_on():
    names = ("don", "don\u2019t", "l")
    assert said("previous_word", names, "don\u2019t l\u2019", "text") == spelled(
        ("-", 5), ("don\u2019t", 3))
    assert said("previous_word", names, "l. \u00e9", "text") == spelled(("-", 2), ("l", 2))


def test_the_word_does_look_ahead():
    named = Named("word", ("if", "iffy"))
    beginning, whole = (named(Source(text, "python")).tolist() for text in ("if", "iffy"))
    assert beginning == [1, 1] and whole == [2, 2, 2, 2]


def test_the_commonest_have_numbers():
    text = "bb aa cc " * LEAST + "bb! " + "rare " * (LEAST - 1) + ("y" * (LONGEST + 1) + " ") * 99
    named = {f.spec.id: f.label.names for f in naming([text], "python")}
    assert named["word"] == named["previous_word"] == named["first_word"] == ("bb", "aa", "cc")
    assert named["last_mark"] == ()
    assert named["character"][:2] == ("y", " ")


def test_only_so_many_words_have_numbers():
    text = " ".join(f"w{i} " * (LEAST + i) for i in range(9))
    named = {f.spec.id: f.label.names for f in naming([text, text], "python", words=3)}
    assert named["word"] == ("w8", "w7", "w6")


def test_nothing_to_learn_from():
    for texts in ([], [""], ["\n\n"]):
        features = naming(texts, "python")
        assert all(not f.label.names for f in features)
        assert all(not np.any(f.label(Source("a b(\n", "python"))) for f in features)
