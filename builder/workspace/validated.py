"""Small files of JSON that somebody else may have written: bounded, of one type, or refused."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from pydantic import TypeAdapter, ValidationError

from builder.core.errors import UserError

Content = TypeVar("Content")


def read_validated(
    path: Path, kind: TypeAdapter[Content], largest: int, not_so: str,
    refused: Callable[[Path, str, str], UserError],
) -> Content | None:
    """Return the content of a file; None where there is none.

    Args:
        path: Of the file.
        kind: What it must be.
        largest: Bytes of the largest file that is read.
        not_so: What is said of a file that is something else.
        refused: Makes the error of a path, what is wrong with it and what was found.

    Raises:
        UserError: It cannot be read, is too large, or something else.
    """
    try:
        if path.stat().st_size > largest:
            raise refused(path, "too large", f"more than {largest:,} bytes")
        return kind.validate_json(path.read_bytes())
    except FileNotFoundError:
        return None
    except OSError as error:
        raise refused(path, "cannot be read", error.strerror or str(error)) from None
    except ValidationError as error:
        where, said = first_wrong(error)
        raise refused(path, not_so, f"{where}: {said}") from None


def first_wrong(error: ValidationError) -> tuple[str, str]:
    """Return where the first thing is that is wrong with a file, and what is said of it."""
    first = error.errors(include_url=False, include_input=False)[0]
    return ".".join(map(str, first["loc"])) or "the whole", first["msg"]
