"""Equal values have one digest, here and in other processes; different ones do not."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass, field
from enum import Enum
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from builder.work.identity import identity
from tests.work import tasks

ROOT = Path(__file__).parents[2]


class Colour(Enum):
    RED = 1
    BLUE = 2


@dataclass(frozen=True)
class Cell:
    name: str
    place: str = field(default="", compare=False)


class Plain:
    def __init__(self, value):
        self.value = value


def closing_over(value):
    def inner(x=3):
        return value + x

    return inner


DIFFERENT = [
    None, False, True, 0, 1, 0.0, -0.0, 1.0, "", "0", "a", b"", b"a", "é", "\ud800", 1j,
    (), [], {}, set(), frozenset(), (1, 2), [1, 2], (2, 1), ((1,), 2), (1, (2,)), ("a", "bc"),
    ("ab", "c"), {"a": 1}, {"a": 2}, {"b": 1}, {"a": 1, "b": 2}, {"b": 2, "a": 1}, {1, 2},
    frozenset({1, 2}), range(3), range(4), Path("a"), Path("b"), Colour.RED, Colour.BLUE, Colour,
    Cell("a"), Cell("b"), Plain(1), Plain(2), Plain, np.arange(3), np.arange(3.0), np.int64(1),
    np.arange(4).reshape(2, 2), np.arange(4), np.arange(4).reshape(2, 2).T, np.zeros((0, 2)),
    np.zeros((0, 3)), np.array(["a"], object), np.array(["b"], object), np.array(["b"]),
    tasks.scaled, tasks.noting, len, partial(tasks.scaled, 1), partial(tasks.scaled, 2),
    partial(tasks.noting, 1), closing_over(1), closing_over(2), "a".join, "b".join,
]


def test_what_differs_has_another_digest():
    digests = [identity(value) for value in DIFFERENT]
    assert len(set(digests)) == len(DIFFERENT)
    assert identity(1, 2) != identity(1) != identity((1, 2))


@pytest.mark.parametrize(("one", "other"), [
    ({3, 1, 2}, {1, 2, 3}),
    (Cell("a", "here"), Cell("a", "there")),
    (np.arange(6)[::2], np.array([0, 2, 4])),
    (np.asfortranarray(np.arange(4.0).reshape(2, 2)), np.arange(4.0).reshape(2, 2)),
    (closing_over(1), closing_over(1)),
    ([Plain("ab")] * 2, [Plain("ab"), Plain("".join(["a", "b"]))]),
])
def test_equal_values_have_one_digest(one, other):
    assert identity(one) == identity(other)


def test_a_value_within_itself():
    one, other = [1], [1]
    one.append(one)
    other.append([1])
    assert identity(one) == identity(one) != identity(other)


def test_what_is_only_made_for_a_moment_is_not_mistaken_for_what_comes_after():
    class Fresh:
        def __init__(self, value):
            self.value = value

        def __reduce__(self):
            return Plain, ([self.value] * 3,)

    found = [identity([Fresh(i), Fresh(i + 1), Fresh(i + 2)]) for i in range(20)]
    assert len(set(found)) == 20


def test_no_value_that_cannot_be_sent():
    with pytest.raises(TypeError):
        identity(i for i in range(3))


CODE = """
from functools import partial
import numpy as np
from builder.models.spec import ModelSpec
from builder.tokens.characters import Vocabulary
from builder.features import features_for
from builder.work.identity import identity
import sys
vocabulary = Vocabulary.of_texts(["hello world"])
vocabulary.encode("low")
print(identity(features_for("python"), vocabulary, frozenset("some words of a set".split()),
               partial(max, key=len), np.arange(5)))
"""


def in_another_process(code, seed):
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True,
                          env={**os.environ, "PYTHONHASHSEED": seed}, check=True)
    return done.stdout


def test_another_process_gives_the_same():
    assert in_another_process(CODE, "1") == in_another_process(CODE, "2") != ""


def test_code_of_others_counts(tmp_path):
    found = []
    for value in (1, 2, 1):
        (tmp_path / "own_features.py").write_text(f"def mark(source):\n    return {value}\n")
        code = (f"import sys; sys.path.insert(0, {str(tmp_path)!r}); sys.dont_write_bytecode = 1\n"
                "import own_features\nfrom builder.work.identity import identity\n"
                "print(identity(own_features.mark))")
        found.append(in_another_process(code, "0"))
    assert found[0] == found[2] != found[1]
