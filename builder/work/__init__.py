"""Independent shares of work: done in this process, in several, or on a Dask cluster.

Whoever does the work, the results are the same and come in the same order.
"""

from __future__ import annotations

from builder.work.cluster import Cluster
from builder.work.processes import Processes
from builder.work.processors import available
from builder.work.workers import InThisProcess, Workers

__all__ = ["InThisProcess", "Workers", "available", "distributed", "local"]


def local(count: int) -> Workers:
    """Return workers on this machine: this process where `count` is 1, else so many others.

    They are started when there is something to do, read with one thread each, and end with
    `close` or with this process.
    """
    return InThisProcess() if count == 1 else Processes(count)


def distributed(address: str) -> Workers:
    """Return the workers of a Dask scheduler, `tcp://HOST:PORT`; the cluster is left running.

    Raises:
        UserError: Dask is not installed here, no scheduler answers at the address, or it has no
            workers.
    """
    return Cluster(address)
