"""Texts that are named one by one on the command line: files, and folders of files."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fnmatch import fnmatch
from pathlib import Path

from pygments.lexers import get_lexer_by_name

from builder.core.errors import CorpusError, Problem
from builder.core.text import Corpus
from builder.corpora.contract import TextFile
from builder.corpora.documents import make_corpus
from builder.corpora.settings import CorpusSettings, SplitSettings
from builder.features.lexed import PROSE

SPLIT = SplitSettings(discover=0.4, held_out_share=0.4)
"""Nothing is trained here, so a fifth of the text is enough for the means."""


def read_texts(paths: Sequence[Path], language: str) -> Corpus:
    """Read files, and of folders the files that are of the language by their names.

    Raises:
        CorpusError: A path is missing; a file that was named is empty or not UTF-8; there is
            no text in a folder.
    """
    missing = [Problem(str(p), "there is no such file or folder", "", "look at --text")
               for p in paths if not p.exists()]
    if missing:
        raise CorpusError(missing)
    corpus = make_corpus(_files(paths, language), CorpusSettings(), SPLIT)
    named = {str(p) for p in paths if p.is_file()}
    unusable = [Problem(file.name, f"not a text to inspect: {file.reason}", "", "leave it out")
                for file in corpus.left_out if file.name in named and "same" not in file.reason]
    if unusable:
        raise CorpusError(unusable)
    if not corpus.documents:
        raise CorpusError(Problem(", ".join(map(str, paths)), f"no text in {language}", "",
                                  "name files, or another --language"))
    return corpus


def read_sample(paths: Sequence[Path], characters: int = 200_000) -> tuple[str, ...]:
    """Read the start of files, and of all files in folders, until there are so many characters.

    Files in folders that are no UTF-8 are passed over.

    Raises:
        CorpusError: A path is missing, a file that was named is not UTF-8, or there is no text.
    """
    texts: list[str] = []
    for path in paths:
        if not path.exists():
            raise CorpusError(Problem(str(path), "there is no such file or folder", "",
                                      "look at --text"))
        inside = sorted(p for p in path.rglob("*") if p.is_file()) if path.is_dir() else [path]
        for file in inside:
            if sum(map(len, texts)) >= characters:
                break
            try:
                texts.append(_read(file).decode("utf-8-sig").replace("\r\n", "\n"))
            except UnicodeDecodeError as error:
                if file == path:
                    raise CorpusError(Problem(str(path), "not UTF-8", str(error),
                                              "save it as UTF-8")) from None
    if not any(texts):
        raise CorpusError(Problem(", ".join(map(str, paths)), "no text", "", "look at --text"))
    return tuple(texts)


def _files(paths: Sequence[Path], language: str) -> Iterable[TextFile]:
    for path in paths:
        if path.is_file():
            yield TextFile(str(path), _read(path))
            continue
        alone = len(paths) == 1  # files of several folders can have the same name inside theirs
        for file in sorted(path.rglob("*")):
            if file.is_file() and _is_of(language, file.name):
                name = file.relative_to(path) if alone else file
                yield TextFile(name.as_posix(), _read(file))


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise CorpusError(Problem(str(path), "cannot be read", error.strerror or "")) from None


def _is_of(language: str, name: str) -> bool:
    patterns = ["*.txt", "*.md"] if language in PROSE else get_lexer_by_name(language).filenames
    return any(fnmatch(name, pattern) for pattern in patterns)
