"""Downloads that go on where they were cut."""

from __future__ import annotations

import re
import time
from http import HTTPStatus
from http.client import HTTPException, HTTPResponse, InvalidURL
from pathlib import Path
from typing import BinaryIO
from urllib.error import HTTPError
from urllib.request import Request

from builder.corpora.contract import too_large
from builder.corpora.paced import TooSlow, paced_opener

SECONDS = 30.0
"""Longest silence of the server."""
PATIENCE, SLOWEST = 60.0, 1_000
"""Seconds after which a server must have sent something, and bytes in each, head included."""
TRIES = 4
PAUSE_SECONDS = 1.0
BLOCK = 1 << 16


class Refused(Exception):
    """The server will not give the file, or it is too large: no use to try again."""


class Stopped(Exception):
    """The network failed on the way; what came is kept."""


def download(url: str, part: Path) -> bool:
    """Fetch `url` into the file `part`; what is in it already is taken for the beginning.

    The server is asked for the rest only; where it sends the whole, the file starts anew.

    Returns:
        Whether the file was put together from more than one answer.

    Raises:
        Refused: The server has no such file or it is too large; `part` is gone.
        Stopped: The connection fails again and again; `part` keeps what came.
        OSError: `part` cannot be written.
    """
    tries_left = TRIES
    while True:
        tries_left -= 1
        try:
            return _continue(url, part)
        except Stopped:
            if not tries_left:
                raise
            time.sleep(PAUSE_SECONDS)
        except Refused:
            part.unlink(missing_ok=True)
            raise


def _continue(url: str, part: Path) -> bool:
    have = part.stat().st_size if part.is_file() else 0
    try:
        response = _open(url, have)
    except HTTPError as error:
        error.close()
        if error.code == HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE and have:
            return True
        raise _sorted_out(error) from None
    with response:
        start = _starts_at(response)
        if start not in (0, have):
            part.unlink(missing_ok=True)
            raise Stopped(f"asked for byte {have:,} on, the server sends {start:,} on")
        with part.open("ab" if start else "wb") as file:
            _copy(response, file, start)
    return start > 0


def _open(url: str, have: int) -> HTTPResponse:
    headers = {"User-Agent": "gallery", "Accept-Encoding": "identity"}
    if have:
        headers["Range"] = f"bytes={have}-"
    try:
        opener = paced_opener(PATIENCE, SLOWEST)
        response: HTTPResponse = opener.open(Request(url, headers=headers), timeout=SECONDS)
    except HTTPError:
        raise
    except (InvalidURL, ValueError) as error:
        raise Refused(str(error)) from None
    except (OSError, HTTPException) as error:
        raise Stopped(str(getattr(error, "reason", error)) or type(error).__name__) from None
    return response


def _sorted_out(error: HTTPError) -> Exception:
    said = f"the server says {error.code} {error.reason}"
    again = error.code >= 500 or error.code in (
        HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_MANY_REQUESTS)
    return Stopped(said) if again else Refused(said)


def _starts_at(response: HTTPResponse) -> int:
    if response.status != HTTPStatus.PARTIAL_CONTENT:
        return 0
    found = re.match(r"bytes (\d+)-", response.headers.get("Content-Range", ""))
    return int(found[1]) if found else 0


def _copy(response: HTTPResponse, file: BinaryIO, have: int) -> None:
    whole = None if response.length is None else have + response.length
    while True:
        if reason := too_large(max(have, whole or 0)):
            raise Refused(reason)
        block = _read(response, have)
        if not block:
            break
        file.write(block)
        have += len(block)
    if whole is not None and have < whole:
        raise Stopped(f"cut off after {have:,} of {whole:,} bytes")


def _read(response: HTTPResponse, have: int) -> bytes:
    try:
        return response.read1(BLOCK)
    except TooSlow as error:
        raise Stopped(str(error)) from None
    except (OSError, HTTPException) as error:
        raise Stopped(f"cut off after {have:,} bytes: {error}") from None
