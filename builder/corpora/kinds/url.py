"""Corpus kind `url`: one text file from the web, checked against its digest, fetched once."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar, Literal
from urllib.parse import unquote, urlsplit

from pydantic import Field

from builder.core.errors import CorpusError, OutputError, Problem
from builder.core.exclusive import in_turn
from builder.corpora.contract import CorpusKind, Place, TextFile, corpus_kind
from builder.corpora.download import Refused, Stopped, download


@corpus_kind
class UrlCorpus(CorpusKind):
    """One text file from the web, checked against its digest."""

    fixed: ClassVar[bool] = True
    kind: Literal["url"]
    url: str = Field(pattern=r"^https?://")
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")

    def files(self, place: Place) -> Iterator[TextFile]:
        """Yield the file, named by the last part of the address's path.

        Raises:
            CorpusError: It cannot be fetched, is too large, or is not the file of the digest.
            OutputError: The cache cannot be written.
        """
        path = place.cache / "url" / self.sha256
        try:
            if not _is_whole(path, self):
                path.parent.mkdir(parents=True, exist_ok=True)
                with in_turn(path.with_name(f"{path.name}.lock"),
                             f"{place.where}: another run fetches the same text"):
                    if not _is_whole(path, self):
                        _fetch(self, path, place)
            yield TextFile(self.only_name, path.read_bytes())
        except OSError as error:
            raise OutputError(Problem(str(path), "the cache cannot be used", str(error),
                                      "free some space or choose another folder")) from None

    @property
    def only_name(self) -> str:
        """The last part of the address's path."""
        return name_of(self.url)


def name_of(url: str) -> str:
    """Return the last part of the address's path, or the host where there is none."""
    parts = urlsplit(url)
    return unquote(parts.path).rstrip("/").rpartition("/")[2] or parts.netloc


def digest_of_file(path: Path) -> str:
    """Return the SHA-256 of a file as 64 hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _is_whole(path: Path, settings: UrlCorpus) -> bool:
    return path.is_file() and digest_of_file(path) == settings.sha256


def _fetch(settings: UrlCorpus, path: Path, place: Place) -> None:
    """Fetch under the lock: a part of a fixed name is what the next run goes on from."""
    part = path.with_name(path.name + ".part")
    from_parts, found = _download(settings.url, part, place)
    if from_parts and found != settings.sha256:
        part.unlink()
        _, found = _download(settings.url, part, place)
    if found != settings.sha256:
        part.unlink()
        path.unlink(missing_ok=True)
        raise CorpusError(Problem(
            place.where, "not the file of the recipe",
            f"the digest of {settings.url} is {found}, the recipe's is {settings.sha256}",
            f"look why it changed and fix sha256, or {place.local_copy}"))
    os.replace(part, path)


def _download(url: str, part: Path, place: Place) -> tuple[bool, str]:
    try:
        from_parts = download(url, part)
    except Refused as error:
        raise CorpusError(Problem(
            place.where, f"cannot fetch {url}", str(error),
            f"fix the address, or {place.local_copy}")) from None
    except Stopped as error:
        raise CorpusError(Problem(
            place.where, f"cannot fetch {url}", str(error),
            f"try again, which goes on from there, or {place.local_copy}")) from None
    return from_parts, digest_of_file(part)
