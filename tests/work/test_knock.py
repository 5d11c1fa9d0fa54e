"""Whatever is at the address of a scheduler, it is told from one in a moment."""

from __future__ import annotations

import socket
import struct
import threading
from contextlib import suppress

import pytest

from builder.work.knock import knock

GREETING = struct.pack("<QQQ", 20, 1, 4) + b"hail"


@pytest.fixture
def server():
    """Return the address of a server that says something to whoever comes, and then nothing."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        def start(said):
            def serve():
                connection, _ = listening.accept()
                with connection, suppress(OSError):
                    connection.sendall(said)
                    connection.recv(1)

            threading.Thread(target=serve, daemon=True).start()
            return f"tcp://127.0.0.1:{listening.getsockname()[1]}"

        yield start


def test_one_that_greets_like_dask(server):
    knock(server(GREETING), 5.0)


@pytest.mark.parametrize("said", [
    b"HTTP/1.1 400 Bad Request\r\n\r\n", struct.pack("<QQ", 1 << 62, 1),
    struct.pack("<QQ", 24, 1 << 40), struct.pack("<QQ", 0, 0), bytes(range(256))],
    ids=["HTTP", "2**62 bytes", "2**40 frames", "nothing", "anything"])
def test_one_that_does_not(server, said):
    with pytest.raises(ConnectionError, match="no scheduler"):
        knock(server(said), 5.0)


@pytest.mark.parametrize("said", [b"", GREETING[:20]], ids=["nothing", "half a greeting"])
def test_one_that_says_too_little(server, said):
    with pytest.raises(TimeoutError):
        knock(server(said), 0.2)


@pytest.mark.parametrize("address", [
    "", "nonsense", "tcp://", "http://a:1", "ftp://a:1", "tcp://a:x", "tcp://a:99999", "1" * 5000,
    "tcp://user:word@a:1", "tcp://\x1b[31m:1", "tcp://a\nb:1"])
def test_no_address(address):
    with pytest.raises(ValueError, match="not an address"):
        knock(address, 0.1)
