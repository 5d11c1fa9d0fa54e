"""How well the model of an exhibit predicts its text, kept beside its weights: `fit.json`."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

from pydantic import TypeAdapter
from pydantic.dataclasses import dataclass

from builder.core.files import write_json
from builder.core.fit import Fit
from builder.core.meaning import mistakes
from builder.workspace.shipped import MadeOf, refused
from builder.workspace.validated import read_validated

FIT_FILE = "fit.json"
FORMAT: Literal[1] = 1

LARGEST = 2**16
"""Bytes of the largest file that is read."""


@dataclass(frozen=True)
class _File:
    """The content of the file.

    Attributes:
        format: Of this file.
        weights: SHA-256 of the weights.
        text: Digest of the documents, their splits, and of what was left out.
        fit: What was measured.
    """

    format: Literal[1]
    weights: str
    text: str
    fit: Fit


_FILE = TypeAdapter(_File)


def read_fit(folder: Path, made: MadeOf) -> Fit | None:
    """Return the fit in an exhibit's folder; None where there is none of these weights and text.

    Args:
        folder: Of the exhibit.
        made: What its results were measured on.

    Raises:
        UserError: It cannot be read, or is none.
    """
    path = folder / FIT_FILE
    found = read_validated(path, _FILE, LARGEST, "not the fit of a model", refused)
    if found is None:
        return None
    wrong = next(mistakes(found), None)
    if wrong:
        raise refused(path, "cannot be", wrong)
    fits = (found.weights, found.text) == (made.weights, made.text)
    return found.fit if fits else None


def write_fit(folder: Path, fit: Fit | None, made: MadeOf) -> None:
    """Write the fit of an exhibit, whole or not at all; none takes the file away.

    Raises:
        OutputError: The file cannot be written.
    """
    path = folder / FIT_FILE
    if fit is None:
        path.unlink(missing_ok=True)
        return
    write_json(path, _FILE.dump_python(_File(FORMAT, made.weights, made.text, fit), mode="json"))


def schema() -> Mapping[str, Any]:
    """Return the JSON Schema of the file."""
    return _FILE.json_schema(mode="serialization")
