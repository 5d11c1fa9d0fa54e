"""How many processors this process may use."""

from __future__ import annotations

import math
import os
from collections.abc import Iterator
from pathlib import Path

GROUPS = Path("/sys/fs/cgroup")
OWN_GROUP = Path("/proc/self/cgroup")


def available() -> int:
    """Return the processors this process may use: its affinity, and what its containers allow."""
    return max(1, min([_processors(), *(math.ceil(limit) for limit in limits())]))


def _processors() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def limits(groups: Path = GROUPS, own: Path = OWN_GROUP) -> Iterator[float]:
    """Yield the processors that each control group around this process allows, Linux only.

    Source:
        Linux, Documentation/admin-guide/cgroup-v2.rst, cpu.max; scheduler/sched-bwc.rst for
        version 1.
    """
    for folder in _folders(groups, own):
        for quota in (_version_2(folder), _version_1(folder)):
            if quota:
                yield quota


def _folders(groups: Path, own: Path) -> Iterator[Path]:
    """Yield the folders of the groups this process is in, the innermost first."""
    try:
        lines = own.read_text("utf-8").splitlines()
    except OSError:
        return
    for line in lines:
        _, kinds, path = line.split(":", 2)
        if kinds and "cpu" not in kinds.split(","):
            continue
        root = groups / "cpu" if kinds else groups
        inside = root / path.lstrip("/")
        yield from (folder for folder in (inside, *inside.parents) if folder.is_relative_to(root))


def _version_2(folder: Path) -> float | None:
    quota, _, period = _read(folder / "cpu.max").partition(" ")
    return _share(quota, period)


def _version_1(folder: Path) -> float | None:
    return _share(_read(folder / "cpu.cfs_quota_us"), _read(folder / "cpu.cfs_period_us"))


def _share(quota: str, period: str) -> float | None:
    there = quota.isdecimal() and period.isdecimal() and int(period) > 0
    return int(quota) / int(period) if there else None


def _read(path: Path) -> str:
    try:
        return path.read_text("utf-8").strip()
    except OSError:
        return ""
