"""Text to labels, one family of features a module; importing the package registers them all."""

from builder.core.labels import Lookahead, Tag
from builder.features import (  # noqa: F401
    blocks,
    characters,
    clauses,
    events,
    lines,
    nesting,
    prose,
    strings,
    words,
)
from builder.features.checks import check_feature
from builder.features.registry import FEATURES, Feature, all_features, feature, features_for, label
from builder.features.source import Source

__all__ = [
    "FEATURES", "Feature", "Lookahead", "Source", "Tag", "all_features", "check_feature", "feature",
    "features_for", "label",
]
