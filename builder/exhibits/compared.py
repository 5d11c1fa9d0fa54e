"""What differs between results that are kept beside the weights and the same measured again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from builder.core.cards import ExhibitCard
from builder.core.errors import Problem, UserError
from builder.exhibits.said import say
from builder.workspace import shipped
from builder.workspace.beside import Beside, Content
from builder.workspace.comparing import Difference
from builder.workspace.comparing import differences as differences_of
from builder.workspace.recipe import Exhibit
from builder.workspace.shipped_fit import read_fit

MOST_SHOWN = 20
"""Differences that are named one by one."""


def compare(
    exhibit: Exhibit, before: shipped.Shipped, card: ExhibitCard, made: shipped.MadeOf
) -> list[Problem]:
    """Return what differs between results and the same measured again, beyond rounding.

    Args:
        exhibit: Whose.
        before: What lies beside its weights.
        card: What was measured now.
        made: What that was measured on.
    """
    other = shipped.misfits(before.made_of, made)
    if other:
        return [_misfit(exhibit, "the results were measured", other)]
    if before.card.fit is None:  # results from before it was measured have none
        card = replace(card, fit=None)
    return _told(exhibit, "", differences_of(before.card, card, exact=not before.is_untouched))


def compare_beside(
    exhibit: Exhibit, kind: Beside[Content], before: Content, now: Content
) -> list[Problem]:
    """Return what differs between a file beside the weights and the same found again.

    Args:
        exhibit: Whose.
        kind: Of the file.
        before: What lies beside its weights.
        now: What was found now.
    """
    option, other = f" --{kind.part}", kind.misfits(before, now)
    if other:
        return [_misfit(exhibit, f"{kind.name} was written", other, option)]
    return _told(exhibit, f", {kind.part}", differences_of(before.found, now.found), option)


def _misfit(exhibit: Exhibit, when: str, other: Sequence[str], option: str = "") -> Problem:
    return Problem(exhibit.name, f"cannot be compared; other than when {when}", ", ".join(other),
                   _again(exhibit, option))


def _told(
    exhibit: Exhibit, part: str, found: Sequence[Difference], option: str = ""
) -> list[Problem]:
    """Say how much differs; return a problem for each of the first that do by too much."""
    name, beyond = f"{exhibit.name}{part}", [d for d in found if not d.allowed]
    say(f"{name}: {len(found)} numbers differ" + (
        f", {len(beyond)} of them by more than processors do" if found else ""))
    more = [Problem(name, f"and {len(beyond) - MOST_SHOWN:,} more")] * (len(beyond) > MOST_SHOWN)
    return [*(Problem(f"{name}, {d.where}", f"another {d.what} than was measured", str(d),
                      _again(exhibit, option)) for d in beyond[:MOST_SHOWN]), *more]


def _again(exhibit: Exhibit, option: str) -> str:
    return f"measure again: gallery measure {exhibit.name}{option}"


def to_compare(folder: Path) -> shipped.Shipped:
    """Return the results beside the weights of an exhibit.

    Raises:
        UserError: There are none, or they cannot be read.
    """
    found = shipped.read_shipped(folder)
    if found is None:
        raise UserError(Problem(str(folder / shipped.RESULTS_FILE), "there are no results",
                                "", f"measure them: gallery measure {folder.name}"))
    fit = read_fit(folder, found.made_of)
    return replace(found, card=replace(found.card, fit=fit))
