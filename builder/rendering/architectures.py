"""Networks of different architecture that had the same text and the same budget."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from builder.core.cards import Claim, Excerpt, ExhibitCard
from builder.core.grades import GOOD
from builder.core.labels import FeatureSpec
from builder.core.runs import labels_of
from builder.rendering.comparing import OnText, SameText, text_shared, texts_shared
from builder.rendering.excerpts import lines_with_most, telling, telling_lines
from builder.rendering.gallery import Gallery, claims_on, judged_by
from builder.rendering.score import best_first, excerpt_of
from builder.rendering.topics import TopicRow, topic_rows

LINES = 7
"""Of the text that all networks of a group are shown on."""
SHOWN = "comment_or_string"
"""The feature that they are shown for, where they all have a unit for it."""
KINDS = ("in_comment", "in_string")
"""What it is made of; the lines should have both."""
ROUGH = "bfloat16"
"""Arithmetic that is a difference of its own: it has three digits where others have seven or more.
"""
NEAR = 0.05
"""By what share of them characters read, or weights, may be more and still be the same budget."""


@dataclass(frozen=True)
class Row:
    """A feature, and the best unit of each network for it.

    Attributes:
        feature: Which.
        claims: The claim that was best on discover text, for each network; None without any.
    """

    feature: FeatureSpec
    claims: tuple[Claim | None, ...]


@dataclass(frozen=True)
class OnOneText:
    """The best unit of each network for one feature, over the same lines.

    Attributes:
        feature: Which.
        units: With their claims; each excerpt has the same text.
    """

    feature: FeatureSpec
    units: tuple[tuple[OnText, Excerpt], ...]


@dataclass(frozen=True)
class SideBySide:
    """Networks that can be compared.

    Attributes:
        exhibits: One of each architecture, that with the fewest weights first.
        rows: Features that a verified claim of any of them is about.
        topics: What units are famous for, with the best unit of each.
        others: Networks that read the same text with another budget.
        other_topics: The same as `topics`, of these.
    """

    exhibits: tuple[ExhibitCard, ...]
    rows: tuple[Row, ...]
    topics: tuple[TopicRow, ...]
    others: tuple[ExhibitCard, ...]
    other_topics: tuple[TopicRow, ...]


def side_by_side(gallery: Gallery) -> list[SideBySide]:
    """Return every group of networks with the same text and budget, the largest first.

    A group has two architectures or more. Networks that differ from those of a larger one by their
    seed alone are no group of their own.
    """
    groups: dict[str, dict[str, ExhibitCard]] = {}
    for exhibit in gallery.exhibits:
        if exhibit.budget:
            groups.setdefault(exhibit.budget, {}).setdefault(exhibit.architecture, exhibit)
    found: list[SideBySide] = []
    for group in sorted(groups.values(), key=len, reverse=True):
        if len(group) > 1 and not any(_repeats(group.values(), one) for one in found):
            found.append(_compared(gallery, group))
    return found


def _repeats(exhibits: Iterable[ExhibitCard], group: SideBySide) -> bool:
    """Tell whether all of these networks are in a group, if only with another seed."""
    return all(any(_alike(exhibit, one) for one in group.exhibits)
               and not differences(exhibit, group.exhibits) for exhibit in exhibits)


def _alike(one: ExhibitCard, other: ExhibitCard) -> bool:
    return (one.corpus_digest, one.architecture) == (other.corpus_digest, other.architecture)


def _compared(gallery: Gallery, group: dict[str, ExhibitCard]) -> SideBySide:
    same = list(group.values())
    others = []
    for exhibit in _of_same_text(gallery, same):
        if differences(exhibit, same):
            others.append(exhibit)
        else:
            group.setdefault(exhibit.architecture, exhibit)
    exhibits = sorted(group.values(), key=lambda e: e.parameters)
    found = {c.feature for e in exhibits for c in e.claims if c.grade in GOOD}
    rows = [Row(spec, tuple(next(iter(claims_on(e, spec.id)), None) for e in exhibits))
            for spec in gallery.features if spec.id in found]
    return SideBySide(tuple(exhibits), tuple(rows), tuple(topic_rows(gallery, exhibits)),
                      tuple(others), tuple(topic_rows(gallery, others)))


def _of_same_text(gallery: Gallery, group: Sequence[ExhibitCard]) -> Iterator[ExhibitCard]:
    """Yield the other networks that read a group's text, one of each budget and architecture."""
    text = {exhibit.corpus_digest for exhibit in group}
    seen = {(exhibit.budget, exhibit.architecture) for exhibit in group}
    for exhibit in gallery.exhibits:
        key = exhibit.budget, exhibit.architecture
        if exhibit.budget and exhibit.corpus_digest in text and key not in seen:
            seen.add(key)
            yield exhibit


def differences(exhibit: ExhibitCard, group: Iterable[ExhibitCard]) -> list[str]:
    """Say in what the budget of a network is another than that of a group; nothing where it is not.

    Weights may be fewer: an RNN of as many units has fewer than an LSTM.
    """
    group = list(group)
    found = []
    if exhibit.tokens not in {e.tokens for e in group}:
        found.append(f"reads {exhibit.tokens}")
    if _precision(exhibit) == ROUGH and ROUGH not in map(_precision, group):
        found.append(f"trained in {ROUGH}")
    if exhibit.parameters > (1 + NEAR) * max(e.parameters for e in group):
        found.append("more weights")
    read, usual = _read(exhibit), [n for e in group if (n := _read(e)) is not None]
    if read is None or not usual:
        return [*found, "characters read in training not recorded"]
    if read > (1 + NEAR) * max(usual):
        found.append("read more in training")
    if read < (1 - NEAR) * min(usual):
        found.append("read less in training")
    return found


def _precision(exhibit: ExhibitCard) -> object:
    return exhibit.training.get("precision")


def _read(exhibit: ExhibitCard) -> int | None:
    characters = exhibit.training.get("characters")
    return characters if isinstance(characters, int) else None


def shown_on_one_text(group: SideBySide) -> OnOneText | None:
    """Return the networks of a group on one text; None where they share none.

    The feature is the famous one where each of them has a unit for it; else one on which the
    networks differ, and on which one can see it, and that the best of them tracks well.
    """
    famous = next((row.feature for row in group.rows if row.feature.id == SHOWN), None)
    famous_text = _with_all_kinds(group, famous) if famous else None
    if famous_text:
        return famous_text
    found = [shown for row in group.rows if (shown := _on_one_text(group, row.feature))]
    return max(found, key=_difference, default=None)


def _with_all_kinds(group: SideBySide, feature: FeatureSpec) -> OnOneText | None:
    """Return the lines with most of each: comments, strings, and what is neither."""
    texts = [same for same in texts_shared(group.exhibits, feature.id)
             if len(same.units) == len(group.exhibits)]
    cuts = [(*lines_with_most(excerpt_of(same, same.units[0]), LINES, _kinds(same)), same)
            for same in texts]
    if not cuts:
        return None
    _, part, same = max(cuts, key=lambda cut: cut[0])
    return _cut(feature, same, part)


def _kinds(same: SameText) -> list[NDArray[np.bool_]]:
    """Tell where a text is in a comment, where in a string, and where in neither, bool[N] each."""
    labels = same.excerpt.labels
    kinds = [np.array(labels_of(labels[id_])) != 0 if id_ in labels
             else np.zeros(len(same.labels), np.bool_) for id_ in KINDS]
    return [*kinds, ~np.logical_or.reduce(kinds)]


def _difference(shown: OnOneText) -> float:
    """Return how much better the best unit is than the worst: by its number, and to the eye."""
    sizes = [abs(judged_by(unit.claim)[1].value or 0.0) for unit, _ in shown.units]
    seen = [telling(excerpt) for _, excerpt in shown.units]
    return (max(sizes) - min(sizes)) * (max(seen) - min(seen)) * max(sizes)


def _on_one_text(group: SideBySide, feature: FeatureSpec) -> OnOneText | None:
    same = text_shared(group.exhibits, feature.id)
    if same is None or len(same.units) < len(group.exhibits):
        return None
    return _cut(feature, same, telling_lines(
        excerpt_of(same, best_first(same).units[0]), LINES))


def _cut(feature: FeatureSpec, same: SameText, part: Excerpt) -> OnOneText:
    """Return some lines of a text with every unit."""
    at = slice(part.start, part.start + len(part.text))
    return OnOneText(feature, tuple(
        (unit, replace(part, values=unit.values[at])) for unit in same.units))
