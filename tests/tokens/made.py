"""Steps for tests: bytes, some of which cover nothing, and chunks that are cut by anything."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from builder.tokens.contract import Steps, Tokens


class _Unwritten(Tokens):
    """Tokens that stand in no file."""

    def written(self):
        return {"vocabulary": []}

    @classmethod
    def read(cls, written, where):
        return cls()


@dataclass(frozen=True)
class Bytes(_Unwritten):
    """Steps that are bytes: those inside a character cover nothing. Byte b has index b + 1."""

    kind: ClassVar[str] = "bytes"

    @property
    def size(self):
        return 257

    def steps(self, text):
        ids, ends = [], []
        for at, character in enumerate(text):
            content = character.encode("utf-8", "surrogatepass")
            ids += [byte + 1 for byte in content]
            ends += [at] * (len(content) - 1) + [at + 1]
        return Steps(np.array(ids, np.int64), np.array(ends, np.int64))

    def name(self, index):
        return chr(index - 1) if 0 < index <= 128 else f"<{index - 1:02X}>"


@dataclass(frozen=True)
class Fives(_Unwritten):
    """Five characters at a time, wherever that cuts; the index is made of the first and last."""

    kind: ClassVar[str] = "fives"

    @property
    def size(self):
        return 30

    def steps(self, text):
        parts = [text[at : at + 5] for at in range(0, len(text), 5)]
        return Steps(np.array([(ord(p[0]) + 3 * ord(p[-1])) % 30 for p in parts], np.int64),
                     np.cumsum([len(p) for p in parts], dtype=np.int64))

    def name(self, index):
        return f"five {index}" if index else "\ufffd"
