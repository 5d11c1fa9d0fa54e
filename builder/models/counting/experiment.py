"""One network after the other: trained, tried until it fails, and its failure foretold."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
import torch
from numpy.typing import NDArray

from builder.core.counted import Counting, Fails, Run
from builder.models.counting.failing import TRIED_TO, first_failed, share_right
from builder.models.counting.foretelling import (
    Decided,
    Numbers,
    Unit,
    failures,
    first,
    fitted,
    without_saturation,
)
from builder.models.counting.language import PADDING, Count, Language
from builder.models.counting.languages import LANGUAGES
from builder.models.counting.networks import SmallNetwork
from builder.models.counting.training import trained
from builder.models.counting.units import Units, Values, correlations, readout, units_of

FRESH = 512
"""Strings as in training, but other ones, on which units are read."""
HARD = 64
"""Strings longer or deeper than in training."""
CANDIDATES = 6
"""Units that may be what counts, those with the highest |r|."""
AS_DRIFT = 1.25
"""A failure is the drift's if without saturation it would come no more than a quarter later."""

Places = NDArray[np.bool_]


@dataclass(frozen=True)
class Asked:
    """Networks to train: of one architecture, for one language."""

    architecture: str
    language: str
    seeds: tuple[int, ...]


def count(effort: float, asked: Asked) -> list[Run]:
    """Train networks and look at each.

    Args:
        effort: Times the steps of training that each language has.
        asked: Which.
    """
    torch.set_num_threads(1)
    language = LANGUAGES[asked.language]
    steps = max(1, round(effort * language.steps))
    return [looked_at(network, loss, asked.architecture, language, seed) for (network, loss), seed
            in zip(trained(asked.architecture, language, asked.seeds, steps), asked.seeds,
                   strict=True)]


def looked_at(network: SmallNetwork, loss: float, architecture: str, language: Language,
              seed: int) -> Run:
    """Return what a trained network is found to do.

    Args:
        network: The network.
        loss: At the end of its training.
        architecture: Its name.
        language: That it learned.
        seed: What it was started from.
    """
    rng = np.random.default_rng([seed, 1, *language.name.encode()])
    ids, hard = language.draw(rng, FRESH), language.draw(rng, HARD, beyond=True)
    units, truths = units_of(network, ids), language.truths(ids)
    read = ids != PADDING
    known = {name: _known(units.values[read], truth[read]) for name, truth in truths.items()}
    seen = _Seen(network, language, ids, units)
    return Run(
        architecture, language.name, seed, network.hidden, network.layers,
        round(loss, 6), share_right(network, language, ids),
        share_right(network, language, hard), language.trained_to, TRIED_TO,
        first_failed(network, language), first_failed(network, language, language.trained_to),
        known,
        tuple(filter(None, (seen.counting(what) for what in language.counts))))


def _known(values: Values, truth: Numbers) -> tuple[float, float]:
    return (round(float(np.abs(correlations(values, truth)).max()), 4),
            round(readout(values, truth), 4))


@dataclass(frozen=True)
class _Found:
    """A unit that may be what counts: its number, r with a truth, and what it is as a counter."""

    index: int
    truth: str
    r: float
    unit: Unit


@dataclass(frozen=True)
class _Seen:
    """What was seen of a network on strings as in training."""

    network: SmallNetwork
    language: Language
    ids: Numbers
    units: Units

    def counting(self, what: Count) -> Counting | None:
        """Say what counts something, how, and when it fails; None where nothing can be said."""
        found = self._best(what)
        if found is None:
            return None
        read, counts = self.ids != PADDING, self.language.truths(self.ids)[found.truth]
        values = self.units.values[..., found.index]
        fails = self._fails(what, found.unit, float(values[read].mean()))
        moves = np.diff(counts, axis=0, prepend=0)
        (keep, up), (_, down) = (_line(values, moves == way) for way in (1, -1))
        step, drift = _slope(values[read], counts[read]), up + down
        return Counting(found.truth, self.units.names[found.index], round(found.r, 4),
                        round(step, 6), round(drift, 6), round(keep, 6), fails)

    def _best(self, what: Count) -> _Found | None:
        """Return the unit that gets furthest within what training has; of equals, the highest |r|.

        Nothing beyond training is looked at.
        """
        ids, at, counts = _harder(self.language, what, self.language.trained_to)

        def gets(found: _Found) -> tuple[int, float]:
            fails = first(failures(found.unit, ids, at, counts))
            return fails or self.language.trained_to + 1, abs(found.r)

        return max(self._candidates(what), key=gets, default=None)

    def _candidates(self, what: Count) -> Iterator[_Found]:
        """Yield the units whose |r| is highest, with any of the truths that will do."""
        read, truths = self.ids != PADDING, self.language.truths(self.ids)
        for name in what.truths:
            r = correlations(self.units.values[read], truths[name][read])
            for index in np.argsort(-np.abs(r), kind="stable")[:CANDIDATES].tolist():
                values = self.units.values[..., index]
                unit = fitted(self.ids, values, truths[what.truths[0]],
                              self._decided(what, values), len(self.language.letters))
                if unit is not None:
                    yield _Found(index, name, float(r[index]), unit)

    def _decided(self, what: Count, values: Values) -> Decided:
        at, counts = _decisions(self.language, what, self.ids)
        sure = self.answers[..., self.language.answers.index(what.answer)][at].astype(np.float64)
        return Decided(values[at], counts[at], sure if what.zero else -sure)

    @cached_property
    def answers(self) -> NDArray[np.float32]:
        """The network's answers as logits, float32[T, B, A]."""
        return self.network.answer(self.ids)

    def _fails(self, what: Count, unit: Unit, typical: float) -> Fails:
        ids, at, counts = _harder(self.language, what, TRIED_TO)
        wrong = failures(unit, ids, at, counts)
        fails, beyond = first(wrong), first(wrong, self.language.trained_to)
        if beyond is None:
            return Fails(fails, None, "")
        whole = without_saturation(unit, typical)
        drifting = first(failures(whole, ids, at, counts), self.language.trained_to)
        return Fails(fails, beyond,
                     "drift" if drifting and drifting <= AS_DRIFT * beyond else "saturation")


def _decisions(language: Language, what: Count, ids: Numbers) -> tuple[Places, Numbers]:
    """Return where it is decided whether a count is 0, and the count."""
    return language.is_letter(ids, what.at), language.truths(ids)[what.truths[0]]


@lru_cache(maxsize=4)
def _harder(language: Language, what: Count, to: int) -> tuple[Numbers, Places, Numbers]:
    """Return strings of n from 1 up, and where it is decided whether a count is 0, and the count.

    They are large and the same for all seeds, so they are made once.
    """
    ids = language.climb(np.arange(1, to + 1))
    assert ids is not None
    return ids, *_decisions(language, what, ids)


def _slope(values: Values, counts: Numbers) -> float:
    """Return by how much the mean of a unit rises for each, over all counts."""
    each = np.unique(counts)
    means = np.array([values[counts == value].mean() for value in each])
    return float(np.polyfit(each, means, 1)[0]) if len(each) > 1 else 0.0


def _line(values: Values, where: Places) -> tuple[float, float]:
    """Return how much is kept of a value, and the mean step, over some steps."""
    old = np.vstack([np.zeros((1, values.shape[1])), values[:-1]])[where]
    new = values[where]
    if not len(old) or float(old.std()) < 1e-9:
        return 1.0, float((new - old).mean()) if len(old) else 0.0
    return float(np.polyfit(old, new, 1)[0]), float((new - old).mean())
