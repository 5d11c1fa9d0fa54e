"""Entries of a vocabulary that no text is made of: padding, unknown, begin and end of a text."""

from __future__ import annotations

import re
from collections.abc import Iterable

LOOKS = re.compile(r"<[^<>\s]+>|\[[A-Z][A-Z0-9_]*\]|<\|[^|\s]+\|>|__[A-Za-z]+__"
                   r"|(?i:pad|unk|oov|bos|eos|sos|sep|cls|mask)")
"""How special entries are written: <pad>, [UNK], <|endoftext|>, __start__, EOS."""

BYTE = re.compile(r"<0x[0-9A-Fa-f]{2}>")
"""A byte, as some tokenizers write it, which is no special entry."""

UNKNOWN = re.compile(r"\W*(?i:unk|unknown|oov)\W*")
BEGIN = re.compile(r"\W*(?i:s|bos|sos|start|begin|go|cls|startoftext|begin_of_text)\W*")
END = re.compile(r"\W*(?i:/s|eos|end|stop|sep|endoftext|end_of_text)\W*")


UNKNOWN_ROLE, BEGINS, ENDS = "unknown", "begin", "end"
"""Roles of special entries."""


def looks_special(entry: str) -> bool:
    """Tell whether an entry of several characters is written as special ones are."""
    return len(entry) > 1 and BYTE.fullmatch(entry) is None and LOOKS.fullmatch(entry) is not None


def unknown_among(special: Iterable[str]) -> str:
    """Return the entry that stands for whatever is not known, by its name; empty for none."""
    return next((entry for entry in special if UNKNOWN.fullmatch(entry)), "")


def role_of(entry: str) -> str:
    """Return what a special entry is for, by its name; empty where that does not tell."""
    for pattern, role in ((UNKNOWN, UNKNOWN_ROLE), (END, ENDS), (BEGIN, BEGINS)):
        if pattern.fullmatch(entry.strip("_")):
            return role
    return ""
