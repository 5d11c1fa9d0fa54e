"""Workers that are processes of this machine, started anew: nothing is inherited but the task.

Each holds one share at a time, so when one is killed it is plain which share is lost. They share
no lock and no queue: a process that is killed at any moment cannot stop the others.
"""

from __future__ import annotations

import os
import signal
from collections import Counter, deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from multiprocessing import get_context, parent_process, resource_tracker
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess
from typing import Any

from builder.core.errors import Problem, UserError
from builder.core.stopping import end_with
from builder.work.outcomes import outcome_of, packed, result_of, unpacked
from builder.work.workers import Context, Item, Result, Workers, counting

ONE_THREAD = ("MKL_NUM_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS")
"""Variables that libraries read when they are loaded, each 1 in the processes."""

AHEAD = 4
"""Shares for each process that may be finished or begun before the next one in order is."""

TRIES = 2
"""Times that a share is begun before it is taken to be what kills the processes."""

PATIENCE = 2.0
"""Seconds that an idle process has to end by itself."""


@dataclass(eq=False)
class _Child:
    """A process, and what it has: the number of the job that it knows, and its share."""

    process: SpawnProcess
    pipe: Connection
    job: int = -1
    share: int | None = None


@dataclass
class _Job:
    """One map: the task with its context, and what has become of the shares so far."""

    number: int
    work: bytes
    items: Sequence[Any]
    done: Callable[[int], None]
    next: int = 0
    waiting: deque[int] = field(default_factory=deque)
    finished: dict[int, bytes] = field(default_factory=dict)
    lost: Counter[int] = field(default_factory=Counter)


class Processes(Workers):
    """So many processes, each started when there is a share for it.

    Args:
        count: Most processes at a time, at least 1.
    """

    def __init__(self, count: int) -> None:
        if count < 1:
            raise ValueError(f"not a number of processes: {count}")
        self._count = count
        self._children: list[_Child] = []
        self._jobs = 0

    def map(
        self, task: Callable[[Context, Item], Result], context: Context, items: Sequence[Item],
        *, title: str = "", sizes: Sequence[int] = (),
    ) -> Iterator[Result]:
        """Yield the result for each item."""
        if any(child.share is not None for child in self._children):
            raise RuntimeError("another map of these workers has not ended")
        self._jobs += 1
        with counting(title, sizes, len(items)) as done:
            job = _Job(self._jobs, packed((task, context)), items, done,
                       waiting=deque(range(len(items))))
            try:
                yield from self._results(job)
            finally:
                self._stop(self._busy())

    def close(self) -> None:
        """Stop every process: a busy one at once, an idle one when it sees that nobody asks."""
        self._stop(self._busy())
        self._stop(self._children)

    def _results(self, job: _Job) -> Iterator[Any]:
        for index in range(len(job.items)):
            job.next = index
            self._hand_out(job)
            while index not in job.finished:
                self._take_in(job)
                self._hand_out(job)
            yield result_of(job.finished.pop(index))

    def _hand_out(self, job: _Job) -> None:
        """Give a share to everybody who has none, but do not run far ahead of the caller."""
        while job.waiting and job.waiting[0] < job.next + AHEAD * self._count:
            child = self._idle()
            if child is None:
                return
            child.share, served = job.waiting.popleft(), child.job >= 0
            try:
                if child.job != job.number:
                    child.pipe.send_bytes(b"work")
                    child.pipe.send_bytes(job.work)
                    child.job = job.number
                child.pipe.send_bytes(b"item")
                child.pipe.send_bytes(packed(job.items[child.share]))
            except OSError:  # one that has served before was ended while it was idle
                self._lose(job, child, blamed=not served)

    def _take_in(self, job: _Job) -> None:
        """Wait for a process to finish or die, and take what all of them have."""
        by_pipe = {child.pipe: child for child in self._busy()}
        for pipe in wait(list(by_pipe)):
            child = by_pipe[pipe]  # type: ignore[index]
            try:
                outcome = child.pipe.recv_bytes()
            except (EOFError, OSError):
                self._lose(job, child)
                continue
            share, child.share = child.share, None
            assert share is not None
            job.finished[share] = outcome
            job.done(share)

    def _lose(self, job: _Job, child: _Child, *, blamed: bool = True) -> None:
        """Put the share of a dead process back, to be done next, unless that was tried before.

        Args:
            job: Whose share.
            child: The process.
            blamed: Whether it may be the share that ended it.
        """
        share = child.share
        assert share is not None
        child.process.join(PATIENCE)
        self._stop([child])
        job.lost[share] += blamed
        if job.lost[share] == TRIES:
            raise UserError(_lost_twice(child.process.exitcode))
        job.waiting.appendleft(share)

    def _idle(self) -> _Child | None:
        for child in self._children:
            if child.share is None:
                return child
        if len(self._children) == self._count:
            return None
        self._children.append(_start())
        return self._children[-1]

    def _busy(self) -> list[_Child]:
        return [child for child in self._children if child.share is not None]

    def _stop(self, children: Sequence[_Child]) -> None:
        self._children, stopped = (
            [child for child in self._children if child not in children], list(children))
        for child in stopped:
            child.pipe.close()
            if child.share is not None:
                child.process.kill()
        for child in stopped:
            child.process.join(PATIENCE)
            if child.process.is_alive():
                child.process.kill()
                child.process.join()


def _lost_twice(code: int | None) -> Problem:
    if code is not None and code < 0:
        found = f"it was ended by {signal.Signals(-code).name}, twice at the same share of work"
        return Problem("a worker process", "stopped from outside", found,
                       "most likely memory ran out: use fewer --workers")
    return Problem("a worker process", "ended before its work was done",
                   f"exit code {code}, twice at the same share of work",
                   "see what it printed; --workers 1 does without other processes")


def _start() -> _Child:
    context = get_context("spawn")
    pipe, other = context.Pipe()
    process = context.Process(target=_serve, args=(other,), daemon=True)
    with _one_thread(), _interrupts_held():
        process.start()
    other.close()
    return _Child(process, pipe)


@contextmanager
def _one_thread() -> Iterator[None]:
    """Set the environment that processes started in the body are given."""
    before = {name: os.environ.get(name) for name in ONE_THREAD}
    os.environ.update(dict.fromkeys(ONE_THREAD, "1"))
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


@contextmanager
def _interrupts_held() -> Iterator[None]:
    """Hold Ctrl-C back; processes started in the body never get it: they are stopped by us."""
    resource_tracker.ensure_running()  # when it starts, it lets Ctrl-C through again
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _serve(pipe: Connection) -> None:
    """Do what is asked for until nobody is there to ask."""
    parent = parent_process()
    assert parent is not None
    end_with(partial(wait, [parent.sentinel]))
    work = b""
    known: list[Any] = []
    try:
        while True:
            kind, content = pipe.recv_bytes(), pipe.recv_bytes()
            if kind == b"work":
                work, known = content, []
            else:
                pipe.send_bytes(outcome_of(partial(_do, work, known, content)))
    except (EOFError, OSError):
        os._exit(0)  # nothing is left to write; taking all that was known apart takes a second


def _do(work: bytes, known: list[Any], item: bytes) -> Any:
    """Do one share; what cannot be unpacked here fails as the task itself would."""
    if not known:
        known[:] = unpacked(work)
    task, context = known
    return task(context, unpacked(item))
