"""A tiny exhibit of a text and a feature that come from elsewhere, really built, once."""

import csv
import os

import pytest

from builder.corpora.kinds.synthetic import SyntheticCorpus, write_document
from tests.extension.installing import install
from tests.integration.projects import make_project, run

RECIPE = '''
title = "A network on letters"
[corpus]
kind = "table"
path = "letters.csv"
names = "date"
source = "Letters of nobody"
license = "none"
[split]
discover = 0.3
held_out_share = 0.3
[model]
embedding_size = 4
hidden_size = 8
[training]
characters = 40_000
streams = 16
window = 32
learning_rate = 0.02
threads = 1
[selection]
features = ["repeats", "line_position"]
cells = 4
minimum_r = 0.05
'''


def letter(number):
    """Return a text with many runs of one letter."""
    made = SyntheticCorpus(kind="synthetic", documents=80, characters=900, seed=5)
    return write_document(made, number)


@pytest.fixture(scope="session")
def tiny(tmp_path_factory):
    """A project whose text is in a table, and whose cells count repeats; its site is built."""
    pytest.importorskip("torch")
    root, packages = tmp_path_factory.mktemp("project"), tmp_path_factory.mktemp("packages")
    make_project(root, RECIPE)
    with (root / "gallery/tiny/letters.csv").open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["date", "text"])
        rows.writerows([f"day-{i:02}", letter(i)] for i in range(80))
    with pytest.MonkeyPatch.context() as until_built:
        for page in ("corpus", "feature"):
            install(page, packages / page, until_built)
        until_built.setenv("PYTHONPATH", os.pathsep.join(map(str, packages.iterdir())))
        built = run(root, "build")
    assert built.returncode == 0, built.stderr
    return root
