"""One process and several do the same, and leave nothing behind."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import numpy as np
import psutil
import pytest

from builder.core import progress
from builder.core.errors import CorpusError, GalleryError, Problem, UserError
from builder.work import available, local
from builder.work.processes import AHEAD, ONE_THREAD
from tests.interrupts import PATIENCE, let_through
from tests.work import tasks
from tests.work.conftest import children

ROOT = Path(__file__).parents[2]
MATRIX = np.random.default_rng(1).standard_normal((7, 5_000)).astype(np.float32)


def bytes_of(results):
    return [{name: (a.dtype.str, a.shape, a.tobytes()) for name, a in r.items()} for r in results]


@pytest.fixture
def two():
    with local(2) as workers:
        yield workers


def test_every_count_gives_the_same_bytes_in_the_same_order():
    expected = [tasks.scaled(MATRIX, item) for item in range(9)]
    assert len({e["sum"].tobytes() for e in expected}) == 9
    for count in (1, 2, 3):
        with local(count) as workers:
            for _ in range(2):
                assert bytes_of(workers.map(tasks.scaled, MATRIX, range(9))) == bytes_of(expected)


def test_a_slow_share_holds_up_the_order_and_not_the_work(two, tmp_path):
    found = list(two.map(tasks.last_but_first, (str(tmp_path), 5), range(6)))
    assert [f["item"] for f in found] == [0, 1, 2, 3, 4, 5]
    slow, others = found[0]["process"], {f["process"] for f in found[1:]}
    assert len(others) == 1 and slow not in others and os.getpid() not in {slow, *others}


@pytest.mark.parametrize("count", [1, 2])
def test_no_items_are_no_work(count):
    with local(count) as workers:
        assert list(workers.map(tasks.scaled, MATRIX, [])) == []
        assert children() == set()


def test_the_context_is_sent_once_to_each_process(tmp_path, two):
    context = tasks.Counted(str(tmp_path), 3_000_000)
    for round_ in (1, 2):
        found = list(two.map(tasks.sized, context, ["a" * n for n in range(8)]))
        assert found == [3_000_000 + n for n in range(8)]
        assert len(list(tmp_path.iterdir())) == 2 * round_
    assert len({path.name.split("-")[0] for path in tmp_path.iterdir()}) == 2


def test_processes_have_one_thread_and_this_one_what_it_had(monkeypatch, two):
    monkeypatch.setenv(ONE_THREAD[0], "5")
    monkeypatch.delenv(ONE_THREAD[1], raising=False)
    before = dict(os.environ)
    assert list(two.map(tasks.environment, ONE_THREAD, range(2))) == [["1", "1", "1"]] * 2
    assert dict(os.environ) == before
    assert signal.SIGINT not in signal.pthread_sigmask(signal.SIG_BLOCK, set())


@pytest.mark.parametrize("count", [1, 2])
def test_an_error_comes_as_it_was_raised_and_work_goes_on(count):
    with local(count) as workers:
        with pytest.raises(CorpusError) as caught:
            list(workers.map(tasks.refusing, None, [5]))
        assert caught.value.problems == (Problem("text", "too short", "5"),
                                         Problem("text", "too dull"))
        found = workers.map(tasks.dividing, 6.0, [1, 2, 0, 3])
        assert next(found) == 6.0 and next(found) == 3.0
        with pytest.raises(ZeroDivisionError, match="division by zero"):
            next(found)
        assert list(workers.map(tasks.dividing, 6.0, [3, 2])) == [2.0, 3.0]


def test_an_error_of_another_process_says_where_it_was(two):
    with pytest.raises(ZeroDivisionError) as caught:
        list(two.map(tasks.dividing, 1, [0]))
    assert "return context / item" in "".join(caught.value.__notes__)
    with pytest.raises(GalleryError, match="Unsendable: 1 and 2"):
        list(two.map(tasks.raising_unsendable, None, [0]))
    with pytest.raises(Exception, match="pickle"):
        list(two.map(tasks.making_lambda, None, [0]))


def test_a_killed_process_is_replaced_and_its_share_done_again(tmp_path, two):
    found = [r["item"][0] for r in two.map(tasks.dying, (str(tmp_path), 1), range(8))]
    assert found == [7 * item for item in range(8)]
    assert len(list(tmp_path.iterdir())) == 1


def test_a_share_that_kills_twice_is_the_users_to_mend(tmp_path, two):
    with pytest.raises(UserError) as caught:
        list(two.map(tasks.dying, (str(tmp_path), 9), range(8)))
    assert str(caught.value) == (
        "a worker process: stopped from outside; it was ended by SIGKILL, twice at the same share "
        "of work; most likely memory ran out: use fewer --workers")
    assert len(list(tmp_path.iterdir())) == 2
    assert [r["item"][0] for r in two.map(tasks.dying, (str(tmp_path), 0), [1])] == [7]


def test_a_process_that_ends_by_itself_is_reported(two):
    with pytest.raises(UserError, match="ended before its work was done; exit code 3"):
        list(two.map(tasks.leaving, None, [0]))


def test_a_process_killed_between_two_maps_is_replaced(two):
    first = {f["process"] for f in two.map(tasks.slow_first, 0.3, range(2))}
    for number in first:
        os.kill(number, signal.SIGKILL)
    found = list(two.map(tasks.slow_first, 0.3, range(4)))
    assert [f["item"] for f in found] == [0, 1, 2, 3]
    assert not first & {f["process"] for f in found}


def test_a_map_that_is_given_up_stops_its_shares(two):
    found = two.map(tasks.slow_first, 600, [1, 0])
    idle = next(found)["process"]
    assert len(children()) == 2
    found.close()
    assert children() == {idle}
    assert [f["item"] for f in two.map(tasks.slow_first, 0, [2, 3])] == [2, 3]


def test_maps_run_one_at_a_time(two):
    first = two.map(tasks.slow_first, 0.3, [1, 0, 0])
    next(first)
    with pytest.raises(RuntimeError, match="another map"):
        next(two.map(tasks.slow_first, 0, [1]))
    first.close()
    assert [f["item"] for f in two.map(tasks.slow_first, 0, [1])] == [1]


class Asked(list):
    """Items that remember which was asked for last."""

    last = -1

    def __getitem__(self, i):
        self.last = max(self.last, i)
        return super().__getitem__(i)


def test_little_is_begun_before_it_is_wanted(two):
    items = Asked(range(100))
    found = two.map(tasks.slow_first, 0.4, items)
    next(found)
    time.sleep(0.1)
    assert 2 <= items.last < 2 * AHEAD
    for _ in range(49):
        next(found)
    assert 50 <= items.last < 50 + 2 * AHEAD
    found.close()


def test_progress_counts_every_share_once(monkeypatch, capsys):
    monkeypatch.setattr(progress, "PLAIN_SECONDS", 0.0)
    for count in (1, 2):
        with local(count) as workers:
            list(workers.map(tasks.slow_first, 0, [1, 1, 1, 1], title="reading",
                             sizes=[10, 20, 30, 40]))
        shares = [line.split("%")[0] for line in capsys.readouterr().err.splitlines()]
        assert len(shares) == 4 and shares[-1] == "reading: 100", count
    with local(1) as workers:
        list(workers.map(tasks.slow_first, 0, [1, 1], title="reading"))
    assert "50%" in capsys.readouterr().err


def test_processes_can_be_used_after_they_were_closed(two):
    list(two.map(tasks.slow_first, 0, [1]))
    two.close()
    assert children() == set()
    assert [f["item"] for f in two.map(tasks.slow_first, 0, [2])] == [2]


SCRIPT = """
import sys
from builder.work import local
from tests.work import tasks
if __name__ == "__main__":
    with local(2) as workers:
        list(workers.map(tasks.noting_then_waiting, sys.argv[1], range(4)))
"""


@pytest.fixture
def busy(tmp_path):
    """Start a process with two busy children in a session of its own."""
    script, marks = tmp_path / "script.py", tmp_path / "marks"
    script.write_text(SCRIPT)
    marks.mkdir()
    with let_through():
        process = subprocess.Popen(
            [sys.executable, str(script), str(marks)], cwd=tmp_path, start_new_session=True,
            env={**os.environ, "PYTHONPATH": str(ROOT)}, stderr=subprocess.PIPE, text=True)
    try:
        end = time.monotonic() + PATIENCE
        while len(list(marks.iterdir())) < 2 and time.monotonic() < end:
            time.sleep(0.02)
        below = [psutil.Process(int(path.name)) for path in marks.iterdir()]
        assert len(below) == 2 and all(child.ppid() == process.pid for child in below)
        yield process, below
    finally:
        process.kill()
        for path in marks.iterdir():
            with suppress(ProcessLookupError):
                os.kill(int(path.name), signal.SIGKILL)
        process.communicate()


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="reads /proc")
def test_no_process_gets_an_interrupt(busy):
    for child in busy[1]:
        status = Path(f"/proc/{child.pid}/status").read_text("utf-8")
        blocked = int(re.search(r"^SigBlk:\s*(\w+)", status, re.M)[1], 16)
        assert blocked >> (signal.SIGINT - 1) & 1


@pytest.mark.parametrize("to_all", [True, False], ids=["from a terminal", "to the parent alone"])
def test_an_interrupt_stops_all_processes_at_once(busy, to_all):
    process, below = busy  # they would sleep for ten minutes
    (os.killpg if to_all else os.kill)(process.pid, signal.SIGINT)
    _, errors = process.communicate(timeout=PATIENCE)
    assert not any(child.is_running() for child in below)
    assert process.returncode == -signal.SIGINT
    assert errors.count("KeyboardInterrupt") == 1 and errors.count("Traceback") == 1


def test_busy_processes_end_when_their_parent_is_killed(busy):
    process, below = busy  # they would sleep for ten minutes
    process.kill()
    gone, alive = psutil.wait_procs(below, timeout=PATIENCE)
    assert len(gone) == 2 and not alive


def test_idle_processes_end_when_their_parent_is_killed(tmp_path):
    script = tmp_path / "script.py"
    script.write_text(SCRIPT.replace(
        "list(workers.map(tasks.noting_then_waiting, sys.argv[1], range(4)))",
        "print(*{f['process'] for f in workers.map(tasks.slow_first, .3, range(2))}, flush=True)\n"
        "        sys.stdin.read()"))
    with subprocess.Popen(
            [sys.executable, str(script)], cwd=tmp_path, text=True, stdin=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": str(ROOT)}, stdout=subprocess.PIPE) as process:
        below = [psutil.Process(int(number)) for number in process.stdout.readline().split()]
        assert len(below) == 2
        process.kill()
        gone, alive = psutil.wait_procs(below, timeout=PATIENCE)
        assert len(gone) == 2 and not alive


@pytest.mark.skipif(not hasattr(os, "sched_setaffinity"), reason="processors cannot be chosen")
def test_available_is_what_this_process_may_use():
    code = ("import os; os.sched_setaffinity(0, [min(os.sched_getaffinity(0))]); "
            "from builder.work import available; print(available())")
    found = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert found.stdout == "1\n"
    assert 1 <= available() <= len(os.sched_getaffinity(0))
