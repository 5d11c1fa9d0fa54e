"""Formulas in plain English: where a unit is on, what else was said of it, and how well it follows.

"in the spaces at the start of a line, but not inside strings"
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from builder.core.cards import ExhibitCard
from builder.core.formulas import Atom, Formula, parsed
from builder.core.grades import GOOD, Grade
from builder.core.labels import FeatureSpec
from builder.core.units import UnitId
from builder.core.worded import ConditionClaim, FormulaClaim
from builder.rendering.gallery import Gallery
from builder.rendering.numbers import percent
from builder.rendering.phrases import phrase, quantity
from builder.rendering.spans import visible

CHARACTER = "character"
"""What an atom names that is about the character itself."""

NAMED = {
    "word": "in the word {}", "previous_word": "after the word {}",
    "first_word": "in lines that begin with {}",
    "last_mark": "where the last punctuation mark is {}",
    CHARACTER: "after {}",
}
"""What is said of atoms that name a word, a mark or a character."""

BLANKS = {" ": "spaces", "\t": "tabs", "\n": "newlines"}
"""Characters that cannot be seen, by their names."""

_MANY = re.compile(r"\b(?:many|several)\b")
"""What stands for a number where a feature's own words say that it is large."""

WEAK_SHARE = 0.15
"""A formula that explains a smaller share of what a unit does is said to hold weakly."""

EVERYWHERE = "everywhere"


def said(formula: Formula, gallery: Gallery) -> str:
    """Return where a formula holds, to follow "is red" or "is blue"."""
    return _said({spec.id: spec for spec in gallery.features}, formula)


def written(text: str, gallery: Gallery) -> str:
    """Return where a formula holds that is given as it is written."""
    return said(parsed(text), gallery)


def sentence(claim: FormulaClaim, gallery: Gallery) -> str:
    """Return the claim in one plain sentence without a number."""
    said = coloured(claim, gallery)
    if claim.grade in GOOD and (claim.explained.formula or 0.0) < WEAK_SHARE:
        return f"{claim.unit} tends to be {said}, but only weakly."
    if claim.grade in GOOD:
        return f"{claim.unit} is {said}."
    if claim.grade is Grade.NOT_SUPPORTED:
        return f"{claim.unit} seems to be {said}, but this does not hold up."
    return f"{claim.unit} tends to be {said}."


def coloured(claim: FormulaClaim, gallery: Gallery) -> str:
    """Return where a unit has which colour, as its formula says: "red inside strings"."""
    colour = "red" if (claim.held_out.r_within.value or 0.0) >= 0 else "blue"
    return f"{colour} {written(claim.text, gallery)}"


def condition_sentence(claim: ConditionClaim, gallery: Gallery) -> str:
    """Return a claim under a condition in one plain sentence without a number."""
    feature = gallery.feature(claim.feature)
    colour = "red" if (claim.r.value or 0.0) >= 0 else "blue"
    return f"Among {among(claim, gallery)}, {claim.unit} is {colour} {phrase(feature)}."


def among(claim: ConditionClaim, gallery: Gallery) -> str:
    """Return among which characters something is claimed: "all “)”"."""
    given = parsed(claim.given)
    if given.atom is not None and given.atom.feature == CHARACTER:
        word = given.atom.word or ""
        return f"all {BLANKS.get(word, f'“{visible(word)}”')}"
    return f"characters {said(given, gallery)}"


def share_sentence(claim: FormulaClaim) -> str:
    """Return how much of what the unit does is in these words; empty where that is unknown."""
    explained = claim.explained
    if explained.formula is None or explained.formula <= 0:
        return ""
    first = (f"Beyond what the last two characters tell, {percent(explained.formula)} of what it "
             "does is in these words")
    if explained.linear is None or explained.linear <= 0:
        return f"{first}."
    return (f"{first}; a weighted sum of all words and features would tell "
            f"{percent(explained.linear)}.")


def several_sentence(claim: FormulaClaim, gallery: Gallery) -> str:
    """Return what a unit says besides its formula; empty where that is not sure or nothing."""
    if claim.several is None or claim.grade not in GOOD:
        return ""
    more = [f"{'redder' if one.weight >= 0 else 'bluer'} {written(one.text, gallery)}"
            for one in claim.several.further]
    return (f"It says more than one thing: besides, it is {', and '.join(more)}. Together these "
            f"words tell {percent(claim.several.explained)} of what it does.")


def saying_several(claims: Iterable[FormulaClaim]) -> list[FormulaClaim]:
    """Return the sure claims of units that say several things, one a unit."""
    return [claim for claim in claims if claim.grade in GOOD and claim.several is not None]


def claims_of_cell(exhibit: ExhibitCard, unit: UnitId) -> tuple[FormulaClaim, ...]:
    """Return the formulas of a unit, whichever of its signals they are of, best first."""
    if exhibit.worded is None:
        return ()
    return exhibit.worded.by_cell.get(unit.cell, ())


def best_of_each(exhibit: ExhibitCard) -> tuple[FormulaClaim, ...]:
    """Return one formula for each unit that has any, best first."""
    found: dict[tuple[int, int], FormulaClaim] = {}
    for claim in exhibit.worded.formulas if exhibit.worded else ():
        found.setdefault(claim.cell, claim)
    return tuple(found.values())


def clearest(claims: Iterable[FormulaClaim]) -> list[FormulaClaim]:
    """Return the claims that beat every control, those first that the units follow best."""
    return sorted((claim for claim in claims if claim.grade in GOOD),
                  key=lambda claim: -abs(claim.held_out.r_within.value or 0.0))


def verified(claims: Iterable[FormulaClaim]) -> int:
    """Return how many units have a formula that beats every control."""
    return len({claim.cell for claim in claims if claim.grade in GOOD})


def beyond_single(claim: FormulaClaim) -> float:
    """Return how much better a formula does than the best single term: |r'| of both, less."""
    return abs(claim.held_out.r_within.value or 0.0) - abs(claim.single_r_within or 0.0)


def _said(features: dict[str, FeatureSpec], formula: Formula) -> str:
    if formula.atom is not None:
        return _atom(features, formula.atom)
    if formula.join == "not":
        return _but(EVERYWHERE, [_said(features, formula.parts[0])])
    if formula.join == "or":
        return ", or ".join(_one_of(features, formula))
    not_so = [_negated(part) for part in formula.parts if _is_negated(part)]
    # what is simple comes first, so that one hears where "either … or …" ends
    so = " and ".join(_part(features, part) for part in sorted(
        formula.parts, key=lambda part: part.join == "or") if not _is_negated(part))
    if not not_so:
        return so
    return _but(so or EVERYWHERE, _one_of(features, Formula("or", parts=tuple(not_so))))


def _is_negated(formula: Formula) -> bool:
    """Tell whether a formula says no more than where something is not."""
    return formula.join == "not" or (
        formula.join == "or" and all(part.join == "not" for part in formula.parts))


def _negated(formula: Formula) -> Formula:
    """Return what is not where such a formula holds: of "not this or not that", both."""
    if formula.join == "not":
        return formula.parts[0]
    return Formula("and", parts=tuple(part.parts[0] for part in formula.parts))


def _part(features: dict[str, FeatureSpec], formula: Formula) -> str:
    """Return what is said of a part of a formula, so that one hears where it ends."""
    if formula.join == "or":
        several = _one_of(features, formula)
        return f"either {' or '.join(several)}" if len(several) > 1 else several[0]
    if formula.join == "not":
        return f"not {_said(features, formula.parts[0])}"
    return f"({_said(features, formula)})" if formula.join == "and" else _said(features, formula)


def _one_of(features: dict[str, FeatureSpec], formula: Formula) -> list[str]:
    """Return what is said of the parts of an OR; words of one kind are said together."""
    named: dict[str, list[str]] = {}
    for part in formula.parts:
        if part.atom is not None and part.atom.word is not None:
            named.setdefault(part.atom.feature, []).append(f"“{visible(part.atom.word)}”")
    rest = [_part(features, part) for part in formula.parts
            if part.atom is None or part.atom.word is None]
    return [*(NAMED[kind].format(" or ".join(words)) for kind, words in named.items()), *rest]


def _but(where: str, not_so: Sequence[str]) -> str:
    joint = " except" if where == EVERYWHERE else ", but not"
    return f"{where}{joint} {' or '.join(not_so)}"


def _atom(features: dict[str, FeatureSpec], atom: Atom) -> str:
    if atom.word is not None:
        return NAMED[atom.feature].format(f"“{visible(atom.word)}”")
    feature = features.get(atom.feature)
    if feature is None:
        return f"where “{atom}” holds"
    if atom.least is None and feature.is_binary:
        return phrase(feature)
    return _reached(feature, 1 if atom.least is None else atom.least)


def _reached(feature: FeatureSpec, least: float) -> str:
    """Return where a count has reached a number."""
    if feature.phrases.least:
        return feature.phrases.least.replace("{}", f"{least:g}")
    if _MANY.search(feature.phrases.many):
        return _MANY.sub(f"{least:g} or more", feature.phrases.many)
    return f"where the {quantity(feature)} is at least {least:g}"
