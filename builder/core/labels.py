"""Features, and what they say of a text."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from numpy.typing import NDArray

PROSE = frozenset({"prose", "text"})
"""Languages without a lexer."""


class Tag(StrEnum):
    """What sort of number a feature is, which decides how a claim about it is judged."""

    STATE = "state"
    COUNT = "count"
    EVENT = "event"
    FUTURE = "future"


class Lookahead(StrEnum):
    """How far ahead of a character its label may look."""

    NONE = "none"
    TOKEN = "token"
    LINE = "line"
    MATCH = "match"


@dataclass(frozen=True)
class Phrases:
    """How sentences speak of a feature; in place of each that is empty stands a plain one.

    Attributes:
        phrase: What follows the verb. Of a state where it is on, "is red … inside strings"; of a
            count how it grows, "gets redder … the more brackets are open"; of an event when it
            is, "drops … at the end of every line"; of the future what is about to come,
            "is red … just before a line ends".
        many: Of a count, where it is large: "where many brackets are open".
        few: Of a count, where it is small, after `many`: "where few are".
        rise: What happens as it begins or goes up: "a bracket opens".
        fall: What happens as it ends or goes down: "a bracket closes".
        least: Of a count, where it has reached a number, which stands for the braces: "after {}
            or more words of a line". Without it, a number takes the place of "many" or "several"
            in `many`.
    """

    phrase: str = ""
    many: str = ""
    few: str = ""
    rise: str = ""
    fall: str = ""
    least: str = ""


NO_PHRASES = Phrases()


@dataclass(frozen=True)
class FeatureSpec:
    """What a feature is, in words.

    Attributes:
        id: The name others may rely on, for example `in_string`.
        title: Plain words for a heading: "inside a string".
        hypothesis: One line that starts with a verb: "is on from the opening quote to …".
        tag: State, count, event or future.
        lookahead: How far ahead a label may look.
        languages: Lexer names it is made for; empty where any text has it.
        example_text: A worked example.
        example_labels: One digit a character of the example.
        predicts: For a future feature, the characters one of which comes next where it is on;
            the model's own probability of them is what a unit is judged against.
        opposite: For an event, the id of the event that undoes it: `closes` for `opens`.
        phrases: How sentences speak of it.
    """

    id: str
    title: str
    hypothesis: str
    tag: Tag
    lookahead: Lookahead
    languages: frozenset[str]
    example_text: str
    example_labels: str
    predicts: str = ""
    opposite: str = ""
    phrases: Phrases = NO_PHRASES

    @property
    def is_binary(self) -> bool:
        """Whether it is just on or off, so that one can ask how well a unit tells which."""
        return self.tag is not Tag.COUNT and set(self.example_labels) <= {"0", "1"}


@dataclass(frozen=True)
class FeatureLabels:
    """Labels of one document.

    Attributes:
        features: K feature ids, in the order of the columns.
        values: int16[N, K], or float32 where one is no whole number; row t describes the position
            *after* character t.
    """

    features: tuple[str, ...]
    values: NDArray[Any]
