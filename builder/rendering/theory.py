"""What papers say of what networks can and cannot count, and the figures they found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

LATCH, TOGGLE, COUNTER = "latch", "toggle", "counter"


@dataclass(frozen=True)
class Paper:
    """Where something is said."""

    short: str
    title: str
    url: str


@dataclass(frozen=True)
class Said:
    """What is said of an architecture: yes, no, or neither (None), and why."""

    can: bool | None
    why: str


@dataclass(frozen=True)
class Published:
    """A figure of a paper for an architecture, on the work that a language here asks for."""

    paper: str
    language: str
    architecture: str
    figure: str
    of: str


PAPERS: Mapping[str, Paper] = {
    "weiss": Paper("Weiss et al. 2018", "On the practical computational power of finite precision "
                   "RNNs for language recognition", "https://arxiv.org/abs/1805.04908"),
    "suzgun": Paper("Suzgun et al. 2019", "On evaluating the generalization of LSTM models in "
                    "formal languages", "https://arxiv.org/abs/1811.01001"),
    "merrill": Paper("Merrill et al. 2020", "A formal hierarchy of RNN architectures",
                     "https://arxiv.org/abs/2004.08500"),
    "deletang": Paper("Delétang et al. 2023", "Neural networks and the Chomsky hierarchy",
                      "https://arxiv.org/abs/2207.02098"),
    "sarrof": Paper("Sarrof et al. 2024", "The expressive capacity of state space models",
                    "https://arxiv.org/abs/2405.17394"),
    "grazzi": Paper("Grazzi et al. 2024", "Unlocking state-tracking in linear RNNs through "
                    "negative eigenvalues", "https://arxiv.org/abs/2411.12537"),
}

_STEPS = "its next state depends on its state: any finite machine is within reach"
_KEEPS = "keeps what it has while the gate is shut: star-free, within reach"
_POSITIVE = "multiplies its state by 0 to 1 only: parity is out of reach, in several layers too"
_MEAN = "a mean of what it was given, never a sum: steps shrink"

_FINITE = {LATCH: Said(True, _STEPS), TOGGLE: Said(True, _STEPS)}
_GATED = {LATCH: Said(True, _KEEPS), TOGGLE: Said(False, _POSITIVE)}

THEORY: Mapping[str, Mapping[str, Said]] = {
    "rnn": {**_FINITE, COUNTER: Said(False, "tanh squashes its state: a finite machine")},
    "gru": {**_FINITE, COUNTER: Said(False, _MEAN)},
    "lstm": {**_FINITE, COUNTER: Said(True, "adds to its cell, which nothing squashes")},
    "slstm": {**_FINITE, COUNTER: Said(None, "a mean whose weights are counted; open")},
    "mingru": {**_GATED, COUNTER: Said(False, _MEAN)},
    "mingrusigned": {LATCH: Said(True, _KEEPS),
                     TOGGLE: Said(True, "may turn the sign of its state: parity is within reach"),
                     COUNTER: Said(None, "no mean any more where the sign turns; open")},
    "minlstm": {**_GATED, COUNTER: Said(False, _MEAN)},
    "rglru": {**_GATED, COUNTER: Said(False, "what it keeps all of, it adds nothing to")},
    "ssm": {**_GATED, COUNTER: Said(True, "can keep all of its state and add to it")},
}
"""By architecture and by what is asked for.

Latch and toggle: Sarrof et al. 2024, Grazzi et al. 2024 (gates from the input), Merrill et al. 2020
(gates from the state). Counter: Weiss et al. 2018, Merrill et al. 2020, Sarrof et al. 2024; of the
means it follows from their equations.
"""

PUBLISHED = (
    Published("suzgun", "anbncn", "lstm", "139.5", "first n that fails, median, 3 units, n up to "
              "50 in training, all as often"),
    Published("weiss", "anbn", "lstm", "far beyond training", "how far it counts"),
    Published("weiss", "anbn", "gru", "not beyond training", "how far it counts"),
    Published("deletang", "parity", "rnn", "95.5%", "right at lengths 41 to 500, 40 in training"),
    Published("deletang", "parity", "lstm", "100%", "right at lengths 41 to 500, 40 in training"),
)
"""Figures of papers that stand beside ours."""
