"""What became of a claim."""

from __future__ import annotations

from enum import StrEnum


class Grade(StrEnum):
    """What became of a claim, best first."""

    CAUSAL = "causal"
    VERIFIED = "verified"
    CHARACTER = "character"
    SUGGESTIVE = "suggestive"
    NOT_SUPPORTED = "not_supported"


GOOD = frozenset({Grade.CAUSAL, Grade.VERIFIED})
"""Grades of claims that beat every control."""
