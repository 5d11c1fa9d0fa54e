"""What small networks were found to count, kept in the gallery: `counting.json`.

A run a line, so that a run more is a line more.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Literal

from pydantic import ConfigDict, TypeAdapter
from pydantic.dataclasses import dataclass

from builder.core.counted import Counted, Run
from builder.core.errors import Problem, UserError
from builder.core.files import write_text
from builder.workspace.validated import read_validated

COUNTED_FILE = "counting.json"
FORMAT: Literal[1] = 1

LARGEST = 2**24
"""Bytes of the largest file that is read."""


@dataclass(frozen=True, config=ConfigDict(extra="forbid"))
class _File:
    format: Literal[1]
    counted: Counted


_FILE = TypeAdapter(_File)


def read_counted(path: Path) -> Counted | None:
    """Return the results; None where there is no such file.

    Raises:
        UserError: It cannot be read, is none, or says what cannot be.
    """
    file = read_validated(path, _FILE, LARGEST, "not results of counting", _refused)
    if file is None:
        return None
    for wrong in _contradictions(file.counted):
        raise _refused(path, "says what cannot be", wrong)
    return file.counted


def write_counted(path: Path, counted: Counted) -> None:
    """Write the results, whole or not at all, in the order of the names of the runs.

    Raises:
        OutputError: The file cannot be written.
    """
    runs = sorted(counted.runs, key=lambda run: run.name)
    head = _FILE.dump_python(_File(FORMAT, Counted(
        counted.made_by, counted.versions, counted.titles, counted.effort, ())), mode="json")
    lines = ",\n".join(_line(_RUN.dump_python(run, mode="json")) for run in runs)
    empty = '"runs": []'
    write_text(path, _line(head).replace(empty, f'"runs": [\n{lines}]', 1) + "\n")


_RUN = TypeAdapter(Run)


def _line(data: Any) -> str:
    return json.dumps(data, ensure_ascii=False, allow_nan=False)


def _contradictions(counted: Counted) -> Iterator[str]:
    names = set()
    if not 0 < counted.effort < math.inf:
        yield f"effort {counted.effort}"
    for run in counted.runs:
        if run.architecture not in counted.titles:
            yield f"{run.architecture!r} has no title"
        where = f"{run.architecture}, {run.language}, seed {run.seed}"
        if run.name in names:
            yield f"{where}: there twice"
        names.add(run.name)
        if not all(map(math.isfinite, _numbers(run))):
            yield f"{where}: a number that is none"
        shares = (run.within.answers, run.within.strings, run.beyond.answers, run.beyond.strings)
        if not all(0 <= share <= 1 for share in shares):
            yield f"{where}: a share that is not between 0 and 1"
        if not all(abs(r) <= 1 for r in (*(r for r, _ in run.truths.values()),
                                         *(c.r for c in run.counting))):
            yield f"{where}: a correlation beyond 1"
        ns = [n for n in (run.failed, run.failed_beyond, run.predicted, run.predicted_beyond)
              if n is not None]
        if not all(1 <= n <= run.tried_to for n in ns):
            yield f"{where}: fails at an n that was not tried"


def _numbers(run: Run) -> Iterator[float]:
    yield run.loss
    yield from (number for pair in run.truths.values() for number in pair)
    for counting in run.counting:
        yield from (counting.r, counting.step, counting.drift, counting.keep)


def _refused(path: Path, wrong: str, found: str) -> UserError:
    return UserError(Problem(str(path), wrong, found, "move it away and make it: gallery count"))


def schema() -> Mapping[str, Any]:
    """Return the JSON Schema of the file."""
    return _FILE.json_schema(mode="serialization")
