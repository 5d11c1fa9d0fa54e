"""One build of a site and one training of an exhibit at a time; the second says who is first."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from builder.cli import main
from builder.core.errors import OutputError
from builder.workspace.exclusive import building, training
from builder.workspace.gallery import Workspace, exhibits
from tests.core.test_exclusive import holding
from tests.integration.projects import PROJECT, RECIPE

LONG = RECIPE.replace("characters = 200_000", "characters = 2_000_000_000")
FIRST = "wait until it has ended, or stop it\n"


@pytest.fixture
def workspace(tmp_path):
    """Two exhibits, `plain` without weights and `done` with some."""
    for name in ("plain", "done"):
        (tmp_path / "gallery" / name).mkdir(parents=True)
        (tmp_path / "gallery" / name / "exhibit.toml").write_text(LONG)
    (tmp_path / "gallery" / "done" / "model.safetensors").touch()
    return Workspace(tmp_path)


@pytest.mark.parametrize(("arguments", "lock", "busy"), [
    (["build"], "build", "another run builds this site"),
    (["build", "done"], "build", "another run builds this site"),
    (["build"], "train-plain", "another run trains plain"),
    (["train", "plain"], "train-plain", "another run trains plain"),
    (["train", "done"], "train-done", "another run trains done"),
])
def test_the_second_run_stops_at_once(workspace, capsys, arguments, lock, busy):
    path = workspace.made / f"{lock}.lock"
    with holding(path) as other:
        assert main(["--root", str(workspace.root), *arguments]) == 2
        said = capsys.readouterr()
        assert said.out == ""
        assert said.err == f"gallery: {path}: {busy}; process {other.pid}; {FIRST}"


@pytest.mark.parametrize(("arguments", "lock"), [
    (["build", "done"], "build"), (["measure", "done"], "build"),
    (["train", "done"], "train-done")])
def test_the_second_run_waits_where_it_is_asked_to(workspace, arguments, lock):
    command = [sys.executable, "-m", "builder", "--root", str(workspace.root), *arguments, "--wait"]
    with holding(workspace.made / f"{lock}.lock") as other, subprocess.Popen(
            command, cwd=PROJECT, text=True, stderr=subprocess.PIPE) as waiting:
        try:
            said = waiting.stderr.readline()
            assert said.endswith(f"; process {other.pid}; waiting for it\n")
            assert waiting.poll() is None
            if lock == "build":  # the model is not whole, which it then sees
                other.kill()
                assert "model.json: No such file" in waiting.stderr.read()
                assert waiting.wait() == 2
        finally:
            waiting.kill()


def test_what_does_not_meet_is_not_kept_apart(workspace):
    plain, = exhibits(workspace, ["plain"])
    done, = exhibits(workspace, ["done"])
    with training(workspace, done), building(workspace, [plain, done]), \
            pytest.raises(OutputError, match="another run trains plain"), \
            training(workspace, plain):
        raise AssertionError
    with training(workspace, plain), building(workspace, [done]), training(workspace, done):
        assert main(["--root", str(workspace.root), "list"]) == 0
    assert not workspace.made.exists()


def test_what_killed_runs_left_aside_is_removed(workspace):
    left = [workspace.root / "gallery-offline.zip.0123456789abcdef.part",
            workspace.gallery / "done" / "model.json.0123456789abcdef.part",
            workspace.root / "site_src" / "docs" / "a.md.0123456789abcdef.part",
            workspace.made / "parts" / "done" / "x.part-of-work.0123456789abcdef.part"]
    cut_download = workspace.made / "corpora" / "url" / f"{'0' * 64}.part"
    for path in (*left, cut_download):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
        os.utime(path, (0, 0))
    with building(workspace, exhibits(workspace)):
        assert not any(path.exists() for path in left) and cut_download.exists()


@pytest.mark.torch
def test_a_training_that_is_killed_does_not_block_the_next(workspace):
    pytest.importorskip("torch")
    shutil.rmtree(workspace.gallery / "done")
    command = [sys.executable, "-m", "builder", "--root", str(workspace.root), "train", "plain"]
    started = Path(workspace.made, "train-plain.lock")

    def begin():
        run = subprocess.Popen(command, cwd=PROJECT, stderr=subprocess.PIPE, text=True)
        while not (started.is_file() and started.read_text() == f"{run.pid}\n"):
            assert run.poll() is None, run.stderr.read()
        return run

    with begin() as first:
        second = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True)
        assert second.returncode == 2 and second.stderr == (
            f"gallery: {started}: another run trains plain; process {first.pid}; {FIRST}")
        assert first.poll() is None
        first.send_signal(signal.SIGKILL)
    with begin() as third:
        third.kill()
