"""Options that several commands have, and what is made of them."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable
from pathlib import Path

from builder.cli.greedy import Parser
from builder.core.errors import Problem, UserError
from builder.core.plain import plain
from builder.work import Workers, available, distributed, local


def add_wait(add: Parser) -> None:
    """Add `--wait`."""
    add.add_argument("--wait", action="store_true",
                     help="wait for another run that writes here, instead of leaving")


def add_workers(add: Parser) -> None:
    """Add `--workers` and `--scheduler`, which `workers_for` reads."""
    add.add_argument("--workers", type=int, default=0, metavar="N",
                     help="processes that read the text (default: one for each processor); "
                          "the numbers are the same")
    add.add_argument("--scheduler", metavar="ADDRESS",
                     help="a Dask scheduler whose workers read the text, tcp://HOST:PORT")


def workers_for(options: argparse.Namespace) -> Workers:
    """Return who reads, as the options say."""
    if options.scheduler and options.workers:
        raise UserError(Problem("--workers", "goes without --scheduler", "",
                                "the cluster has its own workers"))
    if options.workers < 0:
        raise UserError(Problem("--workers", "not a number of processes", str(options.workers),
                                "name 1 or more"))
    return distributed(options.scheduler) if options.scheduler else \
        local(options.workers or available())


def add_untrained_states(add: Parser) -> None:
    """Add `--untrained-states`, which goes with `--states`."""
    add.add_several("--untrained-states", type=Path, metavar="FILE",
                    help="what untrained networks of the same sizes give on the same text; "
                         "without them no claim about --states is verified")


def add_reading(add: Parser) -> None:
    """Add how files of a text are chosen and read."""
    add.add_argument("--glob", action="append", default=[], metavar="PATTERN",
                     help="the files to take in folders, such as '*.src' (default: those of the "
                          "language); may be given more than once")
    add.add_argument("--encoding", default="", metavar="NAME",
                     help="of the text (default: found for each file)")


def add_reset(add: Parser) -> None:
    """Add where the state of a network begins anew."""
    add.add_argument("--reset", default="", metavar="WHERE",
                     help="where the state of the network begins anew, as it was trained: "
                          "document, line, or the number of steps of a window (default: as the "
                          "model folder says, else document)")
    add.add_argument("--begin", default="", metavar="ENTRY",
                     help="the special entry of its vocabulary that each text began with, such as "
                          "'<s>' (default: as the model folder says, else none)")


def note(notes: Iterable[str]) -> None:
    """Say on stderr what was met on the way."""
    for line in notes:
        print(f"gallery: {plain(line)}", file=sys.stderr)
