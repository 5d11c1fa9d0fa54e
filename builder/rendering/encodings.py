"""What scripts read: bytes as base64, everything else as JSON."""

from __future__ import annotations

import base64
import json

_UNSAFE = str.maketrans({c: f"\\u{ord(c):04x}" for c in "<>&\u2028\u2029"})


def base64_of(raw: bytes) -> str:
    """Return base64 in its usual alphabet, padded: what `atob` reads."""
    return base64.b64encode(raw).decode("ascii")


def base64_length(raw: bytes) -> int:
    """Return how many characters `base64_of` has."""
    return 4 * -(-len(raw) // 3)


def safe_json(content: object) -> str:
    """Return JSON that can stand in a script element or a script, whatever its texts say."""
    return json.dumps(content, ensure_ascii=True).translate(_UNSAFE)
