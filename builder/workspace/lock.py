"""The lock file beside each recipe: the cells it shows, so that a change of them is reviewed."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Literal

from pydantic import ConfigDict, TypeAdapter, ValidationError

from builder.core.cards import Claim, Grade
from builder.core.errors import Problem, RecipeError
from builder.core.files import write_text
from builder.core.scores import Estimate
from builder.core.units import UnitId

LOCK_FILE = "cells.lock.json"
DIGITS = 3
MOVED = 0.02
"""A number that has moved by no more than this is not worth a word."""

_STRICT = ConfigDict(extra="forbid", allow_inf_nan=False)
Interval = tuple[float, float]


@dataclass(frozen=True, slots=True)
class LockedNumbers:
    """What held-out text said, rounded; None is not measured."""

    __pydantic_config__: ClassVar[ConfigDict] = _STRICT

    r: float | None
    ci: Interval | None
    r_within_bigram: float | None
    ci_within_bigram: Interval | None


@dataclass(frozen=True, slots=True)
class LockedCell:
    """A cell with a page, and the claim that it is about; `r` is on discover text.

    The names are those of `inspect --json`.
    """

    __pydantic_config__: ClassVar[ConfigDict] = _STRICT

    unit: UnitId
    feature: str
    grade: Grade
    r: float | None
    r_within_bigram: float | None
    held_out: LockedNumbers


@dataclass(frozen=True, slots=True)
class Lock:
    """The cells of an exhibit, in the order of its pages."""

    __pydantic_config__: ClassVar[ConfigDict] = _STRICT

    format: Literal[1]
    cells: tuple[LockedCell, ...]


_LOCK, _CELL = TypeAdapter(Lock), TypeAdapter(LockedCell)


def read_lock(folder: Path) -> Lock | None:
    """Return the lock file in a recipe's folder; None where there is none.

    Raises:
        RecipeError: It cannot be read or is not what `write_lock` writes; names all mistakes.
    """
    path = folder / LOCK_FILE
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise RecipeError(Problem(str(path), "cannot be read", error.strerror or "")) from None
    try:
        lock = _LOCK.validate_json(content, strict=False)
    except ValidationError as error:
        raise RecipeError([
            _broken(path, f"{'.'.join(map(str, e['loc']))}: {e['msg']}".lstrip(": "))
            for e in error.errors()]) from None
    problems = [_broken(path, found) for found in _mistakes(lock)]
    if problems:
        raise RecipeError(problems)
    return lock


def write_lock(folder: Path, shown: Sequence[Claim]) -> Lock:
    """Write down the claims that have a page, in their order, a line each; return the lock.

    Raises:
        OutputError: The file cannot be written.
    """
    lock = Lock(1, tuple(_locked(claim) for claim in shown))
    lines = [f"    {_line(cell)}" for cell in lock.cells]
    inside = "[\n" + ",\n".join(lines) + "\n  ]" if lines else "[]"
    write_text(folder / LOCK_FILE, f'{{\n  "format": 1,\n  "cells": {inside}\n}}\n')
    return lock


def differences(lock: Lock, chosen: Sequence[Claim]) -> list[str]:
    """Return in plain words what would change if the chosen claims were locked, a line a cell.

    Args:
        lock: The cells that are shown.
        chosen: What selection would take now, in the order of the pages.
    """
    before = {(cell.unit, cell.feature): cell for cell in lock.cells}
    after = {(claim.unit, claim.feature): _locked(claim) for claim in chosen}
    lines: list[str] = []
    for key in [*before, *(key for key in after if key not in before)]:
        change = "; ".join(_change(before.get(key), after.get(key)))
        if change:
            lines.append(f"{key[0]}, {key[1]}: {change}")
    if not lines and list(before) != list(after):
        lines.append(f"the order would be {', '.join(unit.name for unit, _ in after)}")
    return lines


def _line(cell: LockedCell) -> str:
    content = _CELL.dump_python(cell, mode="json")
    return json.dumps(content, ensure_ascii=False, allow_nan=False)


def _change(before: LockedCell | None, after: LockedCell | None) -> Iterator[str]:
    if after is None:
        yield "would go"
    elif before is None:
        found = after.held_out.r_within_bigram
        name, value = ("r", after.held_out.r) if found is None else ("r′", found)
        yield f"would be added ({_plain(after.grade)}, {name} {_number(value)})"
    else:
        if before.grade is not after.grade:
            yield f"was {_plain(before.grade)}, would be {_plain(after.grade)}"
        for name, was, now in zip(_NUMBERS, _numbers(before), _numbers(after), strict=True):
            if _moved(was, now):
                yield f"{name} was {_number(was)}, would be {_number(now)}"


_NUMBERS = ("r on discovery text", "r′ on discovery text", "r on unseen text", "r′ on unseen text")


def _numbers(cell: LockedCell) -> tuple[float | None, ...]:
    return cell.r, cell.r_within_bigram, cell.held_out.r, cell.held_out.r_within_bigram


def _moved(was: float | None, now: float | None) -> bool:
    if was is None or now is None:
        return was is not now
    return round(abs(was - now), DIGITS) > MOVED


def _plain(grade: Grade) -> str:
    return grade.value.replace("_", " ")


def _number(value: float | None) -> str:
    return "not measured" if value is None else f"{value:.2f}".replace("0.", ".", 1)


def _locked(claim: Claim) -> LockedCell:
    raw, within = claim.held_out.r, claim.held_out.r_within
    return LockedCell(
        claim.unit, claim.feature, claim.grade, _rounded(claim.r), _rounded(claim.r_within),
        LockedNumbers(_rounded(raw.value), _interval(raw),
                      _rounded(within.value), _interval(within)))


def _interval(estimate: Estimate) -> Interval | None:
    low, high = _rounded(estimate.low), _rounded(estimate.high)
    return None if low is None or high is None else (low, high)


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, DIGITS) + 0.0  # no minus before nought


def _mistakes(lock: Lock) -> Iterator[str]:
    cells: Counter[tuple[int, int]] = Counter()
    for i, locked in enumerate(lock.cells):
        cells[locked.unit.cell] += 1
        if cells[locked.unit.cell] == 2:
            yield f"cells.{i}.unit: {locked.unit} has a page already; a unit has one page"


def _broken(path: Path, found: str) -> Problem:
    return Problem(str(path), "not a lock file as it is written", found,
                   "take it back from version control, or remove it: the next build makes it")
