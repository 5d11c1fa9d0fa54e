"""Whether an address is free to listen on."""

from __future__ import annotations

import socket

from builder.core.errors import OutputError, Problem


def check_free(address: str) -> None:
    """Check an address like `127.0.0.1:8000`.

    Raises:
        OutputError: It is not an address, or something listens there already.
    """
    host, _, port = address.rpartition(":")
    if not host or not port.isdigit() or int(port) > 65535:
        raise OutputError(Problem(address, "not an address", "", "write it as HOST:PORT"))
    try:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, int(port)))
    except OSError as error:
        raise OutputError(Problem(address, "port in use", error.strerror or str(error),
                                  "stop what listens there, or choose another: "
                                  "gallery serve --address HOST:PORT")) from None
