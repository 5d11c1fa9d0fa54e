"""Numbers as scripts read them: base64 of their bytes."""

from __future__ import annotations

import base64


def base64_of(raw: bytes) -> str:
    """Return base64 in its usual alphabet, padded: what `atob` reads."""
    return base64.b64encode(raw).decode("ascii")


def base64_length(raw: bytes) -> int:
    """Return how many characters `base64_of` has."""
    return 4 * -(-len(raw) // 3)
