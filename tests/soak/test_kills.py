"""Kills at any moment of any command: nothing is half there, nothing is lost, nothing goes on."""

from __future__ import annotations

import os
import random
import signal
import time

import psutil
import pytest

from tests.integration.projects import run
from tests.interrupts import PATIENCE
from tests.soak import stages
from tests.soak.serving import free_port

pytestmark = [pytest.mark.soak, pytest.mark.torch]

KILLS = int(os.environ.get("GALLERY_SOAK_KILLS", "100"))
CODES = {signal.SIGKILL: 137, signal.SIGTERM: 143, signal.SIGINT: 130, signal.SIGHUP: 129}
FINISHED = {stages.BUILD: "the site is in", stages.MEASURE: "connections.json.xz",
            stages.WORDS: "words.json.xz", stages.CONNECTIONS: "connections.json.xz",
            stages.TRAIN: "the model is in"}
"""What a command says last."""

HANGS = 10.0
"""Seconds that anything has to end in after it was told to."""

LONGEST = {stages.BUILD: 15.0, stages.MEASURE: 20.0, stages.WORDS: 20.0, stages.CONNECTIONS: 6.0,
           stages.TRAIN: 8.0, stages.SERVE: 8.0}
"""Seconds within which a command is stopped, about as long as it takes."""


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    return stages.make_whole(tmp_path_factory.mktemp("project") / "project")


@pytest.fixture(scope="module")
def before(project):
    return stages.whole_bytes(project)


def names(root):
    return {path.name for path in (root / "gallery" / "tiny").iterdir()}


@pytest.mark.parametrize("seed", range(KILLS))
def test_a_command_that_is_stopped_at_any_moment(project, before, seed):
    chance = random.Random(seed)
    stage = list(stages.COMMANDS)[seed % len(stages.COMMANDS)]
    stages.forget(project, chance)
    there, number = names(project), chance.choice(list(CODES))
    command = stages.COMMANDS[stage]
    if stage == stages.SERVE:
        command = (*command, f"127.0.0.1:{free_port()}")
    process = stages.start(project, *command)
    time.sleep(0.3 + LONGEST[stage] * chance.random())
    below = psutil.Process(process.pid).children(recursive=True) if process.poll() is None else []
    process.send_signal(number)
    begun = time.monotonic()
    said = "".join(process.communicate(timeout=PATIENCE))
    _, left = psutil.wait_procs(below, timeout=PATIENCE)
    took = time.monotonic() - begun
    # as shells have it; Ctrl-C is how a server is told that it is no longer needed
    code = process.returncode if process.returncode >= 0 else 128 - process.returncode
    assert code in (0, CODES[number]) and "Traceback" not in said, said
    if code and number != signal.SIGKILL:  # in the last moment the interpreter ends by itself
        assert "stopped; what was finished is kept" in said or FINISHED[stage] in said, said
    assert left == [] and took < HANGS, took
    assert (project / "site" / "index.html").is_file()
    assert stages.half_written(project) == []
    assert there <= names(project)


def test_after_all_kills_everything_is_what_it_was(project, before):
    for arguments in (("measure", "tiny", "--workers", "1"), ("build", "--workers", "1")):
        done = run(project, *arguments)
        assert done.returncode == 0, done.stderr
    assert stages.whole_bytes(project) == before
    assert not list(project.rglob("*.part"))
