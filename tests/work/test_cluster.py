"""A Dask cluster does the same as this process, also when it loses workers on the way."""

from __future__ import annotations

import errno
import os
import signal
import socket
import struct
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path

import pytest

distributed_ = pytest.importorskip("distributed")

from builder.core.errors import CorpusError, Problem, UserError  # noqa: E402
from builder.work import cluster as cluster_module  # noqa: E402
from builder.work import distributed, local  # noqa: E402
from tests.interrupts import PATIENCE  # noqa: E402
from tests.work import tasks  # noqa: E402
from tests.work.test_local import MATRIX, bytes_of  # noqa: E402

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.filterwarnings(
    "ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")
"""Dask leaves sockets to the collector where workers are killed."""


def local_cluster(**options):
    """Start a cluster; Dask gives up where its thread does not start within seconds."""
    for _ in range(2):
        try:
            return distributed_.LocalCluster(dashboard_address=":0", **options)
        except AssertionError:
            time.sleep(5)
    return distributed_.LocalCluster(dashboard_address=":0", **options)


@pytest.fixture(scope="module")
def cluster():
    with local_cluster(
            n_workers=2, threads_per_worker=1, processes=True) as running:
        yield running


def have_two_workers(cluster):
    """Wait for both workers; others are started where Dask gave up those that were killed."""
    for seconds in (15, 30, 60, PATIENCE):
        try:
            return cluster.wait_for_workers(2, timeout=seconds)
        except TimeoutError:
            cluster.scale(0)
            cluster.scale(2)
    raise TimeoutError("the cluster has no two workers")


@pytest.fixture
def workers(cluster):
    have_two_workers(cluster)
    with distributed(cluster.scheduler_address) as found:
        yield found


def test_a_cluster_gives_the_same_bytes_in_the_same_order(workers):
    expected = bytes_of(local(1).map(tasks.scaled, MATRIX, range(20)))
    for _ in range(2):
        assert bytes_of(workers.map(tasks.scaled, MATRIX, range(20))) == expected
    found = list(workers.map(tasks.slow_first, 0.5, range(6)))
    assert [f["item"] for f in found] == [0, 1, 2, 3, 4, 5]
    assert len({f["process"] for f in found} - {os.getpid()}) == 2
    assert list(workers.map(tasks.scaled, MATRIX, [])) == []


def test_large_contexts_are_unpacked_once_in_each_process(workers, tmp_path):
    context = tasks.Counted(str(tmp_path), 20_000_000)
    assert list(workers.map(tasks.sized, context, ["a" * n for n in range(12)])) == [
        20_000_000 + n for n in range(12)]
    assert 1 <= len(list(tmp_path.iterdir())) <= 2


def test_an_error_comes_as_it_was_raised_and_work_goes_on(workers):
    with pytest.raises(CorpusError) as caught:
        list(workers.map(tasks.refusing, None, [5]))
    assert caught.value.problems == (Problem("text", "too short", "5"), Problem("text", "too dull"))
    found = workers.map(tasks.dividing, 6.0, [1, 2, 0, 3])
    assert next(found) == 6.0 and next(found) == 3.0
    with pytest.raises(ZeroDivisionError, match="division by zero"):
        next(found)
    assert list(workers.map(tasks.dividing, 6.0, [3, 2])) == [2.0, 3.0]


def test_a_map_that_is_given_up_leaves_the_workers_to_others(workers):
    found = workers.map(tasks.slow_first, 0.2, [1, 0, 0, 0, 0, 0, 0])
    next(found)
    found.close()
    assert [f["item"] for f in workers.map(tasks.slow_first, 0, [2, 3])] == [2, 3]


@pytest.mark.parametrize("lost", ["one", "all"])
def test_lost_workers_change_nothing(workers, cluster, lost):
    """Killed while they work; where all are, what they had been sent is lost as well."""
    expected = bytes_of(local(1).map(tasks.working, 0.001, range(12)))
    before = {w["pid"] for w in workers._client.run(_process).values()}
    victims = sorted(before)[: 1 if lost == "one" else 2]
    killing = threading.Timer(0.5, lambda: [os.kill(pid, signal.SIGKILL) for pid in victims])
    killing.start()
    found = bytes_of(workers.map(tasks.working, 0.3, range(12)))
    killing.join()
    assert found == expected
    have_two_workers(cluster)
    after = {w["pid"] for w in workers._client.run(_process).values()}
    assert len(after) == 2 and not after & set(victims)


def _process():
    return {"pid": os.getpid()}


def test_a_share_that_kills_every_worker(tmp_path):
    """There are as many workers as may die: Dask leaves alone who dies while it is started anew."""
    with local_cluster(n_workers=2, threads_per_worker=1, processes=True,
                       scheduler_kwargs={"allowed_failures": 1}) as dying:
        with distributed(dying.scheduler_address) as workers:
            with pytest.raises(UserError, match="workers died, one after the other, at the same"):
                list(workers.map(tasks.dying, (str(tmp_path), 99), range(5)))
    assert len(list(tmp_path.iterdir())) == 2


def test_nobody_answers(monkeypatch):
    """It is said at once, not after as long as somebody would have had to answer."""
    monkeypatch.setattr(cluster_module, "CONNECT_SECONDS", 10 * PATIENCE)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        with pytest.raises(UserError) as caught:
            distributed(f"tcp://127.0.0.1:{port}")
    assert str(caught.value) == (
        f"--scheduler tcp://127.0.0.1:{port}: no Dask scheduler answers; [Errno "
        f"{errno.ECONNREFUSED}] Connection refused; start one with: dask scheduler")


@pytest.mark.parametrize("address", ["", "here", "tcp://", "http://127.0.0.1:1",
                                     "tls://127.0.0.1:1", "tcp://127.0.0.1:99999"])
def test_no_address(address):
    with pytest.raises(UserError, match="no Dask scheduler answers"):
        distributed(address)


def test_something_else_answers(monkeypatch):
    monkeypatch.setattr(cluster_module, "CONNECT_SECONDS", 1)
    with socket.create_server(("127.0.0.1", 0)) as server:
        with pytest.raises(UserError, match="no Dask scheduler answers"):
            distributed(f"tcp://127.0.0.1:{server.getsockname()[1]}")


def test_one_that_greets_and_then_says_nothing(monkeypatch):
    monkeypatch.setattr(cluster_module, "CONNECT_SECONDS", 1)
    with socket.create_server(("127.0.0.1", 0)) as server:
        def greet():
            with suppress(OSError):
                while True:
                    kept.append(server.accept()[0])
                    kept[-1].sendall(struct.pack("<QQQ", 20, 1, 4) + b"hail")

        kept = []
        threading.Thread(target=greet, daemon=True).start()
        with pytest.raises(UserError, match="no Dask scheduler answers"):
            distributed(f"tcp://127.0.0.1:{server.getsockname()[1]}")
        for connection in kept:
            connection.close()


def test_a_scheduler_without_workers(monkeypatch):
    monkeypatch.setattr(cluster_module, "WORKER_SECONDS", 0.2)
    with local_cluster(n_workers=0) as empty:
        with pytest.raises(UserError, match="the scheduler has no workers"):
            distributed(empty.scheduler_address)


def test_all_workers_go_for_good(monkeypatch):
    with local_cluster(
            n_workers=1, threads_per_worker=1) as leaving:
        with distributed(leaving.scheduler_address) as workers:
            found = workers.map(tasks.working, 0.2, range(99))
            next(found)
            monkeypatch.setattr(cluster_module, "WORKER_SECONDS", 0.5)
            leaving.scale(0)
            with pytest.raises(UserError, match="has no worker left"):
                list(found)


def test_a_result_is_lost_with_the_last_worker(monkeypatch):
    """It is done, and gone before it was fetched."""
    with local_cluster(n_workers=1, threads_per_worker=1) as leaving:
        with distributed(leaving.scheduler_address) as workers:
            some = workers._some

            def then_lost(futures):
                done = some(futures)
                monkeypatch.setattr(cluster_module, "WORKER_SECONDS", 0.5)
                leaving.scale(0)
                while workers._client.nthreads():
                    time.sleep(0.05)
                return done

            monkeypatch.setattr(workers, "_some", then_lost)
            with pytest.raises(UserError, match="has no worker left"):
                list(workers.map(tasks.working, 0.1, range(3)))


def test_the_scheduler_goes():
    with local_cluster(
            n_workers=1, threads_per_worker=1) as leaving:
        with distributed(leaving.scheduler_address) as workers:
            found = workers.map(tasks.working, 0.2, range(99))
            next(found)
            leaving.close()
            with pytest.raises(UserError, match="the scheduler was lost"):
                list(found)


def test_dask_is_not_installed(monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(UserError, match=r"needs Dask.*pip install 'unit-gallery\[distributed\]'"):
        distributed("tcp://127.0.0.1:1")


def test_other_versions_on_a_worker(workers, monkeypatch):
    monkeypatch.setattr(cluster_module, "installed", lambda: {"torch": "9.9", "Python": "3.0"})
    with pytest.raises(UserError, match=(
            r"worker tcp://.*: would give other numbers; torch \S+ instead of 9.9, Python 3\.\d+ "
            "instead of 3.0; install the same versions on it")):
        list(workers.map(tasks.scaled, MATRIX, [1]))


def test_other_versions_at_the_scheduler():
    here = {"dask": "2", "distributed": "2", "msgpack": "1"}
    found = {"client": {"packages": here}, "scheduler": {"packages": {**here, "dask": "1"}}}
    with pytest.raises(UserError, match="the scheduler has other versions; dask 1 instead of 2"):
        cluster_module._check_versions(found, "--scheduler tcp://a:1")
    cluster_module._check_versions({"client": found["client"], "scheduler": found["client"]}, "")


def test_workers_that_do_not_have_this_package(tmp_path):
    """They are started elsewhere, so that nothing of ours is on their path."""
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONPATH"}
    code = ("import sys, importlib.abc\n"
            "class Hidden(importlib.abc.MetaPathFinder):\n"
            "    def find_spec(self, name, path, target=None):\n"
            "        if name.partition('.')[0] == 'builder':\n"
            "            raise ModuleNotFoundError(\"No module named 'builder'\", name=name)\n"
            "sys.meta_path.insert(0, Hidden())\n"
            "from distributed.cli.dask_worker import main\nmain()\n")
    (tmp_path / "worker.py").write_text(code)
    with local_cluster(n_workers=0) as empty:
        with subprocess.Popen(
                [sys.executable, "worker.py", empty.scheduler_address, "--no-nanny",
                 "--no-dashboard"], cwd=tmp_path, env=environment,
                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
            try:
                with pytest.raises(
                        UserError, match="cannot load this package; No module named 'builder'"):
                    distributed(empty.scheduler_address)
            finally:
                process.terminate()
