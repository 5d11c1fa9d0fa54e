"""Peak memory of `gallery inspect --controls none` on little and on much text, a process each.

Up to about 5 MB the peak grows with the batch of documents that is labelled at a time; beyond,
with the text itself alone, which is held as it is.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
from functools import partial
from pathlib import Path

from tests.bench.sizes import Row, Sizes
from tests.bench.text import write_corpus

HIDDEN = 64


def memory_rows(sizes: Sizes) -> list[Row]:
    """Return both peaks and their ratio."""
    rows, peaks, written = [], [], []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        _run("model", folder / "model")
        for size in sizes.megabytes:
            text = folder / f"text-{size}"
            written.append(write_corpus(text, int(size * 1e6)))
            peaks.append(int(_run("inspect", folder / "model", text)))
            rows.append(Row(f"peak of inspect on {written[-1] / 1e6:.0f} MB of text, H={HIDDEN}",
                            f"{peaks[-1] / 1e6:,.0f} MB"))
        with_words = int(_run("words", folder / "model", folder / f"text-{sizes.megabytes[0]}"))
    growth = (peaks[1] - peaks[0]) / (written[1] - written[0])
    return [*rows,
            Row(f"the same with --words on {written[0] / 1e6:.0f} MB",
                f"{with_words / 1e6:,.0f} MB"),
            Row(f"ratio, for {written[1] / written[0]:.0f} times the text",
                f"{peaks[1] / peaks[0]:.2f}"),
            Row("bytes of memory for each further byte of text", f"{growth:.1f}")]


def _run(*arguments: object) -> str:
    return run_alone("tests.bench.memory", *arguments)


def run_alone(module: str, *arguments: object) -> str:
    """Return what a module prints in a process of its own."""
    command = [sys.executable, "-m", module, *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(done.stderr)
    return done.stdout


def peak() -> int:
    """Return the most bytes that this process has held; Linux counts in kilobytes."""
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most if sys.platform == "darwin" else most * 1024


def make_model(folder: Path) -> None:
    """Write a small network that has learned nothing."""
    from torch import nn

    from builder import save_model

    characters = "\t\n" + "".join(map(chr, range(32, 127)))
    embedding, rnn = nn.Embedding(len(characters), 16), nn.LSTM(16, HIDDEN)
    save_model(folder, rnn, embedding, nn.Linear(HIDDEN, len(characters)), characters)


def inspect_text(model: Path, text: Path, *, words: bool = False) -> None:
    """Do what `gallery inspect --controls none` does, maybe with --words, and print the peak."""
    from builder.evidence.inspection import inspect
    from builder.evidence.opening import Given, opened

    inspect(opened(model, Given("python", (text,))), controls=False, words=words)
    print(peak())


if __name__ == "__main__":
    what, *paths = sys.argv[1:]
    {"model": make_model, "inspect": inspect_text,
     "words": partial(inspect_text, words=True)}[what](*map(Path, paths))
