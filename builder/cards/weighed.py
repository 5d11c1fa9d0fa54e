"""What the weights of an exhibit tell of its card: left out of a file, and put back."""

from __future__ import annotations

from dataclasses import replace

from builder.cards.browser import pack
from builder.cards.explored import read_again
from builder.cards.keeping import keepings
from builder.core.cards import ExhibitCard
from builder.models.folder import StoredModel
from builder.models.threads import one_thread


def without_weights(card: ExhibitCard) -> ExhibitCard:
    """Return a card without what `with_weights` puts on it again."""
    explored = tuple(replace(e, activations=b"") if e.before else e for e in card.explored)
    return replace(card, explored=explored, in_browser=None, training={}, keeping=())


def with_weights(card: ExhibitCard, model: StoredModel) -> ExhibitCard:
    """Return a card with the network for the browser, its record, and what its units do and keep.

    Args:
        card: Any.
        model: The one that it is of.

    Raises:
        ValueError: A state of the card is none of this model.
    """
    with one_thread():
        explored = read_again(card.explored, model.network)
        packed = pack(model.network)
    whole = replace(card, explored=explored, in_browser=packed, training=dict(model.training))
    return with_keeping(whole, model)


def with_keeping(card: ExhibitCard, model: StoredModel) -> ExhibitCard:
    """Return a card with how long its units keep what they have; arguments as of `with_weights`."""
    with one_thread():
        return replace(card, keeping=keepings(model.network, card.explored, card.claims))
