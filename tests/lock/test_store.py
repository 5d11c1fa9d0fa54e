"""What a stored result hangs on: the code that decides numbers, and no other."""

import shutil
from pathlib import Path

import pytest

from builder import store


@pytest.fixture
def copied(tmp_path, monkeypatch):
    package = tmp_path / "builder"
    shutil.copytree(Path(store.__file__).parent, package,
                    ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(store, "__file__", str(package / "store.py"))
    return package


def test_every_part_that_is_named_is_there(copied):
    missing = [part for part in (*store.NOT_DECIDING, *store.SHOWING)
               if not (copied / part).exists()]
    assert missing == []


@pytest.mark.parametrize(("file", "decides"), [
    ("scoring/sums.py", True), ("features/own.py", True), ("models/network.py", True),
    ("core/evidence.py", True), ("selection/grade.py", True),
    ("core/shown.py", False), ("core/cards.py", False), ("showing/show.py", False),
    ("rendering/pages.py", False), ("pipeline.py", False)])
def test_only_code_that_decides_numbers_is_part_of_their_key(copied, file, decides):
    before = store.code_digest()
    (copied / file).write_text((copied / file).read_text("utf-8") + "\n# changed\n", "utf-8")
    assert (store.code_digest() != before) == decides


def test_new_code_decides_until_it_is_said_that_it_does_not(copied):
    before = store.code_digest()
    (copied / "thinking.py").write_text("", "utf-8")
    assert store.code_digest() != before
