"""Does a model fit a text? Measured before anything is claimed about the two."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from builder.activations.sampling import SAMPLE_CHARACTERS, Stretch, scattered
from builder.activations.subject import Subject
from builder.core.cards import Claim, Grade
from builder.core.fit import Fit
from builder.core.text import Split
from builder.evidence.choose import rank
from builder.models.evaluate import entropy
from builder.models.losses import character_losses
from builder.models.threads import one_thread

MOST_UNKNOWN = 0.01
"""Share of unknown steps beyond which a model does not fit a text."""

MOST_ENTRIES = 5_000
"""Size of a vocabulary beyond which less text is predicted: each step costs a score of all of it.
"""

NAMED = 5
"""How many unknown steps are named."""

BEST = (Grade.CAUSAL, Grade.VERIFIED, Grade.CHARACTER)


def fit_of(subject: Subject) -> Fit:
    """Measure bits on a sample of the text, and frequencies and unknown steps on all of it."""
    vocabulary = subject.network.spec.vocabulary
    counts, unknown, characters = _counted(subject)
    total = max(1, int(counts.sum()))
    per_character = total / max(1, characters)
    sampled = SAMPLE_CHARACTERS * MOST_ENTRIES // max(MOST_ENTRIES, vocabulary.size)
    fit = Fit(
        _bits(subject, [s for split in Split
                        for s in scattered(subject.corpus, split, sampled)]),
        entropy(counts) * per_character,
        float(np.log2(max(1, len(vocabulary.known())))) * per_character,
        unknown.total() / total,
        tuple((name, count / total) for name, count in unknown.most_common(NAMED)), None)
    return replace(fit, warning=_warning(fit))


def _counted(subject: Subject) -> tuple[NDArray[np.int64], Counter[str], int]:
    """Return how often each step is there, [V], what the unknown ones cover, and characters."""
    spec = subject.network.spec
    vocabulary = spec.vocabulary
    counts, unknown, characters = np.zeros(vocabulary.size, np.int64), Counter[str](), 0
    for text in (d.text for d in subject.corpus.documents):
        steps = spec.cutting.steps(text)
        of_text = ~((steps.sizes == 0) & (steps.ids == spec.begin))  # what begins it is none of it
        counts += np.bincount(steps.ids[of_text], minlength=vocabulary.size)
        at = np.flatnonzero(vocabulary.are_unknown(steps.ids))
        unknown.update(text[a:b] for a, b in
                       zip(steps.starts[at].tolist(), steps.ends[at].tolist(), strict=True))
        characters += len(text)
    return counts, unknown, characters


def _bits(subject: Subject, stretches: Sequence[Stretch]) -> float | None:
    """Return bits per character, each stretch read from some way before it."""
    steps_of = subject.network.spec.cutting.steps
    texts = [steps_of(d.text[p.read_start : p.stop]) for d, p in stretches]
    first = [int(np.searchsorted(steps.ends, p.scored_start - p.read_start))
             for steps, (_, p) in zip(texts, stretches, strict=True)]
    with one_thread():
        losses = character_losses(subject.network, [steps.fed for steps in texts], first=first)
    nats, characters = 0.0, 0
    for steps, loss, k in zip(texts, losses, first, strict=True):
        told = steps.predicts
        told[:k] = False
        nats += float(np.nansum(loss[told], dtype=np.float64))
        characters += int(steps.sizes[1:][told[:-1]].sum())
    return nats / characters / float(np.log(2)) if characters else None


def _warning(fit: Fit) -> str | None:
    said = ""
    if fit.unknown_share > MOST_UNKNOWN:
        said = f"{fit.unknown_share:.0%} of the text is unknown to it"
    elif fit.bits is not None and fit.bits > fit.unigram_bits:
        said = ("it predicts the text worse than one that knows no more than how frequent each "
                "character is; most likely its vocabulary is in another order than the one it was "
                "trained with, or it was trained on another kind of text")
    if not said:
        return None
    return f"the model does not fit the text: {said}; no claim is better than suggestive"


def fit_line(fit: Fit) -> str:
    """Return the line that stands before all others."""
    bits = "—" if fit.bits is None else f"{fit.bits:.2f}"
    line = (f"fit: {bits} bits per character; by frequencies alone {fit.unigram_bits:.2f}, if all "
            f"were alike {fit.uniform_bits:.2f}; {fit.unknown_share:.1%} of the text unknown")
    if fit.unknown:
        line += f" ({', '.join(f'{name!r} {share:.1%}' for name, share in fit.unknown)})"
    return f"{line}; {fit.warning}" if fit.warning else line


def capped(claims: Sequence[Claim], fit: Fit) -> tuple[Claim, ...]:
    """Return claims as good as they can be: suggestive at best where the model does not fit."""
    if fit.warning is None:
        return tuple(claims)
    return tuple(rank(replace(c, grade=Grade.SUGGESTIVE) if c.grade in BEST else c
                      for c in claims))
