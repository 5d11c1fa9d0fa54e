"""Does a model fit a text? Measured before anything is claimed about the two."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence, Sized
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from builder.activations.source import Ability
from builder.activations.subject import Subject
from builder.core.cards import Claim, Grade
from builder.core.fit import Fit
from builder.core.text import Document, Split
from builder.evidence.choose import rank
from builder.models.evaluate import entropy
from builder.tokens.contract import Cut

MOST_UNKNOWN = 0.01
"""Share of unknown steps beyond which a model does not fit a text."""

NAMED = 5
"""How many unknown steps are named."""

BEST = (Grade.CAUSAL, Grade.VERIFIED, Grade.CHARACTER)


def fit_of(subject: Subject, splits: Collection[Split] = tuple(Split)) -> Fit | None:
    """Measure bits on a sample of the text, and frequencies and unknown steps on all of it.

    None where the source of the activations says nothing of what comes next.

    Args:
        subject: The model on its text.
        splits: Which parts of the text count.
    """
    source = subject.source
    if Ability.CHANCES not in source.abilities:
        return None
    documents = [d for d in subject.corpus.documents if any(p.split in splits for p in d.pieces)]
    counts, unknown, characters = _counted(source.tokens, documents)
    total = max(1, int(counts.sum()))
    per_character = total / max(1, characters)
    told = source.known is not None
    fit = Fit(
        source.bits(subject.corpus, splits), entropy(counts) * per_character,
        float(np.log2(max(1, source.known or 1))) * per_character if told else None,
        unknown.total() / total if told else None,
        tuple((name, count / total) for name, count in unknown.most_common(NAMED)), None)
    return replace(fit, warning=_warning(fit))


def _counted(
    tokens: Cut, documents: Iterable[Document]
) -> tuple[NDArray[np.int64], Counter[str], int]:
    """Return how often each step is there, [V], what the unknown ones cover, and characters."""
    counts, unknown, characters = np.zeros(tokens.size, np.int64), Counter[str](), 0
    for document in documents:
        steps, text = tokens.steps_of(document), document.text
        # what begins a text is none of it
        of_text = ~((steps.sizes == 0) & (steps.ids == tokens.begin))
        counts += np.bincount(steps.ids[of_text], minlength=tokens.size)
        at = np.flatnonzero(tokens.are_unknown(steps.ids))
        unknown.update(text[a:b] for a, b in
                       zip(steps.starts[at].tolist(), steps.ends[at].tolist(), strict=True))
        characters += len(text)
    return counts, unknown, characters


def _warning(fit: Fit) -> str | None:
    said = ""
    if (fit.unknown_share or 0.0) > MOST_UNKNOWN:
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
    line = f"fit: {bits} bits per character; by frequencies alone {fit.unigram_bits:.2f}"
    if fit.uniform_bits is not None:
        line += f", if all were alike {fit.uniform_bits:.2f}"
    if fit.unknown_share is not None:
        line += f"; {fit.unknown_share:.1%} of the text unknown"
    if fit.unknown:
        line += f" ({', '.join(f'{name!r} {share:.1%}' for name, share in fit.unknown)})"
    return f"{line}; {fit.warning}" if fit.warning else line


def capped(claims: Sequence[Claim], fit: Fit | None) -> tuple[Claim, ...]:
    """Return claims as good as they can be: suggestive at best where the model does not fit."""
    return tuple(claims) if fit is None or fit.warning is None else at_best_suggestive(claims)


def below_verified(subject: Subject, floors: Sized) -> str:
    """Say why no claim can be better than suggestive; nothing where one can.

    Args:
        subject: What is measured.
        floors: What untrained networks reach, as far as they were read.
    """
    abilities = subject.source.abilities
    if Ability.TWINS not in abilities:
        return ("there is no untrained network to compare with, so no claim is better than "
                "suggestive; give one with --untrained-states, in a notebook with untrained=[…]")
    if Ability.WEIGHTS not in abilities and not floors:
        return "the untrained networks were not read, so no claim is better than suggestive"
    return ""


def at_best_suggestive(claims: Sequence[Claim]) -> tuple[Claim, ...]:
    """Return claims, none of which is better than suggestive, best first."""
    return tuple(rank(replace(c, grade=Grade.SUGGESTIVE) if c.grade in BEST else c
                      for c in claims))
