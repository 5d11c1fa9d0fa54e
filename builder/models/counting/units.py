"""What the units of a small network do at every step, and what they know.

Letters: T steps, B strings, N scored steps, U units of all layers.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from builder.core.units import Kind
from builder.models.counting.language import Ids
from builder.models.counting.networks import SmallNetwork

Values = NDArray[np.float64]

RIDGE = 1e-6
"""Of the variance of a unit, so that a readout of units that repeat each other has one answer."""


@dataclass(frozen=True)
class Units:
    """Values of all states of all layers.

    Attributes:
        names: Of the units, as `c0.2`.
        values: float64[T, B, U], not squashed: the cell state of an LSTM as it is added up.
    """

    names: tuple[str, ...]
    values: Values


def units_of(network: SmallNetwork, ids: Ids) -> Units:
    """Read strings and return what all states are after each step.

    A state is the sum of its changes, so one that is shown squashed has its own size here.
    """
    architecture = network.architecture
    changes = {signal.of: signal.name for signal in architecture.signals
               if signal.kind is Kind.CHANGE}
    states = [state for state in architecture.states if state in changes]
    letters, (steps, streams) = torch.from_numpy(ids), ids.shape
    names, values = list[str](), list[Values]()
    with torch.inference_mode():
        below = network.inputs(letters)
        for number in range(network.layers):
            out = {changes[state]: torch.empty(steps, streams, network.hidden)
                   for state in states}
            before = architecture.initial_state(1, streams, network.hidden, below.device)
            reader = architecture.reader(network.layer(number), tuple(out))
            below, _ = reader.read(letters.clamp_min(0), below, before, out)
            below = below.clone()
            for state in states:
                names += [f"{state}{number}.{index}" for index in range(network.hidden)]
                values.append(np.cumsum(out[changes[state]].double().numpy(), 0))
    return Units(tuple(names), np.concatenate(values, -1))


def correlations(values: Values, truth: NDArray[np.int64]) -> Values:
    """Return r of each unit with what is to be known, float64[U]; 0 where either is constant.

    Args:
        values: float64[N, U].
        truth: int64[N].
    """
    x, y = values - values.mean(0), truth - truth.mean()
    spread = np.sqrt((x**2).sum(0) * (y**2).sum())
    r: Values = np.divide(x.T @ y, spread, out=np.zeros(len(spread)), where=spread > 1e-12)
    return r


def readout(values: Values, truth: NDArray[np.int64]) -> float:
    """Return R² of a linear readout of all units, fitted on one half and judged on the other.

    Args:
        values: float64[N, U].
        truth: int64[N].
    """
    half = len(values) // 2
    mean, middle = values[:half].mean(0), truth[:half].mean()
    x, y = values[:half] - mean, truth[:half] - middle
    size = np.sqrt((x**2).mean(0)) + 1e-12
    x = x / size
    weights = np.linalg.solve(x.T @ x + RIDGE * half * np.eye(x.shape[1]), x.T @ y)
    rest = truth[half:] - middle - (values[half:] - mean) / size @ weights
    spread = ((truth[half:] - truth[half:].mean()) ** 2).sum()
    return float(max(0.0, 1 - (rest**2).sum() / spread)) if spread > 0 else 0.0
