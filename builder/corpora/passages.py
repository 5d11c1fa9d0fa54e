"""Passages that a recipe names: stretches of held-out text to show all units on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pydantic import Field

from builder.core.errors import Problem, RecipeError, did_you_mean
from builder.core.text import Corpus, Document, Piece, Split
from builder.corpora.settings import Settings


class PassageSettings(Settings):
    """Lines of held-out text that everybody should see all units on."""

    title: str = Field(min_length=1)
    document: str
    """Name of a document inside the corpus."""
    starts: str = Field(min_length=1)
    """The first words; the passage begins where their line does."""
    lines: int = Field(default=20, ge=1, le=60)


@dataclass(frozen=True)
class Passage:
    """Whole lines of a document, start to stop (exclusive), inside one held-out piece."""

    title: str
    document: Document
    piece: Piece
    start: int
    stop: int


def find_passages(
    corpus: Corpus, wanted: Sequence[PassageSettings], where: str
) -> tuple[Passage, ...]:
    """Find the passages that a recipe names, in its order.

    Args:
        corpus: The text.
        wanted: What the recipe says.
        where: The recipe, for messages.

    Raises:
        RecipeError: A document or its first words are not there, or are not held out; names all.
    """
    documents = {document.name: document for document in corpus.documents}
    found = [_find(documents, passage, where) for passage in wanted]
    if problems := [one for one in found if isinstance(one, Problem)]:
        raise RecipeError(problems)
    return tuple(one for one in found if isinstance(one, Passage))


def _find(
    documents: dict[str, Document], wanted: PassageSettings, where: str
) -> Passage | Problem:
    at = f"{where}: passage {wanted.title!r}"
    document = documents.get(wanted.document)
    if document is None:
        return Problem(at, "there is no such document", repr(wanted.document),
                       did_you_mean(wanted.document, list(documents)))
    place = document.text.find(wanted.starts)
    if place < 0:
        return Problem(at, f"{wanted.document} does not say this", repr(wanted.starts))
    start = document.text.rfind("\n", 0, place) + 1
    stop = _after_lines(document.text, start, wanted.lines)
    piece = next(_around(document, start, stop), None)
    if piece is None:
        return Problem(at, "not part of the unseen text", wanted.document,
                       "name the document in held_out of [split]")
    return Passage(wanted.title, document, piece, start, stop)


def _after_lines(text: str, start: int, lines: int) -> int:
    for _ in range(lines):
        start = text.find("\n", start) + 1 or len(text)
    return start


def _around(document: Document, start: int, stop: int) -> Iterator[Piece]:
    return (piece for piece in document.pieces_of(Split.HELD_OUT)
            if piece.start <= start and stop <= piece.stop)
