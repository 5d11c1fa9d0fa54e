"""Kills at any moment and pairs of runs: the site is there, whole, and nothing goes on running."""

from __future__ import annotations

import random
import shutil
import signal
import subprocess
import sys
import time

import psutil
import pytest

from tests.integration.projects import bytes_of, make_project, run
from tests.interrupts import PATIENCE
from tests.sources import PROJECT

pytestmark = [pytest.mark.soak, pytest.mark.torch]
KILLS, PAIRS = 100, 50
CODES = {signal.SIGKILL: -9, signal.SIGTERM: 143, signal.SIGINT: 130, signal.SIGHUP: 129}
RUNS = (["build"], ["build", "--wait"], ["build", "--offline"], ["measure", "tiny", "--wait"])


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    root = make_project(tmp_path_factory.mktemp("project"))
    done = run(root, "build")
    assert done.returncode == 0, done.stderr
    return root


def forget(root, chance):
    """Forget what was found, up to a stage that is left to chance."""
    (root / ".gallery" / "site.json").unlink(missing_ok=True)
    for name in ("fragments", "results", "parts")[:chance.randrange(4)]:
        shutil.rmtree(root / ".gallery" / name, ignore_errors=True)


def start(root, *arguments):
    def listening():
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_DFL)

    return subprocess.Popen(
        [sys.executable, "-m", "builder", "--root", str(root), *arguments], cwd=PROJECT, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, preexec_fn=listening)


@pytest.mark.parametrize("seed", range(KILLS))
def test_a_run_that_is_stopped_at_any_moment(project, seed):
    chance = random.Random(seed)
    forget(project, chance)
    number = chance.choice(list(CODES))
    process = start(project, "build", "--workers", "2")
    time.sleep(0.3 + 15 * chance.random())
    below = psutil.Process(process.pid).children(recursive=True) if process.poll() is None else []
    process.send_signal(number)
    _, said = process.communicate(timeout=PATIENCE)
    assert process.returncode in (0, CODES[number]) and "Traceback" not in said
    assert psutil.wait_procs(below, timeout=PATIENCE)[1] == []
    assert (project / "site" / "index.html").is_file()


def test_after_all_kills_the_site_is_what_it_would_be(project, tmp_path):
    done = run(project, "build")
    assert done.returncode == 0, done.stderr
    other = tmp_path / "other"
    shutil.copytree(project, other, ignore=shutil.ignore_patterns(".gallery", "site"))
    assert run(other, "build").returncode == 0
    assert bytes_of(other / "site") == bytes_of(project / "site")


@pytest.mark.parametrize("seed", range(PAIRS))
def test_two_runs_at_once(project, seed):
    chance = random.Random(seed)
    before = bytes_of(project / "site")
    forget(project, chance)
    pair = []
    for arguments in chance.sample(RUNS, 2):
        pair.append(start(project, *arguments))
        time.sleep(5 * chance.random())
    ended = [(process.communicate()[1], process.returncode) for process in pair]
    assert min(code for _, code in ended) == 0
    for said, code in ended:
        assert code == 0 or (code == 2 and said.count("\n") == 1 and "another run" in said), said
    if run(project, "build").returncode == 0:
        assert bytes_of(project / "site") == before
