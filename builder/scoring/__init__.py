"""Running statistics of units and features, never more than a block of them in memory."""

from builder.scoring.bigrams import BigramMeans, BigramTable, MeanSums, count_bigrams
from builder.scoring.correlation import CorrelationSums
from builder.scoring.held_out import PairSums
from builder.scoring.prepare import Joined, Prepared, Rows, join
from builder.scoring.sums import Sums

__all__ = [
    "BigramMeans", "BigramTable", "CorrelationSums", "Joined", "MeanSums", "PairSums", "Prepared",
    "Rows", "Sums", "count_bigrams", "join",
]
