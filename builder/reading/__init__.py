"""Model and documents to blocks of signals."""

from builder.reading.blocks import read_batch
from builder.reading.signals import SignalReader, state_units

__all__ = ["SignalReader", "read_batch", "state_units"]
