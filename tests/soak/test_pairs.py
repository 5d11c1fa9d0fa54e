"""Two commands at once in one project: each does its work or leaves with one line."""

from __future__ import annotations

import os
import random
import time

import pytest

from tests.integration.projects import run
from tests.interrupts import PATIENCE
from tests.soak import stages

pytestmark = [pytest.mark.soak, pytest.mark.torch]

PAIRS = int(os.environ.get("GALLERY_SOAK_PAIRS", "50"))
RUNS = (("build",), ("build", "--wait"), ("build", "--offline"), ("measure", "tiny", "--wait"),
        ("measure", "tiny", "--words"), ("measure", "tiny", "--connections", "--wait"))


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    return stages.make_whole(tmp_path_factory.mktemp("project") / "project")


@pytest.fixture(scope="module")
def before(project):
    return stages.whole_bytes(project)


@pytest.mark.parametrize("seed", range(PAIRS))
def test_two_runs_at_once(project, before, seed):
    chance, pair = random.Random(seed), []
    both = chance.sample(RUNS, 2)
    for name, content in before["gallery"].items():
        (project / "gallery" / name).write_bytes(content)
    # words and connections that are looked for without results are others
    stages.forget(project, chance, results=not {"--words", "--connections"} & {*both[0], *both[1]})
    for arguments in both:
        pair.append(stages.start(project, *arguments, "--workers", "1"))
        time.sleep(5 * chance.random())
    ended = [(process.communicate(timeout=5 * PATIENCE)[1], process.returncode)
             for process in pair]
    assert min(code for _, code in ended) == 0
    for said, code in ended:
        assert code == 0 or (code == 2 and said.count("\n") == 1 and "another run" in said), said
    assert stages.half_written(project) == []
    assert not list(project.rglob("*.part"))
    done = run(project, "build", "--workers", "1")
    assert done.returncode == 0, done.stderr
    now = stages.whole_bytes(project)
    assert now["site"] == before["site"]
    assert all(before["gallery"][name] == found for name, found in now["gallery"].items())
