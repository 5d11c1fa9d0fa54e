"""Rank, grade and choose claims, and the text to show for them."""

from builder.selection.candidates import candidates
from builder.selection.choose import choose, rank, topics
from builder.selection.excerpts import Trace, choose_excerpts
from builder.selection.grade import grade

__all__ = ["Trace", "candidates", "choose", "choose_excerpts", "grade", "rank", "topics"]
