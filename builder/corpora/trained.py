"""What a model was trained on is never discover or held-out text, wherever it stands now."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from builder.core.digests import digest
from builder.core.errors import CorpusError, Problem
from builder.core.text import TRAINED_FILE, Corpus, Document, Piece, Split


def read_trained(folder: Path) -> frozenset[str]:
    """Return the digests beside a model's weights; none where there is no list.

    Raises:
        CorpusError: The list cannot be read.
    """
    path = folder / TRAINED_FILE
    try:
        return frozenset(path.read_text("ascii").split()) if path.is_file() else frozenset()
    except (OSError, UnicodeDecodeError) as error:
        raise CorpusError(Problem(str(path), "not a list of digests", str(error),
                                  "take it back from where the weights are from")) from None


def keep_unseen(corpus: Corpus, trained: frozenset[str]) -> Corpus:
    """Return the corpus with every piece that was trained on moved to the train split."""

    def fix(document: Document, piece: Piece) -> Piece:
        text = document.text[piece.start : piece.stop]
        return replace(piece, split=Split.TRAIN) if digest(text) in trained else piece

    documents = tuple(
        replace(d, pieces=tuple(fix(d, piece) for piece in d.pieces)) for d in corpus.documents
    )
    return replace(corpus, documents=documents)
