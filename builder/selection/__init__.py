"""Rank, grade and choose claims, and the text to show for them."""

from builder.selection.candidates import candidates, reads_characters
from builder.selection.choose import choose, near_synonyms, rank, topics
from builder.selection.excerpts import Trace, choose_excerpts
from builder.selection.grade import Controls, Found, grade, worth_ablating

__all__ = [
    "Controls", "Found", "Trace", "candidates", "choose", "choose_excerpts", "grade",
    "near_synonyms", "rank", "reads_characters", "topics", "worth_ablating",
]
