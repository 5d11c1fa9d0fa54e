"""Networks made by hand: some units do what is known, the others only seem to.

Three units are planted: inside quotes, open brackets, place in the line. The others are functions
of the last one or two characters alone, or slow leaky sums of what was read. What a unit can do
differs by architecture:

- LSTM: c' = f c + i g. A gate that is shut at a character forgets, g adds what is to be added.
- GRU: h' = (1 − z) n + z h. z holds; at a character that counts, n = tanh(h + step), which is
  h + step as long as h is small.
- RNN: h' = tanh(h + step) throughout, so counts leak, the more the higher they are. It has no gate,
  and no single unit can flip at a quote: one unit is "was inside and this is no quote", another
  "was outside and this is a quote", and inside is either. A line's place is a clock that is thrown
  back at each newline and runs slower and slower.
"""

from dataclasses import dataclass

import torch

from builder.models.network import CharNetwork, initialise
from builder.models.spec import ModelSpec
from builder.tokens.characters import Vocabulary

BRACKET, NEWLINE, QUOTE = 0, 1, 2
"""Numbers of the embedding that are 1 (or −1 at a closing bracket) at these characters."""
EMBEDDING = 12
FIRST, SECOND, LEAKY = 8, 5, 8
"""Units that read the last character; the last two; and leaky sums."""


@dataclass(frozen=True)
class Planted:
    """A network, and which units are what."""

    network: CharNetwork
    truth: dict[str, int]
    """Feature to the unit that was planted for it."""
    memoryless: range
    leaky: range


def planted(architecture, texts, seed=0, layers=1):
    """Return a network for the characters of some texts; further layers are as training starts."""
    vocabulary = Vocabulary.of_texts(texts)
    first = 4 if architecture == "rnn" else 3
    memoryless = range(first, first + FIRST + SECOND)
    leaky = range(memoryless.stop, memoryless.stop + LEAKY)
    network = blank(architecture, leaky.stop, vocabulary, seed, layers)
    with torch.no_grad():
        weights = Weights(network, seed)
        {"lstm": _lstm, "gru": _gru, "rnn": _rnn}[architecture](weights, memoryless, leaky)
    truth = {"in_string": 0, "bracket_depth": 1, "line_position": 2}
    return Planted(network.eval(), truth, memoryless, leaky)


def blank(architecture, size, vocabulary, seed, layers=1):
    """Return a network that can tell what the planted units need, and whose first layer is 0."""
    network = CharNetwork(ModelSpec(architecture, EMBEDDING, size, layers, vocabulary))
    initialise(network, seed)
    with torch.no_grad():
        embed(network, vocabulary)
        for name, parameter in network.rnn.named_parameters():
            if name.endswith("_l0"):
                parameter.zero_()
    return network


def embed(network, vocabulary):
    """Let the first three numbers of the embedding say what the planted units need."""
    weight = network.embedding.weight
    weight[:, :3] = 0.0
    for i, c in enumerate(vocabulary.characters, 1):
        weight[i, BRACKET] = float((c in "([{") - (c in ")]}"))
        weight[i, NEWLINE] = float(c == "\n")
        weight[i, QUOTE] = float(c == '"')


class Weights:
    """The weights of one layer, by gate and unit."""

    def __init__(self, network, seed=0, layer=0):
        self.hidden, self._random = network.spec.hidden_size, torch.Generator().manual_seed(seed)
        self._x, self._h, *self._bias = (getattr(network.rnn, f"{name}_l{layer}") for name in (
            "weight_ih", "weight_hh", "bias_ih", "bias_hh"))

    def set(self, gate, unit, bias=0.0, x=(), h=()):
        """Set a unit's gate: its bias, and its weights from what it reads and units by number."""
        row = gate * self.hidden + unit
        self._bias[0][row], self._bias[1][row] = bias, 0.0
        for source, numbers in ((self._x, x), (self._h, h)):
            source[row] = 0.0
            for number, value in dict(numbers).items():
                source[row, number] = value

    def random(self, size):
        """Return weights from the embedding."""
        values = torch.randn(EMBEDDING, generator=self._random) * size
        return dict(enumerate(values.tolist()))

    def some(self, units):
        """Return weights from units."""
        values = torch.randn(len(units), generator=self._random)
        return dict(zip(units, values.tolist(), strict=True))


OPEN, SHUT = 20.0, -20.0


def rates(leaky):
    """Return how much each leaky unit keeps at a character, from .8 to .99."""
    return [(unit, 1 - 0.2 * 0.05 ** (i / (len(leaky) - 1))) for i, unit in enumerate(leaky)]


def _gate_for(share):
    """Return the bias with which a gate is open by a share."""
    return float(torch.logit(torch.tensor(share)))


def _lstm(weights, memoryless, leaky):
    i, f, g, o = range(4)
    for unit in (0, 1, 2, *memoryless, *leaky):
        weights.set(i, unit, OPEN)
        weights.set(f, unit, OPEN)
        weights.set(o, unit, OPEN)
    weights.set(i, 0, SHUT, {QUOTE: 2 * OPEN})
    weights.set(f, 0, OPEN, {QUOTE: 2 * SHUT})
    on = float(torch.tanh(torch.tanh(torch.tensor(3.0))))
    weights.set(g, 0, 3.0, h={0: -3.0 / on})
    weights.set(g, 1, 0.0, {BRACKET: 0.15})
    weights.set(f, 2, OPEN, {NEWLINE: 2 * SHUT})
    weights.set(g, 2, 0.02, {NEWLINE: -0.02})
    for unit in memoryless:
        weights.set(f, unit, SHUT)
        weights.set(g, unit, 0.0, weights.random(1.0), _second(weights, unit, memoryless))
    for unit, rate in rates(leaky):
        weights.set(f, unit, _gate_for(rate))
        weights.set(g, unit, 0.0, weights.random(1 - rate))


def _second(weights, unit, memoryless):
    """Return weights from units that read the last character, for those that read two."""
    return weights.some(memoryless[:FIRST]) if unit >= memoryless[FIRST] else {}


def _gru(weights, memoryless, leaky):
    r, z, n = range(3)
    for unit in (0, 1, 2, *memoryless, *leaky):
        weights.set(r, unit, OPEN)
    weights.set(z, 0, OPEN, {QUOTE: 2 * SHUT})
    weights.set(n, 0, 3.0, h={0: -3.0 / float(torch.tanh(torch.tensor(3.0)))})
    weights.set(z, 1, SHUT)
    weights.set(n, 1, 0.0, {BRACKET: 0.01}, {1: 1.0})
    weights.set(z, 2, SHUT)
    weights.set(r, 2, OPEN, {NEWLINE: 2 * SHUT})
    weights.set(n, 2, 0.001, {NEWLINE: -0.001}, {2: 1.0})
    for unit in memoryless:
        weights.set(z, unit, SHUT)
        weights.set(n, unit, 0.0, weights.random(1.0), _second(weights, unit, memoryless))
    for unit, rate in rates(leaky):
        weights.set(z, unit, _gate_for(rate))
        weights.set(n, unit, 0.0, weights.random(1.0))


def _rnn(weights, memoryless, leaky):
    k = 10.0
    both = {0: k, 3: k}
    weights.set(0, 0, k, {QUOTE: -2 * k, NEWLINE: -10 * k}, both)
    weights.set(0, 3, -3 * k, {QUOTE: 2 * k, NEWLINE: -10 * k}, {u: -k for u in both})
    weights.set(0, 1, 0.0, {BRACKET: 0.01}, {1: 1.0})
    weights.set(0, 2, 0.0, {NEWLINE: -10.0}, {2: 1.0})
    for unit in memoryless:
        weights.set(0, unit, 0.0, weights.random(1.0), _second(weights, unit, memoryless))
    for unit, rate in rates(leaky):
        weights.set(0, unit, 0.0, weights.random(0.2 * (1 - rate)), {unit: rate})
