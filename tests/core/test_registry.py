"""Things by name, imported when they are asked for."""

import sys
from importlib.metadata import EntryPoint

import pytest

from builder.core.errors import UserError


@pytest.fixture
def registry(tmp_path, monkeypatch):
    package = tmp_path / "some_shapes"
    package.mkdir()
    (package / "__init__.py").write_text(
        'from builder.core.registry import Registry\n'
        'SHAPES = Registry("shape", "some_shapes", "unit_gallery.shapes")\n')
    for name in ("circle", "square"):
        (package / f"{name}.py").write_text(
            f"from some_shapes import SHAPES\nSHAPES.register({name!r}, {name.upper()!r})\n")
    monkeypatch.syspath_prepend(tmp_path)
    for name in [n for n in sys.modules if n.startswith("some_shapes")]:
        monkeypatch.delitem(sys.modules, name)
    from some_shapes import SHAPES

    return SHAPES


def test_names_are_known_before_anything_is_imported(registry):
    assert registry.names() == ("circle", "square")
    assert "some_shapes.circle" not in sys.modules
    assert registry.get("circle") == "CIRCLE" and "some_shapes.square" not in sys.modules


def test_all_are_in_the_order_of_their_names_and_those_by_hand_last(registry):
    registry.register("arc", "ARC")
    assert registry.others() == ["ARC"]
    assert list(registry.all()) == ["CIRCLE", "SQUARE", "ARC"]


def test_a_wrong_name_is_told_with_the_nearest(registry):
    with pytest.raises(UserError, match="shape 'circel': there is no such; did you mean 'circle'"):
        registry.get("circel")


def test_two_of_one_name_are_refused(registry):
    class One:
        pass

    class Two:
        pass

    registry.register("dot", One())
    with pytest.raises(UserError, match="there are two of this name"):
        registry.register("dot", Two())


def test_those_of_other_packages_are_found_and_their_faults_are_told(registry, monkeypatch):
    entry = EntryPoint("star", "no_such_package.star", "unit_gallery.shapes")
    monkeypatch.setattr("builder.core.registry.entry_points", lambda group: [entry])
    assert registry.names() == ("circle", "square", "star")
    with pytest.raises(UserError, match="'star' of a package: the shape cannot be loaded"):
        registry.get("star")


