"""Answers of servers that must come at some pace: heads, lengths of chunks and content alike.

A limit on silence alone lets a server that sends a byte now and then hold us for ever.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from http.client import HTTPConnection, HTTPResponse, HTTPSConnection
from io import BufferedReader, RawIOBase
from socket import socket
from typing import Any
from urllib.request import (
    HTTPDefaultErrorHandler,
    HTTPErrorProcessor,
    HTTPHandler,
    HTTPRedirectHandler,
    HTTPSHandler,
    OpenerDirector,
    ProxyHandler,
    Request,
    UnknownHandler,
)


class TooSlow(OSError):
    """A server sends too little in too long a time."""


class _Paced(RawIOBase):
    """What comes from a connection, as long as enough of it comes."""

    def __init__(self, raw: RawIOBase, patience: float, slowest: float) -> None:
        self._raw, self._patience, self._slowest = raw, patience, slowest
        self._begun, self._have = time.monotonic(), 0

    def readable(self) -> bool:
        """Return true."""
        return True

    def readinto(self, buffer: Any) -> int | None:
        """Read what is there next."""
        taken = time.monotonic() - self._begun
        if taken > self._patience and self._have < self._slowest * taken:
            raise TooSlow(f"too slow: {self._have:,} bytes in {taken:.0f} seconds")
        count: int | None = self._raw.readinto(buffer)
        self._have += count or 0
        return count

    def close(self) -> None:
        """Close the connection too."""
        self._raw.close()
        super().close()


def paced_opener(patience: float, slowest: float) -> OpenerDirector:
    """Return what opens addresses of the web, and nothing else.

    Args:
        patience: Seconds after which a server must have sent something.
        slowest: Bytes in each of them.
    """
    class Response(HTTPResponse):
        def __init__(self, sock: socket, *arguments: Any, **more: Any) -> None:
            super().__init__(sock, *arguments, **more)
            self.fp = BufferedReader(_Paced(self.fp.detach(), patience, slowest))

    class Http(HTTPHandler):
        def http_open(self, req: Request) -> HTTPResponse:
            return self.do_open(_connecting(HTTPConnection, Response), req)

    class Https(HTTPSHandler):
        def https_open(self, req: Request) -> HTTPResponse:
            return self.do_open(_connecting(HTTPSConnection, Response), req)

    opener = OpenerDirector()
    for handler in (ProxyHandler, UnknownHandler, Http, Https, HTTPDefaultErrorHandler,
                    HTTPRedirectHandler, HTTPErrorProcessor):
        opener.add_handler(handler())
    return opener


def _connecting(kind: type[HTTPConnection], response: type[HTTPResponse]) -> Callable[..., Any]:
    """Return what makes connections whose answers are of a class."""
    return type(kind.__name__, (kind,), {"response_class": response})
