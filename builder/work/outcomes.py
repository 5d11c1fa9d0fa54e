"""The outcome of a task that ran elsewhere, as bytes: its result, or what it raised."""

from __future__ import annotations

import pickle
import traceback
from collections.abc import Callable
from typing import Any

from builder.core.errors import GalleryError, UserError


def packed(value: Any) -> bytes:
    """Return a value as bytes.

    Plain pickle: what multiprocessing sends by itself would put tensors into shared memory,
    which the sender must keep.
    """
    return pickle.dumps(value, protocol=pickle.HIGHEST_PROTOCOL)


def unpacked(content: bytes) -> Any:
    """Return the value that was packed."""
    return pickle.loads(content)


def outcome_of(work: Callable[[], Any]) -> bytes:
    """Do the work and return its result or what it raised, packed."""
    try:
        return packed((work(), None))
    except Exception as error:
        return packed((None, _sendable(error)))


def result_of(outcome: bytes) -> Any:
    """Return the result in an outcome, or raise what was raised."""
    result, error = unpacked(outcome)
    if error is not None:
        raise error
    return result


def _sendable(error: Exception) -> Exception:
    """Return an error, with where it happened, or one that can be sent and says as much."""
    if isinstance(error, UserError):
        return error
    note = "in another process:\n" + "".join(traceback.format_exception(error))
    try:
        sent = unpacked(packed(error))
    except Exception:
        sent = GalleryError(f"{type(error).__name__}: {error}")
    sent.add_note(note)
    return sent  # type: ignore[no-any-return]
