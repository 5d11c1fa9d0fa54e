"""What is to be inspected, put on its text: a model folder, stored states, a network in memory."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from builder.activations.live import open_live
from builder.activations.networks import NetworkSource
from builder.activations.states import open_states
from builder.activations.subject import Subject
from builder.core.errors import CorpusError, Problem, UserError
from builder.core.text import Corpus, Split
from builder.corpora.given import Reading, corpus_of, read_exactly, read_texts
from builder.corpora.kinds.states import StatesCorpus
from builder.corpora.settings import EVERYTHING
from builder.corpora.trained import keep_unseen, read_trained
from builder.features import features_for
from builder.models.folder import load_model
from builder.models.importing.live import save_model
from builder.models.said import Said, told_of
from builder.workspace.recipe import Exhibit
from builder.workspace.stated import check_states

IN_MEMORY = "text in memory"
NOTHING = Said()


@dataclass(frozen=True)
class Given:
    """A text, and how it is to be read.

    Attributes:
        language: Of the text.
        paths: Files and folders that it is in.
        strings: Name to text, of what is in memory.
        signals: Signals to score besides the states.
        glob: Patterns of the files to take in folders; those of the language where empty.
        encoding: Of files; found for each where it is empty.
        said: How a model is read, where that is another way than its folder says.
    """

    language: str
    paths: tuple[Path, ...] = ()
    strings: Mapping[str, str] = field(default_factory=dict)
    signals: tuple[str, ...] = ()
    glob: tuple[str, ...] = ()
    encoding: str = ""
    said: Said = NOTHING

    def corpus(self) -> Corpus:
        """Return the text, split.

        Raises:
            CorpusError: It is missing, or is not text.
        """
        if self.strings:
            texts = {name: (text, "") for name, text in self.strings.items() if text}
            if not texts:
                raise CorpusError(Problem("text", "is empty"))
            return corpus_of(texts, IN_MEMORY)
        return read_texts(self.paths, self.language, Reading(self.glob, self.encoding))

    def exactly(self) -> Mapping[str, str]:
        """Return the texts as they are, in their order."""
        if self.strings or not self.paths:
            return self.strings
        return read_exactly(self.paths, self.language, Reading(self.glob, self.encoding))


def asked(model: Path | None, states: Path | None, untrained: Sequence[Path],
          given: Given) -> Subject:
    """Put a model folder, or the values in a file, on a text.

    Args:
        model: The folder; None where there is a file.
        states: The file; None where there is a folder.
        untrained: Files with what networks that learned nothing give, beside `states`.
        given: The text.

    Raises:
        UserError: What is asked for does not go together, and as the parts say.
    """
    if states is not None:
        return opened_states(states, untrained, given)
    problems = []
    if not (given.paths or given.strings):
        problems.append(Problem("--text", "is missing", "",
                                "name the files that the model is to read"))
    if untrained:
        problems.append(Problem("--untrained-states", "goes with --states", "",
                                "of a model folder, untrained networks are made"))
    if problems or model is None:
        raise UserError(problems)
    return opened(model, given)


def opened(model: Path, given: Given) -> Subject:
    """Put the model in a folder on a text.

    Raises:
        ModelError: The model folder is not right.
        CorpusError: A text is missing, is not text, or there is too little of it.
        UserError: No lexer knows the language.
    """
    features = features_for(given.language)
    stored = load_model(model)
    corpus = keep_unseen(given.corpus(), read_trained(model))
    _check_enough(corpus)
    network, said = stored.network, given.said
    other = said.against(network.spec)
    network.spec = said.put_on(network.spec)
    corpus = replace(corpus, notes=(*other, *told_of(network.spec), *corpus.notes))
    source = NetworkSource(network)
    return Subject(source, corpus, given.language, features, source.with_states(given.signals))


def opened_states(states: Path, untrained: Sequence[Path], given: Given) -> Subject:
    """Put the values in a file on the text that they are of.

    Args:
        states: The file.
        untrained: Files with what networks that learned nothing give on the same text.
        given: The text; it may be none where the file has it.

    Raises:
        CorpusError: A file is not right, or is of another text; a text is missing, is not text,
            or there is too little of it.
        UserError: No lexer knows the language, or there is no such signal.
    """
    features = features_for(given.language)
    found = open_states(states, untrained, given.exactly())
    corpus = replace(corpus_of(found.texts, str(states)), notes=found.notes)
    _check_enough(corpus)
    return Subject(found.source, corpus, given.language, features,
                   found.source.with_states(given.signals))


def opened_exhibit(
    exhibit: Exhibit, states: StatesCorpus, local: Path | None = None, scratch: Path | None = None
) -> Subject:
    """Put the values that an exhibit is made of on their text, scaled as pages draw them.

    Args:
        exhibit: The recipe.
        states: Where the values are, as it says.
        local: A local copy of the values.
        scratch: Where values and prepared texts go while they are needed.

    Raises:
        ModelError: A file is not one that the exhibit was made of.
        CorpusError, UserError: As `opened_states`.
    """
    recipe, folder = exhibit.recipe, exhibit.folder
    file, untrained = local or folder / states.file, tuple(folder / n for n in states.untrained)
    check_states(folder, file, untrained)
    given = Given(recipe.language, tuple(folder / name for name in states.text),
                  glob=() if states.include == EVERYTHING else states.include)
    found = open_states(file, untrained, given.exactly(), scratch)
    corpus = replace(corpus_of(found.texts, states.source), license=states.license,
                     notes=found.notes)
    _check_enough(corpus)
    features = features_for(recipe.language, recipe.selection.features, recipe.feature)
    return Subject(found.source.for_pages(), corpus, recipe.language, features, scratch=scratch,
                   clip_counts=recipe.selection.clip_counts)


def opened_live(reader: Any, untrained: Sequence[Any], given: Given) -> Subject:
    """Read a text with a network in memory.

    Args:
        reader: Who reads it, as `activations/live.py` says.
        untrained: Who reads networks that learned nothing.
        given: The text.

    Raises:
        ModelError: What a reader gives is not as it must be.
        CorpusError, UserError: As `opened`.
    """
    features, corpus = features_for(given.language), given.corpus()
    _check_enough(corpus)
    source = open_live(reader, untrained, corpus)
    return Subject(source, corpus, given.language, features, source.with_states(given.signals))


def opened_module(module: Any, vocabulary: Any, given: Given) -> Subject:
    """Put a network of PyTorch whose parts can be told, as `save_model` reads them, on a text.

    Raises:
        ModelError: It is not one that can be kept.
        CorpusError, UserError: As `opened`.
    """
    with tempfile.TemporaryDirectory(prefix="module-") as folder:
        save_model(folder, module, vocabulary=vocabulary)
        return opened(Path(folder), given)


def _check_enough(corpus: Corpus) -> None:
    pieces = {split: sum(1 for _ in corpus.pieces(split)) for split in Split}
    if not all(pieces.values()):
        found = ", ".join(f"{count} for {split.value}" for split, count in pieces.items())
        raise CorpusError(Problem(
            "--text", "too little text that the model has not seen", f"pieces of text: {found}",
            "give 100,000 characters and more, or 60 files and more"))
