"""Corpus kind `states`: the text that stored values of a model are of."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar, Literal

from builder.core.errors import CorpusError, Problem
from builder.corpora.contract import CorpusKind, Found, Place, corpus_kind
from builder.corpora.settings import Patterns


@corpus_kind
class StatesCorpus(CorpusKind):
    """Values in a file and the text that they are of; `gallery add --states` writes it.

    Relative paths start at the recipe's folder. The text is read with the values, so nothing can
    be trained on it.
    """

    kind: Literal["states"]
    fixed: ClassVar[bool] = True
    file: str
    """The values, a `.npz` file."""
    untrained: Patterns = ()
    """What networks that learned nothing give on the same text."""
    text: Patterns = ()
    """Files and folders of the text, where the file of values does not have it."""

    def files(self, place: Place) -> Iterator[Found]:
        """Say that there is no text without the values.

        Raises:
            CorpusError: Always.
        """
        raise CorpusError(Problem(place.where, "the text of stored states", self.file,
                                  "it goes with these values, and no model is trained on it"))
