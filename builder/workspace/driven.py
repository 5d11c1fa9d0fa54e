"""The small networks that visitors drive, kept in the gallery: `driven.json`."""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import math
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Literal

from pydantic import ConfigDict, TypeAdapter
from pydantic.dataclasses import dataclass

from builder.core.counted import Driven, DrivenNetworks
from builder.core.errors import Problem, UserError
from builder.core.files import write_text
from builder.workspace.validated import read_validated

DRIVEN_FILE = "driven.json"
FORMAT: Literal[1] = 1

LARGEST = 2**22
"""Bytes of the largest file that is read."""


@dataclass(frozen=True, config=ConfigDict(extra="forbid"))
class _File:
    format: Literal[1]
    driven: DrivenNetworks


_FILE = TypeAdapter(_File)


def read_driven(path: Path) -> tuple[Driven, ...]:
    """Return the networks; none where there is no such file.

    Raises:
        UserError: It cannot be read, is none, or says what cannot be.
    """
    file = read_validated(path, _FILE, LARGEST, "not networks to drive", _refused)
    if file is None:
        return ()
    for network in file.driven.networks:
        for wrong in _contradictions(network):
            name = f"{network.run.architecture}, seed {network.run.seed}"
            raise _refused(path, "says what cannot be", f"{name}: {wrong}")
    return file.driven.networks


def write_driven(path: Path, driven: DrivenNetworks) -> None:
    """Write the networks, whole or not at all.

    Raises:
        OutputError: The file cannot be written.
    """
    data = _FILE.dump_python(_File(FORMAT, driven), mode="json")
    write_text(path, json.dumps(data, ensure_ascii=False, allow_nan=False, indent=1) + "\n")


def _contradictions(network: Driven) -> Iterator[str]:
    try:
        raw = base64.b64decode(network.weights, validate=True)
    except (binascii.Error, ValueError):
        yield "weights that are not base64"
        return
    if hashlib.sha256(raw).hexdigest() != network.digest:
        yield "weights of another digest"
    if not network.run.counting:
        yield "no unit that counts"
    if not network.letters or len(set(network.letters)) != len(network.letters):
        yield f"letters {network.letters!r}"
    if network.n < 1 or len(network.values) != len(network.letters) * network.n:
        yield f"{len(network.values)} values of a string with n = {network.n}"
    if not all(map(math.isfinite, network.values)):
        yield "a value that is none"
    if not all(0 <= at < len(network.values) for at in network.wrong):
        yield "wrong at a letter that is not there"


def _refused(path: Path, wrong: str, found: str) -> UserError:
    return UserError(Problem(str(path), wrong, found,
                             "move it away and make it: gallery count --drive NAME…"))


def schema() -> Mapping[str, Any]:
    """Return the JSON Schema of the file."""
    return _FILE.json_schema(mode="serialization")
