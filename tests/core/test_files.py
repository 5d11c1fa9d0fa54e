"""A file is there as a whole or not at all, whoever else writes it; nothing stays beside it."""

from __future__ import annotations

import os
import time

import pytest

from builder.core import files
from builder.core.errors import OutputError
from builder.core.files import ASIDE, remove_left_overs, write_bytes


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
