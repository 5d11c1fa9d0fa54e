"""From a recipe to the card of its pages: as it lies beside the weights, as stored, or measured."""

from builder.exhibits.asked import PREPARED, feature_specs, recipes, text_to_compare
from builder.exhibits.cards import card_of, finished, to_measure
from builder.exhibits.compared import compare, to_compare
from builder.exhibits.known import (
    cards_without_measuring,
    known_card,
    shipped_card,
    shipped_cards,
    stamp_of,
)
from builder.exhibits.measured import Measured
from builder.exhibits.said import say

__all__ = ["PREPARED", "Measured", "card_of", "cards_without_measuring", "compare", "feature_specs",
           "finished", "known_card", "recipes", "say", "shipped_card", "shipped_cards", "stamp_of",
           "text_to_compare", "to_compare", "to_measure"]
