"""What came out of a comparison of architectures, in sentences made from its numbers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from builder.core.cards import ExhibitCard
from builder.rendering.architectures import SideBySide, differences
from builder.rendering.numbers import number
from builder.rendering.sentences import listed
from builder.rendering.topics import Best, TopicRow
from builder.rendering.words import architecture


def findings(group: SideBySide) -> Iterator[str]:
    """Say which network has the best units, how sure that is, and what none of them has."""
    won = [row for row in group.topics if row.ranked]
    lost = [row.topic.title for row in group.topics if not row.ranked]
    if won:
        yield _winners(won, len(group.exhibits))
        tied = [row.topic.title for row in won if row.tied]
        if tied:
            yield (f"For {listed(tied)} the intervals of the best and the second best overlap, so "
                   "these two cannot be told apart.")
        yield from _best_predictor(group.exhibits, won)
    if lost:
        yield f"No network has a verified unit for {listed(lost, 'or')}."


def _winners(won: Sequence[TopicRow], networks: int) -> str:
    wins = Counter(architecture(row.ranked[0].exhibit) for row in won).most_common()
    if len(wins) == 1:
        return (f"Of the {networks} networks, the {wins[0][0]} has the best unit for everything "
                f"that any of them has a verified unit for, {len(won)} in all.")
    (name, count), *rest = wins
    named = [f"the {name} has the best unit for {count}",
             *(f"the {name} for {count}" for name, count in rest)]
    return (f"No architecture is best throughout. Of the {len(won)} things that any of the "
            f"{networks} networks has a verified unit for, {listed(named)}.")


def _best_predictor(exhibits: Sequence[ExhibitCard], won: Sequence[TopicRow]) -> Iterator[str]:
    known = [(e.bits_per_character, e) for e in exhibits if e.bits_per_character is not None]
    if len(known) < 2:
        return
    bits, first = min(known, key=lambda pair: pair[0])
    count = sum(row.ranked[0].exhibit.name == first.name for row in won)
    yield (f"The network that predicts best, the {architecture(first)} ({number(bits)} bits per "
           f"character), has the best unit for {count or 'none'} of them.")


def losses(exhibits: Sequence[ExhibitCard]) -> str:
    """Say in a line how well some networks predict; empty where that is not known."""
    known = [f"{architecture(e)} {number(e.bits_per_character)}" for e in exhibits
             if e.bits_per_character is not None]
    return f"bits per character: {', '.join(known)}" if known else ""


def budgets(group: SideBySide) -> list[list[str]]:
    """Return of each network with another budget what is other about it."""
    return [differences(exhibit, group.exhibits) for exhibit in group.others]


def topic_sentence(row: TopicRow) -> str:
    """Say of a topic which networks have a verified unit for it, and which has the best."""
    title, ranked = row.topic.title, row.ranked
    title = title[0].upper() + title[1:]
    if not ranked:
        tried = max(row.best, key=lambda best: best.size)
        return f"{title}: none has a verified unit" + (
            f"; the closest is that of the {_named(tried)}." if tried.claim else ".")
    rest = f", then {listed([_named(best) for best in ranked[1:]])}" if ranked[1:] else ""
    return (f"{title}: {len(ranked)} of {len(row.best)} have a verified unit; best "
            f"{_named(ranked[0])}{rest}.")


def _named(best: Best) -> str:
    return f"{architecture(best.exhibit)} ({number(best.size)})"
