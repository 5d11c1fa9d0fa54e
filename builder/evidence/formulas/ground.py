"""What all networks of a comparison are read on: one text, one sample, one table of pairs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from builder.activations.clipping import Clips
from builder.activations.sampling import MEAN_CHARACTERS, SAMPLE_CHARACTERS, scattered
from builder.activations.shares import Ready, ready
from builder.activations.source import ActivationSource
from builder.activations.subject import Reading, Subject, nothing_to_score
from builder.core.text import Corpus, Split
from builder.evidence.formulas.sampled import Places, places_of, values_at
from builder.features.naming import naming
from builder.scoring import BigramTable, count_bigrams
from builder.work import Workers

STEPS = 64_000
"""Most steps of each split on which formulas are searched and judged."""

VALUES = 32_000_000
"""Most values of units of a split that are kept at a time; wide networks get fewer steps."""


@dataclass(frozen=True)
class Ground:
    """What networks are read on.

    Attributes:
        subject: A network on its text, with words, marks and characters as features besides.
        clips: Up to what its counts are scored.
        workers: Who reads.
        table: Numbers of the frequent pairs of steps.
        shares: Of each split.
        steps: Most steps that are kept of a split.
    """

    subject: Subject
    clips: Clips
    workers: Workers
    table: BigramTable
    shares: Mapping[Split, Ready]
    steps: int

    @property
    def reading(self) -> Reading:
        """How the network is read."""
        return replace(self.subject.reading, clips=self.clips)

    @property
    def corpus(self) -> Corpus:
        """The text."""
        return self.subject.corpus

    @property
    def every(self) -> int:
        """One step of this many is kept: of a small text all."""
        there = max(sum(one.bounds.stop - one.bounds.scored for share in shares for one in share)
                    for shares in self.shares.values())
        return max(1, -(-there // self.steps))

    def places(self, split: Split, every: int = 0, only: tuple[int, ...] = ()) -> Places:
        """Return the steps that are kept, as `places_of` does."""
        return places_of(self.workers, self.reading, self.table, self.shares[split],
                         every or self.every, only)

    def values(
        self, source: ActivationSource, split: Split, title: str, every: int = 0,
        only: tuple[int, ...] = (),
    ) -> NDArray[np.float32]:
        """Return what all units of a source do there, float32[N, U]."""
        reading = replace(self.reading, source=source)
        return values_at(self.workers, reading, self.table, self.shares[split],
                         every or self.every, title, only)


def ground_of(subject: Subject, workers: Workers) -> Ground:
    """Prepare the samples of discover and held-out text.

    Args:
        subject: The network on its text.
        workers: Who reads.

    Raises:
        CorpusError: One of the two is empty.
    """
    stretches = scattered(subject.corpus, Split.TRAIN, MEAN_CHARACTERS)
    table = count_bigrams((subject.texts.scored(s).fed for s in stretches),
                          subject.source.tokens.size)
    worded = with_names(subject)
    shares = {split: ready(workers, worded.reading,
                           scattered(subject.corpus, split, SAMPLE_CHARACTERS))
              for split in (Split.DISCOVER, Split.HELD_OUT)}
    for split, some in shares.items():
        if not any(some):
            raise nothing_to_score(f"formulas ({split.value})", 0)
    return Ground(worded, subject.clips, workers, table, shares,
                  max(1, min(STEPS, VALUES // len(subject.units))))


def with_names(subject: Subject) -> Subject:
    """Return a network with words, marks and characters as features besides.

    Which have names is learned from the training text. Its counts are as they are: what is read of
    it is clipped as the network's own, so that the training text is not labelled once more.
    """
    stretches = scattered(subject.corpus, Split.TRAIN, MEAN_CHARACTERS)
    named = naming((d.text[p.start : p.stop] for d, p in stretches), subject.language)
    return replace(subject, features=(*subject.features, *named), clip_counts=1.0)
