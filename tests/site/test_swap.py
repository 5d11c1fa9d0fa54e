"""A new site takes the place of the old one, which is there at every moment."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from builder.core.errors import OutputError
from builder.site import swap
from builder.site.swap import finish, put_in_place
from tests.integration.projects import bytes_of

OTHER_DEVICE = Path("/dev/shm")


def make(folder, **files):
    for name, content in files.items():
        path = folder / name.replace("_", "/")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)
    return folder


@pytest.fixture
def new(tmp_path):
    return make(tmp_path / ".gallery" / "site.part", index="new", cells_one="new", assets_js="new")


@pytest.fixture(params=["in one step", "file by file"])
def way(request, monkeypatch):
    if request.param == "file by file":
        monkeypatch.setattr(swap, "_exchanged", lambda one, other: False)
    return request.param


def names(folder):
    return [path.name for path in folder.iterdir()]


def is_new(place, new):
    inside = place.parent / ".gallery"
    return bytes_of(place) == {"index": b"new", "cells/one": b"new", "assets/js": b"new"} and \
        not new.exists() and not list(inside.glob("*"))


def test_where_there_was_none(tmp_path, new, way):
    put_in_place(new, tmp_path / "site")
    assert is_new(tmp_path / "site", new)


def test_where_there_was_one(tmp_path, new, way):
    make(tmp_path / "site", index="old", cells="a file where a folder is to be", old_page="old",
         assets_js_x="a folder where a file is to be")
    put_in_place(new, tmp_path / "site")
    assert is_new(tmp_path / "site", new)


def test_behind_a_link(tmp_path, new, way):
    make(tmp_path / "elsewhere" / "public", index="old", old="old")
    (tmp_path / "site").symlink_to(tmp_path / "elsewhere" / "public")
    put_in_place(new, tmp_path / "site")
    assert (tmp_path / "site").is_symlink() and is_new(tmp_path / "site", new)
    assert names(tmp_path / "elsewhere") == ["public"]


@pytest.mark.skipif(not OTHER_DEVICE.is_dir(), reason="needs another device")
@pytest.mark.parametrize("there", [True, False])
def test_on_another_device(tmp_path, new, way, there):
    other = OTHER_DEVICE / tmp_path.name / "public"
    if OTHER_DEVICE.stat().st_dev == tmp_path.stat().st_dev:
        pytest.skip("all is one device")
    try:
        make(other.parent, **({"public_index": "old", "public_old": "old"} if there else {}))
        other.parent.mkdir(exist_ok=True)
        (tmp_path / "site").symlink_to(other)
        put_in_place(new, tmp_path / "site")
        assert is_new(tmp_path / "site", new) and names(other.parent) == ["public"]
    finally:
        swap._remove(other.parent)


def test_a_place_whose_folder_must_not_be_written(tmp_path, new, monkeypatch):
    """As where the site alone is another device, mounted into the folder of the project."""
    def refused(*_):
        raise PermissionError(13, "Permission denied")

    make(tmp_path / "site", index="old", old="old")
    monkeypatch.setattr(swap, "_exchanged", lambda one, other: False)
    monkeypatch.setattr("shutil.copytree", refused)
    put_in_place(new, tmp_path / "site")
    assert is_new(tmp_path / "site", new)


def test_it_is_never_absent(tmp_path, way):
    site, absent, ended = make(tmp_path / "site", index="0"), [], threading.Event()

    def look():
        while not ended.is_set():
            try:
                (site / "index").read_bytes()
            except OSError as error:
                absent.append(error)

    watching = threading.Thread(target=look)
    watching.start()
    for i in range(1, 300):
        put_in_place(make(tmp_path / ".gallery" / "site.part", index=str(i)), site)
    ended.set()
    watching.join()
    assert not absent and bytes_of(site) == {"index": b"299"}


def test_what_was_cut_off_is_finished(tmp_path, new, monkeypatch):
    def cut(*_):
        raise KeyboardInterrupt

    make(tmp_path / "site", index="old", old="old")
    monkeypatch.setattr(swap, "_exchanged", lambda one, other: False)
    monkeypatch.setattr(swap, "remove_others", cut)
    with pytest.raises(KeyboardInterrupt):
        put_in_place(new, tmp_path / "site")
    assert (tmp_path / "site" / "old").is_file()
    monkeypatch.undo()
    finish(new, tmp_path / "site")
    assert is_new(tmp_path / "site", new)
    finish(new, tmp_path / "site")
    assert is_new(tmp_path / "site", new)


def test_a_place_that_cannot_be_written_is_one_line(tmp_path, new):
    (tmp_path / "file").touch()
    with pytest.raises(OutputError, match="the new site cannot be put here"):
        put_in_place(new, tmp_path / "file" / "site")
    assert new.is_dir()
