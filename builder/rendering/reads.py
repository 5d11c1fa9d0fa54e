"""What a text is made from, noted while it is made: it is made anew only where that has changed.

A read has a name, such as `python-lstm.title` or `template cell.html.j2`. Its *token* stands for
what was read: another one means that something else would be read now.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Protocol, TypeVar

from builder.core.digests import digest_of_parts

Made = TypeVar("Made", str, bytes, str | bytes)

Tokens = Callable[[str], str]
"""From the name of a read to its token; empty for what is not there."""

_open: list[set[str]] = []


def note(read: str) -> None:
    """Note a read for whatever is made at the moment."""
    if _open:
        _open[-1].add(read)


@contextmanager
def noting() -> Iterator[set[str]]:
    """Yield the set that all reads of the body go into; whoever is around has read them too."""
    reads: set[str] = set()
    _open.append(reads)
    try:
        yield reads
    finally:
        _open.pop()
        if _open:
            _open[-1] |= reads


@dataclass(frozen=True)
class Origin:
    """What a text was made from.

    Attributes:
        given: Digest of what it was made from directly.
        reads: What was read on the way, sorted.
        found: Digest of the tokens of these.
    """

    given: str
    reads: tuple[str, ...]
    found: str

    def holds(self, given: str, tokens: Tokens) -> bool:
        """Tell whether the same text would be made now."""
        return self.given == given and self.found == digest_of_parts(map(tokens, self.reads))


def made(given: str, tokens: Tokens, make: Callable[[], Made]) -> tuple[Made, Origin]:
    """Make a text or a file, and return it with what it was made from."""
    with noting() as reads:
        content = make()
    names = tuple(sorted(reads))
    return content, Origin(given, names, digest_of_parts(map(tokens, names)))


class Memory(Protocol):
    """Where parts of pages are kept from one run to the next, by their names."""

    def recall(self, name: str) -> tuple[str, Origin] | None:
        """Return what was kept; None where there is nothing."""
        ...

    def keep(self, name: str, text: str, origin: Origin) -> None:
        """Keep a text in place of what was kept by this name before."""
        ...


def remembered(
    memory: Memory, name: str, given: str, tokens: Tokens, make: Callable[[], str]
) -> str:
    """Return a text: as it was kept where it would be the same, else made and kept.

    Args:
        memory: Where it is kept.
        name: Of the text.
        given: Digest of what it is made from directly.
        tokens: Of what is read on the way.
        make: Makes it.
    """
    kept = memory.recall(name)
    if kept is not None and kept[1].holds(given, tokens):
        for read in kept[1].reads:
            note(read)
        return kept[0]
    text, origin = made(given, tokens, make)
    memory.keep(name, text, origin)
    return text
