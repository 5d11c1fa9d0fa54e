"""How much of a network can be put into words, kept beside its weights: `words.json.xz`.

It names the digests of the weights and of the text, and the version of the search. It is taken
while the weights are the same; the text need not be at hand.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from pydantic import TypeAdapter
from pydantic.dataclasses import dataclass

from builder.core.cards import ExhibitCard
from builder.core.worded import Worded
from builder.workspace.beside import Beside, other_than_written
from builder.workspace.recipe import Exhibit
from builder.workspace.results import AS_JSON
from builder.workspace.shipped import refused
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


def _wrong(file: WordsFile) -> Iterator[tuple[str, str]]:
    yield from (("has a formula that is none", wrong) for wrong in wrong_formulas(file.worded))
    yield from (("has a number that cannot be", wrong) for wrong in wrong_numbers(file.worded))


WORDS = Beside(WORDS_FILE, TypeAdapter(WordsFile), _wrong)
"""How it is read, written and described."""


def worded_of(exhibit: Exhibit, card: ExhibitCard) -> Worded | None:
    """Return what lies beside the weights of an exhibit; None where there is nothing that fits.

    Args:
        exhibit: The recipe.
        card: What is shown of the exhibit.

    Raises:
        UserError: The file cannot be read, or is of units that the exhibit does not have.
    """
    found = WORDS.at_hand(exhibit.folder)
    if found is None or found.search != SEARCH or found.weights != card.model_digest:
        return None
    for strange in strange_units(found.worded, card):
        raise refused(exhibit.folder / WORDS_FILE, "is not of this exhibit", strange)
    return found.worded


def words_misfits(there: WordsFile, weights: str, text: str) -> list[str]:
    """Return in words what was other when a file was written; none where all is the same.

    Args:
        there: The file.
        weights: SHA-256 of the weights.
        text: Digest of the text.
    """
    return other_than_written(version_of_the_search=there.search == SEARCH,
                              weights=there.weights == weights, text=there.text == text)


def words_file(weights: str, text: str, worded: Worded) -> WordsFile:
    """Return what is written of what was found.

    Args:
        weights: SHA-256 of the weights.
        text: Digest of the text.
        worded: What was found.
    """
    return WordsFile(FORMAT, SEARCH, weights, text, worded)
