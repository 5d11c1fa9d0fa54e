"""What was measured and what is shown of it, kept under `.gallery/`: nothing is done twice."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any, Generic, TypeVar

from pydantic import ConfigDict, TypeAdapter
from pydantic.dataclasses import dataclass

from builder.core.cards import ExhibitCard, Findings
from builder.core.digests import digest, digest_of_parts
from builder.core.files import write_bytes
from builder.core.text import Corpus
from builder.work.identity import identity
from builder.work.versions import OWN, installed
from builder.workspace.lock import Lock
from builder.workspace.recipe import Exhibit
from builder.workspace.stated import model_files

Kept = TypeVar("Kept")
AS_JSON = ConfigDict(ser_json_bytes="base64", val_json_bytes="base64",
                      ser_json_inf_nan="constants")


@dataclass(frozen=True, config=AS_JSON)
class Stored(Generic[Kept]):
    """The content of a file: what was found, and the key of what decides it.

    In JSON, bytes are base64 and a number that is none is NaN.

    Attributes:
        key: Of what decides it.
        digest: SHA-256 of the file with `BLANK` in its place: another one, and somebody changed it.
        found: What was found.
    """

    key: str
    digest: str
    found: Kept


BLANK = "0" * 64

FINDINGS, CARD = TypeAdapter(Stored[Findings]), TypeAdapter(Stored[ExhibitCard])

PACKAGE = Path(__file__).parents[1]
NOT_DECIDING = frozenset({
    "__init__.py", "__main__.py", "cards", "cli", "core/cards.py", "core/errors.py",
    "core/exclusive.py", "core/meaning.py", "core/parsing.py", "core/plain.py",
    "exhibits", "hook.py",
    "core/files.py", "core/given.py", "core/pages.py", "core/progress.py", "core/records.py",
    "core/runs.py", "core/shown.py", "core/stopping.py", "core/tabled.py", "core/word_records.py",
    "corpora",
    "core/connected.py", "evidence/connections", "models/heldalong.py", "models/onestep.py",
    "scoring/drive.py",
    "evidence/feature_table.py", "evidence/inspection.py", "evidence/newcomer.py",
    "evidence/opening.py", "evidence/pictured.py", "notebook.py",
    "models/importer.py", "models/importing", "models/training", "pipeline.py", "rendering", "site",
    "work", "workspace",
})
"""Parts of this package that decide no number; the code of all others is part of the key.

What is stored is checked against the types of `core/cards.py`, so these need not be.
"""

SHOWING = ("cards", "core/cards.py", "core/runs.py", "core/shown.py", "corpora/passages.py",
           "models/training/film.py")
"""Parts that decide what is shown of the numbers."""

WORDS = {"source": True, "license": True}
SAYING = frozenset({"title", "hypothesis", "phrase", "many", "few", "rise", "fall"})
"""What a recipe says of a feature of its own in words."""

NUMBERS: dict[str, Any] = {"title": True, "page": True, "transfer": True, "film": True,
                           "training": True, "corpus": WORDS, "feature": {"__all__": SAYING}}
"""What is left out of a recipe for the key of its findings: words, and what is only shown."""

PICTURES: dict[str, Any] = {"page": {"passages"}, "transfer": {"language", "corpus"}, "film": True}
"""What a recipe says of its pictures."""


def key_of(
    exhibit: Exhibit, corpus: Corpus, lock: Lock | None, code: Iterable[object] = (),
) -> str:
    """Return a digest of all that decides an exhibit's numbers.

    These are the recipe but for its words, the documents with their splits and what was left out
    of them, the model folder, the cells of the lock file, the code that measures, that of features,
    controls, architectures and tokens from elsewhere, and the versions of what all of it uses.

    Args:
        exhibit: The recipe.
        corpus: Its text.
        lock: The cells that are judged whatever is found.
        code: The functions of its features, and of controls, architectures and tokens from
            elsewhere.
    """
    recipe = exhibit.recipe.model_dump_json(exclude=NUMBERS)
    versions = [f"{name} {version}" for name, version in installed().items() if name != OWN]
    folder = [digest(path.read_bytes()) for path in model_files(exhibit.folder)]
    cells = [f"{c.unit} {c.feature}" for c in lock.cells] if lock else ["free"]
    return digest_of_parts([recipe, *documents_of(corpus), *folder, *cells, *versions,
                            identity(*code), code_digest()])


def documents_of(corpus: Corpus) -> list[str]:
    """Return a line for each document, its pieces with their splits, and for each left out."""
    return [*(f"{d.name} {d.digest} {d.pieces}" for d in corpus.documents),
            *(f"{file.name} {file.reason}" for file in corpus.left_out)]


def card_key_of(findings: str, exhibit: Exhibit, elsewhere: Corpus | None) -> str:
    """Return a digest of all that decides what is shown, given the key of the findings."""
    recipe = exhibit.recipe.model_dump_json(
        include=PICTURES, exclude={"transfer": {"corpus": WORDS}})
    other = documents_of(elsewhere) if elsewhere else []
    return digest_of_parts([findings, recipe, *other, *film_of(exhibit), _digest(_code(SHOWING))])


def film_of(exhibit: Exhibit) -> list[str]:
    """Return a line for each file of weights from the training."""
    return [f"{path.name} {digest(path.read_bytes())}"
            for path in sorted(exhibit.folder.glob("film/*.safetensors"))]


def code_digest() -> str:
    """Return a digest of the code that decides the numbers of findings."""
    return _digest(path for path in sorted(PACKAGE.rglob("*.py")) if _decides(path))


def _decides(path: Path) -> bool:
    place = path.relative_to(PACKAGE)
    return not {part.as_posix() for part in (place, *place.parents)} & NOT_DECIDING


def all_code_digest() -> str:
    """Return a digest of the code that decides any number, also of those that are only shown."""
    return digest_of_parts([code_digest(), _digest(_code(SHOWING))])


def _code(parts: Iterable[str]) -> Iterator[Path]:
    for part in parts:
        path = PACKAGE / part
        yield from sorted(path.rglob("*.py")) if path.is_dir() else [path]


def _digest(files: Iterable[Path]) -> str:
    return digest_of_parts(digest(path.read_bytes()) for path in files)


def load(folder: Path, name: str, kind: TypeAdapter[Stored[Kept]], key: str) -> Kept | None:
    """Return what is stored under this key; None where there is nothing, or nothing readable.

    Args:
        folder: Of the store.
        name: Of the file: an exhibit's name, or that and what it is.
        kind: What it should be.
        key: What it must have been made from.
    """
    try:
        stored = _unsealed((folder / f"{name}.json").read_bytes(), kind)
    except (OSError, ValueError):
        return None
    return stored.found if stored.key == key else None


def _unsealed(content: bytes, kind: TypeAdapter[Stored[Kept]]) -> Stored[Kept]:
    """Return what a file holds.

    Raises:
        ValueError: It is not what was written.
    """
    stored = kind.validate_json(content)
    if digest(content.replace(stored.digest.encode(), BLANK.encode(), 1)) != stored.digest:
        raise ValueError("it was changed after it was written")
    return stored


def at_hand(folder: Path, name: str) -> ExhibitCard | None:
    """Return a stored card, whatever it was made from; None where there is none, or none readable.

    Files that have not changed are read once in a process.

    Args:
        folder: Of the store.
        name: Of the exhibit.
    """
    card = _newest(folder / f"{name}.card.json", CARD)
    findings = _newest(folder / f"{name}.json", FINDINGS)
    return card and replace(card, fit=findings.fit if findings else None)


def _newest(path: Path, kind: TypeAdapter[Stored[Kept]]) -> Kept | None:
    """Return what a file holds; None where there is none, or none readable."""
    try:
        known = path.stat()
        found: Kept = _read(path.resolve(), kind, known.st_size, known.st_mtime_ns)
        return found
    except (OSError, ValueError):
        return None


@lru_cache(maxsize=64)
def _read(path: Path, kind: TypeAdapter[Stored[Any]], size: int, time: int) -> Any:
    return _unsealed(path.read_bytes(), kind).found


def stamp_of(card: ExhibitCard) -> str:
    """Return a digest that stands for all of a card."""
    beside = "".join(repr(part) for part in (card.fit, card.keeping) if part)
    return digest(CARD.dump_json(Stored("", "", card)) + beside.encode())


def save(
    folder: Path, name: str, kind: TypeAdapter[Stored[Kept]], found: Kept, key: str
) -> None:
    """Store something under its key; what was stored by this name before is replaced."""
    content = kind.dump_json(Stored(key, BLANK, found))
    sealed = content.replace(BLANK.encode(), digest(content).encode(), 1)
    write_bytes(folder / f"{name}.json", sealed)
