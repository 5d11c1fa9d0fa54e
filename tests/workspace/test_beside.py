"""Files beside the weights: what is written comes back, and what is no such file is refused."""

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import jsonschema
import pytest

from builder.exhibits.compared import compare_beside
from builder.workspace.beside import Beside
from builder.workspace.connected import CONNECTIONS, connections_file
from builder.workspace.worded import WORDS, words_file
from builder.workspace.wording import with_words, without_words
from tests.make_cards import exhibit as made_card
from tests.make_cards import worded
from tests.make_connected import connected
from tests.sources import PROJECT
from tests.workspace.beside import CUT, changed, content_of, exhibit_in, put, refused

CARD = made_card()


@dataclass(frozen=True)
class Case:
    """A kind of file, what is found in one, and where in it there are units."""

    kind: Beside[Any]
    found: Any
    file: Callable[[str, str, Any], Any]
    card: str
    units: str


CASES = {
    "words": Case(WORDS, worded(), words_file, "worded", "formulas"),
    "connections": Case(CONNECTIONS, connected(), connections_file, "connected", "units"),
}
SHIPPED = [(name, path) for name, case in CASES.items()
           for path in sorted((PROJECT / "gallery").glob(f"*/{case.kind.name}"))]


@pytest.fixture(params=CASES.values(), ids=CASES)
def case(request):
    return request.param


@pytest.fixture
def path(tmp_path, case):
    return case.kind.write(tmp_path, case.file(CARD.model_digest, "t", case.found))


def test_what_is_written_comes_back_and_has_the_same_bytes_again(case, path):
    assert case.kind.fitting(path.parent, CARD).found == case.found
    before = path.read_bytes()
    case.kind.write(path.parent, case.kind.read(path))
    assert path.read_bytes() == before
    path.unlink()
    assert case.kind.fitting(path.parent, CARD) is None
    assert case.kind.at_hand(path.parent) is None


def test_it_is_put_on_at_the_end_and_taken_off_again(case, path):
    card = with_words(CARD, exhibit_in(path.parent))
    assert getattr(card, case.card) == case.found
    assert getattr(without_words(card), case.card) is None


def test_that_of_other_weights_or_another_method_is_not_taken(case, path):
    assert case.kind.fitting(path.parent, replace(CARD, model_digest="other")) is None
    put(path, {**content_of(path), case.kind.method: case.kind.version + 1})
    assert case.kind.fitting(path.parent, CARD) is None


@pytest.mark.parametrize(("content", "says"), [
    (b"", "not results"), (b"{}", "of another format"), (b"[]", "not results"),
    (b'{"format": 2}', "of another format"), (b'{"format": 1}', "Field required")])
def test_what_is_no_such_file_is_said(case, path, content, says):
    put(path, content)
    assert says in refused(path, lambda: case.kind.fitting(path.parent, CARD))


@pytest.mark.parametrize(("broken", "says"), CUT)
def test_a_file_that_is_not_whole_is_said(case, path, broken, says):
    path.write_bytes(broken(path.read_bytes()))
    assert says in refused(path, lambda: case.kind.fitting(path.parent, CARD))


@pytest.mark.parametrize(("more", "says"), [
    ({"weights": "x"}, "the weights"), ({"text": "x"}, "the text"),
    ({"weights": "x", "text": "x"}, "the weights, the text"),
    ({"version": 0}, "the version of the {method}")])
def test_what_was_found_of_something_else_cannot_be_compared(case, path, more, says):
    named = {case.kind.method if key == "version" else key: to for key, to in more.items()}
    now = case.file("w", "t", case.found)
    (problem,) = compare_beside(exhibit_in(path.parent), case.kind, replace(now, **named), now)
    assert problem.found == says.format(method=case.kind.method)
    assert str(problem).startswith(
        f"e: cannot be compared; other than when {case.kind.name} was written")
    assert problem.remedy == f"measure again: gallery measure e --{case.kind.part}"


def test_the_schema_on_the_site_is_that_of_the_types(case, path):
    schema = case.kind.schema()
    published = PROJECT / "site_src" / "docs" / f"{case.kind.part}.schema.json"
    assert json.loads(published.read_text("utf-8")) == schema
    jsonschema.validate(content_of(path), schema)
    changed(path, case.card, case.units, 0, "unit", to=3)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(content_of(path), schema)


@pytest.mark.parametrize(("name", "path"), SHIPPED,
                         ids=[f"{path.parent.name}-{name}" for name, path in SHIPPED])
def test_what_is_shipped_is_what_the_published_schema_says(name, path):
    case = CASES[name]
    jsonschema.validate(content_of(path), case.kind.schema())
    there = case.kind.read(path)
    assert there.version == case.kind.version and getattr(there.found, case.units)


def test_there_are_shipped_ones():
    assert {name for name, _ in SHIPPED} == set(CASES)
