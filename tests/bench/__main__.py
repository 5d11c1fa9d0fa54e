"""`python -m tests.bench [--quick]`: speed and size, as ratios of two sides of one run."""

from __future__ import annotations

import argparse
import os
import platform
from importlib.metadata import version

from tests.bench.sizes import FULL, QUICK, Row, Sizes


def main() -> None:
    """Measure everything and print a line each as it is known."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="smaller texts, fewer repeats")
    sizes = QUICK if parser.parse_args().quick else FULL
    print(f"Python {platform.python_version()}, torch {version('torch')}, "
          f"{os.cpu_count()} processors, {platform.system()} {platform.machine()}", flush=True)
    # Memory is first: a child's peak counts what its parent holds when it is started.
    for title, part in (("memory", _memory), ("vocabulary", _vocabulary), ("reading", _reading),
                        ("evidence", _evidence),
                        ("words", _words), ("workers", _workers), ("training", _training),
                        ("pages", _pages), ("site", _site), ("typing", _typing)):
        print(f"\n{title}", flush=True)
        for row in part(sizes):
            print(f"  {row.name:<58} {row.value:>12}  {row.goal}".rstrip(), flush=True)


def _memory(sizes: Sizes) -> list[Row]:
    from tests.bench.memory import memory_rows

    return memory_rows(sizes)


def _vocabulary(sizes: Sizes) -> list[Row]:
    from tests.bench.vocabulary import vocabulary_rows

    return vocabulary_rows(sizes)


def _reading(sizes: Sizes) -> list[Row]:
    from tests.bench.reading import reading_rows

    return reading_rows(sizes)


def _evidence(sizes: Sizes) -> list[Row]:
    from tests.bench.evidence import evidence_rows

    return evidence_rows(sizes)


def _words(sizes: Sizes) -> list[Row]:
    from tests.bench.words import word_rows

    return word_rows(sizes)


def _workers(sizes: Sizes) -> list[Row]:
    from tests.bench.workers import worker_rows

    return worker_rows(sizes)


def _training(sizes: Sizes) -> list[Row]:
    from tests.bench.training import training_rows

    return training_rows(sizes)


def _pages(sizes: Sizes) -> list[Row]:
    from tests.bench.pages import page_rows

    return page_rows(sizes)


def _site(sizes: Sizes) -> list[Row]:
    from tests.bench.site import site_rows

    return site_rows(sizes)


def _typing(sizes: Sizes) -> list[Row]:
    from tests.bench.typing import typing_rows

    return typing_rows(sizes)


if __name__ == "__main__":
    main()
