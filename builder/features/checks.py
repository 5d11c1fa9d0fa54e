"""Does a feature keep its promises? For tests of ours and of others."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import regex

from builder.core.labels import PROSE, Lookahead
from builder.features.registry import Feature, label

_LAST_TOKEN = regex.compile(r"(\w+|[^\w\s]+|\s)\Z")
_PART = r"[\w\p{M}\p{Cf}]+"
_INSIDE = r"[\p{WB=MB}\p{WB=ML}\p{WB=MN}'\"][\p{M}\p{Cf}]*"
_LAST_TOKEN_OF_PROSE = regex.compile(
    rf"({_PART}(?:{_INSIDE}{_PART})*+(?:{_INSIDE})?+|[^\w\s]+|\s)\Z")
"""A word of prose may have apostrophes and the like inside."""


def check_feature(feature: Feature, language: str, texts: Iterable[str], step: int = 1) -> None:
    """Label texts and beginnings of them, and see that all is as the feature declares.

    That is: one finite number a character, and none that looks further ahead than declared: up
    to where it may look, the beginning of a text has the labels that it has in the whole text.

    Args:
        feature: Which.
        language: Of the texts.
        texts: Some that exercise it.
        step: Every how many characters a text is cut.

    Raises:
        UserError: Labels are not one finite number a character.
        AssertionError: A label looks too far ahead; says where.
    """
    for text in texts:
        whole = label(text, language, [feature]).values[:, 0]
        if feature.spec.lookahead is Lookahead.MATCH:
            continue
        for n in range(1, len(text), step):
            reach = settled(text[:n], feature.spec.lookahead, language)
            beginning = label(text[:n], language, [feature]).values[:reach, 0]
            differs = np.flatnonzero(beginning != whole[:reach])
            if len(differs):
                at = int(differs[0])
                raise AssertionError(
                    f"{feature.spec.id} looks further ahead than {feature.spec.lookahead.value}: "
                    f"after {text[max(0, at - 20) : at + 1]!r} it is {beginning[at]:g} where the "
                    f"text ends with {text[max(0, n - 20) : n]!r}, and {whole[at]:g} where it goes "
                    "on")


def settled(beginning: str, lookahead: Lookahead, language: str) -> int:
    """Return up to where labels must be settled when just this much of a text was read."""
    if lookahead is Lookahead.LINE:
        return beginning.rfind("\n") + 1
    if lookahead is Lookahead.TOKEN:
        token = _LAST_TOKEN_OF_PROSE if language in PROSE else _LAST_TOKEN
        found = token.search(beginning)
        return found.start() if found else 0
    return len(beginning)
