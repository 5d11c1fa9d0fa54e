"""Measure any model folder on any text, no exhibit needed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from builder.activations.subject import Subject, all_signals
from builder.core.errors import CorpusError, Problem
from builder.core.fit import Fit
from builder.core.text import Corpus, Split
from builder.corpora.given import Reading, read_texts
from builder.corpora.trained import keep_unseen, read_trained
from builder.evidence.fit import capped, fit_of
from builder.evidence.measure import Measured, measure
from builder.features import features_for
from builder.models.folder import load_model
from builder.models.said import Said, told_of
from builder.models.threads import one_thread
from builder.work import Workers

MINIMUM_R = 0.3
NOTHING = Said()


@dataclass(frozen=True)
class Inspection:
    """What was found of a model on a text.

    Attributes:
        subject: The two.
        fit: How well the model predicts the text.
        measured: The claims and what they stand on; none is better than suggestive where the
            model does not fit.
    """

    subject: Subject
    fit: Fit
    measured: Measured


def opened(
    model: Path, texts: Sequence[Path], language: str, *, signals: Sequence[str] = (),
    glob: Sequence[str] = (), encoding: str = "", said: Said = NOTHING,
) -> Subject:
    """Put the model in a folder on files and folders.

    Args:
        model: The folder.
        texts: Files and folders.
        language: Of the text.
        signals: Signals to score besides the states.
        glob: Patterns of the files to take in folders; those of the language where empty.
        encoding: Of the text; found for each file where it is empty.
        said: How the model is read, where that is another way than its folder says.

    Raises:
        ModelError: The model folder is not right.
        CorpusError: A text is missing, is not text, or there is too little of it.
        UserError: No lexer knows the language.
    """
    features = features_for(language)
    with one_thread():
        stored = load_model(model)
    corpus = keep_unseen(read_texts(texts, language, Reading(tuple(glob), encoding)),
                         read_trained(model))
    _check_enough(corpus)
    network = stored.network
    other = said.against(network.spec)
    network.spec = said.put_on(network.spec)
    corpus = replace(corpus, notes=(*other, *told_of(network.spec), *corpus.notes))
    return Subject(network, corpus, language, features, all_signals(network.spec, signals))


def inspect(
    subject: Subject, *, controls: bool = True, workers: Workers | None = None,
    tell: Callable[[Fit], None] = lambda fit: None,
) -> Inspection:
    """Measure a model on a text: the fit first, then everything else.

    Args:
        subject: The two.
        controls: Run the controls.
        workers: Who reads; this process where it is None.
        tell: Is given the fit before anything else is measured.

    Raises:
        CorpusError: A split has no characters to score.
    """
    fit = fit_of(subject)
    tell(fit)
    measured = measure(subject, MINIMUM_R, controls=controls, workers=workers)
    return Inspection(subject, fit, replace(measured, claims=capped(measured.claims, fit)))


def _check_enough(corpus: Corpus) -> None:
    pieces = {split: sum(1 for _ in corpus.pieces(split)) for split in Split}
    if not all(pieces.values()):
        found = ", ".join(f"{count} for {split.value}" for split, count in pieces.items())
        raise CorpusError(Problem(
            "--text", "too little text that the model has not seen", f"pieces of text: {found}",
            "give 100,000 characters and more, or 60 files and more"))
