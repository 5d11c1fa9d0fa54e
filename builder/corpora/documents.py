"""Files to documents: decoded, each text once, and split by a hash of its name."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from builder.core.digests import digest, uniform
from builder.core.errors import CorpusError, Problem, did_you_mean
from builder.core.text import GROUPS, Corpus, Document, LeftOut, Piece, Split
from builder.corpora.contract import Found
from builder.corpora.decoding import Decoded, decode, notes_of
from builder.corpora.settings import CorpusSettings, SplitSettings

EMPTY = "empty"
NOTEBOOK = ("a notebook, whose text is inside JSON; save it as a script, with "
            "jupyter nbconvert --to script")
"""Reasons to leave a file out."""

FEW_FILES = 60
"""A corpus of fewer files than this is cut into pieces, so that there is something to split."""

FEW_DOCUMENTS = 20
"""From this many on, pieces of a document share its group: the jackknife is over documents.

With fewer there are too few groups for an interval, and each piece has a group of its own.
"""


def make_corpus(
    files: Iterable[Found], settings: CorpusSettings, split: SplitSettings, *,
    encoding: str = "", guess: bool = False,
) -> Corpus:
    """Decode the files, leave out what is not text or was there before, split the rest.

    Text is what is valid UTF-8, or has a mark that says what it is, and is not empty; it is kept
    as it is, with any control characters, but for the mark and for CRLF and CR, which become LF.
    Of several files with the same bytes the first by name stays. A document's split and group
    hang on its name inside the corpus alone, so that they stay as they are when other documents
    come, go or change; whether it is cut, and whether its pieces share its group, hang on how
    many documents there are.

    Args:
        files: In any order.
        settings: What the corpus says of itself.
        split: Its shares.
        encoding: Of all files, where it is known.
        guess: Whether files that are neither are guessed.

    Raises:
        CorpusError: Names that the recipe holds out are not there; names all of them.
    """
    texts, left_out = _decode(files, encoding, guess)
    _check_held_out(split.held_out, texts, left_out)
    documents = documents_of(
        {name: (text.text, origin) for name, (text, origin) in texts.items()}, split)
    read = {name: text for name, (text, _) in texts.items()}
    return Corpus(documents, tuple(left_out), settings.source, settings.license, notes_of(read))


def documents_of(
    texts: Mapping[str, tuple[str, str]], split: SplitSettings
) -> tuple[Document, ...]:
    """Return texts as documents with their pieces.

    Args:
        texts: Name to the text and what its digest is where it is not that of the text, else
            nothing.
        split: Shares.
    """
    cut, whole = len(texts) < FEW_FILES, len(texts) >= FEW_DOCUMENTS
    return tuple(
        Document(name, text, tuple(_pieces(name, len(text), split, cut, whole)), origin)
        for name, (text, origin) in sorted(texts.items()))


def _decode(
    files: Iterable[Found], encoding: str, guess: bool
) -> tuple[dict[str, tuple[Decoded, str]], list[LeftOut]]:
    """Decode files as they come, so that the bytes of one are held at a time; then sort them.

    Returns:
        Name to the text and the digest of its bytes, empty where the text says the same; files
        that are left out.
    """
    found = sorted((_text_of(file, encoding, guess) for file in files), key=lambda t: t.name)
    texts: dict[str, tuple[Decoded, str]] = {}
    left_out: list[LeftOut] = []
    seen: dict[str, str] = {}
    for text in found:
        twin = seen.setdefault(text.digest, text.name) if text.digest else text.name
        if twin != text.name:
            left_out.append(LeftOut(text.name, f"the same bytes as {twin}"))
        elif isinstance(text.content, LeftOut):
            left_out.append(text.content)
        else:
            texts[text.name] = text.content, text.digest if text.content.changed else ""
    return texts, left_out


@dataclass(frozen=True, slots=True)
class _Text:
    """A file's text, or why it is none; the digest of its bytes, empty where it has none."""

    name: str
    digest: str
    content: Decoded | LeftOut


def _text_of(file: Found, encoding: str, guess: bool) -> _Text:
    if isinstance(file, LeftOut):
        return _Text(file.name, "", file)
    if not file.content:
        return _Text(file.name, "", LeftOut(file.name, EMPTY))
    own, text = digest(file.content), decode(file.content, encoding, guess=guess)
    if isinstance(text, str):
        return _Text(file.name, own, LeftOut(file.name, text))
    if file.name.lower().endswith(".ipynb") and '"cells"' in text.text:
        return _Text(file.name, own, LeftOut(file.name, NOTEBOOK))
    return _Text(file.name, own, text if text.text else LeftOut(file.name, EMPTY))


def _check_held_out(
    names: Iterable[str], texts: Collection[str], left_out: Iterable[LeftOut]
) -> None:
    reasons = {file.name: f"left out: {file.reason}" for file in left_out}
    problems = [
        Problem("split.held_out", "no document has this name",
                ", ".join(filter(None, (repr(name), reasons.get(name)))),
                did_you_mean(name, texts) or "names are those inside the corpus, with slashes")
        for name in names
        if name not in texts
    ]
    if problems and texts:
        raise CorpusError(problems)


def _pieces(
    name: str, length: int, split: SplitSettings, cut: bool, whole: bool
) -> Iterator[Piece]:
    """Yield the pieces of a document; `whole` gives all of them the group of the document."""
    count = max(1, round(length / split.piece)) if cut else 1
    for i in range(count):
        own = f"{name}#{i}" if count > 1 else name
        chosen = Split.HELD_OUT if name in split.held_out else split_of(own, split)
        group = group_of(name if whole else own)
        yield Piece(length * i // count, length * (i + 1) // count, chosen, group)


def split_of(name: str, split: SplitSettings) -> Split:
    """Return the split of a name: below held_out_share, then discover, then train."""
    at = uniform(name, "split")
    if at < split.held_out_share:
        return Split.HELD_OUT
    return Split.DISCOVER if at < split.held_out_share + split.discover else Split.TRAIN


def group_of(name: str) -> int:
    """Return the document group of a name, 0 to 63."""
    return int(uniform(name, "group") * GROUPS)
