"""Features: worked examples, causality, and agreement with slow definitions."""

import importlib.util
import io
import tokenize
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from builder.core.errors import UserError
from builder.core.labels import Lookahead, Tag
from builder.features import FEATURES, check_feature, features_for, label

CODE = '''import os  # "not a string"


def outer(a, b=[1, 2], *, c={"k": (3, 4)}):
    """Say what it does.

    With a 'quote' and # no comment.
    """
    if a in (1, 2) and b[0]:
        return f"{a!r} and {b['x']}" + 'it\\'s' + r"\\d"
    elif not (a or
              b):
\t# tabbed ) comment
        raise ValueError("%s {}" % a)

    text = """many
lines ( of"""
    return [x for x in range(10) if x], 0x1F, 3.5e2


class Thing(Exception):
    pass
'''


def labels_of(name, text, language="python"):
    return label(text, language, [FEATURES[name]]).values[:, 0]


def language_of(feature):
    return next(x for x in ("python", "c", "prose") if feature.applies_to(x))


@pytest.mark.parametrize("name", sorted(FEATURES))
def test_worked_example(name):
    feature = FEATURES[name]
    language = language_of(feature)
    found = label(feature.spec.example_text, language, [feature]).values[:, 0]
    assert "".join(str(int(v)) for v in found) == feature.spec.example_labels
    assert len(set(feature.spec.example_labels)) > 1


@pytest.mark.parametrize("name", sorted(FEATURES))
def test_a_label_does_not_look_further_ahead_than_declared(name):
    feature = FEATURES[name]
    check_feature(feature, language_of(feature), [CODE], step=3)


def test_only_features_of_the_future_look_anywhere():
    anywhere = {f.spec.tag for f in FEATURES.values() if f.spec.lookahead is Lookahead.MATCH}
    assert anywhere <= {Tag.FUTURE}


@pytest.mark.parametrize("name", sorted(FEATURES))
@settings(max_examples=40)
@given(text=st.text(st.sampled_from("ab A1\"'#()[]{}:\n\t\\_\u00e9\U0001f600"), max_size=60))
def test_any_text_gets_one_finite_number_a_character(name, text):
    feature = FEATURES[name]
    for language in ("python", "c", "javascript", "prose"):
        if feature.applies_to(language):
            values = label(text, language, [feature]).values
            assert values.shape == (len(text), 1)
            assert np.isfinite(values).all()


def by_pythons_tokeniser(text):
    """Return where strings and comments are, and what f-strings are: their inside is code too."""
    lines = np.cumsum([0, *map(len, io.StringIO(text, newline=""))])
    string, comment, unsure = np.zeros((3, len(text)))
    opened = []
    for token in tokenize.generate_tokens(io.StringIO(text, newline="").readline):
        start = lines[token.start[0] - 1] + token.start[1]
        stop = lines[token.end[0] - 1] + token.end[1]
        if token.type == tokenize.COMMENT:
            comment[start:stop] = 1
        elif token.type == tokenize.STRING:
            body = token.string.lstrip("rRbBuUfF")
            prefix = token.string[: len(token.string) - len(body)]
            quote = 3 if body.startswith(('"""', "'''")) else 1
            string[start + len(prefix) + quote - 1 : stop - 1] = 1
            unsure[start:stop] = "f" in prefix.lower()
        elif tokenize.tok_name[token.type] == "FSTRING_START":
            opened.append(start)
        elif tokenize.tok_name[token.type] == "FSTRING_END":
            unsure[opened.pop() : stop] = 1
    return string, comment, unsure > 0


@pytest.mark.parametrize("name", [
    "argparse", "ast", "configparser", "csv", "difflib", "inspect", "pathlib", "pickle", "re",
    "shlex", "string", "textwrap", "tokenize", "typing", "zipfile"])
def test_strings_and_comments_agree_with_pythons_own_tokeniser(name):
    spec = importlib.util.find_spec(name)
    text = Path(spec.origin).read_text("utf-8")
    string, comment, unsure = by_pythons_tokeniser(text)
    assert string[~unsure].sum() > 0
    for found, expected in (("in_string", string), ("in_comment", comment)):
        differs = np.flatnonzero((labels_of(found, text) != expected) & ~unsure)
        assert not len(differs), text[max(0, differs[0] - 40) : differs[0] + 40]


@pytest.mark.parametrize(("language", "file"), [("python", "ast"), ("python", "shlex")])
def test_every_feature_of_code_is_causal_on_real_files(language, file):
    text = Path(importlib.util.find_spec(file).origin).read_text("utf-8")[:4000]
    for feature in features_for(language):
        check_feature(feature, language, [text], step=397)


def test_code_inside_an_f_string_is_outside_and_its_own_strings_inside():
    text = "f\"a{b['x']}c\" d"
    assert "".join(str(int(v)) for v in labels_of("in_string", text)) == "011000110011000"


def test_bracket_depth_against_a_plain_count():
    depth, expected = 0, []
    text = "f(a[1], {2: (3)}) ) ) (x"
    for c in text:
        depth = max(0, depth + (c in "([{") - (c in ")]}"))
        expected.append(depth)
    assert labels_of("bracket_depth", text)[: text.index(") )") + 1].tolist() == \
        expected[: text.index(") )") + 1]
    assert labels_of("bracket_depth", text)[-1] == 1


def test_c_conditions_and_comments():
    text = "if (a(b) /* ) */) c; // d\n"
    marks = "".join(str(int(v)) for v in labels_of("in_if_condition", text, "c"))
    assert marks == "00011111111111110000000000"
    comment = "".join(str(int(v)) for v in labels_of("in_comment", text, "c"))
    assert comment == "00000000001111100000001110"


def test_unterminated_string_ends_with_its_line():
    assert labels_of("in_string", "a = 'b\nc = 1\n")[7:].sum() == 0


def test_unknown_names_are_reported_together_with_a_guess():
    with pytest.raises(UserError) as caught:
        features_for("python", ["in_strng", "in_quotes", "in_comment"])
    assert len(caught.value.problems) == 2
    assert "did you mean 'in_string'" in str(caught.value)
    with pytest.raises(UserError, match="did you mean 'python'"):
        features_for("pyhton")


def test_there_are_at_least_forty_features():
    assert len(FEATURES) >= 40 and len(features_for("python")) >= 40
