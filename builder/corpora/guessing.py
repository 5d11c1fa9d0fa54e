"""Which encoding bytes are in that are no Unicode: the one that reads most like a text."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from charset_normalizer import CharsetMatch, from_bytes

USUAL = ("cp1252", "cp1250", "cp1251", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257",
         "iso8859_2", "iso8859_5", "koi8_r", "koi8_u", "cp932", "euc_jp", "gb18030", "big5",
         "cp949", "cp874", "mac_roman", "mac_cyrillic", "cp850", "cp437", "cp866")
"""Encodings of texts that are guessed; others are to be named."""

FEW = 50
"""Letters of a script by which it is seen whether there are capitals among them."""

LOOKED_AT = 20_000
"""Characters beyond ASCII by which readings that are equally likely are told apart."""

_BEYOND = re.compile(r"[^\x00-\x7f]")
_WITHIN_WORDS = "\u2019\u2018\u00ad"


def guessed(content: bytes) -> str:
    """Return the most likely of the usual encodings, Windows-1252 of equals; empty for none."""
    matches = list(from_bytes(content, cp_isolation=list(USUAL), threshold=0.3))
    if not matches:
        return ""
    least = min(match.chaos for match in matches)
    equals = [match for match in matches if match.chaos <= least]
    best = min(equals, key=lambda match: (_oddness(content, match), USUAL[0] not in _names(match),
                                          -match.coherence))
    name = USUAL[0] if USUAL[0] in _names(best) else best.encoding
    return "cp1254" if name == USUAL[0] and _is_turkish(content) else name


def _names(match: CharsetMatch) -> list[str]:
    return [match.encoding, *match.could_be_from_charset]


def _oddness(content: bytes, match: CharsetMatch) -> float:
    """Return which share of the characters beyond ASCII stands where none does in a text."""
    text = content.decode(match.encoding, "replace")
    odd, count, upper, lower = 0, 0, 0, 0
    for before, character, after in _beyond(text):
        count += 1
        latin = _is_latin(character)
        odd += _is_odd(before, character, after, latin)
        if not latin:
            upper += character.isupper()
            lower += character.islower()
    caseless = upper + lower >= FEW and (upper == 0 or upper > lower)
    return odd / max(count, 1) + caseless


def _beyond(text: str) -> Iterator[tuple[str, str, str]]:
    """Yield characters beyond ASCII with what stands before and after them."""
    for number, match in enumerate(_BEYOND.finditer(text)):
        if number == LOOKED_AT:
            return
        at = match.start()
        yield text[at - 1:at], match[0], text[at + 1:at + 2]


def _is_latin(character: str) -> bool:
    return unicodedata.name(character, "").startswith("LATIN")


def _is_odd(before: str, character: str, after: str, latin: bool) -> bool:
    if unicodedata.category(character) == "Cc":
        return True
    if character.isalpha():
        beside = any(c.isascii() and c.isalpha() for c in (before, after))
        return (beside and not latin) or (character.isupper() and before.islower())
    if character in _WITHIN_WORDS or (character == "\u00b7" and before in "lL"):  # Catalan
        return False
    part = unicodedata.category(character)[0] in "ML"
    return before.isalpha() and after.isalpha() and not part


def _is_turkish(content: bytes) -> bool:
    """Tell whether there are letters of Turkish where Icelandic has its own, and none besides."""
    there = set(content.decode("cp1252", "replace"))
    return bool(there & set("\u00f0\u00fd\u00fe\u00d0\u00dd\u00de")) and not (
        there & set("\u00e1\u00e9\u00ed\u00f3\u00fa\u00e6\u00c1\u00c9\u00cd\u00d3\u00da\u00c6"))
