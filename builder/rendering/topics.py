"""What units are famous for, and the best unit of each network for each of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from builder.core.cards import Claim, ExhibitCard
from builder.core.grades import GOOD
from builder.core.labels import FeatureSpec
from builder.rendering.classics import BY_NAME
from builder.rendering.gallery import Gallery, best_on, judged_by
from builder.rendering.words import sorted_sizes


@dataclass(frozen=True)
class Topic:
    """Something that a unit may be about.

    Attributes:
        title: What it is called, to follow "a unit for".
        features: Any of which will do.
        classic: Name of the classic picture that it is; empty where it is none.
        lasts: Whether it stays as it is for a while, so that it can be held.
    """

    title: str
    features: tuple[str, ...]
    classic: str = ""
    lasts: bool = True


def _classic(title: str, name: str, *, lasts: bool = True) -> Topic:
    return Topic(title, BY_NAME[name].features, name, lasts)


TOPICS = (
    Topic("comments and strings", ("comment_or_string",), "quotes-and-comments"),
    Topic("strings", ("in_string", "in_quotes")),
    Topic("indentation", ("in_indent",)),
    _classic("depth of nesting", "nesting-depth"),
    Topic("parentheses", ("in_parens",)),
    _classic("if conditions", "inside-if"),
    _classic("position in the line", "line-position", lasts=False),
    _classic("the end of the line", "end-of-line", lasts=False),
)
"""In the order in which they are shown."""


@dataclass(frozen=True)
class Best:
    """The best unit of a network for a topic.

    Attributes:
        exhibit: Whose.
        claim: What is claimed of it; None where nothing is.
        feature: What that is about.
        tested: Whether any of the topic's features was looked for.
    """

    exhibit: ExhibitCard
    claim: Claim | None
    feature: FeatureSpec | None
    tested: bool

    @property
    def good(self) -> bool:
        """Whether the claim beats every control."""
        return self.claim is not None and self.claim.grade in GOOD

    @property
    def size(self) -> float:
        """The number that the claim is judged by, without its sign; 0 where there is none."""
        return abs(judged_by(self.claim)[1].value or 0.0) if self.claim else 0.0

    @property
    def interval(self) -> tuple[float | None, float | None]:
        """The ends of its interval, for the number without its sign."""
        return sorted_sizes(judged_by(self.claim)[1]) if self.claim else (None, None)


@dataclass(frozen=True)
class TopicRow:
    """A topic, and the best unit of each network for it."""

    topic: Topic
    best: tuple[Best, ...]

    @property
    def ranked(self) -> list[Best]:
        """Those whose claims stand, the largest number first."""
        return sorted((best for best in self.best if best.good), key=lambda best: -best.size)

    @property
    def tied(self) -> bool:
        """Whether the interval of the first reaches that of the second."""
        if len(self.ranked) < 2:
            return False
        low, high = self.ranked[0].interval[0], self.ranked[1].interval[1]
        return low is not None and high is not None and low <= high


def topic_rows(gallery: Gallery, exhibits: Sequence[ExhibitCard]) -> list[TopicRow]:
    """Return the topics that any of some networks was tested for."""
    known = {spec.id: spec for spec in gallery.features}
    rows = [TopicRow(topic, tuple(_best(known, exhibit, topic) for exhibit in exhibits))
            for topic in TOPICS]
    return [row for row in rows if any(best.tested for best in row.best)]


def _best(known: dict[str, FeatureSpec], exhibit: ExhibitCard, topic: Topic) -> Best:
    features = [id_ for id_ in topic.features if id_ in known]
    claim = best_on(exhibit, features)
    return Best(exhibit, claim, known[claim.feature] if claim else None,
                any(id_ in exhibit.shares for id_ in features))
