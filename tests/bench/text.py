"""Text to measure on: Python's own library, cut or repeated to size."""

from __future__ import annotations

import sysconfig
from collections.abc import Iterator
from itertools import count, islice
from pathlib import Path

LARGEST_FILE = 60_000


def library(least: int) -> Iterator[str]:
    """Yield files of the standard library with `least` characters or more, by name."""
    folder = Path(sysconfig.get_path("stdlib"))
    for path in sorted(folder.rglob("*.py")):
        inside = path.relative_to(folder).parts
        if "site-packages" in inside or not least <= path.stat().st_size <= LARGEST_FILE:
            continue
        try:
            text = path.read_text("utf-8")
        except UnicodeDecodeError:
            continue
        if len(text) >= least:
            yield text


def documents(number: int, characters: int) -> list[str]:
    """Return texts whose lengths spread evenly from half to one and a half of `characters`."""
    lengths = [characters // 2 + characters * i // number for i in range(number)]
    texts = islice(library(max(lengths)), number)
    return [text[:length] for text, length in zip(texts, lengths, strict=True)]


def write_corpus(folder: Path, size: int) -> int:
    """Write files of the library, again and again, until they have `size` bytes.

    Each starts with a line of its own, so that none is the same as another. Returns the bytes.
    """
    written = 0
    for copy in count():
        for number, text in enumerate(library(2_000)):
            content = f"# copy {copy} of {number}\n{text}".encode()
            path = folder / f"copy{copy}" / f"module{number}.py"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
            written += len(content)
            if written >= size:
                return written
    raise AssertionError
