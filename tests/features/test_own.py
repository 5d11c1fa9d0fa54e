"""Features of a recipe and of other packages: what they do, and every way they can be wrong."""

import re
import sys
import types
from pathlib import Path

import numpy as np
import pytest

from builder.core.errors import UserError
from builder.core.labels import Lookahead, Phrases, Tag
from builder.features import FEATURES, check_feature, feature, features_for, label, plugins
from builder.features import own as own_module
from builder.features.registry import Feature
from builder.workspace.recipe import FeatureSettings

REFERENCE = Path(__file__).parents[2] / "site_src" / "docs" / "reference.md"


def own(**settings):
    return FeatureSettings(**{"id": "mine", "title": "mine", **settings})


def marks(text, language="python", **settings):
    chosen = [f for f in features_for(language, own=[own(**settings)]) if f.spec.id == "mine"]
    return "".join(str(int(v)) for v in label(text, language, chosen).values[:, 0])


def test_an_expression_is_on_at_its_matches():
    assert marks("a TODO b\nTODO", regex="TODO.*") == "0011111101111"
    assert marks("x = 1\ny", regex="^y$") == "0000001"


def test_an_expression_with_a_group_is_on_at_the_group():
    assert marks("f(ab) g(c)", regex=r"\w\((?P<on>\w+)\)") == "0011000010"


def test_a_count_goes_up_and_down_along_its_match():
    count = {"tag": "count", "language": "text"}
    assert marks("aabb ab aaa\n", regex="(?P<up>a+)(?P<down>b*)", **count) == "121001001230"
    assert marks("xx yyy", regex=r"\w+", **count) == "120123"
    assert marks("<ab>c<d>", regex=r"<(?P<up>\w)+>", **count) == "01220011"
    (made,) = [f for f in features_for("text", own=[own(regex="x", tag="count")])
               if f.spec.id == "mine"]
    assert made.spec.tag is Tag.COUNT
    assert made.spec.hypothesis == "counts what the recipe calls mine"
    with pytest.raises(ValueError, match="a count needs a regex"):
        own(query="(x) @on", tag="count")


def test_a_recipe_says_how_sentences_speak_of_it():
    given = {"phrase": "the more x's are left", "many": "where many are left",
             "few": "where few are", "rise": "an x comes", "fall": "a y comes"}
    (made,) = [f for f in features_for("text", own=[own(regex="x", tag="count", **given)])
               if f.spec.id == "mine"]
    assert made.spec.phrases == Phrases(*given.values())


def test_a_query_is_on_at_its_nodes():
    pytest.importorskip("tree_sitter")
    assert marks("f = lambda: 1\n", query="(lambda) @on") == "00001111111110"
    assert marks("'é😀'; f(lambda: 'é')", query="(lambda) @on") == "00000000" + "1" * 11 + "0"
    assert marks("int f(void){return 1;}", "c", query="(return_statement) @on") \
        == "0" * 12 + "1" * 9 + "0"


def test_an_event_is_an_event():
    chosen = features_for("python", own=[own(regex="x", tag="event")])
    assert chosen[-1].spec.tag is Tag.EVENT


@pytest.mark.parametrize(("settings", "message"), [
    ({"regex": "("}, "not a regular expression"),
    ({"query": "(no_such_node) @on"}, "not a query"),
    ({"query": "(lambda) @off"}, "captures nothing as @on"),
    ({"regex": "x", "id": "in_string"}, "there are two of this name"),
])
def test_what_is_wrong_is_said(settings, message):
    with pytest.raises(UserError, match=message):
        marks("x", **settings)


def test_no_grammar():
    with pytest.raises(UserError, match=r"no grammar for javascript.*queries work for python, c"):
        marks("x", "javascript", query="(lambda) @on")


def test_no_tree_sitter(monkeypatch):
    monkeypatch.setitem(sys.modules, "tree_sitter", None)
    own_module._parts.cache_clear()
    with pytest.raises(UserError, match=r"pip install 'unit-gallery\[treesitter\]'"):
        marks("x", query="(module) @on")


def test_an_expression_that_does_not_end(monkeypatch):
    monkeypatch.setattr(own_module, "SECONDS", 0.05)
    with pytest.raises(UserError, match="takes too long"):
        marks("a" * 5_000 + "! b", regex="(a|aa|a*)*b")


@pytest.mark.parametrize("settings", [{}, {"regex": "a", "query": "b"}, {"regex": "a", "id": "A"},
                                      {"regex": "a", "tag": "future"}])
def test_a_recipe_that_says_too_little_or_too_much(settings):
    with pytest.raises(ValueError, match=r"regex or query|pattern|state"):
        own(**settings)


class Entry:
    """An entry point, as an installed package declares it."""

    def __init__(self, load):
        self.name, self.value, self.load = "theirs", "theirs:theirs", load
        self.dist = types.SimpleNamespace(name="their-package")


@pytest.fixture
def declared(monkeypatch):
    """Let a package declare a feature, and forget it afterwards."""
    def declare(load):
        monkeypatch.setattr(plugins, "entry_points", lambda group: [Entry(load)])
        plugins.load_plugins.cache_clear()
    yield declare
    plugins.load_plugins.cache_clear()
    for id_ in ("vowel", "theirs"):
        FEATURES.pop(id_, None)


def test_a_package_with_the_feature_of_the_reference(declared):
    code = re.search(r"```python\n(import numpy.*?@feature.*?)```", REFERENCE.read_text("utf-8"),
                     re.S)[1]
    declared(lambda: exec(code, {"__name__": "theirs"}))
    chosen = features_for("prose")[-1]
    assert chosen.spec.id == "vowel"
    assert label("tea", "prose", [chosen]).values[:, 0].tolist() == [0, 1, 1]
    check_feature(chosen, "prose", ["some tea", "", "é"])


def test_a_package_that_cannot_be_loaded(declared):
    def load():
        raise ImportError("no module named x")
    declared(load)
    with pytest.raises(UserError, match="entry point 'theirs' of their-package: the feature cannot "
                                        "be loaded; ImportError: no module named x"):
        features_for("python")


def test_a_package_with_a_name_that_is_taken(declared):
    def load():
        @feature("t", "is on", tag=Tag.STATE, example=("a", "1"))
        def in_string(source):
            return np.ones(len(source))
    declared(load)
    with pytest.raises(UserError, match="there are two of this name"):
        features_for("python")


def made(function, lookahead=Lookahead.NONE):
    spec = FEATURES["is_upper"].spec
    return Feature(type(spec)(**{**{n: getattr(spec, n) for n in spec.__dataclass_fields__},
                                 "lookahead": lookahead}), function)


@pytest.mark.parametrize(("function", "found"), [
    (lambda s: np.ones(len(s) + 1), r"float64 of shape \[5\] for 4 characters"),
    (lambda s: np.ones((len(s), 2)), "not one number per character"),
    (lambda s: list(s.text), "not one number per character"),
    (lambda s: np.full(len(s), np.nan), "gives values that are not finite numbers; 4 of 4"),
])
def test_labels_that_are_none(function, found):
    with pytest.raises(UserError, match=found):
        check_feature(made(function), "python", ["ab c"])


def test_a_label_that_looks_ahead_is_caught():
    def before_b(source):
        return np.array([source.text[i + 1 : i + 2] == "b" for i in range(len(source))])

    with pytest.raises(AssertionError, match="looks further ahead than none"):
        check_feature(made(before_b), "python", ["a b ab"])
    check_feature(made(before_b, Lookahead.MATCH), "python", ["a b ab"])


def test_a_label_may_look_to_the_end_of_the_word_where_it_says_so():
    def whole_word(source):
        out = np.zeros(len(source))
        for word in re.finditer(r"\w+", source.text):
            out[word.start() : word.end()] = len(word[0])
        return out

    check_feature(made(whole_word, Lookahead.TOKEN), "prose", ["a word  or two."])
    with pytest.raises(AssertionError, match="looks further ahead than none"):
        check_feature(made(whole_word), "prose", ["a word  or two."])
