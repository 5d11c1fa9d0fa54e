"""Connections beside the weights: what cannot be is refused, and what differs is named."""

from dataclasses import replace
from pathlib import Path

import pytest

from builder.exhibits.compared import compare_beside
from builder.workspace.connected import CONNECTIONS, connections_file
from tests.make_cards import exhibit as made_card
from tests.make_connected import connected
from tests.sources import PROJECT
from tests.workspace import beside
from tests.workspace.beside import exhibit_in

CARD = made_card()
FOUND = connected()
SHIPPED = sorted((PROJECT / "gallery").glob(f"*/{CONNECTIONS.name}"))


@pytest.fixture
def path(tmp_path):
    return CONNECTIONS.write(tmp_path, connections_file(CARD.model_digest, "t", FOUND))


def refused(path):
    return beside.refused(path, lambda: CONNECTIONS.fitting(path.parent, CARD))


def changed(path, *keys, to):
    beside.changed(path, "connected", *keys, to=to)


@pytest.mark.parametrize(("keys", "to"), [
    (("units", 0, "drivers", 0, "drive"), float("nan")), (("units", 0, "drivers", 0, "held"), -0.2),
    (("units", 0, "drivers", 0, "turn"), 0.9), (("units", 0, "drivers", 0, "there"), False),
    (("units", 0, "drivers", 3, "there"), True), (("units", 0, "characters", 0, "share"), 1.5),
    (("units", 0, "following", 0, "chance"), -1.5), (("units", 0, "driven_by", "both"), 5),
    (("units", 0, "driven_by", "named"), 2), (("units", 0, "characters", 0, "put"), float("inf")),
    (("there_from",), -1), (("steps",), -3)])
def test_a_number_that_cannot_be_is_said(path, keys, to):
    changed(path, *keys, to=to)
    assert "a number that cannot be" in refused(path)


@pytest.mark.parametrize(("keys", "to"), [
    (("units", 0, "unit"), "c0.256"), (("units", 0, "drivers", 0, "unit"), "h1.5"),
    (("units", 0, "driven", 0, "unit"), "q0.5"), (("units", 0, "drivers", 0, "through"), "zz")])
def test_a_unit_or_a_gate_that_the_exhibit_does_not_have_is_said(path, keys, to):
    changed(path, *keys, to=to)
    assert "not of this exhibit; there is no" in refused(path)


@pytest.mark.parametrize("to", ["h0.5x", 5, None])
def test_what_is_no_unit_is_said(path, to):
    changed(path, "units", 0, "drivers", 0, "unit", to=to)
    assert "units" in refused(path)


def told(now):
    before, now = (connections_file("w", "t", found) for found in (FOUND, now))
    return list(map(str, compare_beside(exhibit_in(Path("e")), CONNECTIONS, before, now)))


def with_first(**more):
    return replace(FOUND, units=(replace(FOUND.units[0], **more), *FOUND.units[1:]))


def test_equal_connections_do_not_differ_and_rounding_is_allowed():
    assert told(FOUND) == []
    first = FOUND.units[0]
    near = replace(first.drivers[0], held=first.drivers[0].held + 0.001)
    assert told(with_first(drivers=(near, *first.drivers[1:]))) == []
    assert told(with_first(driven_by=replace(first.driven_by, there=6))) == []


def test_another_driver_or_another_number_is_said_with_what_to_do():
    first = FOUND.units[0]
    far = replace(first.drivers[0], held=0.5)
    (said,) = told(with_first(drivers=(far, *first.drivers[1:])))
    assert "units[c0.17].drivers[h0.5].held" in said and "--connections" in said
    assert "not there" in told(with_first(drivers=first.drivers[1:]))[0]
    assert len(told(with_first(driven_by=replace(first.driven_by, there=7)))) == 1


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.parent.name)
def test_a_shipped_file_is_small(path):
    assert path.stat().st_size < 100_000
