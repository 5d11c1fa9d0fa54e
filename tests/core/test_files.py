"""A file is there as a whole or not at all, whoever else writes it; nothing stays beside it."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from builder.core import files
from builder.core.errors import OutputError
from builder.core.files import ASIDE, remove_left_overs, write_bytes, written_folder


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def test_two_runs_that_write_one_file_do_not_meet(tmp_path, monkeypatch):
    path, replace = tmp_path / "a.json", os.replace

    def meanwhile(source, target):
        monkeypatch.setattr(files.os, "replace", replace)
        write_bytes(path, b"the other")
        replace(source, target)

    monkeypatch.setattr(files.os, "replace", meanwhile)
    write_bytes(path, b"ours")
    assert path.read_bytes() == b"ours" and names(tmp_path) == ["a.json"]


@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), KeyboardInterrupt()])
def test_a_failed_write_leaves_what_was_there(tmp_path, monkeypatch, error):
    path = tmp_path / "a.json"
    write_bytes(path, b"old")

    def fail(*_):
        raise error

    monkeypatch.setattr(files.os, "replace", fail)
    with pytest.raises((OutputError, KeyboardInterrupt)):
        write_bytes(path, b"new")
    assert path.read_bytes() == b"old" and names(tmp_path) == ["a.json"]


def test_a_file_has_the_rights_that_new_files_have(tmp_path):
    write_bytes(tmp_path / "ours", b"x")
    (tmp_path / "plain").write_bytes(b"x")
    assert (tmp_path / "ours").stat().st_mode == (tmp_path / "plain").stat().st_mode


def killed_while_writing(path, monkeypatch):
    """Leave what a process leaves that is killed before it renames."""
    with monkeypatch.context() as patch:
        patch.setattr(files.os, "replace", lambda *_: None)
        write_bytes(path, b"half")


def test_left_overs_go_once_nobody_can_be_writing_them(tmp_path, monkeypatch):
    mine = {"a.part", f"{'0' * 64}.part", "b.0123456789abcdef.part.txt", "0123456789abcdef"}
    for name in mine:
        (tmp_path / name).touch()
        os.utime(tmp_path / name, (0, 0))
    killed_while_writing(tmp_path / "a.json", monkeypatch)
    (left,) = set(names(tmp_path)) - mine
    remove_left_overs(tmp_path.rglob(ASIDE))
    assert set(names(tmp_path)) == mine | {left}
    hours_ago = time.time() - 2 * 3600
    os.utime(tmp_path / left, (hours_ago, hours_ago))
    remove_left_overs(tmp_path.rglob("*"))
    assert set(names(tmp_path)) == mine


def test_a_folder_is_there_as_a_whole(tmp_path):
    with written_folder(tmp_path / "in/a") as aside:
        (aside / "one").write_text("1")
        assert names(tmp_path / "in") == [aside.name]
    assert names(tmp_path / "in") == ["a"] and names(tmp_path / "in/a") == ["one"]


def test_an_empty_folder_is_filled_and_stays_the_same(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    before = tmp_path.stat().st_ino
    with written_folder(tmp_path) as aside:
        (aside / "one").mkdir()
    assert names(tmp_path) == ["one"] and Path.cwd().stat().st_ino == before


@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), KeyboardInterrupt()])
def test_a_folder_that_was_not_finished_is_nowhere(tmp_path, error):
    place = tmp_path / "a"
    with pytest.raises((OutputError, KeyboardInterrupt)), written_folder(place) as aside:
        (aside / "one").write_text("1")
        raise error
    assert names(tmp_path) == []


def test_a_folder_that_came_meanwhile_is_not_written_over(tmp_path):
    place = tmp_path / "a"
    with pytest.raises(OutputError), written_folder(place) as aside:
        (aside / "one").write_text("1")
        place.mkdir()
        (place / "mine").write_text("2")
    assert names(tmp_path) == ["a"] and names(place) == ["mine"]


def test_left_over_folders_go_too(tmp_path):
    left = tmp_path / ".a.0123456789abcdef.part"
    left.mkdir()
    (left / "one").write_text("1")
    remove_left_overs([left])
    assert left.is_dir()
    os.utime(left, (0, 0))
    remove_left_overs([left])
    assert names(tmp_path) == []
