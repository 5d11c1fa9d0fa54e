"""Corpus kind `git`: files of a repository at one tag or commit, by the user's own git.

The repository is cached bare, without a working tree: commits and trees first, then just the
files that are wanted, in one request, where the server can do that. Files are read from git's
object store, so no setting for line ends, filter, hook or link of anyone changes them.
"""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar, Literal

from builder.core.digests import digest_of_parts
from builder.core.errors import CorpusError, OutputError, Problem
from builder.core.exclusive import in_turn
from builder.core.plain import without_password
from builder.core.text import LeftOut
from builder.corpora.contract import CorpusKind, Found, Place, TextFile, corpus_kind, too_large
from builder.corpora.folders import printable
from builder.corpora.gitcommand import Git, GitFailed
from builder.corpora.globs import wanted

TEXT = "refs/gallery/text"
"""The commit that the corpus is read from, in the cached repository."""

FETCH = ("fetch", "--quiet", "--no-tags", "--no-recurse-submodules", "--filter=blob:none")
EVERYTHING = ("+refs/heads/*:refs/heads/*", "+refs/tags/*:refs/tags/*")
WHOLE_DEPTH = "--depth=2147483647"
"""Git's own number for all history; it also brings over where a shallow origin ends."""

COMMIT = re.compile(r"[0-9a-f]{4,64}")
NOT_A_REF = re.compile(r"^[-+]|[\s:*?\[\\^~\x00-\x1f\x7f]|^$")
NOT_A_URL = re.compile(r"^-|[\x00-\x1f\x7f]|^$")
LINK, PLAIN = "120000", ("100644", "100755")


@corpus_kind
class GitCorpus(CorpusKind):
    """Files of a git repository at one tag or commit, fetched with the user's own git."""

    fixed: ClassVar[bool] = True
    kind: Literal["git"]
    url: str
    ref: str

    def files(self, place: Place) -> Iterator[Found]:
        """Yield the wanted files of the commit; after the first time, without the network.

        Raises:
            CorpusError: The url or ref is none, git is missing or fails, or there is no such ref.
            OutputError: The cache cannot be written.
        """
        _check(self, place)
        return _read(self, place)


def _read(settings: GitCorpus, place: Place) -> Iterator[Found]:
    url = _absolute(settings.url, place.recipe_folder)
    repository = place.cache.resolve() / "git" / digest_of_parts([url, settings.ref])
    try:
        if not repository.is_dir():
            repository.parent.mkdir(parents=True, exist_ok=True)
            with in_turn(repository.with_name(f"{repository.name}.lock"),
                         f"{place.where}: another run fetches the same text"):
                _make(repository, url, settings.ref, place)
        yield from _files(Git(repository), settings)
    except GitFailed as error:
        again = f", or remove {repository} to begin anew" if repository.is_dir() else ""
        found = f"{settings.ref!r} of {without_password(url)}; {error.found}"
        remedy = place.local_copy + again
        raise CorpusError(Problem(place.where, error.wrong, found, remedy)) from None
    except OSError as error:
        raise OutputError(Problem(str(repository), "the cache cannot be used", str(error),
                                  "free some space or choose another folder")) from None


def _check(settings: GitCorpus, place: Place) -> None:
    problems = [
        Problem(f"{place.where}.{key}", f"not a {key} for git", repr(value), remedy)
        for key, value, bad, remedy in (
            ("url", settings.url, NOT_A_URL, "give an address or the path of a repository"),
            ("ref", settings.ref, NOT_A_REF, "give a tag, a branch or a commit"),
        )
        if bad.search(value)
    ]
    if problems:
        raise CorpusError(problems)


def _absolute(url: str, start: Path) -> str:
    if "://" in url:
        return url
    path = (start / url).resolve()
    return str(path) if path.exists() else url


def _make(repository: Path, url: str, ref: str, place: Place) -> None:
    """Clone aside, then rename; under the lock, so another folder aside is of a killed run."""
    prefix = f"part-{repository.name}-"
    for left in repository.parent.glob(f"{prefix}*"):
        shutil.rmtree(left, ignore_errors=True)
    if repository.is_dir():  # made while we waited for the lock
        return
    aside = Path(tempfile.mkdtemp(prefix=prefix, dir=repository.parent))
    try:
        _clone(Git(aside, start=place.recipe_folder), url, ref)
        aside.replace(repository)
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def _clone(git: Git, url: str, ref: str) -> None:
    git.run("init", "--quiet", "--bare", "--template=", "--", str(git.repository))
    git.run("config", "remote.origin.url", url)
    commit = git.run("rev-parse", "--verify", f"{_fetch(git, ref)}^{{commit}}").decode().strip()
    git.run("update-ref", TEXT, commit)


def _fetch(git: Git, ref: str) -> str:
    """Fetch the commit and its trees, with as little else as the server can; return its name."""
    try:
        git.run(*FETCH, "--depth=1", "--", "origin", ref)
        return "FETCH_HEAD"
    except GitFailed:
        if not COMMIT.fullmatch(ref):
            raise
    git.run(*FETCH, WHOLE_DEPTH, "--", "origin", *EVERYTHING)
    return ref


def _files(git: Git, settings: GitCorpus) -> Iterator[Found]:
    take = wanted(settings)
    entries = [entry for entry in _tree(git) if take(entry[0])]
    yield from (LeftOut(name, "a link") for name, mode, _ in entries if mode == LINK)
    blobs = {name: blob for name, mode, blob in entries if mode in PLAIN}
    sizes = _sizes(git)
    missing = sorted(set(blobs.values()) - set(sizes))
    if missing:
        sizes = _fetch_blobs(git, missing)
    reasons = {name: too_large(sizes[blob]) for name, blob in blobs.items()}
    yield from (LeftOut(name, reason) for name, reason in reasons.items() if reason)
    names = [name for name, reason in reasons.items() if not reason]
    yield from map(TextFile, names, git.blobs(blobs[name] for name in names))


def _tree(git: Git) -> Iterator[tuple[str, str, str]]:
    for line in git.run("ls-tree", "-r", "-z", "--full-tree", TEXT).split(b"\0")[:-1]:
        kind, _, name = line.partition(b"\t")
        mode, _, blob = kind.decode().split(" ")
        yield printable(name.decode("utf-8", "surrogateescape")), mode, blob


def _sizes(git: Git) -> dict[str, int]:
    lines = git.run("cat-file", "--batch-all-objects", "--unordered",
                    "--batch-check=%(objectname) %(objectsize)").decode().splitlines()
    return {name: int(size) for name, size in (line.split(" ") for line in lines)}


def _fetch_blobs(git: Git, blobs: list[str]) -> dict[str, int]:
    git.run("-c", "fetch.negotiationAlgorithm=noop", *FETCH, "--no-write-fetch-head",
            "--stdin", "--", "origin", given="\n".join(blobs).encode())
    sizes = _sizes(git)
    if not sizes.keys() >= set(blobs):
        raise GitFailed("git cannot fetch the text", "the server sent less than was asked for")
    return sizes
