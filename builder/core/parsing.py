"""JSON and TOML that somebody else has written: whatever is wrong with it is one kind of error."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Callable
from typing import Any


class NotReadable(ValueError):
    """It cannot be read; says why in one line."""


def json_of(content: str | bytes, **options: Any) -> Any:
    """Return what JSON says.

    Args:
        content: A text, or UTF-8 with or without a mark at its start.
        options: Of `json.loads`.

    Raises:
        NotReadable: It is no JSON, no UTF-8, nested too deeply, or has a number too long to read.
    """
    return _read(lambda text: json.loads(text, **options), content)


def toml_of(content: str | bytes) -> dict[str, Any]:
    """Return what TOML says.

    Args:
        content: A text, or UTF-8 with or without a mark at its start.

    Raises:
        NotReadable: It is no TOML, no UTF-8, nested too deeply, or has a number too long to read.
    """
    found: dict[str, Any] = _read(tomllib.loads, content)
    return found


def _read(parse: Callable[[str], Any], content: str | bytes) -> Any:
    try:
        text = content.decode("utf-8-sig") if isinstance(content, bytes) else content
        return parse(text)
    except RecursionError:
        raise NotReadable("nested too deeply") from None
    except UnicodeDecodeError as error:
        raise NotReadable(f"not UTF-8 at byte {error.start:,}") from None
    except ValueError as error:
        long = "integer string conversion" in str(error)
        raise NotReadable("a number of too many digits" if long else str(error)) from None
