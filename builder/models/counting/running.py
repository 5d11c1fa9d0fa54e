"""All networks of the experiment, those that are not there yet; what is finished is kept."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from builder.core.counted import Counted, Run
from builder.core.errors import Problem, UserError, did_you_mean
from builder.models.architectures import ARCHITECTURES
from builder.models.counting.experiment import Asked, count
from builder.models.counting.languages import LANGUAGES
from builder.workspace.counted import read_counted, write_counted

ABREAST = 5
"""Seeds that are trained as one; which ones is the same however many are asked for."""
DECIDING = ("Python", "numpy", "torch")
"""What decides the results, by name."""
SEVERAL = " and "
"""Between the versions that runs were made with, where these are not the same."""

Task = Callable[[float, Asked], list[Run]]
Spread = Callable[[Task, float, Sequence[Asked]], Iterator[list[Run]]]


def asked_for(
    architectures: Sequence[str], languages: Sequence[str], seeds: int, known: Sequence[Run]
) -> list[Asked]:
    """Return what is to be trained, the first seeds of all first.

    Args:
        architectures: Names; all where there are none.
        languages: Names; all where there are none.
        seeds: How many, from 0; rounded up to a whole number of fives.
        known: Runs that are there.

    Raises:
        UserError: There is none of a name, or the number of seeds is none.
    """
    check_names("architecture", architectures, ARCHITECTURES.names())
    check_names("toy language", languages, list(LANGUAGES))
    if seeds < 1:
        raise UserError(Problem("--seeds", "not a number of seeds", str(seeds), "name 1 or more"))
    there = {run.name for run in known}
    groups = [tuple(range(start, start + ABREAST)) for start in range(0, seeds, ABREAST)]
    asked = (Asked(architecture, language, group) for group in groups
             for architecture in architectures or ARCHITECTURES.names()
             for language in languages or LANGUAGES)
    return [one for one in asked if not all(
        (one.architecture, one.language, seed) in there for seed in one.seeds)]


def check_effort(effort: float) -> None:
    """Raise UserError where an effort is not a number above 0."""
    if not 0 < effort < math.inf:
        raise UserError(Problem("--effort", "not a number above 0", str(effort), "such as 1"))


def check_names(what: str, names: Sequence[str], known: Sequence[str]) -> None:
    """Raise UserError where one of some names is not known."""
    unknown = [name for name in names if name not in known]
    if unknown:
        raise UserError([Problem(name, f"no {what} has this name", "", did_you_mean(name, known)
                                 or f"there are: {', '.join(known)}") for name in unknown])


def count_into(
    path: Path, architectures: Sequence[str], languages: Sequence[str], seeds: int,
    effort: float, spread: Spread, versions: Mapping[str, str],
) -> int:
    """Train what is not in a file of results yet, and write it there group by group.

    Args:
        path: Of the file.
        architectures: As of `asked_for`.
        languages: The same.
        seeds: The same.
        effort: Times the steps of training that each language has.
        spread: Does a task for each item, given what all of them need, in the order of the items.
        versions: Of all that is installed, by name.

    Returns:
        How many networks were trained.

    Raises:
        UserError: As `asked_for`; the file is none, or was made with another effort.
    """
    check_effort(effort)
    before = read_counted(path)
    if before and before.runs and before.effort != effort:
        raise UserError(Problem(str(path), "made with another effort", f"{before.effort:g}",
                                f"say --effort {before.effort:g}, or another file with --out"))
    known = before.runs if before else ()
    asked = asked_for(architectures, languages, seeds, known)
    runs = {run.name: run for run in known}
    command = f"gallery count --seeds {seeds} --effort {effort:g}"
    named = both_versions(before.versions if before and before.runs else {}, versions)
    for made in spread(count, effort, asked):
        runs |= {run.name: run for run in made}
        titles = {name: ARCHITECTURES.get(name).title for name in sorted({n[0] for n in runs})}
        write_counted(path, Counted(command, named, titles, effort, tuple(runs.values())))
    return ABREAST * len(asked)


def both_versions(before: Mapping[str, str], here: Mapping[str, str]) -> dict[str, str]:
    """Return the versions that runs were made with, those of runs that are there first."""
    return {name: SEVERAL.join(dict.fromkeys(
        [*filter(None, before.get(name, "").split(SEVERAL)), here[name]])) for name in DECIDING}
