"""One at a time: the second is told who is there, and nobody waits for the dead."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import pytest

from builder.core.errors import OutputError
from builder.core.exclusive import alone, in_turn

HOLD = """
import sys
from pathlib import Path
from builder.core.exclusive import alone
with alone(Path(sys.argv[1]), "busy"):
    print("held", flush=True)
    sys.stdin.read()
"""


@contextmanager
def holding(path):
    """Another process that has the lock."""
    with subprocess.Popen([sys.executable, "-c", HOLD, str(path)], stdin=subprocess.PIPE,
                          stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout.readline() == "held\n"
        try:
            yield other
        finally:
            other.kill()


def test_the_second_is_told_who_is_there(tmp_path):
    path = tmp_path / "made" / "build.lock"
    with holding(path) as other:
        with pytest.raises(OutputError) as caught, alone(path, "another run builds this site"):
            raise AssertionError
        assert str(caught.value) == (
            f"{path}: another run builds this site; process {other.pid}; "
            "wait until it has ended, or stop it")
        assert path.read_text() == f"{other.pid}\n"
        other.communicate("")
        assert other.returncode == 0
    with alone(path, "busy"):
        assert path.read_text() == f"{os.getpid()}\n"
    assert list(tmp_path.iterdir()) == []


def test_the_lock_of_a_killed_process_is_free(tmp_path):
    path = tmp_path / "build.lock"
    with holding(path) as other:
        os.kill(other.pid, signal.SIGKILL)
        other.wait()
        assert path.is_file()
        with alone(path, "busy"):
            assert path.read_text() == f"{os.getpid()}\n"


def test_a_lock_is_given_back_whatever_happens(tmp_path):
    for _ in range(2):
        with pytest.raises(ZeroDivisionError), alone(tmp_path / "in" / "a", "busy"):
            raise ZeroDivisionError
    assert list(tmp_path.iterdir()) == []


def test_what_else_is_in_the_folder_stays(tmp_path):
    (tmp_path / "other").touch()
    with alone(tmp_path / "a.lock", "busy"):
        pass
    assert [path.name for path in tmp_path.iterdir()] == ["other"]


def test_a_place_that_cannot_be_written_is_one_error(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(OutputError, match="cannot be written"), alone(
            tmp_path / "file" / "a.lock", "busy"):
        raise AssertionError


def test_who_waits_says_so_once_and_goes_on(tmp_path, capsys):
    path = tmp_path / "a.lock"
    with holding(path) as other:
        command = [sys.executable, "-c", HOLD.replace("alone", "in_turn"), str(path)]
        with subprocess.Popen(command, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE) as waiting:
            assert waiting.stderr.readline() == f"busy; process {other.pid}; waiting for it\n"
            other.stdin.close()
            assert waiting.communicate("") == ("held\n", "")
        assert waiting.returncode == 0
    with in_turn(path, "busy"):
        pass
    assert capsys.readouterr().err == "" and list(tmp_path.iterdir()) == []


def test_a_folder_that_vanishes_under_our_hands_is_made_again(tmp_path, monkeypatch):
    """As where the one before gives the lock back in just that moment: `mkdir` says it is there."""
    made, tries = Path.mkdir, []

    def mkdir(self, *args, **named):
        tries.append(self)
        if len(tries) == 1:
            raise FileExistsError(17, "File exists")
        if len(tries) > 2:
            made(self, *args, **named)

    monkeypatch.setattr(Path, "mkdir", mkdir)
    with in_turn(tmp_path / "in" / "a.lock", "busy"):
        pass
    assert len(tries) == 3


def test_a_folder_that_never_stays_is_an_error(tmp_path, monkeypatch):
    monkeypatch.setattr(Path, "mkdir", lambda *_, **__: None)
    with pytest.raises(OutputError, match="cannot be written"), alone(
            tmp_path / "in" / "a.lock", "busy"):
        raise AssertionError
