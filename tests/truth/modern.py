"""Networks made by hand of the architectures whose gates see the input alone, and of the sLSTM.

Planted are open brackets and the place in the line; inside quotes only where a unit can be turned
over by a character: by a factor below 0, or by a gate that sees the state. The others are functions
of the last character, or slow leaky sums.

A unit of the first kind of architecture is h' = (1 − rate) h + step of what is read, and `Kept`
says how each of them is brought to that. A count has a rate near 0.
"""

import torch

from builder.tokens.characters import Vocabulary
from tests.truth.planted import (
    BRACKET,
    EMBEDDING,
    FIRST,
    LEAKY,
    NEWLINE,
    OPEN,
    QUOTE,
    SHUT,
    Planted,
    Weights,
    blank,
    rates,
)

STRING, DEPTH, PLACE, HELPER = range(4)
COUNTED = {DEPTH: (0.001, 0.01), PLACE: (0.002, 0.02)}
"""Rate and step of the two counts."""


def planted(architecture, texts, seed=0):
    """Return a network for the characters of some texts."""
    kept = KEPT[architecture]
    vocabulary = Vocabulary.of_texts(texts)
    memoryless = range(HELPER + 1, HELPER + 1 + FIRST)
    leaky = range(memoryless.stop, memoryless.stop + LEAKY)
    network = blank(architecture, leaky.stop * kept.each, vocabulary, seed)
    with torch.no_grad():
        made = kept(network, seed)
        made.prepare()
        made.count(DEPTH, *COUNTED[DEPTH], {BRACKET: 1.0})
        made.clock(PLACE, *COUNTED[PLACE])
        if kept.turns:
            made.toggle(STRING)
        for unit in memoryless:
            made.count(unit, 1.0, 1.0, made.random())
        for unit, rate in rates(leaky):
            made.count(unit, 1 - rate, 1 - rate, made.random())
    truth = {"bracket_depth": made.number(DEPTH), "line_position": made.number(PLACE)}
    if kept.turns:
        truth["in_string"] = made.number(STRING)
    return Planted(network.eval(), truth, *(range(r.start * kept.each, r.stop * kept.each)
                                            for r in (memoryless, leaky)))


def logit(share):
    """Return what a sigmoid makes the share of; at 0 and 1, of nearly that."""
    return float(torch.logit(torch.tensor(share, dtype=torch.float64), eps=1e-9))


class Kept:
    """The weights of the first layer, by name and unit."""

    each = 1
    """Units of the network for each that is made."""
    turns = False
    """Whether a unit can be turned over by a character."""

    def __init__(self, network, seed):
        self._rnn, self._random = network.rnn, torch.Generator().manual_seed(seed)

    def prepare(self):
        """Set what all units share."""

    def number(self, unit):
        """Return the number in the network of a unit that is made."""
        return unit

    def random(self):
        """Return weights from the embedding."""
        return dict(enumerate(torch.randn(EMBEDDING, generator=self._random).tolist()))

    def set(self, name, unit, bias=0.0, x=None):
        """Set the bias of a unit's gate, and its weights from what it reads by number."""
        self.weight(f"bias_{name}")[unit] = bias
        for number, value in (x or {}).items():
            self.weight(f"weight_{name}")[unit, number] = value

    def weight(self, name):
        """Return a tensor of the layer."""
        return getattr(self._rnn, f"{name}_l0")

    def count(self, unit, rate, step, x):
        """Let a unit be h' = (1 − rate) h + step of the weighted embedding."""
        raise NotImplementedError

    def clock(self, unit, rate, step):
        """Let a unit be h' = (1 − rate) h + step, and 0 at a newline."""
        raise NotImplementedError

    def toggle(self, unit):
        """Let a quote turn a unit over; only where `turns`."""
        raise NotImplementedError


def scaled(x, by):
    return {number: value * by for number, value in x.items()}


class MinGru(Kept):
    """h' = (1 − z) h + z n."""

    most = 1.0
    """z at which nothing is left of h."""

    def count(self, unit, rate, step, x):
        self.set("z", unit, logit(rate * self.most))
        self.set("n", unit, 0.0, scaled(x, step / rate))

    def clock(self, unit, rate, step):
        self.set("z", unit, logit(rate * self.most), {
            NEWLINE: logit(self.most) - logit(rate * self.most)})
        self.set("n", unit, step / rate, {NEWLINE: -step / rate})


class MinGruSigned(MinGru):
    """h' = (1 − 2 z) h + 2 z n; z = 1 at a quote makes 1 − h of h."""

    most, turns = 0.5, True

    def toggle(self, unit):
        self.set("z", unit, SHUT, {QUOTE: OPEN - SHUT})
        self.set("n", unit, 0.5)


class MinLstm(Kept):
    """h' = (f h + i n) / (f + i)."""

    def count(self, unit, rate, step, x):
        self._gates(unit, rate)
        self.set("n", unit, 0.0, scaled(x, step / rate))

    def clock(self, unit, rate, step):
        self._gates(unit, rate)
        self.weight("weight_f")[unit, NEWLINE] = SHUT
        self.weight("weight_i")[unit, NEWLINE] = OPEN
        self.set("n", unit, step / rate, {NEWLINE: -step / rate})

    def _gates(self, unit, rate):
        """Let i / (f + i) be the rate."""
        self.set("f", unit, logit((1 - rate) / 2))
        self.set("i", unit, logit(rate / 2))


class RgLru(Kept):
    """h' = a h + √(1 − a²) i v with a = exp(−40 r); r sees v, so a helper tells of the newline."""

    SPEED = 40.0

    def prepare(self):
        self.weight("decay").fill_(logit(float(torch.exp(torch.tensor(-self.SPEED / 8)))))
        self.weight("bias_i").fill_(OPEN)
        self.set("r", HELPER, OPEN)
        self.set("v", HELPER, 0.0, {NEWLINE: 1.0})

    def count(self, unit, rate, step, x):
        self.set("v", unit, 0.0, scaled(x, step / self._kept(unit, rate)))

    def clock(self, unit, rate, step):
        bias = step / self._kept(unit, rate)
        self.set("v", unit, bias, {NEWLINE: -bias})
        self.weight("weight_r")[unit, HELPER] = OPEN - self.weight("bias_r")[unit]

    def _kept(self, unit, rate):
        """Let a be 1 − rate; return √(1 − a²)."""
        a = torch.tensor(max(1 - rate, 1e-12), dtype=torch.float64)
        self.set("r", unit, logit(min(float(-a.log()) / self.SPEED, 1.0)))
        return float(torch.sqrt(1 - a * a))


class Ssm(Kept):
    """h' = a h + Δ B v with a = exp(−Δ SLOW); B is common to all channels.

    A unit that is made is a channel. v is 20 in those that count; B of their first cell is .05,
    of the second −1 to 1, by brackets; the third and fourth have none.
    """

    each, CONSTANT, SLOW = 4, 20.0, 0.05
    FIRST_CELL, SECOND_CELL = range(2)

    def prepare(self):
        self.weight("decay").fill_(float(torch.log(torch.tensor(self.SLOW))))
        self.weight("bias_delta").fill_(SHUT)
        for unit, x in ((HELPER, {NEWLINE: 2 * OPEN}), (STRING, {BRACKET: OPEN})):
            self.set("v", unit, 0.0, x)
        b = self.weight("weight_b")
        b[self.FIRST_CELL, PLACE] = b[self.FIRST_CELL, HELPER] = self.SLOW / self.CONSTANT
        b[self.SECOND_CELL, STRING], b[self.SECOND_CELL, self._closing] = 0.05, -0.05
        self.set("v", self._closing, 0.0, {BRACKET: -OPEN})

    _closing = HELPER + FIRST + LEAKY
    """The last of the leaky units tells of closing brackets instead."""

    def number(self, unit):
        return 4 * unit + (self.SECOND_CELL if unit == DEPTH else self.FIRST_CELL)

    def count(self, unit, rate, step, x):
        if unit == self._closing:
            return
        delta = step / self.CONSTANT if unit == DEPTH else 1.0
        self.set("delta", unit, self._softplus(delta))
        if unit == DEPTH:
            self.set("v", unit, self.CONSTANT)
        else:
            self.set("v", unit, 0.0, x)
            self.weight("decay")[unit] = float(torch.log(-torch.log(
                torch.tensor(max(1 - rate, 1e-30)))))

    def clock(self, unit, rate, step):
        self.set("v", unit, self.CONSTANT, {NEWLINE: -2 * self.CONSTANT})
        self.set("delta", unit, self._softplus(step))
        self.weight("weight_delta")[unit, HELPER] = 5.0

    def _softplus(self, value):
        """Return what the softplus is the value of."""
        return float(torch.log(torch.expm1(torch.tensor(value))))


class SLstm(Kept):
    """c' = (f n c + i z) / (f n + i), h' = o c'; where f is shut, h' = tanh of what z is given.

    So counts are those of an RNN, and inside quotes is set at quotes alone, by z that sees h. A
    unit that was given nothing yet is −1: until the first quote, z is.
    """

    turns = True
    INPUT, FORGET, GIVEN, OUTPUT = range(4)

    def __init__(self, network, seed):
        super().__init__(network, seed)
        self._gates = Weights(network, seed)

    def count(self, unit, rate, step, x):
        leaks = unit not in COUNTED and rate < 1
        self._gates.set(self.FORGET, unit, logit(1 - rate) if leaks else SHUT)
        self._gates.set(self.OUTPUT, unit, OPEN)
        again = {unit: 1.0} if unit in COUNTED else {}
        self._gates.set(self.GIVEN, unit, 0.0, scaled(x, step), again)

    def clock(self, unit, rate, step):
        self._gates.set(self.FORGET, unit, SHUT)
        self._gates.set(self.OUTPUT, unit, OPEN)
        self._gates.set(self.GIVEN, unit, 0.0, {NEWLINE: -10.0}, {unit: 1.0})

    def toggle(self, unit):
        self._gates.set(self.INPUT, unit, SHUT, {QUOTE: 2 * OPEN})
        self._gates.set(self.FORGET, unit, OPEN, {QUOTE: 2 * SHUT})
        self._gates.set(self.OUTPUT, unit, OPEN)
        self._gates.set(self.GIVEN, unit, -3.0, {QUOTE: 6.0}, {unit: -3.0 / float(
            torch.tanh(torch.tensor(3.0)))})


KEPT = {"mingru": MinGru, "mingrusigned": MinGruSigned, "minlstm": MinLstm, "rglru": RgLru,
        "ssm": Ssm, "slstm": SLstm}
