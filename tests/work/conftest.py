from __future__ import annotations

import psutil
import pytest


def children():
    """Return the numbers of this process's children, but for those that track resources."""
    found = psutil.Process().children(recursive=True)
    return {child.pid for child in found if "resource_tracker" not in " ".join(child.cmdline())}


@pytest.fixture(autouse=True)
def no_process_is_left(request):
    """See that a test ends what it started; where a module has a cluster, its processes come and
    go, also between the tests that use it.
    """
    before = children()
    yield
    assert hasattr(request.module, "cluster") or children() <= before
