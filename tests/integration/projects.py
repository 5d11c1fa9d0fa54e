"""Small projects in a folder of their own, built by the command line."""

import json
import os
import subprocess
import sys

from tests.sources import PROJECT, copy_sources

RECIPE = '''
title = "A small network"
language = "python"
[corpus]
kind = "synthetic"
documents = 120
characters = 1600
source = "A grammar"
license = "none"
[split]
discover = 0.3
held_out_share = 0.3
[model]
embedding_size = 8
hidden_size = 24
[training]
characters = 200_000
streams = 16
window = 32
learning_rate = 0.02
threads = 1
precision = "float32"
[selection]
cells = 6
minimum_r = 0.05
[transfer]
title = "longer lines"
language = "c"
[transfer.corpus]
kind = "synthetic"
documents = 70
characters = 1500
maximum_depth = 3
seed = 9
source = "Another grammar"
[[feature]]
id = "in_run"
title = "inside a run"
hypothesis = "is on in a run of a and b"
regex = "a+b+"
'''


def run(root, *arguments):
    return subprocess.run(
        [sys.executable, "-m", "builder", "--root", str(root), *arguments],
        capture_output=True, text=True, cwd=PROJECT, env={**os.environ, "OMP_NUM_THREADS": "1"},
    )


def bytes_of(folder):
    return {p.relative_to(folder).as_posix(): p.read_bytes()
            for p in sorted(folder.rglob("*")) if p.is_file()}


def make_project(root, recipe=RECIPE):
    copy_sources(root)
    (root / "gallery" / "tiny").mkdir(parents=True)
    (root / "gallery" / "tiny" / "exhibit.toml").write_text(recipe, "utf-8")
    return root


def shown_card(project, name="tiny"):
    """Return what is stored of an exhibit's card."""
    stored = project / ".gallery" / "results" / f"{name}.card.json"
    return json.loads(stored.read_text("utf-8"))["found"]
