"""Templates that were compiled, kept as long as a process runs: one that serves compiles once."""

from __future__ import annotations

from types import CodeType

from jinja2 import BytecodeCache
from jinja2.bccache import Bucket


class Compiled(BytecodeCache):
    """Keeps the code of each template until its source changes."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[str, CodeType]] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Called by Jinja."""
        checksum, code = self._known.get(bucket.key, ("", None))
        if code is not None and checksum == bucket.checksum:
            bucket.code = code

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Called by Jinja."""
        if bucket.code is not None:
            self._known[bucket.key] = bucket.checksum, bucket.code
