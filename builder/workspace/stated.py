"""An exhibit of stored states: which files its values are in, and that these are still the same.

`states.json` stands where other exhibits have `model.json` and weights. The values may be many, so
they stay where they are; while the results beside it fit, nobody needs them.
"""

from __future__ import annotations

import hashlib
from dataclasses import asdict
from pathlib import Path
from typing import Literal

from pydantic import ConfigDict, TypeAdapter, ValidationError
from pydantic.dataclasses import dataclass

from builder.core.digests import digest
from builder.core.errors import CorpusError, ModelError, Problem
from builder.core.files import write_json
from builder.corpora.kinds.states import StatesCorpus
from builder.workspace.recipe import Exhibit
from builder.workspace.validated import first_wrong

STATES_FILE = "states.json"
WEIGHTS = "model.json", "model.safetensors"


@dataclass(frozen=True, config=ConfigDict(extra="ignore"))
class StatesRecord:
    """What `states.json` says.

    Attributes:
        format: Of this file.
        file: SHA-256 of the file of values.
        untrained: The same of those of networks that learned nothing.
    """

    format: Literal[1]
    file: str
    untrained: tuple[str, ...] = ()


_RECORD = TypeAdapter(StatesRecord)


def states_of(exhibit: Exhibit) -> StatesCorpus | None:
    """Return where the values of an exhibit are; None where it has a network."""
    corpus = exhibit.recipe.corpus
    return corpus if isinstance(corpus, StatesCorpus) else None


def model_files(folder: Path) -> tuple[Path, ...]:
    """Return the files in an exhibit's folder that say what is measured."""
    return tuple(folder / name for name in (
        (STATES_FILE,) if (folder / STATES_FILE).is_file() else WEIGHTS))


def weights_digest(folder: Path) -> str:
    """Return the SHA-256 of the weights, or of what stands for them."""
    return digest(model_files(folder)[-1].read_bytes())


def record_states(folder: Path, file: Path, untrained: tuple[Path, ...]) -> None:
    """Write which files values are in."""
    found = StatesRecord(1, _sha256(file), tuple(map(_sha256, untrained)))
    write_json(folder / STATES_FILE, asdict(found))


def check_states(folder: Path, file: Path, untrained: tuple[Path, ...]) -> None:
    """See that files are those that an exhibit was made of.

    Raises:
        ModelError: The record is not right, or a file is another one.
        CorpusError: A file is missing.
    """
    path = folder / STATES_FILE
    try:
        said = _RECORD.validate_json(path.read_bytes())
    except FileNotFoundError:
        raise ModelError(Problem(str(path), "is missing", "", "make the exhibit with: "
                                 "gallery add --states FILE NAME")) from None
    except ValidationError as error:
        where, wrong = first_wrong(error)
        raise ModelError(Problem(str(path), "not a record of states",
                                 f"{where}: {wrong}")) from None
    given = [(file, said.file), *zip(untrained, said.untrained, strict=False)]
    other = [str(p) for p, known in given if _sha256(p) != known]
    if other or len(untrained) != len(said.untrained):
        raise ModelError(Problem(
            f"{folder / 'exhibit.toml'}, corpus", "not the files that the exhibit was made of",
            ", ".join(other) or f"{len(untrained)} untrained, {len(said.untrained)} then",
            "give other states a name of their own: gallery add --states FILE NAME"))


def _sha256(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise CorpusError(Problem(str(path), "cannot be read", error.strerror or str(error),
                                  "the values of an exhibit of stored states are needed to measure "
                                  "it")) from None
