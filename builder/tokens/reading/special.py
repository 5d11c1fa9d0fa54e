"""Entries of a vocabulary that no text is made of: padding, unknown, begin and end of a text."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable

MARKED = re.compile(r"<[^<>\s]+>|\[[A-Z][A-Z0-9_]*\]|<\|[^|\s]+\|>")
"""How special entries are marked: <pad>, [UNK], <|endoftext|>."""

BARE = re.compile(r"__[A-Za-z]+__|(?i:pad|unk|oov|bos|eos|sos|sep|cls|mask)")
"""How they are written without brackets: __start__, EOS; so may be words of a text."""

AMONG_WORDS = re.compile(r"__(?i:pad|mask|unk|unknown|oov|s|bos|sos|start|begin|go|eos|end|stop)__"
                         r"|PAD|UNK|OOV|BOS|EOS|SOS|SEP|CLS|MASK")
"""Those of them that are special also where other entries are words: not __init__, not cls."""

BYTE = re.compile(r"<0x[0-9A-Fa-f]{2}>")
"""A byte, as some tokenizers write it, which is no special entry."""

UNKNOWN = re.compile(r"\W*(?i:unk|unknown|oov)\W*")
BEGIN = re.compile(r"\W*(?i:s|bos|sos|start|begin|go|cls|startoftext|begin_of_text)\W*")
END = re.compile(r"\W*(?i:/s|eos|end|stop|sep|endoftext|end_of_text)\W*")


UNKNOWN_ROLE, BEGINS, ENDS = "unknown", "begin", "end"
"""Roles of special entries."""


def special_among(entries: Collection[str]) -> tuple[str, ...]:
    """Return the entries that are written as special ones are, in the order of all.

    Where the others are single characters, but for one at most, it needs no brackets.
    """
    several = [entry for entry in entries if len(entry) > 1 and BYTE.fullmatch(entry) is None]
    words = sum(not (MARKED.fullmatch(e) or BARE.fullmatch(e)) for e in several)
    bare = AMONG_WORDS if words > 1 else BARE
    return tuple(e for e in several if MARKED.fullmatch(e) or bare.fullmatch(e))


def unknown_among(special: Iterable[str]) -> str:
    """Return the entry that stands for whatever is not known, by its name; empty for none."""
    return next((entry for entry in special if UNKNOWN.fullmatch(entry)), "")


def role_of(entry: str) -> str:
    """Return what a special entry is for, by its name; empty where that does not tell."""
    for pattern, role in ((UNKNOWN, UNKNOWN_ROLE), (END, ENDS), (BEGIN, BEGINS)):
        if pattern.fullmatch(entry.strip("_")):
            return role
    return ""
