"""From a recipe to the card of its pages: as it lies beside the weights, as stored, or measured."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache, lru_cache, partial
from typing import TYPE_CHECKING

from builder.core.cards import ExhibitCard, Findings
from builder.core.errors import CorpusError, Problem, UserError
from builder.core.formulas import parsed
from builder.core.labels import FeatureSpec
from builder.core.plain import plain
from builder.core.text import Corpus, Split
from builder.corpora.contract import variable_of
from builder.corpora.passages import find_passages
from builder.corpora.trained import keep_unseen, read_trained
from builder.evidence.controls import CONTROLS
from builder.features import all_features, features_for
from builder.models.architectures import ARCHITECTURES
from builder.models.elsewhere import code_from_elsewhere
from builder.work import Workers
from builder.work.identity import identity
from builder.workspace import results as store
from builder.workspace import shipped
from builder.workspace.comparing import Difference
from builder.workspace.comparing import differences as differences_of
from builder.workspace.connected import (
    CONNECTIONS_FILE,
    ConnectionsFile,
    connections_file,
    connections_misfits,
    write_connections,
)
from builder.workspace.gallery import Workspace, exhibits, has_weights
from builder.workspace.lock import Lock, differences, read_lock, write_lock
from builder.workspace.recipe import Exhibit, transferred
from builder.workspace.shares import Parts, resumed
from builder.workspace.shipped_fit import FIT_FILE, read_fit
from builder.workspace.texts import text_of
from builder.workspace.worded import (
    WORDS_FILE,
    WordsFile,
    words_file,
    words_misfits,
    words_to_compare,
    write_words,
)
from builder.workspace.wording import with_words, without_words

if TYPE_CHECKING:  # torch is loaded when there is something to read
    from pathlib import Path

    from builder.activations.subject import Subject
    from builder.models.folder import StoredModel

MOST_SHOWN = 20
"""Differences that are named one by one."""

FIRST_LOOK = 100_000
"""Most characters of each split that a first look is taken at."""

FIRST_CELLS = 6
"""Most cells that it shows, unless a lock file names more."""

LONG = 2_000_000
"""Characters of a text that is measured so long that there is a first look before."""

PREPARED = "prepared"
"""Folder of texts that are encoded and labelled, while they are needed."""


def recipes(workspace: Workspace, names: Sequence[str] = ()) -> list[Exhibit]:
    """Read the named recipes, all where none is named.

    Raises:
        RecipeError, UserError: As `exhibits`.
    """
    return exhibits(workspace, names, ARCHITECTURES.names())


def feature_specs(chosen: Sequence[Exhibit]) -> list[FeatureSpec]:
    """Return every feature there is: ours, those of other packages, and those of the recipes.

    Raises:
        UserError: A feature is not right, or two recipes give one name to different features.
    """
    found = {id_: feature.spec for id_, feature in all_features().items()}
    for exhibit in chosen:
        for id_, feature in all_features(exhibit.recipe.feature).items():
            if found.setdefault(id_, feature.spec) != feature.spec:
                raise UserError(Problem(
                    f"feature {id_!r}", "two recipes mean different things by it",
                    str(exhibit.folder), "give one another id"))
    return list(found.values())


def card_of(
    workspace: Workspace, exhibit: Exhibit, local: Path | None, workers: Workers, *,
    required: bool,
) -> ExhibitCard | None:
    """Return what the pages of an exhibit say; None where its text is needed and cannot be had.

    Results that lie beside the weights are taken where they fit; else the text is read, and the
    model trained where there are no weights, and measured where that is not in the store.

    Args:
        workspace: The folder that is worked in.
        exhibit: The recipe.
        local: A local copy of its text.
        workers: Who reads.
        required: Whether it is an error that the text cannot be had.
    """
    card = shipped_card(workspace, exhibit, local)
    if card is None:
        measured = to_measure(workspace, exhibit, local, workers, required=required)
        card = measured.card() if measured else None
    return card and with_words(finished(exhibit, card), exhibit)


def to_measure(
    workspace: Workspace, exhibit: Exhibit, local: Path | None, workers: Workers, *,
    required: bool,
) -> Measured | None:
    """Return an exhibit with its text at hand; None, and why, where that cannot be had.

    Raises:
        CorpusError: It cannot be had, and it is required.
    """
    try:
        return Measured(workspace, exhibit, local, workers)
    except CorpusError as error:
        if required:
            raise
        say(f"{exhibit.name}: left out; {error}")
        return None


def finished(exhibit: Exhibit, card: ExhibitCard) -> ExhibitCard:
    """Return a card, and say what is in it."""
    say(f"{exhibit.name}: {len(card.cells)} units with a page")
    if exhibit.recipe.film and card.film is None:
        say(f"{exhibit.name}: no film: training anew keeps its moments, and a unit for each of "
            "film.features must have a page")
    return card


def shipped_card(
    workspace: Workspace, exhibit: Exhibit, local: Path | None = None
) -> ExhibitCard | None:
    """Return the card that lies beside the weights; None, and why, where it does not fit."""
    if not has_weights(exhibit) or not (exhibit.folder / shipped.RESULTS_FILE).exists():
        return None
    try:
        return _fitting_card(workspace, exhibit, local)
    except UserError as error:
        say(str(error))
        return None


def cards_without_measuring(
    workspace: Workspace, chosen: Sequence[Exhibit], local: Path | None
) -> dict[str, ExhibitCard]:
    """Return what the pages of exhibits say, from what lies beside the weights alone, by name.

    Raises:
        UserError: There are exhibits whose results do not fit, or that have none; it names each.
    """
    cards: dict[str, ExhibitCard] = {}
    problems: list[Problem] = []
    for exhibit in chosen:
        try:
            cards[exhibit.name] = _fitting_card(workspace, exhibit, local)
        except UserError as error:
            problems += error.problems
    if problems:
        raise UserError(problems)
    return cards


def _fitting_card(workspace: Workspace, exhibit: Exhibit, local: Path | None) -> ExhibitCard:
    """Return the card that lies beside the weights.

    Raises:
        UserError: There is none, it cannot be read, or it does not fit.
    """
    if not has_weights(exhibit):
        raise UserError(Problem(exhibit.name, "there are no weights", "",
                                f"train them: gallery train {exhibit.name}"))
    files = exhibit.folder, _stamps(exhibit.folder)
    found, lock = _read(*files), read_lock(exhibit.folder)
    if not found.is_untouched:
        raise _not_taken(exhibit.name, "they were changed after they were measured",
                         f"look what differs: gallery measure --check {exhibit.name}")
    now = made_of(exhibit, lock, text_to_compare(workspace, exhibit, local), "")
    other = shipped.misfits(found.made_of, now)
    if other:
        raise _not_taken(exhibit.name, f"other than when they were measured: {', '.join(other)}")
    return _with_weights(*files)


def _stamps(folder: Path) -> object:
    """Return where a folder is, and size and last change of the files that a card is read from."""
    paths = (folder / name for name in (
        shipped.RESULTS_FILE, FIT_FILE, "model.json", "model.safetensors"))
    known = [path.stat() for path in paths if path.exists()]
    return folder.resolve(), *((found.st_size, found.st_mtime_ns) for found in known)


@lru_cache(maxsize=64)
def _read(folder: Path, stamps: object) -> shipped.Shipped:
    """Return the results in a folder: files that did not change are read once in a process."""
    return to_compare(folder)


@lru_cache(maxsize=64)
def _with_weights(folder: Path, stamps: object) -> ExhibitCard:
    """Return the card in a folder with all that the weights tell."""
    from builder.cards.weighed import with_weights
    from builder.models.folder import load_model

    try:
        return with_weights(_read(folder, stamps).card, load_model(folder))
    except (ValueError, RuntimeError) as error:
        raise _not_taken(folder.name, str(error)) from None


def known_card(workspace: Workspace, exhibit: Exhibit) -> ExhibitCard | None:
    """Return the card beside the weights where it fits, else what is stored whatever it is of."""
    card = shipped_card(workspace, exhibit)
    if card is None:
        return store.at_hand(workspace.results, exhibit.name)
    return card


_stamped: dict[str, tuple[ExhibitCard, str]] = {}


def stamp_of(card: ExhibitCard) -> str:
    """Return a digest of a card; of one card it is made once."""
    kept = _stamped.get(card.name)
    if kept is None or kept[0] is not card:
        kept = _stamped[card.name] = card, store.stamp_of(card)
    return kept[1]


def _not_taken(name: str, found: str, remedy: str = "") -> UserError:
    return UserError(Problem(name, "the results beside the weights are not taken", found,
                             remedy or f"measure again: gallery measure {name}"))


def compare(
    exhibit: Exhibit, before: shipped.Shipped, card: ExhibitCard, made: shipped.MadeOf
) -> list[Problem]:
    """Return what differs between results and the same measured again, beyond rounding.

    Args:
        exhibit: Whose.
        before: What lies beside its weights.
        card: What was measured now.
        made: What that was measured on.
    """
    other = shipped.misfits(before.made_of, made)
    if other:
        return [_misfit(exhibit, "the results were measured", other)]
    if before.card.fit is None:  # results from before it was measured have none
        card = replace(card, fit=None)
    return _told(exhibit, "", differences_of(before.card, card, exact=not before.is_untouched))


def compare_words(exhibit: Exhibit, before: WordsFile, now: WordsFile) -> list[Problem]:
    """Return what differs between what was put into words and the same found again.

    Args:
        exhibit: Whose.
        before: What lies beside its weights.
        now: What was found now.
    """
    other = words_misfits(before, now.weights, now.text)
    if other:
        return [_misfit(exhibit, f"{WORDS_FILE} was written", other, " --words")]
    return _told(exhibit, ", words", differences_of(before.worded, now.worded), " --words")


def compare_connections(
    exhibit: Exhibit, before: ConnectionsFile, now: ConnectionsFile
) -> list[Problem]:
    """Return what differs between connections and the same found again.

    Args:
        exhibit: Whose.
        before: What lies beside its weights.
        now: What was found now.
    """
    option, other = " --connections", connections_misfits(before, now.weights, now.text)
    if other:
        return [_misfit(exhibit, f"{CONNECTIONS_FILE} was written", other, option)]
    return _told(exhibit, ", connections", differences_of(before.connected, now.connected), option)


def _misfit(exhibit: Exhibit, when: str, other: Sequence[str], option: str = "") -> Problem:
    return Problem(exhibit.name, f"cannot be compared; other than when {when}", ", ".join(other),
                   _again(exhibit, option))


def _told(
    exhibit: Exhibit, part: str, found: Sequence[Difference], option: str = ""
) -> list[Problem]:
    """Say how much differs; return a problem for each of the first that do by too much."""
    name, beyond = f"{exhibit.name}{part}", [d for d in found if not d.allowed]
    say(f"{name}: {len(found)} numbers differ" + (
        f", {len(beyond)} of them by more than processors do" if found else ""))
    more = [Problem(name, f"and {len(beyond) - MOST_SHOWN:,} more")] * (len(beyond) > MOST_SHOWN)
    return [*(Problem(f"{name}, {d.where}", f"another {d.what} than was measured", str(d),
                      _again(exhibit, option)) for d in beyond[:MOST_SHOWN]), *more]


def _again(exhibit: Exhibit, option: str) -> str:
    return f"measure again: gallery measure {exhibit.name}{option}"


def to_compare(folder: Path) -> shipped.Shipped:
    """Return the results beside the weights of an exhibit.

    Raises:
        UserError: There are none, or they cannot be read.
    """
    found = shipped.read_shipped(folder)
    if found is None:
        raise UserError(Problem(str(folder / shipped.RESULTS_FILE), "there are no results",
                                "", f"measure them: gallery measure {folder.name}"))
    fit = read_fit(folder, found.made_of)
    return replace(found, card=replace(found.card, fit=fit))


def text_to_compare(
    workspace: Workspace, exhibit: Exhibit, local: Path | None = None, *, quiet: bool = False
) -> str:
    """Return the digest of a text that may be another one than was measured; else nothing."""
    pointed = local or os.environ.get(variable_of(exhibit.name))
    if exhibit.recipe.corpus.fixed and not pointed:
        return ""
    try:
        return shipped.text_digest(unseen_text(workspace, exhibit, local))
    except CorpusError as error:
        if not quiet:
            say(f"{exhibit.name}: not compared with its text; {error}")
        return ""


def made_of(
    exhibit: Exhibit, lock: Lock | None, text: str, transfer_text: str
) -> shipped.MadeOf:
    """Return what results of an exhibit are made of now, given the digests of its texts."""
    foreign = [part for part in _code(exhibit) if not _is_ours(part)]
    elsewhere = identity(*foreign) if foreign else ""
    return shipped.made_of(exhibit, lock, text, transfer_text, elsewhere)


def unseen_text(workspace: Workspace, exhibit: Exhibit, local: Path | None) -> Corpus:
    """Return the text of an exhibit, what its model was trained on in the train split.

    Raises:
        CorpusError: It cannot be had.
    """
    return keep_unseen(text_of(exhibit, workspace, local), read_trained(exhibit.folder))


class Measured:
    """An exhibit whose text is at hand: its model is trained where it has none.

    Args:
        workspace: The folder that is worked in.
        exhibit: The recipe.
        local: A local copy of its text.
        workers: Who reads.
        anew: Whether what is stored is not looked at.

    Attributes:
        exhibit: The recipe.

    Raises:
        CorpusError: The text cannot be had.
        UserError: The recipe asks for something that is not there.
    """

    def __init__(
        self, workspace: Workspace, exhibit: Exhibit, local: Path | None, workers: Workers, *,
        anew: bool = False,
    ) -> None:
        corpus = text_of(exhibit, workspace, local)
        for note in corpus.notes:
            say(f"{exhibit.name}: {note}")
        _check(exhibit, corpus)
        if not has_weights(exhibit):
            from builder.models.training.exhibit import train_exhibit

            say(f"{exhibit.name}: no weights yet, training")
            train_exhibit(exhibit, corpus, exhibit.folder, workspace.made / "checkpoints")
        self.exhibit, self._anew = exhibit, anew
        self._workspace, self._hands = workspace, workers
        self._corpus = keep_unseen(corpus, read_trained(exhibit.folder))
        self._elsewhere = transfer_text(workspace, exhibit)
        self._store = workspace.results
        self._parts = Parts(workspace.made / "parts" / exhibit.name)
        self._workers = resumed(workers, self._parts, store.all_code_digest())
        self._opened: Callable[[], tuple[StoredModel, Subject]] = cache(
            partial(_opened, workspace, exhibit, self._corpus))

    def card(self, *, update_lock: bool = False) -> ExhibitCard:
        """Return all that pages say but for the words of the recipe, and mind the lock file.

        Args:
            update_lock: Whether the cells that selection takes now are written down.
        """
        exhibit, lock = self.exhibit, read_lock(self.exhibit.folder)
        shown = None if update_lock else lock
        key = self._key(shown)
        found = None if self._anew else self._stored_findings(key)
        if found is None:
            from builder.evidence.exhibit import measure_exhibit

            say(f"{exhibit.name}: measuring")
            found = measure_exhibit(exhibit, self._opened()[1], shown, self._workers)
            if shown is None:
                shown = write_lock(exhibit.folder, found.chosen)
            store.save(self._store, exhibit.name, store.FINDINGS, found, self._key(shown))
        for line in differences(shown, found.chosen) if shown else ():
            say(f"{exhibit.name}: selection would change: {line}")
        card = self._shown(found, shown)
        self._parts.clear()  # not before: pictures begin with a pass that measuring has done
        return replace(_with_keeping(exhibit, card), fit=found.fit)

    @property
    def is_long(self) -> bool:
        """Whether a first look is worth while: it is at hand long before the evidence."""
        characters = sum(self._corpus.characters(split) for split in Split)
        return characters >= LONG and not self._is_stored()

    def first_look(self) -> ExhibitCard:
        """Return what a part of the text shows, without controls: a matter of seconds."""
        from builder.activations.sampling import part_of
        from builder.cards.exhibit import show_exhibit
        from builder.evidence.exhibit import measure_exhibit

        say(f"{self.exhibit.name}: a first look")
        exhibit, lock = hasty(self.exhibit), read_lock(self.exhibit.folder)
        model, subject = _opened(self._workspace, exhibit, part_of(self._corpus, FIRST_LOOK))
        found = measure_exhibit(exhibit, subject, lock, self._hands, controls=False)
        card = show_exhibit(exhibit, model, subject, found, lock, self._hands, None)
        return replace(card, first_look=True, fit=found.fit)

    def _is_stored(self) -> bool:
        return self._stored_findings(self._key(read_lock(self.exhibit.folder))) is not None

    def _stored_findings(self, key: str) -> Findings | None:
        return store.load(self._store, self.exhibit.name, store.FINDINGS, key)

    def to_ship(self) -> tuple[ExhibitCard, shipped.MadeOf]:
        """Return what is kept beside the weights, and what it was measured on."""
        from builder.cards.weighed import without_weights

        card = without_words(without_weights(self.card()))
        other = shipped.text_digest(self._elsewhere) if self._elsewhere else ""
        return card, made_of(self.exhibit, read_lock(self.exhibit.folder),
                             shipped.text_digest(self._corpus), other)

    def words(self) -> Path:
        """Put the units into words and keep that beside the weights; return the file."""
        return write_words(self.exhibit, self._worded())

    def compare_words(self, before: WordsFile | None) -> list[Problem]:
        """Put the units into words once more; return what differs from what is kept, if it is."""
        return compare_words(self.exhibit, before, self._worded()) if before else []

    def _worded(self) -> WordsFile:
        """Put the units into words."""
        from builder.evidence.formulas.find import find_formulas
        from builder.evidence.formulas.marked import marked
        from builder.evidence.measure import LEAST_HELD_OUT, held_out_pieces

        say(f"{self.exhibit.name}: looking for words")
        model, subject = self._opened()
        parts = Parts(self._workspace.made / "parts" / self.exhibit.name / "words")
        found = find_formulas(subject, resumed(self._hands, parts, store.all_code_digest()),
                              enough=held_out_pieces(self._corpus) >= LEAST_HELD_OUT)
        parts.clear()
        results = shipped.read_shipped(self.exhibit.folder)
        if results is not None:
            found = replace(found, marked=marked(
                subject, [parsed(text) for claim in found.formulas for text in claim.texts],
                results.card.explored))
        return words_file(model.digest, shipped.text_digest(self._corpus), found)

    def connections(self) -> str:
        """Say what moves the units that are shown and keep that beside the weights.

        Returns:
            The file, or why there is none.
        """
        try:
            found = self._connected()
        except CorpusError as error:
            return f"no connections; {error}"
        return str(write_connections(self.exhibit, found)) if found else self._unconnected()

    def compare_connections(self, before: ConnectionsFile | None) -> list[Problem]:
        """Return what differs from connections that are kept, if they are, found once more."""
        now = self._connected() if before else None
        return compare_connections(self.exhibit, before, now) if before and now else []

    def _unconnected(self) -> str:
        title = self._opened()[0].network.architecture.title
        return f"no connections; {title} does not say what its units read of each other"

    def _connected(self) -> ConnectionsFile | None:
        """Return what moves the units that have a page, and what they move.

        None where the architecture does not say what its units read.

        Raises:
            CorpusError: There is too little unseen text.
        """
        from builder.evidence.connections.find import connections

        model, _ = self._opened()
        if not model.network.architecture.connects:
            return None
        results, words = (shipped.read_shipped(self.exhibit.folder),
                          words_to_compare(self.exhibit))
        shown = {cell.claim.cell for cell in (results.card.cells if results else ())}
        said = {claim.unit.cell for claim in (words.worded.sure if words else ())}
        say(f"{self.exhibit.name}: looking for connections")
        found = connections(model.network, self._corpus, shown | said)
        return connections_file(model.digest, shipped.text_digest(self._corpus), found)

    def _key(self, lock: Lock | None) -> str:
        return store.key_of(self.exhibit, self._corpus, lock, _code(self.exhibit))

    def _shown(self, found: Findings, lock: Lock | None) -> ExhibitCard:
        name = f"{self.exhibit.name}.card"
        key = store.card_key_of(self._key(lock), self.exhibit, self._elsewhere)
        card = None if self._anew else store.load(self._store, name, store.CARD, key)
        if card is None:
            from builder.cards.exhibit import show_exhibit

            say(f"{self.exhibit.name}: cutting pictures")
            card = show_exhibit(self.exhibit, *self._opened(), found, lock, self._workers,
                                self._elsewhere)
            store.save(self._store, name, store.CARD, card, key)
        return card


def _with_keeping(exhibit: Exhibit, card: ExhibitCard) -> ExhibitCard:
    from builder.cards.weighed import with_keeping
    from builder.models.folder import load_model

    return with_keeping(card, load_model(exhibit.folder))


def hasty(exhibit: Exhibit) -> Exhibit:
    """Return an exhibit with few cells, no film, no other text and no passages."""
    recipe = exhibit.recipe
    cells = min(recipe.selection.cells, FIRST_CELLS)
    return exhibit.model_copy(update={"recipe": recipe.model_copy(update={
        "film": None, "transfer": None,
        "page": recipe.page.model_copy(update={"passages": ()}),
        "selection": recipe.selection.model_copy(update={"cells": cells})})})


def _check(exhibit: Exhibit, corpus: Corpus) -> None:
    """Find mistakes of the recipe that would else be met after long work."""
    recipe = exhibit.recipe
    find_passages(corpus, recipe.page.passages, str(exhibit.folder))
    features_for(recipe.language, recipe.selection.features, recipe.feature)
    if recipe.film:
        features_for(recipe.language, recipe.film.features, recipe.feature)


def _opened(
    workspace: Workspace, exhibit: Exhibit, corpus: Corpus
) -> tuple[StoredModel, Subject]:
    """Return the model of an exhibit, and the same on its text: once for all that is read."""
    from builder.activations.subject import subject_of

    return subject_of(exhibit, corpus, workspace.made / PREPARED)


def _code(exhibit: Exhibit) -> list[object]:
    """Return the functions of features, and of what else decides numbers from elsewhere."""
    recipe = exhibit.recipe
    features = features_for(recipe.language, recipe.selection.features, recipe.feature)
    labellers = (feature.label for feature in features)
    judges = (type(control).judge for control in CONTROLS.others())
    return [*labellers, *judges, *code_from_elsewhere()]


def _is_ours(function: object) -> bool:
    while isinstance(function, partial):
        function = function.func
    module = getattr(function, "__module__", None) or type(function).__module__
    return str(module).partition(".")[0] == __name__.partition(".")[0]


def transfer_text(workspace: Workspace, exhibit: Exhibit) -> Corpus | None:
    """Return the text that claims are measured on once more; None where it cannot be had."""
    other = transferred(exhibit)
    if other is None:
        return None
    try:
        return unseen_text(workspace, other, None)
    except CorpusError as error:
        say(f"{exhibit.name}: no other text; {error}")
        return None


def say(text: str) -> None:
    """Print a line for whoever waits."""
    print(plain(text), file=sys.stderr, flush=True)
