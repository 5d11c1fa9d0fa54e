"""Text to labels; importing the package registers every feature of its families."""

from builder.core.labels import Lookahead, Phrases, Tag
from builder.features.checks import check_feature
from builder.features.plugins import load_families
from builder.features.registry import (
    FEATURES,
    LARGEST,
    Feature,
    all_features,
    feature,
    features_for,
    label,
    label_columns,
)
from builder.features.source import Source

__all__ = [
    "FEATURES", "LARGEST", "Feature", "Lookahead", "Phrases", "Source", "Tag", "all_features",
    "check_feature", "feature", "features_for", "label", "label_columns",
]

load_families()
