"""The command `count`: small networks on toy languages."""

from __future__ import annotations

import argparse
from functools import partial
from pathlib import Path

from builder.cli.greedy import Parser
from builder.cli.options import add_workers, workers_for
from builder.work.versions import installed
from builder.workspace.counted import COUNTED_FILE
from builder.workspace.driven import DRIVEN_FILE
from builder.workspace.gallery import Workspace


def add_count(commands: argparse._SubParsersAction[Parser]) -> None:
    """Add `count`."""
    add = commands.add_parser(
        "count", help="train small networks on toy languages, and see which of them can count")
    add.add_argument("--seeds", type=int, default=10, metavar="N",
                     help="networks of each architecture for each language, in fives "
                          "(default: 10)")
    add.add_several("--architectures", metavar="A",
                    help="which (default: all)")
    add.add_several("--languages", metavar="L", help="which (default: all)")
    add.add_argument("--effort", type=float, default=1.0, metavar="TIMES",
                     help="how long each is trained, in times of what is usual (default: 1)")
    add.add_several("--drive", metavar="A",
                    help="instead, train a network of two units of each of these architectures, "
                         "which visitors drive, and write it to gallery/driven.json")
    add.add_argument("--out", type=Path, metavar="FILE",
                     help="where results go, and are taken from where some are there "
                          "(default: gallery/counting.json)")
    add_workers(add)
    add.set_defaults(command=_count)


def _count(options: argparse.Namespace) -> None:
    if options.drive:
        _drive(options)
        return
    from builder.models.counting.running import count_into

    path = options.out or Workspace(options.root).gallery / COUNTED_FILE
    with workers_for(options) as workers:
        made = count_into(path, options.architectures, options.languages, options.seeds,
                          options.effort, partial(workers.map, title="training small networks"),
                          installed())
    print(f"{made} networks were trained; the results are in {path}")


def _drive(options: argparse.Namespace) -> None:
    from builder.models.counting.driven import drive_into

    path = options.out or Workspace(options.root).gallery / DRIVEN_FILE
    tried = drive_into(path, options.drive, options.effort, installed())
    print(f"{tried} networks were trained; those to drive are in {path}")
