"""Bytes to text: which encoding it is, and line ends of other systems made LF."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from builder.corpora.guessing import guessed

UTF8 = "utf-8"

MARKS = (
    (codecs.BOM_UTF8, UTF8), (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"), (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
"""Marks at the start of a text, the longer ones first, and what they say."""

LEAST_BLANK, MOST_ASCII = 0.01, 0.5
"""Share of spaces and line ends, or of ASCII, by which UTF-16 or UTF-32 without a mark is known."""

SHIFTED = ("iso2022_jp_2", "iso2022_kr")
"""Encodings in bytes of ASCII, with sequences that shift to another set of characters."""

MOST_CONTROLS = 0.005
"""Share of control characters beyond which bytes are no text."""

_CONTROL = re.compile(rb"[\x00-\x06\x0e-\x1a\x1c-\x1f\x7f]")
_NOT_LF = re.compile("\r\n?")
_SEQUENCE = re.compile(
    rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")


@dataclass(frozen=True, slots=True)
class Decoded:
    """A text as it is read.

    Attributes:
        text: Without a mark at its start, with LF as its line ends.
        encoding: Which was taken.
        certain: Whether that is no guess.
        line_ends: How many line ends were changed.
        mark: Whether there was a mark at its start.
    """

    text: str
    encoding: str
    certain: bool
    line_ends: int
    mark: bool = False

    @property
    def changed(self) -> bool:
        """Whether the text is not what its bytes are in UTF-8."""
        return self.mark or self.line_ends > 0 or self.encoding != UTF8


def decode(content: bytes, encoding: str = "", *, guess: bool = True) -> Decoded | str:
    """Return the text of a file, or why it is none.

    Args:
        content: Its bytes.
        encoding: Its name where it is known; else a mark says it, or it is UTF-8, or it is guessed.
        guess: Whether anything else than UTF-8 is looked for where there is no mark.
    """
    if encoding:
        return _as(content, encoding, True)
    for mark, name in MARKS:
        if content.startswith(mark):
            return _as(content, name, True)
    wide = _wide(content) if guess and b"\0" in content else ""
    if wide:
        return _as(content, wide, False)
    if guess and b"\x1b$" in content and (shifted := _shifted(content)):
        return _as(content, shifted, False)
    try:
        return _with_lf(content.decode(UTF8), UTF8, True)
    except UnicodeDecodeError as error:
        return _other(content, error.start) if guess else f"not UTF-8 at byte {error.start:,}"


def _as(content: bytes, encoding: str, certain: bool) -> Decoded | str:
    try:
        text = content.decode(encoding)
    except UnicodeError as error:
        at = getattr(error, "start", 0)
        return f"not {encoding} at byte {at:,}{_line(content, at)}"
    bare = text.removeprefix("\ufeff")
    return replace(_with_lf(bare, encoding, certain), mark=bare != text)


def _line(content: bytes, at: int) -> str:
    return f" in line {content.count(bytes([10]), 0, at) + 1:,}"


def _with_lf(text: str, encoding: str, certain: bool) -> Decoded:
    changed, count = _NOT_LF.subn("\n", text) if "\r" in text else (text, 0)
    return Decoded(changed, encoding, certain, count)


def _wide(content: bytes) -> str:
    """Return which of UTF-32 and UTF-16 it is, by its spaces and line ends; empty for neither."""
    for width, names in ((4, ("utf-32-le", "utf-32-be")), (2, ("utf-16-le", "utf-16-be"))):
        shares = {name: _blanks(content, name) for name in names} if not len(content) % width \
            else {}
        best = max(shares, key=shares.__getitem__, default="")
        if best and shares[best] >= LEAST_BLANK:
            return best
    return ""


def _blanks(content: bytes, encoding: str) -> float:
    """Return the share of spaces and line ends, or of ASCII where that is most.

    0 where it is not of the encoding.
    """
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        return 0.0
    if "\0" in text:
        return 0.0
    ascii_ = len(text.encode("ascii", "ignore")) / len(text)
    return ascii_ if ascii_ >= MOST_ASCII else (text.count(" ") + text.count("\n")) / len(text)


def _shifted(content: bytes) -> str:
    """Return in which of the encodings with shifts it is; empty for none."""
    for name in SHIFTED:
        try:
            if "\x1b" not in content.decode(name):
                return name
        except UnicodeDecodeError:
            continue
    return ""


def _other(content: bytes, at: int) -> Decoded | str:
    """Return a text that is not UTF-8; `at` is its first byte that shows it."""
    if len(_CONTROL.findall(content)) > MOST_CONTROLS * len(content):
        return "not text"
    foreign = content.decode("utf-8", "replace").count("\ufffd")
    if len(_SEQUENCE.findall(content)) > foreign:
        return f"UTF-8 but for {foreign:,} places, the first at byte {at:,}{_line(content, at)}"
    found = guessed(content)
    if found:
        return _as(content, found, False)
    return f"not UTF-8 at byte {at:,}{_line(content, at)}, and its encoding is not known"


def notes_of(read: Mapping[str, Decoded]) -> tuple[str, ...]:
    """Return what is to be said of how files were read: encodings and line ends."""
    notes = [*_encodings(read)]
    changed = [text.line_ends for text in read.values() if text.line_ends]
    if changed:
        notes.append(f"{sum(changed):,} line ends of {_files(len(changed))} were CRLF or CR, and "
                     "are read as LF")
    return tuple(notes)


def _encodings(read: Mapping[str, Decoded]) -> Iterator[str]:
    found: dict[tuple[str, str], list[str]] = {}
    for name, text in read.items():
        if text.mark or text.encoding != UTF8:
            how = "by the mark at the start" if text.mark else \
                "as named" if text.certain else "which is not certain; --encoding NAME decides it"
            found.setdefault((text.encoding, how), []).append(name)
    for (encoding, how), names in sorted(found.items()):
        which = names[0] if len(names) == 1 else _files(len(names))
        yield f"{which} read as {encoding}, {how}"


def _files(count: int) -> str:
    return f"{count:,} files" if count != 1 else "1 file"


def known_encoding(name: str) -> bool:
    """Tell whether there is an encoding of text of this name."""
    try:
        "".encode(name)
    except (LookupError, UnicodeError):
        return False
    return True
