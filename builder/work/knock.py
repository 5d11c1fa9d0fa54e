"""Whether a Dask scheduler is at an address, seen before Dask's client tries to talk to it."""

from __future__ import annotations

import re
import socket
import struct
import time
from contextlib import closing

ADDRESS = re.compile(
    r"(?:(?P<kind>tcp|tls|ucx|ws|wss)://)?(?P<host>\[[0-9a-fA-F:.%]+\]|[^\s/@:\[\]]+)"
    r":(?P<port>[0-9]{1,5})")
LARGEST_PORT = 65_535

LONGEST_GREETING = 1 << 20
_BEGIN = struct.Struct("<QQ")
"""How a message of Dask begins: bytes that follow, and how many frames they are."""


def knock(address: str, seconds: float) -> None:
    """See at once, without Dask's many tries, whether anything is there that greets like Dask.

    A scheduler greets whoever connects; Dask's client would wait for that without end, and take
    the length of a greeting from anybody.

    Args:
        address: Of a scheduler.
        seconds: That it has to greet us.

    Raises:
        ValueError: It is no address.
        OSError: Nobody is there, or somebody else.
    """
    said = ADDRESS.fullmatch(address)
    if not said or int(said["port"]) > LARGEST_PORT:
        raise ValueError("not an address; write it as tcp://HOST:PORT")
    if said["kind"] in (None, "tcp"):
        place, end = (said["host"].strip("[]"), int(said["port"])), time.monotonic() + seconds
        with closing(socket.create_connection(place, seconds)) as connection:
            length, frames = _BEGIN.unpack(_received(connection, _BEGIN.size, end))
            if length > LONGEST_GREETING or frames * 8 + 8 > length:
                raise ConnectionError("what is there is no scheduler")
            _received(connection, length - 8, end)


def _received(connection: socket.socket, size: int, end: float) -> bytes:
    content = b""
    while len(content) < size:
        connection.settimeout(max(end - time.monotonic(), 1e-3))
        block = connection.recv(size - len(content))
        if not block:
            raise ConnectionError("it hung up")
        content += block
    return content
