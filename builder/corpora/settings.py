"""What a recipe may say of a text, whatever its kind, and of how it is split."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, model_validator


class Settings(BaseModel):
    """A table of a recipe: frozen, and no key it does not know."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


Patterns = Annotated[tuple[str, ...], Field(strict=False)]


EVERYTHING = ("**/*",)
"""Patterns that take every file."""


class CorpusSettings(Settings):
    """What every kind of corpus can say."""

    include: Patterns = EVERYTHING
    """Patterns of the files to take, by their names inside the corpus, written as in `.gitignore`:
    `**` crosses folders, `*` does not, a pattern without a slash fits at any depth, a leading
    slash ties it to the top, a trailing one takes a whole folder, `!` takes back."""
    exclude: Patterns = ()
    """Patterns of the files to leave out of those, written the same way."""
    source: str = ""
    """Where the text comes from, in words; shown under every excerpt."""
    license: str = ""
    """The licence of the text; shown under every excerpt."""


class SplitSettings(Settings):
    """Shares of the documents, by a hash of their names; the rest is for training."""

    discover: float = Field(default=0.1, gt=0, lt=1)
    held_out_share: float = Field(default=0.1, gt=0, lt=1)
    held_out: Patterns = ()
    """Names of documents that are held out whatever their hash says."""
    piece: int = Field(default=20_000, ge=1_000)
    """Characters of a piece, where a corpus has so few files that they are cut."""

    @model_validator(mode="after")
    def _leave_some_to_train(self) -> SplitSettings:
        if self.discover + self.held_out_share >= 1:
            raise ValueError("discover and held_out_share leave nothing to train on")
        return self
