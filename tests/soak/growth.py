"""What a process and all that it started hold: memory and open files, and how they grow."""

from __future__ import annotations

from dataclasses import astuple, dataclass
from statistics import median

import psutil

MEMORY, FILES = 0.10, 2
"""By what share memory, and by how many open files, a later time may lie above an earlier one."""


@dataclass(frozen=True)
class Held:
    """What processes hold: bytes of memory, open files, and how many processes they are."""

    memory: int
    files: int
    processes: int

    def __str__(self) -> str:
        memory, files, processes = astuple(self)
        return f"{memory / 2**20:.0f} MiB, {files} open files, {processes} processes"


def held(process: psutil.Process) -> Held:
    """Return what a process and its children hold."""
    memory = files = processes = 0
    for one in (process, *process.children(recursive=True)):
        try:
            with one.oneshot():
                memory, files = memory + one.memory_info().rss, files + one.num_fds()
                processes += 1
        except psutil.NoSuchProcess:
            continue
    return Held(memory, files, processes)


def growth(seen: list[Held]) -> list[str]:
    """Return in words what has grown between the second and the last quarter of a run."""
    quarter = len(seen) // 4
    before, after = seen[quarter:2 * quarter], seen[-quarter:]
    grown = []
    for name, least in (("memory", MEMORY), ("files", None), ("processes", None)):
        was, now = (median(getattr(one, name) for one in some) for some in (before, after))
        if now > (was * (1 + least) if least else was + FILES):
            grown.append(f"{name}: {was:,.0f}, then {now:,.0f}")
    return grown
