"""The words about a claim, made from its numbers and from nothing else."""

from __future__ import annotations

from builder.core.cards import CHARACTERS, Claim, ExhibitCard, Grade
from builder.core.labels import FeatureSpec, Lookahead, Tag
from builder.core.scores import Estimate
from builder.core.units import Kind
from builder.rendering.gallery import MEMORY_SHARE, judged_by
from builder.rendering.numbers import estimated, interval, number, precise

MEANING: dict[Grade, str] = {
    Grade.CAUSAL: "verified, and the model predicts worse just there when the unit is held still",
    Grade.VERIFIED: "holds on unseen text, beyond the last two characters and beyond what "
                    "untrained networks reach",
    Grade.CHARACTER: "reads the last two characters better than untrained networks do; no memory "
                     "claimed",
    Grade.SUGGESTIVE: "correlates on unseen text, beyond the last two characters, but does not "
                      "beat every control",
    Grade.NOT_SUPPORTED: "what was found on one text does not hold on unseen text, or is too weak, "
                         "or untrained networks do as well",
}
"""What each grade means, best grade first."""

NOT_SUPPORTED = Grade.NOT_SUPPORTED

EVENT_MEANING: dict[Grade, str] = {
    Grade.VERIFIED: "on unseen text the change goes with the event more than in untrained "
                    "networks, and turns round at the event that undoes it",
    Grade.SUGGESTIVE: "on unseen text the change goes with the event, but does not beat every "
                      "control",
}
FUTURE_MEANING: dict[Grade, str] = {
    Grade.CAUSAL: "verified, and the model guesses worse just there when the unit is held still",
    Grade.VERIFIED: "on unseen text it tells a good part of what the whole model guesses, and the "
                    "model uses it for that",
    Grade.SUGGESTIVE: "on unseen text it goes with what comes next, but does not beat every "
                      "control",
}
"""What grades mean for events and for future features, where that is something else."""

RULES: dict[str, tuple[str, str]] = {
    "strongest": ("Strongest", "where the claim holds best, among all stretches in which the "
                               "feature changes"),
    "upper": ("Upper quarter", "when all stretches in which the feature changes are put in order, "
                               "a quarter of them hold better"),
    "typical": ("Typical", "the middle one, when all stretches in which the feature changes are "
                           "put in order"),
    "lower": ("Lower quarter", "in the same order, three quarters of them hold better"),
    "random": ("Random", "drawn by a hash of the file's name, whatever it shows"),
    "weakest": ("Weakest", "where the unit says least about the feature, either way"),
    "fails": ("Where the claim fails", "the stretch that speaks most against the claim"),
}
"""Rule of an excerpt to its heading and to the rule in words."""

TAGS: dict[Tag, str] = {
    Tag.STATE: "A state: on or off at every character.",
    Tag.COUNT: "A count: a number at every character.",
    Tag.EVENT: "An event: on at single characters.",
    Tag.FUTURE: "About the future: a unit can predict it, it cannot remember it.",
}
LOOKAHEADS: dict[Lookahead, str] = {
    Lookahead.NONE: "Its label needs nothing beyond the character itself.",
    Lookahead.TOKEN: "Its label may look ahead to the end of the token.",
    Lookahead.LINE: "Its label may look ahead to the end of the line.",
    Lookahead.MATCH: "Its label may look ahead to the end of what the recipe's expression matches.",
}
TEXTS = {"means": "text for the means", "discover": "discover text", "held_out": "held-out text"}
"""What a number of characters was used for."""

INTERVALS = {
    "document": "Intervals leave out one group of documents at a time.",
    "piece": "There are too few documents to leave some out, so intervals leave out groups of "
             "pieces of them; these are not independent of each other, and an interval may be too "
             "narrow.",
}
"""What an interval is over."""

NUMBER_EVENTS = {"rise": "the count rises", "fall": "the count falls"}
OWN_EVENTS = {"rise": "it happens"}
STATE_EVENTS = {"rise": "it begins", "fall": "it ends"}
"""What the events at which a feature changes are called: of numbers, of events, of states."""

WITHIN = "among characters with the same last two characters"


def meaning(claim: Claim, feature: FeatureSpec) -> str:
    """Return what the grade of a claim means."""
    special = {Tag.EVENT: EVENT_MEANING, Tag.FUTURE: FUTURE_MEANING}.get(feature.tag, {})
    return special.get(claim.grade, MEANING[claim.grade])


def claim_sentence(claim: Claim, feature: FeatureSpec) -> str:
    """Return the claim in one sentence with its held-out numbers; unmeasured ones are left out."""
    held_out = claim.held_out
    high = _sign(claim) >= 0
    event = feature.tag is Tag.EVENT  # which its own character tells, so r' says nothing of it
    beyond = held_out.r_within.value is not None and not event
    said = [f"r = {estimated(held_out.r)} on held-out text" * (held_out.r.value is not None),
            f"{estimated(held_out.r_within)} {WITHIN}" * beyond]
    numbers = ", and ".join(filter(None, said))
    whole = f"The change of {claim.changing}" if event else str(claim.unit)
    return f"{whole} {behaviour(feature, high)}{': ' * bool(numbers)}{numbers}."


def effect_sentence(claim: Claim, feature: FeatureSpec) -> str:
    """Return what holding the unit at its mean costs; empty where that was not measured."""
    effect = claim.effect
    if effect is None or effect.nats.value is None:
        return ""
    where = f"{place(feature)} than elsewhere"
    if not feature.is_binary:
        where = f"in the upper third of the {quantity(feature)} than in the lower"
    more = "more" if effect.nats.value >= 0 else "less"
    size = Estimate(abs(effect.nats.value), *sorted_sizes(effect.nats))
    beyond = "" if effect.random is None else (
        f"; 95 of 100 random units stay below {precise(effect.random)}")
    return (f"Held at its mean, it costs the model {precise(size.value)} "
            f"{interval(size, 3)} nats a character {more} {where}{beyond}.")


def sorted_sizes(estimate: Estimate) -> tuple[float | None, float | None]:
    """Return the ends of an interval for an estimate that is written without its sign."""
    if estimate.low is None or estimate.high is None or estimate.value is None:
        return None, None
    ends = (estimate.low, estimate.high)
    return ends if estimate.value >= 0 else (-ends[1], -ends[0])


def steps(exhibit: ExhibitCard) -> str:
    """Say what the network reads where that is not characters, to follow a sentence."""
    if exhibit.tokens == CHARACTERS:
        return ""
    return (f" The network reads {exhibit.tokens}: all characters of one have its value, and where "
            f"a page says the last two characters, the next or each, {exhibit.tokens} are meant.")


def signal_title(exhibit: ExhibitCard, name: str) -> str:
    """Return what a signal is called; KeyError where there is none of this name."""
    return {signal.name: signal.title for signal in exhibit.signals}[name]


def architecture(exhibit: ExhibitCard) -> str:
    """Return what the architecture is called, without an article."""
    return exhibit.architecture_title.removeprefix("a ").removeprefix("an ")


def changing(exhibit: ExhibitCard, signal: str) -> str:
    """Return what it is that changes; where a cell has several states, which of them."""
    states = {s.name: s.title for s in exhibit.signals if s.kind is Kind.STATE}
    of = next((s.of for s in exhibit.signals if s.name == signal), "")
    return f"the {states[of]}" if len(states) > 1 and of in states else "the unit"


def counter_sentence(exhibit: ExhibitCard, claim: Claim, feature: FeatureSpec) -> str:
    """Return what the unit does where its feature rises and falls; empty if not measured."""
    counter = claim.counter
    if counter is None or counter.opening.now.value is None or counter.closing.now.value is None:
        return ""
    whole = changing(exhibit, counter.signal)
    here, there = ("At the event", "at the one that undoes it") if feature.tag is Tag.EVENT else (
        "Where the feature rises", "where it falls")
    return (f"{here}, {whole} changes by {precise(counter.opening.now.value)} "
            f"{interval(counter.opening.now, 3)} ({counter.opening.count:,} times); {there}, "
            f"by {precise(counter.closing.now.value)} {interval(counter.closing.now, 3)} "
            f"({counter.closing.count:,} times).")


def evenness_sentence(evenness: float) -> str:
    """Say how much the steps differ from level to level."""
    if evenness <= 0:
        return "At some level it steps the other way."
    return f"The smallest step at any level is {number(evenness)} of the largest."


def behaviour(feature: FeatureSpec, high: bool) -> str:
    """Return what a unit does about a feature: "is high (red) inside a string"."""
    if not feature.is_binary:
        return f"goes {_towards(high)} as the {quantity(feature)} grows"
    if feature.tag is Tag.FUTURE:
        return f"predicts that {feature.title} by being {_level(high)}"
    return f"is {_level(high)} {place(feature)}"


def place(feature: FeatureSpec) -> str:
    """Return where a feature is on, to follow a verb: "inside a string", "at white space"."""
    if feature.tag in (Tag.EVENT, Tag.FUTURE):
        return f"where {feature.title}"
    inside = feature.title.startswith(("in ", "inside "))
    return feature.title if inside else f"at {feature.title}"


def quantity(feature: FeatureSpec) -> str:
    """Return what a feature that is a number counts, to follow "the"."""
    return f"number of {feature.title}" if feature.tag is Tag.FUTURE else feature.title


def event(feature: FeatureSpec, kind: str) -> str:
    """Return what happens to a feature at a rise or a fall of it."""
    if not feature.is_binary:
        return NUMBER_EVENTS[kind]
    return (OWN_EVENTS if feature.tag is Tag.EVENT else STATE_EVENTS)[kind]


def label_at(feature: FeatureSpec, label: float) -> str:
    """Return what a feature's label at one character says."""
    if not feature.is_binary:
        return f"{feature.title}: {label:g}"
    return f"{feature.title}: {'yes' if label else 'no'}"


def shown(text: str) -> str:
    """Return characters as they can be seen in a table: a blank as ␣, a line end as ↵."""
    return text.replace(" ", "␣").replace("\n", "↵").replace("\t", "→")


def headline(claim: Claim) -> tuple[str, str]:
    """Return name and value of the number a claim is judged by, for a card."""
    symbol, value = judged_by(claim)
    return symbol, estimated(value)


def floor_of(claim: Claim, feature: FeatureSpec) -> str:
    """Return which correlation of untrained networks a claim must beat."""
    raw = feature.tag is Tag.EVENT or (claim.share_f or 0.0) < MEMORY_SHARE
    return "|r|" if raw else "|r′|"


def _sign(claim: Claim) -> float:
    held_out = claim.held_out
    known = (held_out.r.value, claim.r, held_out.r_within.value, claim.r_within)
    return next((value for value in known if value is not None), 0.0)


def _level(high: bool) -> str:
    return "high (red)" if high else "low (blue)"


def _towards(high: bool) -> str:
    return "up (red)" if high else "down (blue)"
