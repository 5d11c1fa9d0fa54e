"""Toy languages: exact small cases, and strings that keep to their grammar."""

import numpy as np
import pytest

from builder.models.counting.language import PADDING
from builder.models.counting.languages import LANGUAGES

BOTH = [(name, beyond) for name in LANGUAGES for beyond in (False, True)]


def answers(name, text):
    """Return what is right after each letter, as the names of the answers that are."""
    language = LANGUAGES[name]
    strings = language.strings(language.ids(text))
    return [[answer for answer, right in zip(language.answers, row, strict=True) if right]
            if asked else None
            for row, asked in zip(strings.answers[:, 0], strings.asked[:, 0], strict=True)]


def read(language, column):
    return "".join(language.letters[i] for i in column if i != PADDING)


def test_powers():
    assert answers("anbn", "aabb") == [["a", "b"], ["a", "b"], ["b"], ["end"]]
    assert answers("anbncn", "aabbcc") == [
        ["a", "b"], ["a", "b"], ["b"], ["c"], ["c"], ["end"]]
    truths = LANGUAGES["anbncn"].truths(LANGUAGES["anbncn"].ids("aabbcc"))
    assert truths["a-b"][:, 0].tolist() == [1, 2, 1, 0, 0, 0]
    assert truths["b-c"][:, 0].tolist() == [0, 0, 1, 2, 1, 0]
    assert truths["a-c"][:, 0].tolist() == [1, 2, 2, 2, 1, 0]


def test_brackets():
    assert answers("dyck-1", "(())") == [["(", ")"], ["(", ")"], ["(", ")"], ["(", "end"]]
    assert answers("shuffle-2", "([)]") == [
        ["(", ")", "["], ["(", ")", "[", "]"], ["(", "[", "]"], ["(", "[", "end"]]
    assert answers("dyck-2", "[()]") == [
        ["(", "[", "]"], ["(", ")", "["], ["(", "[", "]"], ["(", "[", "end"]]
    assert answers("dyck-2", "(((((")[-1] == [")"]  # it may be no deeper


def test_parity_is_asked_for_at_every_letter():
    assert answers("parity", "01011") == [[], ["odd"], ["odd"], [], ["odd"]]


def test_probes_alone_are_answered():
    assert answers("latch", "?#x?\n?") == [[], None, None, ["on"], None, []]
    assert answers("toggle", '"?x""?"?') == [None, ["on"], None, None, None, ["on"], None, []]
    assert answers("counter", "?((?)?)?") == [
        ["zero"], None, None, [], None, [], None, ["zero"]]


def test_what_a_probe_asks_for_is_never_read():
    for name in ("latch", "toggle", "counter"):
        assert len(LANGUAGES[name].answers) == 1
        assert not set(LANGUAGES[name].answers) & set(LANGUAGES[name].letters)


@pytest.mark.parametrize(("name", "beyond"), BOTH)
def test_strings_keep_to_their_grammar(name, beyond):
    language = LANGUAGES[name]
    ids = language.draw(np.random.default_rng(1), 40, beyond=beyond)
    depths = {name: truth for name, truth in language.truths(ids).items() if name != "toggle"}
    assert all((truth >= 0).all() for truth in depths.values())
    for column in ids.T:
        text = read(language, column)
        assert text
        assert set(column[len(text):]) <= {PADDING}  # nothing comes after the end
        if language.name in ("dyck-1", "shuffle-2", "dyck-2"):
            assert text.count("(") == text.count(")")
            assert text.count("[") == text.count("]")
    if language.name == "dyck-2":
        assert language.truths(ids)["depth"].max() == language.deepest
        for column in ids.T:
            text = read(language, column)
            while "()" in text or "[]" in text:
                text = text.replace("()", "").replace("[]", "")
            assert text == ""  # kinds do not cross


def test_beyond_is_beyond():
    rng = np.random.default_rng(2)
    counter, powers = LANGUAGES["counter"], LANGUAGES["anbncn"]
    assert counter.truths(counter.draw(rng, 200))["counter"].max() == counter.deepest
    deep = counter.truths(counter.draw(rng, 200, beyond=True))["counter"].max()
    assert deep > 2 * counter.deepest
    assert len(powers.draw(rng, 200)) == 150
    assert (powers.draw(rng, 50, beyond=True) != PADDING).sum(0).min() > 150
    assert len(LANGUAGES["parity"].draw(rng, 2, beyond=True)) == 500


def test_strings_get_harder_with_n():
    def climbs(name, n):
        language = LANGUAGES[name]
        return read(language, language.climb(np.array([n]))[:, 0])

    assert climbs("anbncn", 3) == "aaabbbccc"
    assert climbs("shuffle-2", 2) == "(([[))]]"
    assert climbs("latch", 2) == "#xx?\nxx?"
    assert climbs("toggle", 3) == '"x"x"x?'
    assert climbs("counter", 3) == "((()" + ")?)?"
    assert climbs("parity", 4) == "1111"
    assert LANGUAGES["dyck-2"].climb(np.array([3])) is None


def test_all_kinds_of_answers_are_asked_for_in_training():
    for language in LANGUAGES.values():
        strings = language.strings(language.draw(np.random.default_rng(3), 500))
        share = strings.answers[strings.asked].mean(0)
        assert ((share > 0) & ((share < 1) | (language.name in ("dyck-1", "shuffle-2")))).all()
