"""Text to labels, one family of features a module; importing the package registers them all."""

from builder.features import strings, nesting, lines, words, characters  # noqa: F401, I001
from builder.features.registry import FEATURES, Feature, features_for, label

__all__ = ["FEATURES", "Feature", "features_for", "label"]
