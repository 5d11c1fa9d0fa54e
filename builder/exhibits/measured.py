"""An exhibit whose text is at hand: measured, put into words, looked through for connections."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache, partial
from typing import TYPE_CHECKING

from builder.core.cards import ExhibitCard, Findings
from builder.core.errors import CorpusError, Problem
from builder.core.formulas import parsed
from builder.core.text import Corpus, Split
from builder.corpora.passages import find_passages
from builder.corpora.trained import keep_unseen, read_trained
from builder.exhibits.asked import PREPARED, code_of, hasty, made_of, stated_subject, transfer_text
from builder.exhibits.compared import compare_beside
from builder.exhibits.said import say
from builder.features import features_for
from builder.work import Workers
from builder.workspace import results as store
from builder.workspace import shipped
from builder.workspace.connected import CONNECTIONS, ConnectionsFile, connections_file
from builder.workspace.gallery import Workspace, has_weights
from builder.workspace.lock import Lock, differences, read_lock, write_lock
from builder.workspace.recipe import Exhibit
from builder.workspace.shares import Parts, resumed
from builder.workspace.stated import states_of, weights_digest
from builder.workspace.texts import text_of
from builder.workspace.worded import WORDS, WordsFile, words_file
from builder.workspace.wording import without_words

if TYPE_CHECKING:  # torch is loaded when there is something to read
    from pathlib import Path

    from builder.activations.subject import Subject
    from builder.models.folder import StoredModel


FIRST_LOOK = 100_000
"""Most characters of each split that a first look is taken at."""

LONG = 2_000_000
"""Characters of a text that is measured so long that there is a first look before."""


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
        self._stated = stated_subject(workspace, exhibit, local)
        corpus = self._stated.corpus if self._stated else text_of(exhibit, workspace, local)
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
        self._opened: Callable[[], tuple[StoredModel | None, Subject]] = cache(
            partial(self._open, exhibit, self._corpus))

    def _open(self, exhibit: Exhibit, corpus: Corpus) -> tuple[StoredModel | None, Subject]:
        """Return the model of an exhibit, if it has one, and what is measured."""
        from builder.activations.subject import subject_of

        if self._stated:
            return None, replace(self._stated, corpus=corpus)
        return subject_of(exhibit, corpus, self._workspace.made / PREPARED)

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
        model, subject = self._open(exhibit, part_of(self._corpus, FIRST_LOOK))
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
        return WORDS.write(self.exhibit.folder, self._worded())

    def compare_words(self, before: WordsFile | None) -> list[Problem]:
        """Put the units into words once more; return what differs from what is kept, if it is."""
        return compare_beside(self.exhibit, WORDS, before, self._worded()) if before else []

    def _worded(self) -> WordsFile:
        """Put the units into words."""
        from builder.evidence.formulas.find import find_formulas
        from builder.evidence.formulas.marked import marked
        from builder.evidence.measure import LEAST_HELD_OUT, held_out_pieces

        say(f"{self.exhibit.name}: looking for words")
        subject = self._opened()[1]
        parts = Parts(self._workspace.made / "parts" / self.exhibit.name / "words")
        found = find_formulas(subject, resumed(self._hands, parts, store.all_code_digest()),
                              enough=held_out_pieces(self._corpus) >= LEAST_HELD_OUT)
        parts.clear()
        results = shipped.read_shipped(self.exhibit.folder)
        if results is not None:
            found = replace(found, marked=marked(
                subject, [parsed(text) for claim in found.formulas for text in claim.texts],
                results.card.explored))
        return words_file(weights_digest(self.exhibit.folder),
                          shipped.text_digest(self._corpus), found)

    def connections(self) -> str:
        """Say what moves the units that are shown and keep that beside the weights.

        Returns:
            The file, or why there is none.
        """
        try:
            found = self._connected()
        except CorpusError as error:
            return f"no connections; {error}"
        return str(CONNECTIONS.write(self.exhibit.folder, found)) if found else self._unconnected()

    def compare_connections(self, before: ConnectionsFile | None) -> list[Problem]:
        """Return what differs from connections that are kept, if they are, found once more."""
        now = self._connected() if before else None
        return compare_beside(self.exhibit, CONNECTIONS, before, now) if before and now else []

    def _unconnected(self) -> str:
        model, _ = self._opened()
        title = model.network.architecture.title if model else "who has stored states alone"
        return f"no connections; {title} does not say what its units read of each other"

    def _connected(self) -> ConnectionsFile | None:
        """Return what moves the units that have a page, and what they move.

        None where the architecture does not say what its units read.

        Raises:
            CorpusError: There is too little unseen text.
        """
        from builder.evidence.connections.find import connections

        model, _ = self._opened()
        if model is None or not model.network.architecture.connects:
            return None
        results, words = (shipped.read_shipped(self.exhibit.folder),
                          WORDS.at_hand(self.exhibit.folder))
        shown = {cell.claim.cell for cell in (results.card.cells if results else ())}
        said = {claim.unit.cell for claim in (words.worded.sure if words else ())}
        say(f"{self.exhibit.name}: looking for connections")
        found = connections(model.network, self._corpus, shown | said)
        return connections_file(model.digest, shipped.text_digest(self._corpus), found)

    def _key(self, lock: Lock | None) -> str:
        return store.key_of(self.exhibit, self._corpus, lock, code_of(self.exhibit))

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

    if states_of(exhibit):
        return card
    return with_keeping(card, load_model(exhibit.folder))


def _check(exhibit: Exhibit, corpus: Corpus) -> None:
    """Find mistakes of the recipe that would else be met after long work."""
    recipe = exhibit.recipe
    find_passages(corpus, recipe.page.passages, str(exhibit.folder))
    features_for(recipe.language, recipe.selection.features, recipe.feature)
    if recipe.film:
        features_for(recipe.language, recipe.film.features, recipe.feature)
