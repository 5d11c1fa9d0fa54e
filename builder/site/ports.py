"""Whether an address is one, and free to listen on."""

from __future__ import annotations

import errno
import re
import socket
from ipaddress import AddressValueError, IPv6Address

from builder.core.errors import OutputError, Problem

ADDRESS = re.compile(r"(?:\[(?P<six>[^]]*)\]|(?P<host>[^:\[\]\s]+)):(?P<port>[^:]*)")
LARGEST_PORT, FIRST_FREE_PORT = 65535, 1024

ANOTHER = "gallery serve --address HOST:PORT"
_REFUSALS = {
    errno.EADDRINUSE: ("port in use", f"stop what listens there, or choose another: {ANOTHER}"),
    errno.EACCES: ("this port needs rights that you do not have",
                   f"choose one from {FIRST_FREE_PORT} to {LARGEST_PORT}"),
    errno.EADDRNOTAVAIL: ("not an address of this machine", "use 127.0.0.1, or 0.0.0.0 for all"),
}


def check_free(address: str) -> None:
    """Check an address like `127.0.0.1:8000`, `localhost:8000` or `[::1]:8000`.

    Raises:
        OutputError: It is no address, its host is unknown or not this machine's, its port is no
            number of a port, needs rights, or something listens there already.
    """
    host, port = _parsed(address)
    try:
        family, kind, protocol, _, place = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM)[0]
    except (socket.gaierror, UnicodeError) as error:
        raise _refused(address, "unknown host", f"{host!r}: {_said(error)}",
                       "fix the name, or use 127.0.0.1") from None
    try:
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(place)
    except OSError as error:
        wrong, remedy = _REFUSALS.get(
            error.errno or 0, ("cannot listen there", f"choose another: {ANOTHER}"))
        raise _refused(address, wrong, _said(error), remedy) from None


def _parsed(address: str) -> tuple[str, int]:
    """Return host and port; an IPv6 address without its brackets."""
    parts = ADDRESS.fullmatch(address)
    if not parts:
        raise _refused(address, "not an address", "",
                       "write it as HOST:PORT, IPv6 in brackets: [::1]:8000")
    port = parts["port"]
    if not (port.isascii() and port.isdecimal() and 0 < int(port) <= LARGEST_PORT):
        raise _refused(address, "not the number of a port", repr(port),
                       f"choose one from {FIRST_FREE_PORT} to {LARGEST_PORT}")
    if parts["six"] is not None:
        _check_six(address, parts["six"])
    return parts["host"] or parts["six"], int(port)


def _check_six(address: str, host: str) -> None:
    try:
        IPv6Address(host)
    except AddressValueError as error:
        raise _refused(address, "not an IPv6 address", str(error),
                       "brackets are for those alone: [::1]:8000") from None


def _refused(address: str, wrong: str, found: str, remedy: str) -> OutputError:
    return OutputError(Problem(address, wrong, found, remedy))


def _said(error: OSError | UnicodeError) -> str:
    return getattr(error, "strerror", None) or str(error)
