"""The `@feature` decorator and the list of features it makes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from builder.core.errors import Problem, UserError, did_you_mean
from builder.core.labels import (
    NO_PHRASES,
    PROSE,
    FeatureLabels,
    FeatureSpec,
    Lookahead,
    Phrases,
    Tag,
)
from builder.features.own import OwnSettings, specs_of
from builder.features.plugins import load_plugins
from builder.features.source import Source
from builder.features.tokens import proper_name

CODE = frozenset({"code"})
"""Stands for every language that has a lexer."""

Labeller = Callable[[Source], NDArray[Any]]


@dataclass(frozen=True)
class Feature:
    """A feature and the function that labels a text with it."""

    spec: FeatureSpec
    label: Labeller

    @property
    def origin(self) -> str:
        """Where the function is from."""
        return str(getattr(self.label, "__module__", "the recipe"))

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
    predicts: str = "", opposite: str = "", phrases: Phrases = NO_PHRASES,
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
        predicts: Of a future feature, the characters one of which comes next where it is on.
        opposite: Of an event, the one that undoes it.
        phrases: How sentences speak of it; made from the title where there are none.
    """

    def register(label: Labeller) -> Labeller:
        spec = FeatureSpec(label.__name__, title, hypothesis, tag, lookahead, languages, *example,
                           predicts, opposite, phrases)
        made = Feature(spec, label)
        if spec.id in FEATURES and FEATURES[spec.id].origin != made.origin:
            raise UserError(_clash(spec.id, FEATURES[spec.id].origin, made.origin))
        FEATURES[spec.id] = made
        return label

    return register


def _proper(language: str) -> str:
    return language if language in PROSE else proper_name(language)


def all_features(own: Sequence[OwnSettings] = ()) -> dict[str, Feature]:
    """Return every feature by its id: ours, those of installed packages, those of a recipe.

    Raises:
        UserError: Two have the same id, or one of them is not right.
    """
    load_plugins()
    found = dict(FEATURES)
    clashes = []
    for spec, label_ in specs_of(own):
        if spec.id in found:
            clashes.append(_clash(spec.id, found[spec.id].origin, "the recipe"))
        found[spec.id] = Feature(spec, label_)
    if clashes:
        raise UserError(clashes)
    return found


def _clash(id_: str, one: str, other: str) -> Problem:
    return Problem(f"feature {id_!r}", "there are two of this name", f"from {one} and {other}",
                   "give one another id")


def features_for(
    language: str, only: Sequence[str] = (), own: Sequence[OwnSettings] = ()
) -> tuple[Feature, ...]:
    """Return the features of a language, in the order they were registered, own ones last.

    Args:
        language: A lexer name, or "prose".
        only: Ids to keep; all where it is empty.
        own: What a recipe says of features of its own.

    Raises:
        UserError: No lexer knows the language, an id is unknown or not for this language, or a
            feature is not right.
    """
    language = _proper(language)
    there = {id_: f for id_, f in all_features(own).items() if f.applies_to(language)}
    problems = [
        Problem(f"feature {id_!r}", f"not a feature of {language}", "",
                did_you_mean(id_, there) or "see: gallery features")
        for id_ in only if id_ not in there
    ]
    if problems:
        raise UserError(problems)
    return tuple(f for id_, f in there.items() if not only or id_ in only)


LARGEST = 2**15 - 1
"""A count that goes further stays here."""


def label(text: str, language: str, features: Sequence[Feature]) -> FeatureLabels:
    """Label one document, whole.

    Returns:
        Labels int16[N, K], a column for each feature; float32 where one is no whole number.
        Whole numbers beyond ±32,767 stay there.

    Raises:
        UserError: A feature gave something else than one finite number a character.
    """
    columns = list(label_columns(text, language, features))
    whole = all(c.dtype.kind in "bui" for c in columns)
    values = np.empty((len(columns), len(text)), np.int16 if whole else np.float32)
    for row, column in zip(values, columns, strict=True):
        row[:] = _within(column) if whole and len(text) > LARGEST else column
    return FeatureLabels(tuple(f.spec.id for f in features), values.T)


def label_columns(
    text: str, language: str, features: Sequence[Feature]
) -> Iterator[NDArray[Any]]:
    """Yield the labels of one document, [N], feature by feature, as the features give them.

    Raises:
        UserError: A feature gave something else than one finite number a character.
    """
    source = Source(text, _proper(language))
    for feature in features:
        yield _column(feature, source)


def _within(column: NDArray[Any]) -> NDArray[Any]:
    """Return whole numbers, those beyond ±32,767 moved there."""
    if column.dtype.itemsize == 1 or (column.max() <= LARGEST and column.min() >= -LARGEST):
        return column
    return np.clip(column, -LARGEST, LARGEST)


def _column(feature: Feature, source: Source) -> NDArray[Any]:
    column = np.asarray(feature.label(source))
    if column.shape != (len(source.text),) or column.dtype.kind not in "buif":
        raise UserError(Problem(
            f"feature {feature.spec.id!r}", "not one number per character",
            f"{column.dtype} of shape {list(column.shape)} for {len(source.text)} characters",
            "fix the function"))
    if column.dtype.kind == "f" and not np.isfinite(column).all():
        raise UserError(Problem(
            f"feature {feature.spec.id!r}", "gives values that are not finite numbers",
            f"{int((~np.isfinite(column)).sum())} of {len(column)}", "fix the function"))
    return column
