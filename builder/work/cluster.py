"""Workers of a Dask cluster: shares are its tasks, and it does those of a lost worker again."""

from __future__ import annotations

import hashlib
import threading
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from importlib import import_module
from pkgutil import resolve_name
from typing import Any

from builder.core.errors import Problem, UserError
from builder.work.knock import knock
from builder.work.outcomes import outcome_of, packed, result_of, unpacked
from builder.work.versions import differences, installed
from builder.work.workers import Context, Item, Result, Workers, counting

CONNECT_SECONDS = 10
"""Seconds that a scheduler has to answer."""

WORKER_SECONDS = 60
"""Seconds to wait for a first worker, and for another where all are lost."""

AHEAD = 3
"""Shares for each thread of the cluster that may be begun before the next one in order is done."""

LARGE_GRAPH = "distributed.admin.large-graph-warning-threshold"
"""Dask's setting of the size above which it warns of arguments; ours are meant to be large."""

REMEDY = "start one with: dask scheduler"


@dataclass
class _Job:
    """One map: what it runs, and what has become of the shares so far.

    Attributes:
        run: The function of an item that is sent, but for the item.
        items: All items.
        done: Told which share is done.
        begun: Shares sent so far.
        pending: Future to its share.
        finished: Share to its outcome, those that the caller has not had yet.
    """

    run: Callable[[bytes, int], Any]
    items: Sequence[Any]
    done: Callable[[int], None]
    begun: int = 0
    pending: dict[Any, int] = field(default_factory=dict)
    finished: dict[int, bytes] = field(default_factory=dict)


class Cluster(Workers):
    """The workers of a scheduler.

    Each process does one share at a time, with one thread, however many threads it has.

    Args:
        address: Of the scheduler, `tcp://HOST:PORT`.

    Raises:
        UserError: Dask is not installed here, no scheduler answers, or it has no workers.
    """

    same_disk = False

    def __init__(self, address: str) -> None:
        self._where = f"--scheduler {address}"
        self._dask = _dask(self._where)
        self._client = _connect(self._dask, address, self._where)

    def map(
        self, task: Callable[[Context, Item], Result], context: Context, items: Sequence[Item],
        *, title: str = "", sizes: Sequence[int] = (),
    ) -> Iterator[Result]:
        """Yield the result for each item."""
        work = packed((task, context))
        with counting(title, sizes, len(items)) as done:
            # A task and no scattered data: where all that have it are lost, it is done again.
            shared = self._submit(_same, work)
            name = hashlib.sha256(work).hexdigest()
            run = partial(self._submit, _perform, dict(installed()), name, shared)
            job = _Job(lambda item, i: run(item, priority=-i), items, done)
            try:
                yield from self._results(job)
            finally:
                with suppress(OSError):  # the scheduler is gone, and all it had to do with it
                    self._client.cancel([shared, *job.pending])

    def close(self) -> None:
        """Leave the cluster, which goes on without us."""
        with suppress(OSError):
            self._client.close()

    def _results(self, job: _Job) -> Iterator[Any]:
        for index in range(len(job.items)):
            self._hand_out(job, index)
            while index not in job.finished:
                self._take_in(job)
                self._hand_out(job, index)
            yield result_of(job.finished.pop(index))

    def _hand_out(self, job: _Job, index: int) -> None:
        """Keep every thread busy, but do not run far ahead of the caller, who waits for `index`."""
        if job.begun == len(job.items):
            return
        stop = index + AHEAD * max(1, self._threads())
        for i in range(job.begun, min(stop, len(job.items))):
            job.pending[job.run(packed(job.items[i]), i)] = i
            job.begun = i + 1

    def _threads(self) -> int:
        try:
            return sum(self._client.nthreads().values())
        except OSError as error:
            raise self._lost(error) from None

    def _take_in(self, job: _Job) -> None:
        """Wait for a share and take all that are done."""
        for future in self._some(list(job.pending)):
            i = job.pending.pop(future)
            job.finished[i] = self._outcome(future)
            job.done(i)

    def _some(self, futures: list[Any]) -> set[Any]:
        """Return futures that are done, one at least."""
        while True:
            try:
                with self._client.as_current():
                    done: set[Any] = self._dask.wait(
                        futures, timeout=WORKER_SECONDS, return_when="FIRST_COMPLETED").done
            except TimeoutError:
                self._wait_for_workers()
            except self._dask.client.FutureCancelledError as error:
                raise self._lost(error) from None
            else:
                return done

    def _wait_for_workers(self) -> None:
        try:
            self._client.wait_for_workers(1, timeout=WORKER_SECONDS)
        except TimeoutError:
            raise UserError(Problem(self._where, "has no worker left", "",
                                    "start some with: dask worker ADDRESS")) from None

    def _outcome(self, future: Any) -> bytes:
        """Return what a share gave; an error is the cluster's, for a task's own is an outcome."""
        try:
            outcome: bytes = self._fetched(future)
        except self._dask.scheduler.KilledWorker as error:
            raise UserError(Problem(
                self._where, "workers died, one after the other, at the same share of work",
                f"last {error.last_worker.address}",
                "most likely memory ran out: give each worker more")) from None
        except (self._dask.client.FutureCancelledError, self._dask.comm.CommClosedError) as error:
            raise self._lost(error) from None
        return outcome

    def _fetched(self, future: Any) -> Any:
        """Return the result of a future that is done; who has it may die before it is fetched."""
        while True:
            try:
                return future.result(timeout=WORKER_SECONDS)
            except TimeoutError:
                self._wait_for_workers()

    def _lost(self, error: Exception) -> UserError:
        return UserError(Problem(self._where, "the scheduler was lost", str(error), REMEDY))

    def _submit(self, function: Callable[..., Any], *given: Any, priority: int = 0) -> Any:
        with import_module("dask.config").set({LARGE_GRAPH: "1 TB"}):
            return self._client.submit(function, *given, pure=False, priority=priority)


def _dask(where: str) -> Any:
    try:
        return import_module("distributed")
    except ImportError as error:
        raise UserError(Problem(where, "needs Dask", str(error),
                                "install it: pip install 'unit-gallery[distributed]'")) from None


def _connect(dask: Any, address: str, where: str) -> Any:
    try:
        knock(address, CONNECT_SECONDS)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", dask.versions.VersionMismatchWarning)
            client = dask.Client(address, timeout=CONNECT_SECONDS, set_as_default=False)
    except Exception as error:  # whoever is there may make the client raise anything
        raise UserError(Problem(where, "no Dask scheduler answers", str(error), REMEDY)) from None
    try:
        _check_versions(client.get_versions(), where)
        client.wait_for_workers(1, timeout=WORKER_SECONDS)
        client.run(resolve_name, "builder:__version__")
    except ImportError as error:
        client.close()
        raise UserError(Problem(where, "its workers cannot load this package", str(error),
                                "install the same version on all of them")) from None
    except TimeoutError:
        client.close()
        raise UserError(Problem(where, "the scheduler has no workers", "",
                                f"start some with: dask worker {address}")) from None
    except BaseException:
        client.close()
        raise
    return client


def _check_versions(found: Mapping[str, Any], where: str) -> None:
    """Raise UserError where the scheduler speaks another version of Dask's language."""
    there, here = found["scheduler"]["packages"], found["client"]["packages"]
    names = [name for name in ("dask", "distributed", "msgpack") if there[name] != here[name]]
    if names:
        raise UserError(Problem(
            where, "the scheduler has other versions",
            ", ".join(f"{name} {there[name]} instead of {here[name]}" for name in names),
            "install the same on both sides"))


def _same(work: bytes) -> bytes:
    return work


_known: dict[str, Any] = {}
_alone = threading.Lock()


def _perform(here: Mapping[str, str], name: str, work: bytes, item: bytes) -> bytes:
    """Do one share, on a worker."""
    return outcome_of(partial(_do, here, name, work, item))


def _do(here: Mapping[str, str], name: str, work: bytes, item: bytes) -> Any:
    other = differences(installed(), here)
    if other:
        address = import_module("distributed").get_worker().address
        raise UserError(Problem(f"worker {address}", "would give other numbers", other,
                                "install the same versions on it"))
    with _alone:
        if name not in _known:
            _known.clear()
            _known[name] = unpacked(work)
        task, context = _known[name]
        return task(context, unpacked(item))
