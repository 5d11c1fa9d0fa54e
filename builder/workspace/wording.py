"""The words of a recipe, put on what was measured at the very end."""

from __future__ import annotations

from dataclasses import replace

from builder.core.cards import ExhibitCard
from builder.core.digests import digest_of_parts
from builder.core.shown import Transfer
from builder.workspace.connected import CONNECTIONS
from builder.workspace.recipe import Exhibit, TransferSettings, budget_of, family_of
from builder.workspace.worded import WORDS

BEFORE_THE_END = 0.05
"""Share of a training that weights may lack which were the best ones before its end."""


def with_words(card: ExhibitCard, exhibit: Exhibit) -> ExhibitCard:
    """Return the card with what the recipe says now of it, and of others like it."""
    recipe, page = exhibit.recipe, exhibit.recipe.page
    seeds, budget = _comparison_groups(card, exhibit)
    words = WORDS.fitting(exhibit.folder, card)
    connections = CONNECTIONS.fitting(exhibit.folder, card)
    return replace(card, title=recipe.title, summary=page.summary, about=page.about,
                   source=recipe.corpus.source, license=recipe.corpus.license, order=page.order,
                   made=recipe.corpus.kind == "synthetic", seed_group=seeds, budget=budget,
                   transfer=_transfer(card, recipe.transfer),
                   worded=words.found if words else None,
                   connected=connections.found if connections else None)


def without_words(card: ExhibitCard) -> ExhibitCard:
    """Return the card without anything that `with_words` puts on it."""
    transfer = card.transfer and replace(card.transfer, title="", source="", license="")
    return replace(card, title="", summary="", about="", source="", license="", order=1,
                   made=False, seed_group="", budget="", transfer=transfer, worded=None,
                   connected=None)


def _transfer(card: ExhibitCard, said: TransferSettings | None) -> Transfer | None:
    if card.transfer is None or said is None:
        return card.transfer
    return replace(card.transfer, title=said.title, source=said.corpus.source,
                   license=said.corpus.license)


def _comparison_groups(card: ExhibitCard, exhibit: Exhibit) -> tuple[str, str]:
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

    It stops at the first window that has read them, and where that is hangs on the seed. What is
    kept of it may be the weights that predicted best, from shortly before its end.
    """
    training = exhibit.recipe.training
    least = (1 - BEFORE_THE_END) * training.characters
    most = training.characters + training.streams * training.window
    return training.characters if least <= characters < most else characters
