"""Measure any model on any text, no exhibit needed: a model folder, or stored states."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from builder.activations.networks import NetworkSource
from builder.activations.source import Ability
from builder.activations.states import open_states
from builder.activations.subject import Subject
from builder.core.errors import CorpusError, Problem, UserError
from builder.core.fit import Fit
from builder.core.text import Corpus, Split
from builder.corpora.given import Reading, corpus_of, read_exactly, read_texts
from builder.corpora.trained import keep_unseen, read_trained
from builder.evidence.fit import at_best_suggestive, capped, fit_of
from builder.evidence.measure import Measured, measure
from builder.features import features_for
from builder.models.folder import load_model
from builder.models.threads import one_thread
from builder.work import Workers

MINIMUM_R = 0.3


@dataclass(frozen=True)
class Inspection:
    """What was found of a model on a text.

    Attributes:
        subject: The two.
        fit: How well the model predicts the text; None where that is not known.
        measured: The claims and what they stand on; none is better than suggestive where the
            model does not fit.
        limits: A sentence for each thing that keeps grades down.
    """

    subject: Subject
    fit: Fit | None
    measured: Measured
    limits: tuple[str, ...] = ()


def asked(
    model: Path | None, states: Path | None, untrained: Sequence[Path], texts: Sequence[Path],
    language: str, *, signals: Sequence[str] = (), glob: Sequence[str] = (), encoding: str = "",
) -> Subject:
    """Put a model folder, or the values in a file, on a text.

    Args:
        model: The folder; None where there is a file.
        states: The file; None where there is a folder.
        untrained: Files with what networks that learned nothing give, beside `states`.
        texts: Files and folders.
        language: Of the text.
        signals: Signals to score besides the states.
        glob: Patterns of the files to take in folders; those of the language where empty.
        encoding: Of the text; found for each file where it is empty.

    Raises:
        UserError: What is asked for does not go together, and as `opened` and `opened_states`.
    """
    if states is not None:
        return opened_states(states, untrained, texts, language, signals=signals, glob=glob,
                             encoding=encoding)
    problems = []
    if not texts:
        problems.append(Problem("--text", "is missing", "", "name the files that the model is to "
                                "read"))
    if untrained:
        problems.append(Problem("--untrained-states", "goes with --states", "",
                                "of a model folder, untrained networks are made"))
    if problems or model is None:
        raise UserError(problems)
    return opened(model, texts, language, signals=signals, glob=glob, encoding=encoding)


def opened(
    model: Path, texts: Sequence[Path], language: str, *, signals: Sequence[str] = (),
    glob: Sequence[str] = (), encoding: str = "",
) -> Subject:
    """Put the model in a folder on files and folders.

    Args:
        model: The folder.
        texts: Files and folders.
        language: Of the text.
        signals: Signals to score besides the states.
        glob: Patterns of the files to take in folders; those of the language where empty.
        encoding: Of the text; found for each file where it is empty.

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
    source = NetworkSource(stored.network)
    return Subject(source, corpus, language, features, source.with_states(signals))


def opened_states(
    states: Path, untrained: Sequence[Path], texts: Sequence[Path], language: str, *,
    signals: Sequence[str] = (), glob: Sequence[str] = (), encoding: str = "",
) -> Subject:
    """Put the values in a file on the text that they are of.

    Args:
        states: The file.
        untrained: Files with what networks that learned nothing give on the same text.
        texts: Files and folders; none where the file has its text itself.
        language: Of the text.
        signals: Signals to score besides those of the file: their changes.
        glob: Patterns of the files to take in folders; those of the language where empty.
        encoding: Of the text; found for each file where it is empty.

    Raises:
        CorpusError: A file is not right, or is of another text; a text is missing, is not text,
            or there is too little of it.
        UserError: No lexer knows the language.
    """
    features = features_for(language)
    given = read_exactly(texts, language, Reading(tuple(glob), encoding)) if texts else {}
    found = open_states(states, untrained, given)
    corpus = replace(corpus_of(found.texts, str(states)), notes=found.notes)
    _check_enough(corpus)
    return Subject(found.source, corpus, language, features, found.source.with_states(signals))


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
    if fit is not None:
        tell(fit)
    measured = measure(subject, MINIMUM_R, controls=controls, workers=workers)
    claims, limits = capped(measured.claims, fit), tuple(_limits(subject, measured))
    if limits:
        claims = at_best_suggestive(claims)
    return Inspection(subject, fit, replace(measured, claims=claims), limits)


def _limits(subject: Subject, measured: Measured) -> Iterator[str]:
    """Yield what keeps the grades of a source down that is not all there."""
    if Ability.TWINS not in subject.source.abilities:
        yield ("there is no untrained network to compare with, so no claim is better than "
               "suggestive; --untrained-states gives one")
    elif Ability.WEIGHTS not in subject.source.abilities and not measured.floors:
        yield "the untrained networks were not read, so no claim is better than suggestive"


def _check_enough(corpus: Corpus) -> None:
    pieces = {split: sum(1 for _ in corpus.pieces(split)) for split in Split}
    if not all(pieces.values()):
        found = ", ".join(f"{count} for {split.value}" for split, count in pieces.items())
        raise CorpusError(Problem(
            "--text", "too little text that the model has not seen", f"pieces of text: {found}",
            "give 100,000 characters and more, or 60 files and more"))
