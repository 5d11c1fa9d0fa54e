"""The `@feature` decorator and the list of features it makes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from builder.core.labels import FeatureLabels, FeatureSpec, Lookahead, Tag
from builder.errors import Problem, UserError, did_you_mean
from builder.features.source import PROSE, Source
from builder.features.tokens import proper_name

CODE = frozenset({"code"})
"""Stands for every language that has a lexer."""

Labeller = Callable[[Source], NDArray[Any]]


@dataclass(frozen=True)
class Feature:
    """A feature and the function that labels a text with it."""

    spec: FeatureSpec
    label: Labeller

    def applies_to(self, language: str) -> bool:
        """Tell whether the feature means something in texts of a language."""
        languages = self.spec.languages
        return not languages or language in languages or (
            languages == CODE and language not in PROSE
        )


FEATURES: dict[str, Feature] = {}


def feature(
    title: str, hypothesis: str, *, tag: Tag, example: tuple[str, str],
    lookahead: Lookahead = Lookahead.NONE, languages: frozenset[str] = frozenset(),
) -> Callable[[Labeller], Labeller]:
    """Register a function as a feature; the function's name is the feature's id.

    The function takes a `Source` and returns one finite number a character, [N], of any dtype;
    number t describes the position *after* character t and must not change when text beyond
    the declared lookahead does.

    Args:
        title: Plain words for a heading.
        hypothesis: One line that starts with a verb.
        tag: How claims about the feature are judged.
        example: A text and its labels, one digit a character; it is a test.
        lookahead: How far ahead of a character its label may look.
        languages: Lexer names; empty for any text, CODE for any programming language.
    """

    def register(label: Labeller) -> Labeller:
        spec = FeatureSpec(label.__name__, title, hypothesis, tag, lookahead, languages, *example)
        FEATURES[spec.id] = Feature(spec, label)
        return label

    return register


def _proper(language: str) -> str:
    return language if language in PROSE else proper_name(language)


def features_for(language: str, only: Sequence[str] = ()) -> tuple[Feature, ...]:
    """Return the features of a language, in the order they were registered.

    Args:
        language: A lexer name, or "prose".
        only: Ids to keep; all where it is empty.

    Raises:
        UserError: No lexer knows the language, or an id is unknown or not for this language.
    """
    language = _proper(language)
    there = {id_: f for id_, f in FEATURES.items() if f.applies_to(language)}
    problems = [
        Problem(f"feature {id_!r}", f"not a feature of {language}", "",
                did_you_mean(id_, there) or "see: gallery features")
        for id_ in only if id_ not in there
    ]
    if problems:
        raise UserError(problems)
    return tuple(f for id_, f in there.items() if not only or id_ in only)


def label(text: str, language: str, features: Sequence[Feature]) -> FeatureLabels:
    """Label one document, whole.

    Returns:
        Labels float32[N, K], a column for each feature.
    """
    source = Source(text, _proper(language))
    columns = [np.asarray(f.label(source), np.float32) for f in features]
    values = np.stack(columns, axis=1) if columns else np.zeros((len(text), 0), np.float32)
    return FeatureLabels(tuple(f.spec.id for f in features), values)
