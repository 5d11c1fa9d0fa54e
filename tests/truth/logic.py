"""Networks of three layers made by hand: what their last layers do is a formula.

The first layer is that of `planted`: inside quotes, open brackets, place in the line. A unit of the
second says at the same step whether a number of the first has reached a threshold, and a unit of
the third joins what the second says, at the same step again. An AND of two counts is no threshold
of their sum, so two layers would not do. All other units of these layers are as training starts.

A unit reads the same step and nothing else: in the LSTM input and output gates are open and the
forget gate is shut; in the GRU the update gate is shut and h' = n; the RNN does so by itself.
"""

from dataclasses import dataclass

import numpy as np
import torch

from builder.models.network import CharNetwork
from tests.truth.planted import OPEN, SHUT, Weights, planted

STRING, DEPTH, EARLY, LATE = range(4)
"""Units of the second layer: inside quotes, brackets are open, two places in the line."""
LEAKS = 0.2
"""Where between two numbers of brackets the threshold is: low, as counts of RNN and GRU leak."""
CLEAR = 40.0
"""What a unit adds up when all that it reads is clear: tanh is then 1 to the last bit."""


@dataclass(frozen=True)
class Logic:
    """A network, and the formula of each unit that was made.

    Attributes:
        network: Three layers.
        truth: Formula of each unit, by layer and index.
    """

    network: CharNetwork
    truth: dict[tuple[int, int], str]


def logic(architecture, texts, seed, early, late, deep):
    """Return a network for the characters of some texts.

    Args:
        architecture: Of it.
        texts: Whose characters.
        seed: Of all that is not made by hand.
        early: A place in the line.
        late: One that is further on.
        deep: A number of open brackets.
    """
    network = planted(architecture, texts, seed, layers=3).network
    made = _OPEN[architecture]
    with torch.no_grad():
        second, third = Weights(network, layer=1), Weights(network, layer=2)
        for unit, (source, off, on) in {
                STRING: _in_string(architecture), DEPTH: (1, *_counted(architecture, DEPTH, deep)),
                EARLY: (2, *_counted(architecture, EARLY, early)),
                LATE: (2, *_counted(architecture, LATE, late))}.items():
            where = LEAKS if unit == DEPTH else 0.5
            weight = CLEAR / (min(where, 1 - where) * (on - off))
            sources = (0, 3) if (architecture, source) == ("rnn", 0) else (source,)
            made(second, unit, -weight * (off + where * (on - off)),
                 dict.fromkeys(sources, weight))
        one = CLEAR / _ONE[architecture]
        made(third, 0, -CLEAR, {STRING: one, EARLY: -one})
        made(third, 1, CLEAR, {STRING: one, LATE: one})
        made(third, 2, -2 * CLEAR, {STRING: one, DEPTH: one, EARLY: one})
    return Logic(network.eval(), {
        (1, EARLY): f"line_position>={early}",
        (2, 0): f"in_string & ~line_position>={early}",
        (2, 1): f"in_string | line_position>={late}",
        (2, 2): f"in_string & bracket_depth>={deep} & line_position>={early}"})


_ONE = {"rnn": 1.0, "gru": 1.0, "lstm": float(np.tanh(1.0))}
"""Output of a unit that is on; of one that is off it is the opposite."""


def _in_string(architecture):
    """Return the unit that is inside quotes, and what it is off and on."""
    if architecture == "rnn":  # two units of which one at most is 1, the other −1
        return 0, -2.0, 0.0
    on = np.tanh(np.tanh(np.tanh(3.0))) if architecture == "lstm" else np.tanh(3.0)
    return 0, 0.0, float(on)


def _counted(architecture, unit, number):
    """Return what a count of the first layer is one before a number, and at it."""
    places = unit != DEPTH
    if architecture == "lstm":
        step = np.tanh(0.02 if places else 0.15)
        return tuple(float(np.tanh(step * n)) for n in (number - 1, number))
    if architecture == "rnn" and places:
        return _walk(-1.0, 0.0, number)
    return _walk(0.0, 0.001 if places else 0.01, number)


def _walk(value, step, number):
    """Return h' = tanh(h + step) after so many steps less one, and after all."""
    values = [value]
    for _ in range(number):
        values.append(float(np.tanh(values[-1] + step)))
    return values[-2], values[-1]


def _lstm(weights, unit, bias, x):
    for gate, how in enumerate((OPEN, SHUT, None, OPEN)):
        weights.set(gate, unit, *((bias, x) if how is None else (how,)))


def _gru(weights, unit, bias, x):
    for gate, how in enumerate((OPEN, SHUT, None)):
        weights.set(gate, unit, *((bias, x) if how is None else (how,)))


def _rnn(weights, unit, bias, x):
    weights.set(0, unit, bias, x)


_OPEN = {"lstm": _lstm, "gru": _gru, "rnn": _rnn}
