"""The measuring itself works, on sizes that tell nothing about speed."""

import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("torch")

from tests.bench.evidence import evidence_rows
from tests.bench.pages import page_rows
from tests.bench.reading import reading_rows
from tests.bench.site import site_rows
from tests.bench.sizes import Sizes, interleaved, ratio
from tests.bench.text import write_corpus
from tests.bench.training import training_rows
from tests.bench.vocabulary import vocabulary_rows
from tests.bench.words import word_rows

pytestmark = pytest.mark.torch
TINY = Sizes(8, 70, 400, 1, 4, 8, 2, 3, (0.02, 0.04), 2, 40_000)


def test_every_part_gives_its_rows():
    for rows in (reading_rows(TINY), evidence_rows(TINY), training_rows(TINY), page_rows(TINY),
                 site_rows(TINY), word_rows(TINY), vocabulary_rows(TINY)):
        assert any(row.goal for row in rows)
        assert all(row.name for row in rows)


def test_both_sides_are_timed_equally_often():
    calls = []
    ours, bare = interleaved(lambda: calls.append("ours"), lambda: calls.append("bare"), 3)
    assert len(ours) == len(bare) == 3 and sorted(calls) == ["bare"] * 4 + ["ours"] * 4
    assert calls[:4] == ["bare", "ours", "ours", "bare"]
    assert ratio([2.0, 9.0, 4.0], [1.0, 3.0, 2.0]) == 2.0


def test_the_text_for_memory_has_no_duplicates(tmp_path):
    written = write_corpus(tmp_path, 100_000)
    texts = [path.read_bytes() for path in tmp_path.rglob("*.py")]
    assert sum(map(len, texts)) == written >= 100_000
    assert len(set(texts)) == len(texts) > 3


def test_memory_is_measured_in_a_process_without_torch():
    code = "import sys, tests.bench.__main__, tests.bench.memory; sys.exit('torch' in sys.modules)"
    root = Path(__file__).parents[2]
    assert subprocess.run([sys.executable, "-c", code], cwd=root).returncode == 0
