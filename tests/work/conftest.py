from __future__ import annotations

import psutil
import pytest


def children():
    """Return the numbers of this process's children, but for those that track resources."""
    return {child.pid for child in psutil.Process().children(recursive=True)
            if "resource_tracker" not in command(child)}


def command(process):
    """Return the command line of a process, or nothing where it has just ended."""
    try:
        return " ".join(process.cmdline())
    except psutil.NoSuchProcess:
        return ""


@pytest.fixture(autouse=True)
def no_process_is_left(request):
    """See that a test ends what it started; where a module has a cluster, its processes come and
    go, also between the tests that use it.
    """
    before = children()
    yield
    assert hasattr(request.module, "cluster") or children() <= before
