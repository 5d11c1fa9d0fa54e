"""A model, or its states, and a text become an exhibit: as a whole or not at all."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from builder.core.errors import CorpusError, ModelError, OutputError, Problem, UserError
from builder.core.files import write_text, written_folder
from builder.core.parsing import toml_of
from builder.core.text import TRAINED_FILE, Corpus, Split
from builder.corpora.folders import printable, walk
from builder.corpora.given import patterns_in
from builder.corpora.globs import wanted
from builder.corpora.settings import EVERYTHING, CorpusSettings
from builder.corpora.trained import keep_unseen, read_trained
from builder.features import features_for
from builder.workspace.gallery import Workspace
from builder.workspace.recipe import Exhibit, validate
from builder.workspace.starter import check_name, recipe_of_states, recipe_of_text
from builder.workspace.stated import record_states, states_of
from builder.workspace.texts import text_of

if TYPE_CHECKING:
    from builder.activations.subject import Subject
    from builder.models.spec import ModelSpec

PIECES = 100
"""That a text is cut into, where it is long enough, if it is of few files."""

SHORTEST, LONGEST = 1_000, 20_000
"""Characters of a piece."""

UNKNOWN_LICENSE = "not stated"


@dataclass(frozen=True)
class Newcomer:
    """What is given of a new exhibit.

    Attributes:
        name: Of the exhibit.
        language: Of the text.
        model: A model folder, or what an importer reads; None where there are states.
        text: A file or folder that the model was not trained on; None where the states have it.
        states: A file of states; None where there is a model.
        untrained: Files of what networks that learned nothing give on the same text.
        glob: Patterns of the files to take; those of the language where there is none.
        vocabulary: A file that says what the rows of an imported model stand for.
        title: Of the exhibit; made of the model and the text where it is empty.
        source: Where the text comes from; its name where it is empty.
        license: Of the text; empty where it is not known.
        anyway: Whether a model that does not fit the text is added as well.
    """

    name: str
    language: str
    model: Path | None = None
    text: Path | None = None
    states: Path | None = None
    untrained: tuple[Path, ...] = ()
    glob: tuple[str, ...] = ()
    vocabulary: Path | None = None
    title: str = ""
    source: str = ""
    license: str = ""
    anyway: bool = False


@dataclass(frozen=True)
class Added:
    """An exhibit that was added.

    Attributes:
        folder: Of the exhibit.
        said: Lines to be printed: how well the model fits, and what is left to do.
    """

    folder: Path
    said: tuple[str, ...]


def add_exhibit(workspace: Workspace, new: Newcomer) -> Added:
    """Make an exhibit of a model, or of its states, and a text.

    The model is copied, states and text stay where they are.

    Raises:
        UserError: Something that is given cannot be used, or the model does not fit the text.
        OutputError: There is an exhibit of this name.
    """
    folder = workspace.gallery / new.name
    _check(workspace, new, folder)
    said: tuple[str, ...] = ()
    with written_folder(folder) as aside:
        if new.states:
            content = _put_states(new, new.states, folder, aside)
        else:
            spec, notes = _put_model(new, aside)
            said = tuple(notes)
            content = _recipe(new, folder, spec)
        recipe = validate(toml_of(content), str(folder / "exhibit.toml"))
        exhibit = Exhibit(name=new.name, folder=folder, recipe=recipe)
        subject = _opened(workspace, exhibit, aside, new)
        said, corpus = (*said, *_fit(subject, new)), subject.corpus
        write_text(aside / "exhibit.toml", content)
    return Added(folder, (*said, *corpus.notes, *_left_out(corpus), *_to_fill_in(new, folder)))


def _opened(workspace: Workspace, exhibit: Exhibit, aside: Path, new: Newcomer) -> Subject:
    """Put what is in a folder on the text of an exhibit whose own folder is not there yet."""
    from builder.activations.subject import subject_of
    from builder.evidence.opening import opened_exhibit

    put = exhibit.model_copy(update={"folder": aside})
    if states := states_of(exhibit):
        return opened_exhibit(put, states)
    corpus = keep_unseen(text_of(exhibit, workspace, new.text), read_trained(aside))
    _check_length(corpus, new)
    return subject_of(put, corpus)[1]


def _check(workspace: Workspace, new: Newcomer, folder: Path) -> None:
    """Find what can be found wrong at once.

    Raises:
        UserError: The name, the project, the text or the language is not right.
    """
    check_name(new.name)
    if not workspace.gallery.is_dir():
        raise UserError(Problem(str(workspace.gallery), "there is no gallery here", "",
                                "run this in a project's folder, or make one: gallery init DIR"))
    if os.path.lexists(folder):
        raise OutputError(Problem(str(folder), "there already", "", "choose another name"))
    features_for(new.language)
    if problems := list(_wrong(new)):
        raise CorpusError(problems)


def _wrong(new: Newcomer) -> Iterator[Problem]:
    """Yield what is wrong with the files that are given."""
    if new.text is None and new.states is None:
        yield Problem("--text", "is missing", "", "name the text that the model is to read")
    if new.untrained and new.states is None:
        yield Problem("--untrained-states", "goes with --states", "",
                      "of a model, untrained networks are made")
    if new.vocabulary and new.states:
        yield Problem("--vocabulary", "goes with --model", "", "states have steps of their own")
    given = [("--text", new.text), ("--states", new.states),
             *(("--untrained-states", path) for path in new.untrained)]
    for flag, path in given:
        if path is None:
            continue
        if not path.exists():
            yield Problem(str(path), "there is no such file" + " or folder" * (flag == "--text"),
                          "", f"look at {flag}")
        if printable(str(path)) != str(path):
            yield Problem(printable(str(path)), "its name is not UTF-8", "", "give it another name")


def _put_states(new: Newcomer, states: Path, folder: Path, aside: Path) -> str:
    """Write which files the states are in; return the recipe, TOML."""
    record_states(aside, states, new.untrained)
    text = new.text.resolve().name if new.text else f"the text in {states.name}"
    return recipe_of_states({
        "title": new.title or f"Stored states on {text}",
        "language": new.language,
        "file": _path_from(folder, states),
        "untrained": [_path_from(folder, path) for path in new.untrained],
        "text": [_path_from(folder, new.text)] if new.text else [],
        "include": list(new.glob) or list(EVERYTHING),
        "source": new.source or text,
        "license": new.license or UNKNOWN_LICENSE,
        "summary": f"Units of a model of which nothing but its states on {text} is known.",
    })


def _put_model(new: Newcomer, aside: Path) -> tuple[ModelSpec, Sequence[str]]:
    """Copy a model folder, or import a file; return its sizes, and what is to be said of it."""
    from builder.models import importer
    from builder.models.folder import SPEC_FILE

    assert new.model and new.text
    if (new.model / SPEC_FILE).is_file():
        return _copied(new.model, aside), ()
    if new.model.is_dir():
        raise ModelError(Problem(
            str(new.model), "not a model folder", f"there is no {SPEC_FILE} in it",
            "write one with builder.save_model, or name a file that gallery import reads"))
    asked = importer.asked(new.model, new.vocabulary, [new.text], "", [])
    model = importer.import_model(new.model, asked)
    importer.write_imported(aside, model, asked.where)
    return model.spec, model.said


def _copied(model: Path, aside: Path) -> ModelSpec:
    """Copy a model folder as it is; return its sizes."""
    from builder.models.folder import SPEC_FILE, WEIGHTS_FILE, load_model

    spec = load_model(model).network.spec
    for name in (SPEC_FILE, WEIGHTS_FILE, *spec.vocabulary.files(), TRAINED_FILE):
        if (model / name).is_file():
            shutil.copyfile(model / name, aside / name)
    return spec


def _recipe(new: Newcomer, folder: Path, spec: ModelSpec) -> str:
    """Return the recipe of an exhibit, TOML; its folder need not be there."""
    from builder.models.architectures import ARCHITECTURES

    assert new.text
    network, text = ARCHITECTURES.get(spec.architecture).title, new.text.resolve().name
    include = _include(new)
    layers = f"in {spec.num_layers} layers " if spec.num_layers > 1 else ""
    return recipe_of_text({
        "title": new.title or f"{network[:1].upper()}{network[1:]} on {text}",
        "language": new.language,
        "path": _path_from(folder, new.text),
        "include": include,
        "source": new.source or text,
        "license": new.license or UNKNOWN_LICENSE,
        "piece": min(LONGEST, max(SHORTEST, _size(new.text, include) // PIECES)),
        "summary": f"{spec.hidden_size * spec.num_layers} units {layers}of {network} that reads "
                   f"{text}.",
    })


def _include(new: Newcomer) -> list[str]:
    if new.text is None or not new.text.is_dir():
        return list(EVERYTHING)
    return list(new.glob or patterns_in(new.text, new.language))


def _path_from(folder: Path, text: Path) -> str:
    """Return the place of a text as a recipe says it: from its folder, if there is a way."""
    try:
        return Path(os.path.relpath(text.resolve(), folder.resolve())).as_posix()
    except ValueError:  # another drive
        return text.resolve().as_posix()


def _size(text: Path, include: Sequence[str]) -> int:
    """Return about how many characters there are in a file, or in the files that are taken."""
    if text.is_file():
        return text.stat().st_size
    take = wanted(CorpusSettings(include=tuple(include)))
    return sum(path.stat().st_size for name, path in walk(text, str(text))
               if take(name) and path.is_file())


def _check_length(corpus: Corpus, new: Newcomer) -> None:
    from builder.activations.subject import nothing_to_score

    if not all(corpus.characters(split) for split in Split):
        pieces = sum(len(document.pieces) for document in corpus.documents)
        raise nothing_to_score(new.name, pieces)


def _fit(subject: Subject, new: Newcomer) -> Iterator[str]:
    """Say how well the model fits the text.

    Raises:
        ModelError: It does not, and it is not added anyway.
    """
    from builder.evidence.fit import below_verified, fit_line, fit_of
    from builder.evidence.inspection import few_pieces

    fit = fit_of(subject)
    if fit is not None and fit.warning and not new.anyway:
        raise ModelError(Problem(str(new.model or new.states), fit_line(fit), "",
                                 "add it all the same with --anyway"))
    yield from ([fit_line(fit)] if fit else [])
    yield from filter(None, [below_verified(subject, new.untrained)])
    yield from few_pieces(subject)


def _left_out(corpus: Corpus) -> Iterator[str]:
    """Say of which files nothing is read."""
    for file in corpus.left_out[:1]:
        yield f"files left out: {len(corpus.left_out)}, the first {file.name}: {file.reason}"


def _to_fill_in(new: Newcomer, folder: Path) -> Iterator[str]:
    """Say which words of the recipe only the user knows."""
    blank = [f"{name} ({what})" for name, what, given in (
        ("source", "where the text comes from", new.source),
        ("license", "its licence", new.license)) if not given]
    if blank:
        yield (f"not given, and shown under every excerpt: {', '.join(blank)}; "
               f"write that into {folder / 'exhibit.toml'}")
