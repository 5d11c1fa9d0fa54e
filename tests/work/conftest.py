from __future__ import annotations

import psutil
import pytest


def children():
    """Return the numbers of this process's children, but for those that track resources."""
    found = psutil.Process().children(recursive=True)
    return {child.pid for child in found if "resource_tracker" not in " ".join(child.cmdline())}


@pytest.fixture(autouse=True)
def no_process_is_left(request):
    """See that a test ends what it started; the processes of a cluster come and go."""
    before = children()
    yield
    assert "cluster" in request.fixturenames or children() <= before
