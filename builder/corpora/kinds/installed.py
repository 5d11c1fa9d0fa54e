"""Corpus kind `installed`: files of an installed Python distribution."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.metadata import Distribution, PackageNotFoundError, distribution, distributions
from pathlib import Path
from typing import ClassVar, Literal

from builder.core.errors import CorpusError, Problem, did_you_mean
from builder.corpora.contract import CorpusKind, Found, Place, corpus_kind
from builder.corpora.folders import read_whole
from builder.corpora.globs import wanted


@corpus_kind
class InstalledCorpus(CorpusKind):
    """Files of an installed Python distribution, named from the folder it is installed in."""

    fixed: ClassVar[bool] = True
    kind: Literal["installed"]
    package: str
    """Name of the distribution, as pip knows it."""

    def files(self, place: Place) -> Iterator[Found]:
        """Yield the files that the distribution lists, named from the folder it is installed in.

        Files that it puts elsewhere, such as its commands, are no part of it.

        Raises:
            CorpusError: No such distribution, or one that keeps no list of its files.
        """
        found = _distribution(self.package, place)
        if found.files is None:
            raise CorpusError(Problem(
                place.where, f"{self.package!r} keeps no list of its files",
                "no RECORD beside its metadata", "install it with pip"))
        take = wanted(self)
        names = {file.as_posix() for file in found.files if ".." not in file.parts}
        files = ((name, Path(str(found.locate_file(name)))) for name in sorted(names) if take(name))
        return read_whole(files, place.where)


def _distribution(package: str, place: Place) -> Distribution:
    try:
        return distribution(package)
    except (PackageNotFoundError, ValueError):
        known = {name for one in distributions() if (name := one.metadata["Name"])}
        hint = did_you_mean(package, sorted(known)) or f"pip install {package}"
        raise CorpusError(
            Problem(place.where, "no such package is installed", repr(package), hint)
        ) from None
