"""Digests and the uniform numbers made from names: the only source of chance in a split."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable


def digest(content: str | bytes) -> str:
    """Return the SHA-256 of `content` (text as UTF-8) as 64 hexadecimal digits."""
    raw = content.encode("utf-8", "surrogatepass") if isinstance(content, str) else content
    return hashlib.sha256(raw).hexdigest()


def digest_of_parts(parts: Iterable[str]) -> str:
    """Return one digest of many strings; their order counts, and so do their borders."""
    return digest(json.dumps(list(parts)))


def uniform(name: str, purpose: str) -> float:
    """Return a number in [0, 1) that depends on the two strings alone, the same everywhere."""
    return int(digest(f"{purpose}\0{name}")[:13], 16) / 16**13
