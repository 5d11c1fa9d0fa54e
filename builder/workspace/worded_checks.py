"""What cannot be in a file of words: numbers that are none, formulas that are none, strange units.

The types say what is text and what is a number. This says which numbers and texts there can be.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import fields
from itertools import chain

from builder.core.cards import ExhibitCard
from builder.core.errors import UserError
from builder.core.formulas import parsed
from builder.core.runs import covers
from builder.core.scores import Estimate
from builder.core.worded import (
    ConditionClaim,
    Counted,
    Coverage,
    Explained,
    FormulaClaim,
    FurtherFormula,
    Marked,
    SeveralFormulas,
    Spread,
    Worded,
)
from builder.workspace.ranges import (
    CORRELATION,
    COUNT,
    POSITIVE,
    R_SQUARED,
    ROUNDING,
    SHARE,
    Ranges,
    outside,
)

RANGES: Ranges = {
    FormulaClaim: {"base_rate": SHARE, "r_within": CORRELATION, "single_r_within": CORRELATION,
                   "share_h": POSITIVE, "p_family": SHARE},
    ConditionClaim: dict.fromkeys(("share", "base_rate", "auc", "auprc", "floor", "p_family"),
                                  SHARE),
    Explained: {field.name: R_SQUARED for field in fields(Explained)},
    Coverage: {"units": COUNT, "thresholds": SHARE, "beyond": SHARE, "networks": COUNT},
    Counted: {field.name: COUNT for field in fields(Counted)},
    Worded: {"steps": COUNT},
    Marked: {"line": COUNT},
    FurtherFormula: {"adds": R_SQUARED},
    SeveralFormulas: {"explained": R_SQUARED},
    Spread: {"sizes": COUNT, **dict.fromkeys(("explained", "linear", "reservoir"), R_SQUARED)},
}
"""In which numbers must be."""

_RUNS = re.compile(r"[01]x[1-9][0-9]{0,8}( [01]x[1-9][0-9]{0,8})*", re.ASCII)


def wrong_numbers(worded: Worded) -> Iterator[str]:
    """Yield each number that cannot be, with its place."""
    yield from outside(worded, RANGES)
    coverage = worded.coverage
    for name, counted in (("trained", coverage.trained), ("untrained", coverage.untrained)):
        for field in fields(counted):
            row = getattr(counted, field.name)
            thresholds = coverage.beyond if field.name.endswith("beyond") else coverage.thresholds
            if isinstance(row, tuple) and row and len(row) != len(thresholds):
                yield f"coverage.{name}.{field.name}: {len(row)} numbers, " \
                      f"{len(thresholds)} thresholds"
            if any(n > coverage.units for n in (row if isinstance(row, tuple) else (row or 0,))):
                yield f"coverage.{name}.{field.name}: more than all {coverage.units} units"
    for i, claim in enumerate(worded.conditions):
        yield from _not_a_correlation(f"conditions.{i}.r", claim.r)
    for i, one in enumerate(worded.formulas):
        for name, r in (("held_out.r", one.held_out.r), ("beyond", one.beyond),
                        ("held_out.r_within", one.held_out.r_within)):
            yield from _not_a_correlation(f"formulas.{i}.{name}", r)
        for k, further in enumerate(one.several.further if one.several else ()):
            for name in ("r_within", "beyond"):
                yield from _not_a_correlation(f"formulas.{i}.several.{k}.{name}",
                                              getattr(further, name))
    for i, spread in enumerate(worded.spread):
        if not len(spread.sizes) == len(spread.explained) <= len(spread.units):
            yield f"spread.{i}: {len(spread.sizes)} sizes, {len(spread.explained)} shares, " \
                  f"{len(spread.units)} units"


def _not_a_correlation(where: str, r: Estimate) -> Iterator[str]:
    there = [n for n in (r.low, r.value, r.high) if n is not None]
    if any(abs(n) > 1 + ROUNDING for n in there) or there != sorted(there):
        yield f"{where}: {there}"


def wrong_formulas(worded: Worded) -> Iterator[str]:
    """Yield each formula that is none, and why, and each mark that says nothing."""
    written = chain(
        *(((f"formulas.{i}", c.text), (f"formulas.{i}", c.single))
          for i, c in enumerate(worded.formulas)),
        ((f"conditions.{i}", c.given) for i, c in enumerate(worded.conditions)),
        ((f"spread.{i}", s.text) for i, s in enumerate(worded.spread)),
        ((f"formulas.{i}.several", further.text) for i, c in enumerate(worded.formulas)
         if c.several for further in c.several.further),
        ((f"marked.{i}", atom) for i, one in enumerate(worded.marked) for atom in one.holds))
    for where, text in written:
        try:
            parsed(text)
        except UserError as error:
            problem = error.problems[0]
            yield f"{where}: {text[:40]!r} {problem.wrong} {problem.found}"
    for i, one in enumerate(worded.marked):
        if not all(map(_RUNS.fullmatch, one.holds.values())):
            yield f"marked.{i}: does not say where something holds"


def strange_units(worded: Worded, card: ExhibitCard) -> Iterator[str]:
    """Yield what is said of units or excerpts that an exhibit does not have.

    Args:
        worded: What was found.
        card: The exhibit.
    """
    for unit in (*(c.unit for c in worded.formulas), *(c.unit for c in worded.conditions),
                 *(unit for spread in worded.spread for unit in spread.units)):
        if not card.has_unit(unit):
            yield f"there is no unit {unit}"
    if worded.coverage.units > card.num_layers * card.hidden_size:
        yield f"there are not {worded.coverage.units} units"
    sizes = {(one.document, one.line): len(one.text) for one in card.explored}
    for marked in worded.marked:
        size = sizes.get((marked.document, marked.line))
        if size is not None and not all(covers(runs, size) for runs in marked.holds.values()):
            yield f"line {marked.line} of {marked.document} is of another length"
