"""Connections beside the weights: what is written comes back, and what cannot be is refused."""

import json
from dataclasses import replace

import jsonschema
import pytest

from builder.exhibits.compared import compare_connections
from builder.workspace import connected as file
from builder.workspace.recipe import Exhibit, validate
from builder.workspace.wording import with_words, without_words
from tests.make_cards import exhibit as made_card
from tests.make_connected import connected
from tests.sources import PROJECT
from tests.workspace import beside
from tests.workspace.beside import CUT, content_of, put

CARD = made_card()
FOUND = connected()
SHIPPED = sorted((PROJECT / "gallery").glob(f"*/{file.CONNECTIONS_FILE}"))
CORPUS = {"kind": "synthetic", "source": "a grammar", "license": "none"}


@pytest.fixture
def exhibit(tmp_path):
    recipe = validate({"title": "T", "language": "python", "corpus": CORPUS}, tmp_path / "e")
    (tmp_path / "e").mkdir()
    return Exhibit(name="e", folder=tmp_path / "e", recipe=recipe)


@pytest.fixture
def path(exhibit):
    return file.CONNECTIONS.write(
        exhibit.folder, file.connections_file(CARD.model_digest, "t", FOUND))


def refused(exhibit, path):
    return beside.refused(path, lambda: file.connected_of(exhibit, CARD))


def changed(path, *keys, to):
    beside.changed(path, "connected", *keys, to=to)


def test_what_is_written_comes_back_and_has_the_same_bytes_again(exhibit, path):
    assert file.connected_of(exhibit, CARD) == FOUND
    before = path.read_bytes()
    file.CONNECTIONS.write(exhibit.folder, file.CONNECTIONS.read(path))
    assert path.read_bytes() == before
    path.unlink()
    assert file.connected_of(exhibit, CARD) is None
    assert file.CONNECTIONS.at_hand(exhibit.folder) is None


def test_that_of_other_weights_or_another_method_is_not_taken(exhibit, path):
    assert file.connected_of(exhibit, replace(CARD, model_digest="other")) is None
    put(path, {**content_of(path), "method": file.METHOD + 1})
    assert file.connected_of(exhibit, CARD) is None


def test_it_is_put_on_at_the_end_and_taken_off_again(exhibit, path):
    card = with_words(CARD, exhibit)
    assert card.connected == FOUND and without_words(card).connected is None


@pytest.mark.parametrize(("content", "says"), [
    ([], "not results"), ({"format": 2}, "of another format"), ({"format": 1}, "method")])
def test_what_is_no_file_of_connections_is_said(exhibit, path, content, says):
    put(path, content)
    assert says in refused(exhibit, path)


@pytest.mark.parametrize(("cut", "says"), CUT)
def test_a_file_that_is_not_whole_is_said(exhibit, path, cut, says):
    path.write_bytes(cut(path.read_bytes()))
    assert says in refused(exhibit, path)


@pytest.mark.parametrize(("keys", "to"), [
    (("units", 0, "drivers", 0, "drive"), float("nan")), (("units", 0, "drivers", 0, "held"), -0.2),
    (("units", 0, "drivers", 0, "turn"), 0.9), (("units", 0, "drivers", 0, "there"), False),
    (("units", 0, "drivers", 3, "there"), True), (("units", 0, "characters", 0, "share"), 1.5),
    (("units", 0, "following", 0, "chance"), -1.5), (("units", 0, "driven_by", "both"), 5),
    (("units", 0, "driven_by", "named"), 2), (("units", 0, "characters", 0, "put"), float("inf")),
    (("there_from",), -1), (("steps",), -3)])
def test_a_number_that_cannot_be_is_said(exhibit, path, keys, to):
    changed(path, *keys, to=to)
    assert "a number that cannot be" in refused(exhibit, path)


@pytest.mark.parametrize(("keys", "to"), [
    (("units", 0, "unit"), "c0.256"), (("units", 0, "drivers", 0, "unit"), "h1.5"),
    (("units", 0, "driven", 0, "unit"), "q0.5"), (("units", 0, "drivers", 0, "through"), "zz")])
def test_a_unit_or_a_gate_that_the_exhibit_does_not_have_is_said(exhibit, path, keys, to):
    changed(path, *keys, to=to)
    assert "not of this exhibit; there is no" in refused(exhibit, path)


@pytest.mark.parametrize("to", ["h0.5x", 5, None])
def test_what_is_no_unit_is_said(exhibit, path, to):
    changed(path, "units", 0, "drivers", 0, "unit", to=to)
    assert "units" in refused(exhibit, path)


def told(exhibit, now, **more):
    before = file.connections_file("w", "t", FOUND)
    after = replace(file.connections_file("w", "t", now), **more)
    return [str(problem) for problem in compare_connections(exhibit, before, after)]


def with_first(**more):
    return replace(FOUND, units=(replace(FOUND.units[0], **more), *FOUND.units[1:]))


def test_equal_connections_do_not_differ_and_rounding_is_allowed(exhibit):
    assert told(exhibit, FOUND) == []
    first = FOUND.units[0]
    near = replace(first.drivers[0], held=first.drivers[0].held + 0.001)
    assert told(exhibit, with_first(drivers=(near, *first.drivers[1:]))) == []
    assert told(exhibit, with_first(driven_by=replace(first.driven_by, there=6))) == []


def test_another_driver_or_another_number_is_said_with_what_to_do(exhibit):
    first = FOUND.units[0]
    far = replace(first.drivers[0], held=0.5)
    (said,) = told(exhibit, with_first(drivers=(far, *first.drivers[1:])))
    assert "units[c0.17].drivers[h0.5].held" in said and "--connections" in said
    assert "not there" in told(exhibit, with_first(drivers=first.drivers[1:]))[0]
    assert len(told(exhibit, with_first(driven_by=replace(first.driven_by, there=7)))) == 1


@pytest.mark.parametrize(("more", "says"), [
    ({"weights": "x"}, "the weights"), ({"text": "x"}, "the text"),
    ({"method": 0}, "the version of the method")])
def test_what_is_other_than_when_it_was_written_is_said(exhibit, more, says):
    before = replace(file.connections_file("w", "t", FOUND), **more)
    (problem,) = compare_connections(exhibit, before, file.connections_file("w", "t", FOUND))
    assert "cannot be compared" in str(problem) and says in str(problem)


def test_the_schema_on_the_site_is_that_of_the_types(path):
    published = PROJECT / "site_src" / "docs" / "connections.schema.json"
    assert json.loads(published.read_text("utf-8")) == file.CONNECTIONS.schema()
    jsonschema.validate(content_of(path), file.CONNECTIONS.schema())
    changed(path, "units", 0, "unit", to=3)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(content_of(path), file.CONNECTIONS.schema())


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.parent.name)
def test_shipped_connections_are_what_the_published_schema_says(path):
    jsonschema.validate(content_of(path), file.CONNECTIONS.schema())
    found = file.CONNECTIONS.read(path)
    assert found.method == file.METHOD and found.connected.units
    assert path.stat().st_size < 100_000


def test_there_are_shipped_ones():
    assert SHIPPED
