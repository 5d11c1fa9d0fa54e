"""Texts that are named one by one on the command line: files, and folders of files."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from pathlib import Path

from pathspec import GitIgnoreSpec
from pygments.lexers import get_lexer_by_name

from builder.core.errors import CorpusError, Problem, did_you_mean
from builder.core.labels import PROSE
from builder.core.text import GROUPS, Corpus, Document, Piece, Split
from builder.corpora.contract import TextFile, too_large
from builder.corpora.decoding import decode, known_encoding
from builder.corpora.documents import (
    EMPTY,
    FEW_DOCUMENTS,
    NOTEBOOK,
    documents_of,
    make_corpus,
)
from builder.corpora.settings import CorpusSettings, SplitSettings

SPLIT = SplitSettings(discover=0.4, held_out_share=0.4)
"""Nothing is trained here, so a fifth of the text is enough for the means."""

EVENLY = (Split.HELD_OUT, Split.DISCOVER, Split.TRAIN, Split.DISCOVER, Split.HELD_OUT)
"""The same shares for the pieces of a text that stands alone, one after the other."""

SHORTEST = 2_000
"""Characters of its shortest pieces: a tenth of each is not scored."""

SAMPLE = 200_000
"""Characters of a sample: enough to choose among ways to read a network."""

ONLY = "text"
"""Name of a document that stands alone: what is drawn by names must not hang on its file's."""


@dataclass(frozen=True)
class Reading:
    """How files are taken and read.

    Attributes:
        glob: Patterns of the files to take in folders, as in .gitignore; those of the language
            where there is none.
        encoding: Of all files; found for each of them where it is empty.
    """

    glob: tuple[str, ...] = ()
    encoding: str = ""


@dataclass(frozen=True)
class _Taken:
    """What is read.

    Attributes:
        files: Name to path. Names are places below the folder that all are in, however it was
            typed, for splits hang on them.
        passed: Names of the files of folders that were passed over.
    """

    files: Mapping[str, Path]
    passed: Sequence[str]


def read_texts(
    paths: Sequence[Path], language: str, reading: Reading | None = None
) -> Corpus:
    """Read files, and of folders the files that are of the language by their names.

    A text that stands alone, and texts that are few, are cut into pieces that are dealt out
    evenly, so that no name decides what is measured.

    Raises:
        CorpusError: A path is missing; a file that was named is empty or not text; there is
            no text in a folder; there is no such encoding.
    """
    reading = reading or Reading()
    _check(paths, reading)
    taken = _taken(paths, language, reading)
    corpus = make_corpus(_read_all(taken), CorpusSettings(), SPLIT,
                         encoding=reading.encoding, guess=True)
    _check_named(corpus, {name: p for name, p in taken.files.items() if p in paths})
    if not corpus.documents:
        raise CorpusError(_nothing(paths, language, taken, corpus))
    return _evenly(replace(corpus, notes=(*corpus.notes, *_passed_over(taken.passed))))


def read_exactly(
    paths: Sequence[Path], language: str, reading: Reading | None = None
) -> dict[str, str]:
    """Read files as they are, with their own line ends; those of folders as `read_texts` does.

    Returns:
        Name to text, in the order in which they are given.

    Raises:
        CorpusError: A path is missing, a file is no text, or there is no text in a folder.
    """
    reading = reading or Reading()
    _check(paths, reading)
    found: dict[str, str] = {}
    for name, path in _taken(paths, language, reading).files.items():
        content = _bytes_of(path)
        text = decode(content, reading.encoding)
        if isinstance(text, str):
            raise CorpusError(Problem(str(path), f"not a text to inspect: {text}", "",
                                      "leave it out, or name its encoding with --encoding"))
        found[name] = content.decode(text.encoding).removeprefix("\ufeff")
    if not found:
        raise CorpusError(Problem(", ".join(map(str, paths)), f"no text in {language}", "",
                                  "name files, or another --language"))
    return found


def corpus_of(texts: Mapping[str, tuple[str, str]], source: str) -> Corpus:
    """Return texts that are at hand as a corpus, split and dealt out as files that are named.

    Args:
        texts: Name to the text, which stays as it is, and its digest where that is not of the
            text alone, else nothing.
        source: Where they are from.
    """
    return _evenly(Corpus(documents_of(texts, SPLIT), (), source, ""))


def patterns_in(folder: Path, language: str) -> tuple[str, ...]:
    """Return patterns that take the files of a folder which are of a language by their names.

    Raises:
        CorpusError: There is none; says which files there are.
    """
    taken = _taken([folder], language, Reading())
    if not taken.files:
        raise CorpusError(_nothing([folder], language, taken, Corpus((), (), "", "")))
    suffixes = {path.suffix: path.name for path in taken.files.values()}
    return tuple(sorted(f"*{suffix}" if suffix else name for suffix, name in suffixes.items()))


def read_sample(paths: Sequence[Path]) -> tuple[str, ...]:
    """Read files, and all files in folders, until there are `SAMPLE` characters.

    Files in folders that are no UTF-8 are passed over.

    Raises:
        CorpusError: A path is missing, a file that was named is not UTF-8, or there is no text.
    """
    _check(paths, Reading())
    texts: list[str] = []
    for path in paths:
        inside = sorted(p for p in path.rglob("*") if p.is_file()) if path.is_dir() else [path]
        for file in inside:
            if sum(map(len, texts)) >= SAMPLE:
                break
            try:
                texts.append(_bytes_of(file).decode("utf-8-sig").replace("\r\n", "\n"))
            except UnicodeDecodeError as error:
                if file == path:
                    raise CorpusError(Problem(str(path), "not UTF-8", str(error),
                                              "save it as UTF-8")) from None
    if not any(texts):
        raise CorpusError(Problem(", ".join(map(str, paths)), "no text", "", "look at --text"))
    return tuple(texts)


def _bytes_of(path: Path) -> bytes:
    try:
        if reason := too_large(path.stat().st_size):
            raise CorpusError(Problem(str(path), "too large", reason, "name a part of it"))
        return path.read_bytes()
    except OSError as error:
        raise CorpusError(Problem(str(path), "cannot be read", error.strerror or "")) from None


def _check(paths: Sequence[Path], reading: Reading) -> None:
    problems = [Problem(str(p), "there is no such file or folder", "", "look at --text")
                for p in paths if not p.exists()]
    if reading.encoding and not known_encoding(reading.encoding):
        problems.append(Problem("--encoding", "not an encoding", repr(reading.encoding),
                                did_you_mean(reading.encoding, ("utf-8", "latin-1", "cp1252"))
                                or "give a name such as utf-8, latin-1, cp1252 or utf-16"))
    if problems:
        raise CorpusError(problems)


def _taken(paths: Sequence[Path], language: str, reading: Reading) -> _Taken:
    spec = GitIgnoreSpec.from_lines(reading.glob) if reading.glob else None
    files, passed = list[Path](), list[str]()
    for path in paths:
        if path.is_file():
            files.append(path)
            continue
        for file in sorted(p for p in path.rglob("*") if p.is_file()):
            inside = file.relative_to(path).as_posix()
            if spec.match_file(inside) if spec else _is_of(language, file.name):
                files.append(file)
            else:
                passed.append(file.name)
    folders = [(p.parent if p.is_file() else p).absolute() for p in paths]
    root = os.path.commonpath(map(os.path.normpath, folders))
    return _Taken({Path(os.path.relpath(f, root)).as_posix(): f for f in files}, passed)


def _is_of(language: str, name: str) -> bool:
    patterns = ["*.txt", "*.md"] if language in PROSE else get_lexer_by_name(language).filenames
    return any(fnmatchcase(name.lower(), pattern.lower()) for pattern in patterns)


def _read_all(taken: _Taken) -> Iterator[TextFile]:
    for name, path in taken.files.items():
        yield TextFile(name, _bytes_of(path))


def _check_named(corpus: Corpus, named: Mapping[str, Path]) -> None:
    unusable = [Problem(str(named[file.name]), f"not a text to inspect: {file.reason}", "",
                        "leave it out" if file.reason in (EMPTY, NOTEBOOK) else
                        "leave it out, or name its encoding with --encoding")
                for file in corpus.left_out if file.name in named and "same" not in file.reason]
    if unusable:
        raise CorpusError(unusable)


def _nothing(
    paths: Sequence[Path], language: str, taken: _Taken, corpus: Corpus
) -> Problem:
    where = ", ".join(map(str, paths))
    if taken.passed:
        return Problem(where, f"no text in {language}", f"there are {_by_suffix(taken.passed)}",
                       f"take them with {_flag(taken.passed)}, or name another --language")
    found = f"{corpus.left_out[0].name}: {corpus.left_out[0].reason}" if corpus.left_out else ""
    return Problem(where, f"no text in {language}", found, "name files, or another --language")


def _passed_over(names: Sequence[str]) -> tuple[str, ...]:
    if not names:
        return ()
    return (f"passed over in folders: {_by_suffix(names)}; {_flag(names)} takes them",)


def _by_suffix(names: Sequence[str]) -> str:
    found = Counter(Path(name).suffix or "without a suffix" for name in names)
    return ", ".join(f"{count:,} {suffix}" for suffix, count in found.most_common())


def _flag(names: Sequence[str]) -> str:
    suffix = Counter(Path(name).suffix for name in names).most_common(1)[0][0]
    return f"--glob '*{suffix}'"


def _evenly(corpus: Corpus) -> Corpus:
    """Cut few documents into pieces and deal these out, each in a group of its split of its own."""
    if len(corpus.documents) >= FEW_DOCUMENTS:
        return corpus
    total = sum(len(d.text) for d in corpus.documents)
    size = min(SPLIT.piece, max(SHORTEST, total // GROUPS))
    count, documents, dealt = Counter[Split](), list[Document](), 0
    for document in corpus.documents:
        pieces, length = [], len(document.text)
        parts = max(1, round(length / size))
        for i in range(parts):
            split = EVENLY[dealt % len(EVENLY)]
            pieces.append(Piece(length * i // parts, length * (i + 1) // parts, split,
                                count[split] % GROUPS))
            count[split] += 1
            dealt += 1
        name = document.name if len(corpus.documents) > 1 else ONLY
        documents.append(replace(document, name=name, pieces=tuple(pieces)))
    return replace(corpus, documents=tuple(documents))
