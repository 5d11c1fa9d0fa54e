"""The command line: `gallery`, the same as `python -m builder`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from io import TextIOWrapper
from pathlib import Path

from builder import __version__
from builder.cli.count import add_count
from builder.cli.exhibits import add_build, add_list, add_measure, add_serve, add_train
from builder.cli.features import add_features
from builder.cli.greedy import Parser
from builder.cli.models import add_import, add_inspect
from builder.cli.starting import add_starting
from builder.core.errors import Problem, UserError
from builder.core.stopping import SAID, code_of


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; return 0, 2 for what the user can fix, 130 and more when stopped."""
    _show_every_character()
    options = _parser().parse_args(arguments)
    command: Callable[[argparse.Namespace], None] = options.command
    try:
        command(options)
    except UserError as error:
        print(f"gallery: {error}".replace("\n", "\ngallery: "), file=sys.stderr)
        return 2
    except OSError as error:
        if error.errno is None:
            raise
        where = str(error.filename or "files")
        print(f"gallery: {Problem(where, error.strerror or 'failed')}", file=sys.stderr)
        return 2
    except KeyboardInterrupt as stop:
        with suppress(OSError):  # the terminal may be gone
            print(SAID, file=sys.stderr, flush=True)
        return code_of(stop)
    return 0


def _show_every_character() -> None:
    """Let what the terminal's encoding lacks be shown as its number, as on stderr."""
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")


def _parser() -> Parser:
    parser = Parser(
        prog="gallery", description="Builds a gallery of what units of recurrent networks do.")
    parser.add_argument("--version", action="version", version=__version__)
    parser.add_argument("--root", type=Path, default=Path(), metavar="FOLDER",
                        help="the project's folder (default: this one)")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for add in (add_build, add_measure, add_train, add_import, add_inspect, add_count,
                add_starting, add_features, add_list, add_serve):
        add(commands)
    return parser
