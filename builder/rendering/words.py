"""The words about a claim, made from its numbers and from nothing else."""

from __future__ import annotations

from builder.core.cards import CHARACTERS, DOCUMENT, Claim, Excerpt, ExhibitCard, Grade
from builder.core.evidence import Step
from builder.core.grades import GOOD
from builder.core.labels import FeatureSpec, Lookahead, Tag
from builder.core.scores import Estimate
from builder.core.units import Kind
from builder.rendering.gallery import MEMORY_SHARE, judged_by
from builder.rendering.numbers import between, estimated, number, percent, precise
from builder.rendering.phrases import contrast, event, label_at, phrase, quantity

__all__ = ["contrast", "event", "label_at", "phrase", "quantity"]
"""Of a feature alone; templates find them here, beside all others."""

MEANING: dict[Grade, str] = {
    Grade.CAUSAL: "verified, and freezing the unit makes the predictions worse just where the "
                  "feature is on",
    Grade.VERIFIED: "it holds on unseen text, it takes memory of more than two characters, and no "
                    "untrained network does as well",
    Grade.CHARACTER: "it follows from the last two characters alone, so it takes no memory; but no "
                     "untrained network does as well",
    Grade.SUGGESTIVE: "it holds on unseen text and takes memory of more than two characters, but "
                      "it does not pass every check",
    Grade.NOT_SUPPORTED: "it does not hold on unseen text, or is too weak, or untrained networks "
                         "do as well",
}
"""What each grade means, best grade first; to follow the grade."""

NOT_SUPPORTED = Grade.NOT_SUPPORTED

EVENT_MEANING: dict[Grade, str] = {
    Grade.VERIFIED: "it holds on unseen text, more so than in untrained networks, and the unit "
                    "moves the other way when the opposite happens",
    Grade.SUGGESTIVE: "it holds on unseen text, but it does not pass every check",
}
FUTURE_MEANING: dict[Grade, str] = {
    Grade.CAUSAL: "verified, and freezing the unit makes the predictions worse just there",
    Grade.VERIFIED: "on unseen text the unit goes with a good part of what the whole network "
                    "predicts, and the network uses it for that",
    Grade.SUGGESTIVE: "on unseen text it goes with what comes next, but it does not pass every "
                      "check",
}
"""What grades mean for events and for future features, where that is something else."""

RULES: dict[str, tuple[str, str]] = {
    "strongest": ("Best", "the passage that fits the claim best"),
    "upper": ("Better than most", "better than three quarters of all passages"),
    "typical": ("Typical", "an average passage: half of all fit better, half worse"),
    "lower": ("Worse than most", "worse than three quarters of all passages"),
    "random": ("Random", "picked at random, whatever it shows"),
    "weakest": ("Least informative", "the passage that says least about the claim, either way"),
    "fails": ("Where it fails", "the passage that speaks most strongly against the claim"),
}
"""Rule of an excerpt to its heading and to the rule in words."""

STILL_FITS = ("The worst passage we found (it still fits)",
              "the weakest passage we found; on the whole it still fits the claim")
"""The same where the excerpt that speaks most against a claim speaks for it."""

WEAK = 0.3
"""A correlation smaller than this is called weak, whatever the grade."""

TAGS: dict[Tag, str] = {
    Tag.STATE: "A state: on or off at every character.",
    Tag.COUNT: "A count: a number at every character.",
    Tag.EVENT: "An event: on at single characters.",
    Tag.FUTURE: "About the future: it can be predicted, but not remembered.",
}
LOOKAHEADS: dict[Lookahead, str] = {
    Lookahead.NONE: "To label a character we look at nothing that comes after it.",
    Lookahead.TOKEN: "To label a character we may look ahead to the end of its token.",
    Lookahead.LINE: "To label a character we may look ahead to the end of its line.",
    Lookahead.MATCH: "To label a character we may look ahead to the end of what the recipe's "
                     "expression matches.",
}
TEXTS = {"means": "text for the means", "discover": "discovery text", "held_out": "unseen text"}
"""What a number of characters was used for."""

INTERVALS = {
    "document": "Intervals leave out one group of documents at a time.",
    "piece": "There are too few documents to leave some out, so intervals leave out groups of "
             "pieces of them; these are not independent of each other, and an interval may be too "
             "narrow.",
}
"""What an interval is over."""

EVEN = 0.8
"""Steps are nearly the same where the smallest is at least this share of the largest."""

WITHIN = "among characters with the same last two characters"


def meaning(claim: Claim, feature: FeatureSpec) -> str:
    """Return what the grade of a claim means, to follow the grade."""
    special = {Tag.EVENT: EVENT_MEANING, Tag.FUTURE: FUTURE_MEANING}.get(feature.tag, {})
    return special.get(claim.grade, MEANING[claim.grade])


def grade_sentence(claim: Claim, feature: FeatureSpec) -> str:
    """Return the grade of a claim and what it means, one sentence."""
    return f"{claim.grade.value.replace('_', ' ').capitalize()}: {meaning(claim, feature)}."


def lead(claim: Claim, feature: FeatureSpec) -> str:
    """Return the claim in one plain sentence without a number.

    It is said flatly of a grade that stands. "Tends to" is said of what is suggestive, of the
    future, and of whatever correlates weakly, which is then added; and of a claim that is not
    supported the sentence says so.
    """
    _, does, infinitive = _verbs(feature, sign(claim) >= 0)
    what = phrase(feature)
    if claim.grade is NOT_SUPPORTED:
        return f"{claim.changing} seems to {infinitive} {what}, but this does not hold up."
    if _is_sure(claim, feature):
        return f"{claim.changing} {does} {what}."
    weakly = ", but only weakly" if _is_weak(claim) else ""
    return f"{claim.changing} tends to {infinitive} {what}{weakly}."


def short_lead(claim: Claim, feature: FeatureSpec) -> str:
    """Return the claim as a heading, without the unit: "Red inside comments and strings"."""
    short, _, infinitive = _verbs(feature, sign(claim) >= 0)
    what = phrase(feature)
    if claim.grade is NOT_SUPPORTED:
        return f"Not supported: {short} {what}"
    if _is_sure(claim, feature):
        return f"{short.capitalize()} {what}"
    weakly = " (weakly)" if _is_weak(claim) else ""
    return f"Tends to {infinitive} {what}{weakly}"


def numbers_sentence(claim: Claim, feature: FeatureSpec) -> str:
    """Return the correlations of a claim on unseen text, one sentence; empty if not measured.

    Of an event its own character tells, so r' says nothing of it and is left out.
    """
    r, within = claim.held_out.r, claim.held_out.r_within
    beyond = within.value is not None and feature.tag is not Tag.EVENT
    accounted = "among places with the same last two characters"
    if r.value is None:
        return f"Correlation {number(within.value)} on unseen text {accounted}." if beyond else ""
    return (f"Correlation {number(r.value)} on unseen text{_in_brackets(r)}"
            f"{f'; {number(within.value)} {accounted}' if beyond else ''}.")


def effect_sentence(claim: Claim, feature: FeatureSpec) -> str:
    """Return what freezing the unit at its mean costs; empty where that was not measured."""
    effect = claim.effect
    if effect is None or effect.nats.value is None:
        return ""
    here, there = contrast(feature)
    size = Estimate(abs(effect.nats.value), *sorted_sizes(effect.nats))
    cost = f"{precise(size.value)} nats per character{_in_brackets(size, 3)}"
    unclear = size.low is not None and size.low <= 0
    if unclear:
        more = "more" if effect.nats.value >= 0 else "less"
        said = (f"Freezing this unit makes no clear difference: it costs {cost} {more} {here} "
                f"than {there}.")
    elif effect.nats.value < 0:
        said = f"Freezing this unit does no extra harm {here}: it costs {cost} more {there}."
    else:
        said = (f"Freeze this unit at its average, and predictions get worse by {cost} more {here} "
                f"than {there}.")
    beyond = "" if effect.random is None else (
        f" For 95 of 100 randomly chosen units the difference is below {precise(effect.random)}.")
    return said + beyond


def excerpt_heading(excerpt: Excerpt) -> str:
    """Return the heading of an excerpt."""
    return _ruled(excerpt)[0]


def excerpt_name(excerpt: Excerpt) -> str:
    """Return what an excerpt is called where there is room for a word or two: on a button."""
    return "Worst" if excerpt.rule == "fails" else excerpt_heading(excerpt)


def excerpt_rule(excerpt: Excerpt) -> str:
    """Return by which rule an excerpt was chosen, to follow where it is from."""
    return _ruled(excerpt)[1]


def _ruled(excerpt: Excerpt) -> tuple[str, str]:
    if excerpt.rule == "fails" and excerpt.contribution >= 0:
        return STILL_FITS
    return RULES.get(excerpt.rule, (excerpt.rule, ""))


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
    typing = "" if exhibit.in_browser else (
        " A text of your own cannot be typed here: no script of the pages cuts one into "
        f"{exhibit.tokens} as the network does, or the network is too large for a page.")
    return (f" The network reads {exhibit.tokens}: every character of one has its value, and where "
            f"a page says characters (the last two, the next, each), it means {exhibit.tokens}."
            f"{typing}")


def anew(exhibit: ExhibitCard) -> str:
    """Say where the state of the network begins anew, where that is not each document alone."""
    if exhibit.reset == DOCUMENT:
        return ""
    return "at each line" if exhibit.reset == "line" else \
        f"every {exhibit.reset} {exhibit.tokens}, as in training"


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
    return (f"On average, {whole} {_moves(counter.opening, event(feature, 'rise'))} and "
            f"{_moves(counter.closing, event(feature, 'fall'))}.")


def _moves(step: Step, when: str) -> str:
    value = step.now.value or 0.0
    size = Estimate(abs(value), *sorted_sizes(step.now))
    moves = f"{'rises' if value >= 0 else 'falls'} by {precise(size.value)}"
    said = ", ".join(filter(None, (between(size, 3), f"{step.count:,} times")))
    return f"{moves if float(f'{value:.3f}') else 'hardly moves'} when {when} ({said})"


def evenness_sentence(evenness: float) -> str:
    """Say how much the steps of a counter differ from level to level."""
    if evenness <= 0:
        return "At one level at least the step goes the wrong way, so it is not a clean counter."
    smallest = f"the smallest is {percent(evenness)} of the largest"
    if evenness >= EVEN:
        return f"The step has nearly the same size at every level ({smallest})."
    return f"The step differs in size from level to level ({smallest})."


def shown(text: str) -> str:
    """Return characters as they can be seen in a table: a space as ␣, a newline as ↵."""
    return text.replace(" ", "␣").replace("\n", "↵").replace("\t", "→")


def headline(claim: Claim) -> tuple[str, str]:
    """Return name and value of the number a claim is judged by, for a card."""
    symbol, value = judged_by(claim)
    return symbol, estimated(value)


def floor_of(claim: Claim, feature: FeatureSpec) -> str:
    """Return which correlation of untrained networks a claim must beat."""
    raw = feature.tag is Tag.EVENT or (claim.share_f or 0.0) < MEMORY_SHARE
    return "|r|" if raw else "|r′|"


def sign(claim: Claim) -> float:
    """Return a number with the sign of a claim: above 0 where the unit is red on its feature."""
    held_out = claim.held_out
    known = (held_out.r.value, claim.r, held_out.r_within.value, claim.r_within)
    return next((value for value in known if value is not None), 0.0)


def _is_weak(claim: Claim) -> bool:
    return abs(sign(claim)) < WEAK


def _is_sure(claim: Claim, feature: FeatureSpec) -> bool:
    stands = claim.grade in GOOD or claim.grade is Grade.CHARACTER
    return stands and feature.tag is not Tag.FUTURE and not _is_weak(claim)


def _verbs(feature: FeatureSpec, high: bool) -> tuple[str, str, str]:
    """Return what a unit does: as a heading begins, "is red", and what follows "to"."""
    colour, more, moves = ("red", "redder", "jump") if high else ("blue", "bluer", "drop")
    if feature.tag is Tag.EVENT:
        up = " up" * high
        return f"{moves}s{up}", f"{moves}s{up}", f"{moves}{up}"
    if not feature.is_binary:
        return more, f"gets {more}", f"get {more}"
    return colour, f"is {colour}", f"be {colour}"


def _in_brackets(estimate: Estimate, digits: int = 2) -> str:
    """Return " (95% interval .80 to .86)", empty where there is none."""
    ends = between(estimate, digits)
    return f" ({ends})" if ends else ""
