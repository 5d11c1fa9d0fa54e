"""What was measured of an exhibit, kept beside its weights: `results.json.xz`.

The file holds all that the pages of an exhibit show but for what its weights tell, and names what
it was measured on: the digests of the weights and of the texts, the parts of the recipe that
decide numbers or pictures, the cells of the lock file, and the version of the measurement. While
all of that fits, nothing is measured again, and no text is needed.
"""

from __future__ import annotations

import json
import lzma
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

from pydantic import TypeAdapter, ValidationError
from pydantic.dataclasses import dataclass as checked_dataclass

from builder.core.cards import ExhibitCard
from builder.core.digests import digest, digest_of_parts
from builder.core.errors import ModelError, Problem, UserError
from builder.core.files import write_bytes
from builder.core.parsing import json_of
from builder.core.text import Corpus
from builder.work.versions import OWN, installed
from builder.workspace.consistent import contradictions
from builder.workspace.lock import Lock
from builder.workspace.recipe import Exhibit
from builder.workspace.results import (
    AS_JSON,
    NUMBERS,
    PICTURES,
    SAYING,
    WORDS,
    documents_of,
    film_of,
)
from builder.workspace.stated import model_files, weights_digest
from builder.workspace.validated import first_wrong

RESULTS_FILE = "results.json.xz"
FORMAT: Literal[1] = 1

MEASUREMENT = 1
"""Version of the measurement: of the code that decides numbers and pictures.

It is raised whenever that code comes to other numbers, beyond rounding. Results of another version
are not taken, and `gallery measure --check` finds numbers that changed while it stayed.
"""

LARGEST = 64 * 2**20
"""Bytes of the largest content that is read; those of the largest exhibit are a twentieth of it."""


@dataclass(frozen=True)
class MadeOf:
    """What results were measured on.

    Attributes:
        measurement: Version of the measurement.
        weights: SHA-256 of the weights.
        model: Digest of what `model.json` says besides the record of the training.
        text: Digest of the documents, their splits, and of what was left out.
        transfer_text: The same of the text of another kind; empty where there is none.
        recipe: What the recipe says that decides numbers or pictures, without what is usual.
        cells: Unit and feature of the cells that are shown whatever is found.
        film: Digest of each file of weights from the training.
        elsewhere: Digest of the code of other packages that took part; empty where there is none.
    """

    measurement: int
    weights: str
    model: str
    text: str
    transfer_text: str
    recipe: dict[str, Any]
    cells: tuple[str, ...]
    film: tuple[str, ...]
    elsewhere: str


@checked_dataclass(frozen=True, config=AS_JSON)
class _File:
    """The content of a file of results, as JSON has it.

    Bytes are base64, a number that is none is NaN.

    Attributes:
        format: Of this file.
        made_of: What it was measured on.
        made_with: Versions of Python and of the libraries, for information.
        digest: SHA-256 of the card as JSON with sorted keys and no blanks: it tells whether
            anything was changed afterwards.
        card: What was measured, and what is shown of it.
    """

    format: Literal[1]
    made_of: MadeOf
    made_with: dict[str, str]
    digest: str
    card: ExhibitCard


@dataclass(frozen=True)
class Shipped:
    """Results as they were found.

    Attributes:
        made_of: What they were measured on.
        card: What was measured, and what is shown of it.
        is_untouched: Whether the card is the one that was written.
    """

    made_of: MadeOf
    card: ExhibitCard
    is_untouched: bool


_FILE = TypeAdapter(_File)


def _digest(content: bytes) -> str:
    """Return the digest of the card in a file: of what is written, whatever it is read as."""
    card = json_of(content)["card"]
    return digest(json.dumps(card, sort_keys=True, separators=(",", ":")))


def made_of(
    exhibit: Exhibit, lock: Lock | None, text: str, transfer_text: str, elsewhere: str
) -> MadeOf:
    """Return what results of an exhibit are made of as it is now.

    Args:
        exhibit: The recipe, with its model.
        lock: The cells that are shown.
        text: Digest of its text, as `text_digest` returns it.
        transfer_text: The same of the text of another kind, empty where there is none.
        elsewhere: Digest of code of other packages.
    """
    recipe = exhibit.recipe
    numbers = recipe.model_dump(mode="json", exclude=NUMBERS, exclude_defaults=True)
    pictures = recipe.model_dump(mode="json", include=PICTURES, exclude_defaults=True,
                                 exclude={"transfer": {"corpus": WORDS}})
    return MadeOf(
        MEASUREMENT, weights_digest(exhibit.folder), _model_digest(model_files(exhibit.folder)[0]),
        text, transfer_text,
        _with_clipping({**numbers, **pictures}, recipe.selection.clip_counts),
        tuple(f"{c.unit} {c.feature}" for c in lock.cells) if lock else (),
        tuple(film_of(exhibit)), elsewhere)


def text_digest(corpus: Corpus) -> str:
    """Return a digest of documents, their splits, and of what was left out."""
    return digest_of_parts(documents_of(corpus))


def _model_digest(path: Path) -> str:
    try:
        said = dict(json_of(path.read_bytes()))
    except (TypeError, ValueError) as error:
        raise ModelError(Problem(str(path), "cannot be read as JSON", str(error))) from None
    return digest(json.dumps({k: v for k, v in said.items() if k != "training"}, sort_keys=True))


_NAMES = {
    "measurement": "the version of the measurement", "weights": "the weights",
    "model": "model.json", "text": "the text", "transfer_text": "the text of another kind",
    "cells": "the units of the lock file", "film": "the weights of the film",
    "elsewhere": "the code of other packages",
}


def misfits(there: MadeOf, here: MadeOf) -> list[str]:
    """Return in words what results were made of that is not so now; none where all fits.

    Args:
        there: Of the results.
        here: As it is now; an empty digest of a text is not compared.
    """
    texts = {"text": here.text, "transfer_text": here.transfer_text}
    other = [words for name, words in _NAMES.items()
             if texts.get(name, True) and getattr(there, name) != getattr(here, name)]
    keys = _other_keys(_deciding(there.recipe), here.recipe)
    return [*other, *(f"{key} in the recipe" for key in keys)]


def _with_clipping(recipe: dict[str, Any], share: float) -> dict[str, Any]:
    """Return a recipe that says how counts are clipped, as usual or not, if it does not yet."""
    return {**recipe, "selection": {"clip_counts": share, **recipe.get("selection", {})}}


def _deciding(recipe: dict[str, Any]) -> dict[str, Any]:
    """Return what older results say of a recipe as it is said now.

    They have the words of its features in it, and their counts were scored as they are.
    """
    recipe = _with_clipping(recipe, 1.0)
    if "feature" not in recipe:
        return recipe
    features = [{key: value for key, value in feature.items() if key not in SAYING}
                for feature in recipe["feature"]]
    return {**recipe, "feature": features}


def _other_keys(there: Any, here: Any, at: str = "") -> Iterator[str]:
    if isinstance(there or {}, dict) and isinstance(here or {}, dict):
        there, here = there or {}, here or {}
        for key in sorted(there.keys() | here.keys()):
            inside = f"{at}.{key}" if at else key
            yield from _other_keys(there.get(key), here.get(key), inside)
    elif there != here:
        yield at


def read_shipped(folder: Path) -> Shipped | None:
    """Return the results in an exhibit's folder; None where there are none.

    Raises:
        UserError: They cannot be read, are cut short, of another format, or no results at all.
    """
    path = folder / RESULTS_FILE
    try:
        raw = path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise refused(path, "cannot be read", error.strerror or str(error)) from None
    content = unpacked(raw, path)
    try:
        file = _FILE.validate_json(content)
    except ValidationError as error:
        raise refused(path, *wrong_of(error)) from None
    wrong = next(contradictions(file.card, folder.name), None)
    if wrong:
        raise refused(path, "the results contradict themselves", wrong)
    return Shipped(file.made_of, file.card, file.digest == _digest(content))


def unpacked(raw: bytes, path: Path) -> bytes:
    """Return the content of an xz file that is whole and not too large.

    Raises:
        UserError: It is not.
    """
    unpacking = lzma.LZMADecompressor(lzma.FORMAT_XZ)
    try:
        content = unpacking.decompress(raw, LARGEST)
    except (lzma.LZMAError, EOFError) as error:
        raise refused(path, "not a whole xz file", str(error)) from None
    if not unpacking.eof:
        large = len(content) >= LARGEST
        raise refused(path, "too large" if large else "cut short",
                       f"more than {LARGEST:,} bytes" if large else f"{len(raw):,} bytes")
    return content


def wrong_of(error: ValidationError) -> tuple[str, str]:
    """Say of another format just that; of anything else the first thing that is wrong."""
    where, said = first_wrong(error)
    if where == "format":
        return "of another format", f"this version reads format {FORMAT}"
    return "not results", f"{where}: {said}"


def refused(path: Path, wrong: str, found: str) -> UserError:
    """Return the error for a file beside the weights of an exhibit that is not taken."""
    return UserError(Problem(str(path), wrong, found,
                             "measure again: gallery measure " + path.parent.name))


def write_shipped(folder: Path, card: ExhibitCard, made: MadeOf) -> Path:
    """Write the results of an exhibit, whole or not at all; equal results have equal bytes.

    Args:
        folder: Of the exhibit.
        card: Without what the weights tell.
        made: What it was measured on.

    Raises:
        OutputError: The file cannot be written.
    """
    path = folder / RESULTS_FILE
    write_bytes(path, packed(card, made))
    return path


def packed(card: ExhibitCard, made: MadeOf) -> bytes:
    """Return the bytes of a file of results."""
    versions = {name: version for name, version in installed().items() if name != OWN}
    written = _File(FORMAT, made, versions, "", card)
    content = _FILE.dump_json(replace(written, digest=_digest(_FILE.dump_json(written))))
    return lzma.compress(content, preset=6 | lzma.PRESET_EXTREME)


def schema() -> Mapping[str, Any]:
    """Return the JSON Schema of a file of results."""
    return _FILE.json_schema(mode="serialization")
