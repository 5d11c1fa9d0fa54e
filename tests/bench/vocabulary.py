"""Time and peak memory of `gallery inspect --controls none` with a large vocabulary, a process."""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from tests.bench.memory import run_alone
from tests.bench.sizes import Row, Sizes

ENTRIES = 50_000
HIDDEN = 64
OF_A_FILE = 20_000
OF_A_LINE = 12
GOAL = 2_000
"""Megabytes."""


def vocabulary_rows(sizes: Sizes) -> list[Row]:
    """Return what it takes to inspect a network that reads words, on so many of them."""
    with tempfile.TemporaryDirectory() as name:
        folder, here = Path(name), "tests.bench.vocabulary"
        run_alone(here, "write", folder, sizes.words)
        most, seconds = run_alone(here, "inspect", folder).split()
    what = f"inspect of {sizes.words / 1e6:g} M words, {ENTRIES:,} known"
    return [Row(f"peak of {what}", f"{int(most) / 1e6:,.0f} MB", f"goal: {GOAL:,} MB"),
            Row(f"time of {what}", f"{float(seconds):,.0f} s")]


def words() -> list[str]:
    """Return so many different words, the short ones first."""
    letters = "abcdefghijklmnopqrstuvwxyz"
    found = [""]
    for word in found:
        if len(found) > ENTRIES:
            break
        found += [word + letter for letter in letters]
    return found[1 : ENTRIES + 1]


def write(folder: Path, steps: int) -> None:
    """Write a network that has learned nothing, and a text whose words have Zipf's frequencies."""
    from torch import nn

    from builder import save_model

    known = words()
    save_model(folder / "model", nn.LSTM(HIDDEN, HIDDEN), nn.Embedding(ENTRIES, HIDDEN),
               nn.Linear(HIDDEN, ENTRIES), known, tokens="words")
    chance = np.random.default_rng(0)
    share = np.cumsum(1 / np.arange(1, ENTRIES + 1))
    (folder / "text").mkdir()
    for number in range(max(1, steps // OF_A_FILE)):
        drawn = np.searchsorted(share, chance.uniform(0, share[-1], OF_A_FILE)).tolist()
        lines = (" ".join(known[i] for i in drawn[at : at + OF_A_LINE])
                 for at in range(0, OF_A_FILE, OF_A_LINE))
        (folder / "text" / f"{number:04}.txt").write_text("\n".join(lines), "utf-8")


def inspect_words(folder: Path) -> None:
    """Do what the command does, and print the peak and the seconds."""
    from builder.evidence.inspection import inspect
    from builder.evidence.opening import Given, opened
    from tests.bench.memory import peak

    start = time.perf_counter()
    inspect(opened(folder / "model", Given("prose", (folder / "text",))), controls=False)
    print(peak(), time.perf_counter() - start)


if __name__ == "__main__":
    if sys.argv[1] == "write":
        write(Path(sys.argv[2]), int(sys.argv[3]))
    else:
        inspect_words(Path(sys.argv[2]))
