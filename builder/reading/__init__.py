"""Model and documents to blocks of signals."""

from builder.reading.blocks import read_batch
from builder.reading.probabilities import ProbabilityReader
from builder.reading.signals import Reader, SignalReader, state_units, units_of

__all__ = [
    "ProbabilityReader", "Reader", "SignalReader", "read_batch", "state_units", "units_of",
]
