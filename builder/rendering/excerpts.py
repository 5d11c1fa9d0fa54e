"""Excerpts as HTML, whole or cut to a few lines."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import compress

import numpy as np
from markupsafe import Markup
from numpy.typing import NDArray

from builder.core.cards import CellCard, Excerpt
from builder.core.labels import FeatureSpec
from builder.core.shown import Explored, Snippet
from builder.rendering.colour import stretch
from builder.rendering.marks import marks_of
from builder.rendering.spans import Values, coloured

FULL = 24
"""Characters of a line, without blanks, that are enough to read."""

EXPLORED = "explored"
"""Rule of a stretch that was chosen for all units of an exhibit."""

FITTING = ("strongest", "upper")
"""Rules of excerpts that a picture for the first look is taken from."""


def excerpt_html(excerpt: Excerpt, feature: FeatureSpec) -> Markup:
    """Return the coloured text, with the truth about the feature under it."""
    return _marked(excerpt.text, excerpt.values, excerpt.labels, feature)


@lru_cache(maxsize=64)  # a cell's page and its embed page show the same excerpts
def _marked(
    text: str, values: tuple[float, ...], labels: tuple[float, ...], feature: FeatureSpec
) -> Markup:
    truth = marks_of(labels, feature)
    return coloured(text, values, truth.lines, bars=truth.bars)


def labelled_html(
    text: str, values: Sequence[float], labels: Sequence[float], feature: FeatureSpec
) -> Markup:
    """Return coloured text with its labels; without colours, or marks, where there are none."""
    shown = tuple(values) or (math.nan,) * len(text)
    return _marked(text, shown, tuple(labels), feature) if labels else coloured(text, shown)


def underlined(text: str, values: Sequence[float], on: Sequence[float]) -> Markup:
    """Return text with a line where something holds, coloured where there are values."""
    shown = tuple(values) or (math.nan,) * len(text)
    return coloured(text, shown, [bool(there) for there in on])


def barred(excerpt: Excerpt) -> Markup:
    """Return coloured text with a bar under each character whose label is on."""
    return coloured(excerpt.text, excerpt.values, [bool(on) for on in excerpt.labels], bars=True)


def gate_html(excerpt: Excerpt, gate: str) -> Markup:
    """Return the text coloured by a gate: shut is low, open is high."""
    assert excerpt.inside is not None
    return coloured(excerpt.text, [2 * value - 1 for value in excerpt.inside.gates[gate]])


def values_html(excerpt: Excerpt | Explored, values: Values) -> Markup:
    """Return the text coloured by other values than its own."""
    return coloured(excerpt.text, values)


def plain_html(text: str) -> Markup:
    """Return text without colours."""
    return coloured(text, [None] * len(text))


def snippet_html(snippet: Snippet) -> Markup:
    """Return a few characters, one of them marked."""
    return coloured(snippet.text, snippet.values, at=snippet.at)


def stretch_of(cell: CellCard) -> str:
    """Return how far the colours of a cell's excerpts can be stretched; empty where not at all."""
    step = stretch([value for excerpt in cell.excerpts for value in excerpt.values])
    return f"{step:g}" if step > 1 else ""


def explored_excerpt(
    text: Explored, values: Sequence[float], labels: Sequence[float]
) -> Excerpt:
    """Return a unit over a text that all units of an exhibit are shown on."""
    return Excerpt(EXPLORED, text.document, 0, text.line, text.text, tuple(values), tuple(labels),
                   0.0)


def clearest(excerpts: Sequence[Excerpt]) -> Excerpt:
    """Return the excerpt on which one can best see what the unit does; of those that fit well.

    There must be one.
    """
    good = [e for e in excerpts if e.rule in FITTING] or list(excerpts[:1])
    return max(good, key=telling)


def failing(excerpts: Sequence[Excerpt]) -> Excerpt | None:
    """Return the excerpt on which the claim fails, None where it holds on all."""
    return next((e for e in excerpts if e.rule == "fails" and e.contribution < 0), None)


def telling(excerpt: Excerpt) -> float:
    """Return how well a stretch shows what the unit does: |r| there, times how much it varies.

    0 where the feature does not change.
    """
    values, labels = np.nan_to_num(np.array([excerpt.values, excerpt.labels], np.float64))
    spread = labels.std() if labels.size else 0.0
    return abs(float(np.mean((values - values.mean()) * labels))) / float(spread) if spread else 0.0


def telling_lines(excerpt: Excerpt, lines: int) -> Excerpt:
    """Return the stretch of at most `lines` whole lines that best shows what the unit does.

    Lines that are nearly empty show little.
    """
    best = max(_stretches(excerpt, lines), key=lambda part: telling(part) * _filled(part, lines))
    return best if telling(best) else liveliest_lines(excerpt, lines)


def failing_lines(excerpt: Excerpt, lines: int, sign: float) -> Excerpt:
    """Return the stretch of at most `lines` whole lines that speaks most against a claim.

    Args:
        excerpt: The text.
        lines: At most so many.
        sign: Above 0 where the unit is said to be high where the feature is.
    """
    values, labels = np.nan_to_num(np.array([excerpt.values, excerpt.labels], np.float64))
    fits = math.copysign(1, sign) * (values - values.mean()) * (labels - labels.mean())

    def fit(part: Excerpt) -> float:
        at = part.start - excerpt.start
        return float(fits[at : at + len(part.text)].sum())

    return min(_stretches(excerpt, lines), key=fit)


def _filled(part: Excerpt, lines: int) -> float:
    """Return how much there is to read on some lines, 1 where that is enough."""
    return min(1.0, sum(not c.isspace() for c in part.text) / (FULL * lines))


def without_margin(excerpt: Excerpt) -> Excerpt:
    """Return lines without the blanks that all of them begin with, for a small picture."""
    lines = excerpt.text.split("\n")
    margin = min((len(line) - len(line.lstrip(" ")) for line in lines if line.strip()), default=0)
    kept = [column >= margin or character == "\n"
            for line in lines for column, character in enumerate(f"{line}\n")][: len(excerpt.text)]
    return replace(
        excerpt, text="".join(compress(excerpt.text, kept)),
        values=tuple(compress(excerpt.values, kept)), labels=tuple(compress(excerpt.labels, kept)),
        twin=tuple(compress(excerpt.twin, kept)), inside=None,
    )


def liveliest_lines(excerpt: Excerpt, lines: int) -> Excerpt:
    """Return the stretch of at most `lines` whole lines in which the values vary most."""
    return max(_stretches(excerpt, lines), key=_variation)


def _stretches(excerpt: Excerpt, lines: int) -> Iterator[Excerpt]:
    """Yield every stretch of so many whole lines; of a shorter text, all of it."""
    starts = [0, *(at + 1 for at, c in enumerate(excerpt.text[:-1]) if c == "\n")]
    stops = [*starts[lines:], len(excerpt.text)]
    return (_cut(excerpt, *ends) for ends in zip(starts, stops, strict=False))


def _cut(excerpt: Excerpt, start: int, stop: int) -> Excerpt:
    part = slice(start, stop)
    return replace(
        excerpt, start=excerpt.start + start,
        line=excerpt.line + excerpt.text.count("\n", 0, start), text=excerpt.text[part],
        values=excerpt.values[part], labels=excerpt.labels[part], twin=excerpt.twin[part],
        inside=None,
    )


def lines_with_most(
    excerpt: Excerpt, lines: int, kinds: Sequence[NDArray[np.bool_]]
) -> tuple[int, Excerpt]:
    """Return the stretch of whole lines that has most of each of some kinds of characters.

    Args:
        excerpt: N characters.
        lines: At most so many.
        kinds: Where each kind is, bool[N].

    Returns:
        How many of the rarest kind there are, and the stretch.
    """
    def least(part: Excerpt) -> int:
        at = slice(part.start - excerpt.start, part.start - excerpt.start + len(part.text))
        return min(int(kind[at].sum()) for kind in kinds)

    best = max(_stretches(excerpt, lines), key=least)
    return least(best), best


def _variation(excerpt: Excerpt) -> float:
    values = np.array(excerpt.values)
    values = values[~np.isnan(values)]
    return float(values.std()) if len(values) else 0.0
