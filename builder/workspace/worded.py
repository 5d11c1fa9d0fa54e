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

from builder.core.errors import UserError
from builder.core.files import write_bytes
from builder.core.formulas import parsed
from builder.core.meaning import mistakes
from builder.core.worded import Worded
from builder.workspace.recipe import Exhibit
from builder.workspace.results import AS_JSON
from builder.workspace.shipped import refused, unpacked, wrong_of

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


def worded_of(exhibit: Exhibit, weights: str) -> Worded | None:
    """Return what lies beside the weights of an exhibit; None where there is nothing that fits.

    Args:
        exhibit: The recipe.
        weights: SHA-256 of the weights that are shown.

    Raises:
        UserError: The file cannot be read.
    """
    path = exhibit.folder / WORDS_FILE
    try:
        known = path.stat()
    except FileNotFoundError:
        return None
    found = _read(path.resolve(), known.st_size, known.st_mtime_ns)
    fits = found.search == SEARCH and found.weights == weights
    return found.worded if fits else None


def read_words(path: Path) -> WordsFile:
    """Return the content of a file of words.

    Raises:
        UserError: It cannot be read, is cut short, of another format, or has no such content.
    """
    try:
        found = _FILE.validate_json(unpacked(path.read_bytes(), path))
        for claim in found.worded.formulas:
            parsed(claim.text)
            parsed(claim.single)
    except OSError as error:
        raise refused(path, "cannot be read", error.strerror or str(error)) from None
    except ValidationError as error:
        raise refused(path, *wrong_of(error)) from None
    except UserError as error:
        if error.problems[0].where == "formula":
            raise refused(path, "has a formula that is none", str(error)) from None
        raise
    wrong = next(mistakes(found), None)
    if wrong:
        raise refused(path, "cannot be", wrong)
    return found


@lru_cache(maxsize=64)
def _read(path: Path, size: int, time: int) -> WordsFile:
    """Return a file's content; one that did not change is read once in a process."""
    return read_words(path)


def write_words(exhibit: Exhibit, weights: str, text: str, worded: Worded) -> Path:
    """Write what was found beside the weights, whole or not at all; equal finds, equal bytes.

    Args:
        exhibit: The recipe.
        weights: SHA-256 of the weights.
        text: Digest of the text.
        worded: What was found.

    Raises:
        OutputError: The file cannot be written.
    """
    path = exhibit.folder / WORDS_FILE
    content = _FILE.dump_json(WordsFile(FORMAT, SEARCH, weights, text, worded))
    write_bytes(path, lzma.compress(content, preset=6 | lzma.PRESET_EXTREME))
    return path


def schema() -> Mapping[str, Any]:
    """Return the JSON Schema of a file of words."""
    return _FILE.json_schema(mode="serialization")
