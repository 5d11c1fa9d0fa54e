"""From recipes to a site: the table of contents of this package."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from builder import store
from builder.core.cards import ExhibitCard, Findings
from builder.core.digests import digest_of_parts
from builder.core.labels import FeatureSpec
from builder.core.text import Corpus
from builder.corpora import load_corpus
from builder.corpora.passages import find_passages
from builder.corpora.trained import keep_unseen, read_trained
from builder.errors import CorpusError, Problem, UserError, did_you_mean
from builder.features import all_features, features_for
from builder.lock import Lock, differences, read_lock, write_lock
from builder.parts import Parts, resumed
from builder.recipe import Exhibit, budget_of, family_of, read_exhibit, transferred
from builder.rendering import render_site
from builder.site import mkdocs, write_site
from builder.work import Workers


@dataclass(frozen=True)
class Workspace:
    """The folder that is worked in, with `gallery/`, `site_src/` and `mkdocs.yml`."""

    root: Path

    @property
    def gallery(self) -> Path:
        """Recipes and weights."""
        return self.root / "gallery"

    @property
    def made(self) -> Path:
        """What was made and can be made again: fetched texts, checkpoints, results."""
        return self.root / ".gallery"


def build(
    workspace: Workspace, names: Sequence[str] = (), *, local: Path | None = None,
    require_all: bool = False, offline: bool = False, update_lock: bool = False,
    workers: Workers,
) -> Path:
    """Build the site of the named exhibits, all where none is named; return its folder."""
    cards, chosen = [], exhibits(workspace, names)
    specs = feature_specs(chosen)
    for exhibit in chosen:
        card = build_exhibit(workspace, exhibit, local, workers, update_lock=update_lock,
                             required=require_all or bool(names))
        cards += [card] if card else []
    if not cards:
        raise UserError(Problem(str(workspace.gallery), "no exhibit could be built", "",
                                "make one with: gallery new NAME"))
    write_site(render_site(cards, specs), workspace.root)
    if offline:
        mkdocs.build(workspace.root, offline=True)
    return mkdocs.build(workspace.root)


def build_exhibit(
    workspace: Workspace, exhibit: Exhibit, local: Path | None, workers: Workers, *,
    required: bool, update_lock: bool = False,
) -> ExhibitCard | None:
    """Take one exhibit from recipe to card; None where its text cannot be had.

    Text in; weights, trained where there are none; numbers, from the store where nothing that
    decides them has changed; the cells of the lock file; words, from the recipe as it is now.
    """
    try:
        corpus = load_corpus(exhibit, workspace.made / "corpora", local)
    except CorpusError as error:
        if required:
            raise
        _say(f"{exhibit.name}: left out; {error}")
        return None
    _check(exhibit, corpus)
    if not has_weights(exhibit):
        from builder.exhibits import train_exhibit

        _say(f"{exhibit.name}: no weights yet, training")
        checkpoints = workspace.made / "checkpoints"
        train_exhibit(exhibit, corpus, exhibit.folder, checkpoints)
    corpus = keep_unseen(corpus, read_trained(exhibit.folder))
    card = measured(workspace, exhibit, corpus, workers, update_lock)
    _say(f"{exhibit.name}: {len(card.cells)} cells")
    if exhibit.recipe.film and card.film is None:
        _say(f"{exhibit.name}: no film; its moments are kept by a new training, and a cell that "
             "film.features names must have a page")
    return with_words(card, exhibit)


def _check(exhibit: Exhibit, corpus: Corpus) -> None:
    """Find mistakes of the recipe that would else be met after long work."""
    recipe = exhibit.recipe
    find_passages(corpus, recipe.page.passages, str(exhibit.folder))
    features_for(recipe.language, recipe.selection.features, recipe.feature)
    if recipe.film:
        features_for(recipe.language, recipe.film.features, recipe.feature)


def with_words(card: ExhibitCard, exhibit: Exhibit) -> ExhibitCard:
    """Return the card with what the recipe says now of it, and of others like it."""
    recipe, page = exhibit.recipe, exhibit.recipe.page
    family, budget = _kin(card, exhibit)
    return replace(card, title=recipe.title, summary=page.summary, about=page.about,
                   order=page.order, made=recipe.corpus.kind == "synthetic", family=family,
                   budget=budget)


def _kin(card: ExhibitCard, exhibit: Exhibit) -> tuple[str, str]:
    """Return what networks of other seeds, and of other architectures, have in common with one.

    Where nothing is known of a training there is nothing to compare.
    """
    characters = card.training.get("characters")
    if "seed" not in card.training or not isinstance(characters, int):
        return "", ""
    sizes = (card.embedding_size, card.hidden_size, card.num_layers, card.vocabulary_size)
    same = [str(sizes), card.corpus_digest, str(card.training.get("corpus")),
            str(_asked(exhibit, characters))]
    alike = [card.architecture, str(card.training.get("precision"))]
    return (digest_of_parts([family_of(exhibit), *same, *alike]),
            digest_of_parts([budget_of(exhibit), *same]))


def _asked(exhibit: Exhibit, characters: int) -> int:
    """Return the characters that a training was to read, or those it read where it is another.

    It stops at the first window that has read them, and where that is hangs on the seed.
    """
    training = exhibit.recipe.training
    more = characters - training.characters
    return training.characters if 0 <= more < training.streams * training.window else characters


def measured(
    workspace: Workspace, exhibit: Exhibit, corpus: Corpus, workers: Workers, update_lock: bool
) -> ExhibitCard:
    """Return an exhibit's numbers, measured where they are not in the store, and mind its lock."""
    results, lock = workspace.made / "results", read_lock(exhibit.folder)
    parts = Parts(workspace.made / "parts" / exhibit.name)
    resuming = resumed(workers, parts, store.all_code_digest())
    shown = None if update_lock else lock
    found = store.load(results, exhibit.name, store.FINDINGS, store.key_of(exhibit, corpus, shown))
    if found is None:
        from builder.exhibits import measure_exhibit

        _say(f"{exhibit.name}: measuring")
        found = measure_exhibit(exhibit, corpus, shown, resuming)
        if shown is None:
            shown = write_lock(exhibit.folder, found.chosen)
        store.save(results, exhibit.name, store.FINDINGS, found,
                   store.key_of(exhibit, corpus, shown))
    for line in differences(shown, found.chosen) if shown else ():
        _say(f"{exhibit.name}: selection would change: {line}")
    card = shown_card(workspace, exhibit, corpus, resuming, found, shown)
    parts.clear()  # not before, since pictures begin with a pass that measuring has done
    return card


def text_elsewhere(workspace: Workspace, exhibit: Exhibit) -> Corpus | None:
    """Return the text that claims are measured on once more; None where it cannot be had."""
    other = transferred(exhibit)
    if other is None:
        return None
    try:
        corpus = load_corpus(other, workspace.made / "corpora")
    except CorpusError as error:
        _say(f"{exhibit.name}: no other text; {error}")
        return None
    return keep_unseen(corpus, read_trained(exhibit.folder))


def shown_card(
    workspace: Workspace, exhibit: Exhibit, corpus: Corpus, workers: Workers, found: Findings,
    lock: Lock | None,
) -> ExhibitCard:
    """Return what is shown of an exhibit, read where it is not in the store."""
    results, name = workspace.made / "results", f"{exhibit.name}.card"
    elsewhere = text_elsewhere(workspace, exhibit)
    key = store.card_key_of(store.key_of(exhibit, corpus, lock), exhibit, elsewhere)
    card = store.load(results, name, store.CARD, key)
    if card is None:
        from builder.showing.exhibit import show_exhibit

        _say(f"{exhibit.name}: cutting pictures")
        card = show_exhibit(exhibit, corpus, found, lock, workers, elsewhere)
        store.save(results, name, store.CARD, card, key)
    return card


def exhibits(workspace: Workspace, names: Sequence[str] = ()) -> list[Exhibit]:
    """Read the named recipes, all where none is named, in the order of their names.

    Raises:
        UserError: There is no gallery, or no exhibit of a name.
        RecipeError: A recipe is not right.
    """
    if not workspace.gallery.is_dir():
        raise UserError(Problem(str(workspace.gallery), "there is no gallery here", "",
                                "run this in the project's folder, or name it with --root"))
    known = sorted(p.parent.name for p in workspace.gallery.glob("*/exhibit.toml"))
    unknown = [Problem(name, "no exhibit has this name", "",
                       did_you_mean(name, known) or f"there are: {', '.join(known)}")
               for name in names if name not in known]
    if unknown:
        raise UserError(unknown)
    return [read_exhibit(workspace.gallery / name) for name in (sorted(names) or known)]


def has_weights(exhibit: Exhibit) -> bool:
    """Tell whether an exhibit's model is there."""
    return (exhibit.folder / "model.safetensors").is_file()


def feature_specs(exhibits: Sequence[Exhibit]) -> list[FeatureSpec]:
    """Return every feature there is: ours, those of other packages, and those of the recipes.

    Raises:
        UserError: A feature is not right, or two recipes give one name to different features.
    """
    found = {id_: feature.spec for id_, feature in all_features().items()}
    for exhibit in exhibits:
        for id_, feature in all_features(exhibit.recipe.feature).items():
            if found.setdefault(id_, feature.spec) != feature.spec:
                raise UserError(Problem(
                    f"feature {id_!r}", "two recipes mean different things by it",
                    str(exhibit.folder), "give one another id"))
    return list(found.values())


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
