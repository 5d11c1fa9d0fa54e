"""What tests of a server share."""

from __future__ import annotations

import socket
from contextlib import closing


def free_port() -> int:
    """Return a port of this machine that nobody has."""
    with closing(socket.socket()) as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])
