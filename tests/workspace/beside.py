"""How files that lie beside weights are broken in tests, and what is then said of them."""

from __future__ import annotations

import json
import lzma
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from builder.core.errors import UserError
from builder.workspace.recipe import Exhibit, validate

CUT: tuple[tuple[Callable[[bytes], bytes], str], ...] = (
    (lambda whole: whole[:-40], "cut short"), (lambda whole: b"", "cut short"),
    (lambda whole: b"no file of results, and long enough to tell", "not a whole xz file"),
    (lambda whole: whole[:60] + bytes(40) + whole[100:], "not a whole xz file"))
"""What makes a file less than whole, and what is said of it."""

CORPUS = {"kind": "synthetic", "source": "a grammar", "license": "none"}


def exhibit_in(folder: Path) -> Exhibit:
    """Return an exhibit whose files lie in a folder."""
    recipe = validate({"title": "T", "language": "python", "corpus": CORPUS}, folder)
    return Exhibit(name="e", folder=folder, recipe=recipe)


def content_of(path: Path) -> Any:
    return json.loads(lzma.decompress(path.read_bytes()))


def put(path: Path, content: Any) -> None:
    raw = content if isinstance(content, bytes) else json.dumps(content).encode()
    path.write_bytes(lzma.compress(raw, preset=0))


def changed(path: Path, *keys: str | int, to: Any) -> None:
    """Put something else at a place of the content."""
    content = content_of(path)
    place = content
    for key in keys[:-1]:
        place = place[key]
    place[keys[-1]] = to
    put(path, content)


def refused(path: Path, read: Callable[[], object]) -> str:
    """Read a file, which must be one problem with something to do; return what is said of it."""
    with pytest.raises(UserError) as caught:
        read()
    (problem,) = caught.value.problems
    assert problem.where == str(path) and problem.remedy and "\n" not in str(problem)
    return f"{problem.wrong}; {problem.found}"
