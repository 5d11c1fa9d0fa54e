"""What is said to whoever waits."""

from __future__ import annotations

import sys

from builder.core.plain import plain


def say(text: str) -> None:
    """Print a line for whoever waits."""
    print(plain(text), file=sys.stderr, flush=True)
