"""How sentences speak of a feature: its own phrases, and plain ones where it gives none."""

from __future__ import annotations

from builder.core.labels import FeatureSpec, Tag

PLACES = ("in ", "inside ", "on ", "at ", "after ", "before ", "between ", "within ", "during ")
"""How a title begins that says where something is."""

ELSEWHERE = "elsewhere"
"""Where a feature is off."""


def inside(title: str) -> str:
    """Return a title as it stands inside a sentence: "An LSTM that counts", but "an LSTM"."""
    article = title.partition(" ")[0]
    return title[0].lower() + title[1:] if article in ("A", "An", "The") else title


def phrase(feature: FeatureSpec) -> str:
    """Return what follows the verb: "inside strings", "the more brackets are open"."""
    title = feature.title
    if feature.phrases.phrase:
        return feature.phrases.phrase
    if not feature.is_binary:
        return f"the larger “{title}” is"
    if title.startswith(PLACES):
        return title
    return f"whenever “{title}” happens" if feature.tag is Tag.EVENT else f"where “{title}” holds"


def contrast(feature: FeatureSpec) -> tuple[str, str]:
    """Return where a feature is on or large, and where it is not: "inside strings", "elsewhere"."""
    if feature.is_binary:
        return phrase(feature), ELSEWHERE
    phrases, title = feature.phrases, feature.title
    many = phrases.many or f"where “{title}” is large"
    few = phrases.few or f"where “{title}” is small"
    return f"{many} (top third)", f"{few} (bottom third)"


def event(feature: FeatureSpec, kind: str) -> str:
    """Return what happens at a rise or a fall of a feature: "a bracket opens"."""
    given = {"rise": feature.phrases.rise, "fall": feature.phrases.fall}[kind]
    if given:
        return given
    if not feature.is_binary:
        return f"“{feature.title}” goes {'up' if kind == 'rise' else 'down'}"
    if feature.tag is Tag.EVENT:
        return f"“{feature.title}” happens" if kind == "rise" else "the opposite happens"
    return f"“{feature.title}” {'begins' if kind == 'rise' else 'ends'}"


def quantity(feature: FeatureSpec) -> str:
    """Return what a feature that is a number counts, to follow "the"."""
    return f"number of {feature.title}" if feature.tag is Tag.FUTURE else feature.title


def label_at(feature: FeatureSpec, label: float) -> str:
    """Return what a feature's label at one character says."""
    if not feature.is_binary:
        return f"{feature.title}: {label:g}"
    return f"{feature.title}: {'yes' if label else 'no'}"
