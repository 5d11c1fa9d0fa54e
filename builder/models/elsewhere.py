"""What other packages bring that decides how networks read: architectures and kinds of tokens."""

from __future__ import annotations

from builder.models.architectures import ARCHITECTURES
from builder.tokens.contract import TOKENS


def code_from_elsewhere() -> list[object]:
    """Return the functions of other packages that read a text or cut it into steps."""
    ways = [way for a in ARCHITECTURES.others()
            for way in (type(a).run, type(a).open, type(a).reader)]
    return [*ways, *(kind.steps for kind in TOKENS.others())]
