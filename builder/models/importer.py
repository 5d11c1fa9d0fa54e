"""Somebody's network as a model folder: what an importer is, and how one is found.

An importer is one file. Another package declares its own in its pyproject.toml:

    [project.entry-points."unit_gallery.importers"]
    plain_json = "its_package.plain_json"
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, ClassVar

from torch import Tensor

from builder.core.errors import ModelError, OutputError, Problem, did_you_mean
from builder.core.plain import plain
from builder.core.registry import Registry
from builder.corpora.given import read_sample
from builder.models.architectures import ARCHITECTURES
from builder.models.folder import SPEC_FILE, WEIGHTS_FILE, misfits, write_model
from builder.models.foreign.vocabulary import UNNAMED, Names, read_names
from builder.models.network import CharNetwork
from builder.models.said import Said, told_of
from builder.models.spec import ModelSpec
from builder.tokens.contract import TOKENS

ROLES = ("embedding.weight", "rnn.weight_ih_l0", "rnn.weight_hh_l0", "rnn.bias_ih_l0",
         "rnn.bias_hh_l0", "decoder.weight", "decoder.bias")
ROLE = re.compile(r"embedding\.weight|decoder\.(weight|bias)|rnn\.(weight|bias)_(ih|hh)_l\d+")


@dataclass(frozen=True)
class ImportOptions:
    """What is said of a source besides itself.

    Attributes:
        where: How messages name the source.
        names: What the rows of its embedding stand for; empty where the source itself must say it.
        texts: Texts like those it was trained on, by which readings of it are compared.
        architecture: What its layers are, where that is said.
        roles: Tensor of the source by its name in `model.safetensors`, where that is said.
        tokens: Kind of tokens that the names are, where that is said.
        said: How it is read, as far as that is said.
    """

    where: str
    names: Names = UNNAMED
    texts: tuple[str, ...] = ()
    architecture: str = ""
    roles: Mapping[str, str] = field(default_factory=dict)
    tokens: str = ""
    said: Said = field(default_factory=Said)


@dataclass(frozen=True)
class Taken:
    """A tensor of a source, and what it was taken for.

    Attributes:
        tensor: Its name in the source.
        shape: Its shape there.
        role: Name in `model.safetensors` of what it became, or empty where it was not used.
        note: What was done with it, if anything.
    """

    tensor: str
    shape: tuple[int, ...]
    role: str
    note: str = ""


@dataclass(frozen=True)
class ImportedModel:
    """A network that was read from somewhere.

    Attributes:
        spec: Architecture, sizes and vocabulary.
        weights: Every tensor of `model.safetensors` by its name there; float16 to float32.
        table: What each tensor of the source was taken for, in the order of the source.
        training: What is known of its training; JSON.
        trained: SHA-256 of each text that it is known to have been trained on.
        said: Lines to be printed about how it was read.
    """

    spec: ModelSpec
    weights: Mapping[str, Tensor]
    table: tuple[Taken, ...]
    training: Mapping[str, Any] = field(default_factory=dict)
    trained: frozenset[str] = frozenset()
    said: tuple[str, ...] = ()


class Importer(ABC):
    """Reads networks from one kind of source.

    Attributes:
        title: What it reads, for messages: "a model folder of this gallery".
    """

    title: ClassVar[str]

    @abstractmethod
    def reads(self, source: object) -> bool:
        """Tell whether a source is of this kind, which may be broken all the same.

        Args:
            source: A `Path` on the command line; anything in Python.
        """

    @abstractmethod
    def load(self, source: Any, options: ImportOptions) -> ImportedModel:
        """Read a source that `reads` took.

        Raises:
            ModelError: It is broken, or holds something that cannot be kept; names all.
        """


class FileImporter(Importer):
    """Reads files that are told by their names.

    Attributes:
        suffixes: Of these names, in small letters.
    """

    suffixes: ClassVar[tuple[str, ...]]

    def reads(self, source: object) -> bool:
        """Tell whether it is a file of such a name."""
        return isinstance(source, Path) and source.suffix.lower() in self.suffixes and (
            source.is_file())


def not_whole(where: str, what: str, error: Exception, remedy: str) -> ModelError:
    """Return what is said of a broken file, whatever its reader raised."""
    found = f"{error!s:.100}".replace("\n", " ")
    return ModelError(Problem(where, f"not a whole {what}", found, remedy))


IMPORTERS: Registry[Importer] = Registry(
    "importer", "builder.models.importing", "unit_gallery.importers")


def asked(
    source: Path, vocabulary: Path | None, texts: Sequence[Path], architecture: str,
    roles: Sequence[str], tokens: str = "", said: Said | None = None,
) -> ImportOptions:
    """Return what the command line says of a source.

    Args:
        source: The file or folder.
        vocabulary: A file of names of rows.
        texts: Files and folders.
        architecture: A name, or empty.
        roles: `ROLE=TENSOR` each.
        tokens: A kind of tokens, or empty.
        said: How it is read.

    Raises:
        UserError: A file cannot be read, or something of it is not known; names all roles.
    """
    if architecture:
        ARCHITECTURES.get(architecture)
    if tokens:
        TOKENS.get(tokens)
    pairs = [pair.partition("=") for pair in roles]
    wrong = [Problem("--map", "not ROLE=TENSOR", "".join(pair),
                     did_you_mean(pair[0], ROLES) or f"roles are {', '.join(ROLES)}, _l1 and so on")
             for pair in pairs if not pair[2] or ROLE.fullmatch(pair[0]) is None]
    if wrong:
        raise ModelError(wrong)
    return ImportOptions(
        str(source), read_names(vocabulary) if vocabulary else UNNAMED,
        read_sample(texts) if texts else (), architecture,
        {role: tensor for role, _, tensor in pairs}, tokens, said or Said())


def import_model(source: object, options: ImportOptions) -> ImportedModel:
    """Read a source with the first importer that takes it, in the order of their names.

    Raises:
        ModelError: None does; or as that one says.
    """
    if isinstance(source, Path) and (wrong := _no_model(source)):
        raise ModelError(Problem(options.where, *wrong))
    for name in IMPORTERS.names():
        importer = IMPORTERS.get(name)
        if importer.reads(source):
            return read_so(importer.load(source, options), options)
    if isinstance(source, Path) and not source.exists():
        raise ModelError(Problem(options.where, "there is no such file or folder"))
    if isinstance(source, Path) and source.suffix.lower() == ".onnx":
        raise ModelError(Problem(
            options.where, "files of ONNX are not read", "",
            "import the checkpoint that it was exported from, or store its states with "
            "builder.save_states: gallery inspect --states, add --states"))
    tried = ", ".join(f"{importer.title} ({name})"
                      for name, importer in zip(IMPORTERS.names(), IMPORTERS.all(), strict=True))
    raise ModelError(Problem(options.where, "no importer reads this", f"tried: {tried}",
                             "load it in Python and use builder.save_model"))


def _no_model(source: Path) -> tuple[str, str, str] | None:
    """Return what lies in place of a file that was not fetched; None where nothing is known."""
    start = start_of(source, 64)
    if start is None:
        return None
    start = start.lstrip().lower()
    if not start:
        return "an empty file", "", "copy or save it again"
    if start.startswith(b"version https://git-lfs"):
        return "not the file itself", "a pointer of Git LFS", "fetch it with: git lfs pull"
    if start.startswith((b"<!doctype html", b"<html")):
        return "not the file itself", "a page of the web", "download the file that it leads to"
    return None


def start_of(source: Path, size: int) -> bytes | None:
    """Return the first bytes of a file; None where it cannot be read."""
    try:
        with source.open("rb") as file:
            return file.read(size)
    except OSError:
        return None


def read_so(model: ImportedModel, options: ImportOptions) -> ImportedModel:
    """Return a model that is read as it is said, with a line about what is special in it.

    Raises:
        ModelError: What is said does not fit it.
    """
    spec = options.said.put_on(model.spec)
    return replace(model, spec=spec, said=(*model.said, *told_of(spec)))


def write_imported(folder: Path, model: ImportedModel, where: str) -> None:
    """Write an imported network as a model folder.

    Args:
        folder: Made where it is missing.
        model: The network.
        where: How messages name its source.

    Raises:
        ModelError: Its weights do not fit what it says it is, or do not fit float16.
        OutputError: The folder cannot be written.
    """
    if problems := misfits(model.weights, model.spec, where):
        raise ModelError(problems)
    network = CharNetwork(model.spec)
    network.load_state_dict(dict(model.weights))
    write_model(folder, network, model.training, model.trained)


def check_free(folder: Path) -> None:
    """See that no model would be written over: published weights are never replaced.

    Raises:
        OutputError: There is one.
    """
    there = [name for name in (SPEC_FILE, WEIGHTS_FILE) if (folder / name).exists()]
    if there:
        raise OutputError(Problem(str(folder), "there is a model in it already", there[0],
                                  "name another folder"))


def table_text(table: Iterable[Taken]) -> str:
    """Return what each tensor was taken for, a line each, in columns."""
    rows = [(plain(taken.tensor), " × ".join(map(str, taken.shape)), taken.role or "not used",
             plain(taken.note)) for taken in table]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)
                               ).rstrip() for row in rows)
