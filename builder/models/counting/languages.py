"""All toy languages."""

from __future__ import annotations

from collections.abc import Mapping

from builder.models.counting.brackets import Nested, Shuffle
from builder.models.counting.language import Language
from builder.models.counting.powers import Powers
from builder.models.counting.probed import Counter, Latch, Parity, Toggle

LANGUAGES: Mapping[str, Language] = {language.name: language for language in (
    Latch(), Toggle(), Counter(), Powers("ab", 10), Powers("abc", 3),
    Shuffle("dyck-1", "()", 8), Parity(), Shuffle("shuffle-2", "()[]", 8), Nested())}
"""By name, in the order in which they are told."""
