"""Measure any model folder on any text, no exhibit needed."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from builder.activations.subject import Subject, all_signals
from builder.core.errors import CorpusError, Problem
from builder.core.text import Corpus, Split
from builder.corpora.given import read_texts
from builder.corpora.trained import keep_unseen, read_trained
from builder.evidence.measure import Measured, measure
from builder.features import features_for
from builder.models.folder import load_model
from builder.models.threads import one_thread
from builder.work import Workers

MINIMUM_R = 0.3


def inspect(
    model: Path, texts: Sequence[Path], language: str, *, controls: bool = True,
    signals: Sequence[str] = (), workers: Workers | None = None,
) -> tuple[Measured, Subject]:
    """Measure the model in a folder on files and folders.

    Args:
        model: The folder.
        texts: Files and folders.
        language: Of the text.
        controls: Run the controls.
        signals: Signals to score besides the states.
        workers: Who reads; this process where it is None.

    Raises:
        ModelError: The model folder is not right.
        CorpusError: A text is missing, is not text, or there is too little of it.
        UserError: No lexer knows the language.
    """
    features = features_for(language)
    with one_thread():
        stored = load_model(model)
    corpus = keep_unseen(read_texts(texts, language), read_trained(model))
    _check_enough(corpus)
    subject = Subject(stored.network, corpus, language, features,
                      all_signals(stored.network.spec, signals))
    return measure(subject, MINIMUM_R, controls=controls, workers=workers), subject


def _check_enough(corpus: Corpus) -> None:
    pieces = {split: sum(1 for _ in corpus.pieces(split)) for split in Split}
    if not all(pieces.values()):
        found = ", ".join(f"{count} for {split.value}" for split, count in pieces.items())
        raise CorpusError(Problem(
            "--text", "too little text that the model has not seen", f"pieces of text: {found}",
            "give a few hundred thousand characters, or 60 files and more"))
