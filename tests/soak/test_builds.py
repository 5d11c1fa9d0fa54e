"""200 builds by one process, with an edit before each: no more memory, files or disk."""

from __future__ import annotations

import os

import psutil
import pytest

from builder.cli import main
from tests.soak import edits, stages
from tests.soak.growth import growth, held

pytestmark = [pytest.mark.soak, pytest.mark.torch]

BUILDS = int(os.environ.get("GALLERY_SOAK_BUILDS", "200"))
EDITS = (edits.a_title, edits.a_page, edits.a_style)
MORE_DISK = 1.2
"""Times of the disk that the folder of what was made may take in the end."""


def size_of(folder):
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def test_many_builds(tmp_path):
    root, process, seen = stages.make_whole(tmp_path / "project"), psutil.Process(), []
    before = size_of(root / ".gallery")
    for number in range(BUILDS):
        mark = f"mark-{number}-"
        page = root / "site" / EDITS[number % len(EDITS)](root, mark)
        assert main(["--root", str(root), "build", "--workers", "1"]) == 0
        page = page if page.suffix else page / "index.html"
        assert mark in page.read_text("utf-8")
        seen.append(held(process))
        if number % 20 == 0:
            print(f"{number + 1} builds: {seen[-1]}")
    after = size_of(root / ".gallery")
    print(f"{BUILDS} builds: {seen[-1]}; .gallery has {before:,} bytes, then {after:,}")
    assert growth(seen) == []
    assert after < MORE_DISK * before
    assert not list(root.rglob("*.part"))
