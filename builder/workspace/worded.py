"""How much of a network can be put into words, kept beside its weights: `words.json.xz`.

It names the digests of the weights and of the text, and the version of the search. It is taken
while the weights are the same; the text need not be at hand.
"""

from __future__ import annotations

import lzma
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

from pydantic import TypeAdapter, ValidationError
from pydantic.dataclasses import dataclass

from builder.core.cards import ExhibitCard
from builder.core.files import write_bytes
from builder.core.worded import Worded
from builder.workspace.recipe import Exhibit
from builder.workspace.results import AS_JSON
from builder.workspace.shipped import refused, unpacked, wrong_of
from builder.workspace.worded_checks import strange_units, wrong_formulas, wrong_numbers

WORDS_FILE = "words.json.xz"
FORMAT: Literal[1] = 1

SEARCH = 1
"""Version of the search: raised whenever it comes to other formulas or numbers, beyond rounding."""


@dataclass(frozen=True, config=AS_JSON)
class WordsFile:
    """The content of a file of words.

    Attributes:
        format: Of this file.
        search: Version of the search.
        weights: SHA-256 of the weights.
        text: Digest of the documents, their splits, and of what was left out.
        worded: What was found.
    """

    format: Literal[1]
    search: int
    weights: str
    text: str
    worded: Worded


_FILE = TypeAdapter(WordsFile)


def worded_of(exhibit: Exhibit, card: ExhibitCard) -> Worded | None:
    """Return what lies beside the weights of an exhibit; None where there is nothing that fits.

    Args:
        exhibit: The recipe.
        card: What is shown of the exhibit.

    Raises:
        UserError: The file cannot be read, or is of units that the exhibit does not have.
    """
    path = exhibit.folder / WORDS_FILE
    try:
        known = path.stat()
    except FileNotFoundError:
        return None
    found = _read(path.resolve(), known.st_size, known.st_mtime_ns)
    if found.search != SEARCH or found.weights != card.model_digest:
        return None
    for strange in strange_units(found.worded, card):
        raise refused(path, "is not of this exhibit", strange)
    return found.worded


def read_words(path: Path) -> WordsFile:
    """Return the content of a file of words.

    Raises:
        UserError: It cannot be read, is cut short, of another format, or says what cannot be.
    """
    try:
        found = _FILE.validate_json(unpacked(path.read_bytes(), path))
    except OSError as error:
        raise refused(path, "cannot be read", error.strerror or str(error)) from None
    except ValidationError as error:
        raise refused(path, *wrong_of(error)) from None
    for wrong in wrong_formulas(found.worded):
        raise refused(path, "has a formula that is none", wrong)
    for wrong in wrong_numbers(found.worded):
        raise refused(path, "has a number that cannot be", wrong)
    return found


def words_to_compare(exhibit: Exhibit) -> WordsFile | None:
    """Return what lies beside the weights of an exhibit, whatever it is of; None where nothing is.

    Raises:
        UserError: The file cannot be read, or says what cannot be.
    """
    path = exhibit.folder / WORDS_FILE
    return read_words(path) if path.exists() else None


def words_misfits(there: WordsFile, weights: str, text: str) -> list[str]:
    """Return in words what was other when a file was written; none where all is the same.

    Args:
        there: The file.
        weights: SHA-256 of the weights.
        text: Digest of the text.
    """
    same = {"the version of the search": there.search == SEARCH,
            "the weights": there.weights == weights, "the text": there.text == text}
    return [name for name, is_same in same.items() if not is_same]


@lru_cache(maxsize=64)
def _read(path: Path, size: int, time: int) -> WordsFile:
    """Return a file's content; one that did not change is read once in a process."""
    return read_words(path)


def words_file(weights: str, text: str, worded: Worded) -> WordsFile:
    """Return what is written of what was found.

    Args:
        weights: SHA-256 of the weights.
        text: Digest of the text.
        worded: What was found.
    """
    return WordsFile(FORMAT, SEARCH, weights, text, worded)


def write_words(exhibit: Exhibit, found: WordsFile) -> Path:
    """Write what was found beside the weights, whole or not at all; equal finds, equal bytes.

    Args:
        exhibit: The recipe.
        found: What was found.

    Raises:
        OutputError: The file cannot be written.
    """
    path = exhibit.folder / WORDS_FILE
    content = _FILE.dump_json(found)
    write_bytes(path, lzma.compress(content, preset=6 | lzma.PRESET_EXTREME))
    return path


def schema() -> Mapping[str, Any]:
    """Return the JSON Schema of a file of words."""
    return _FILE.json_schema(mode="serialization")
