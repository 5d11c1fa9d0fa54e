"""The command `features`: what is looked for in a text."""

from __future__ import annotations

import argparse
from pathlib import Path

from builder.cli.greedy import Parser
from builder.cli.options import add_reading, note
from builder.core.errors import Problem, UserError


def add_features(commands: argparse._SubParsersAction[Parser]) -> None:
    """Add `features`."""
    add = commands.add_parser("features", help="show what is looked for in a text")
    add.add_argument("--language", metavar="NAME", help="only those of a language")
    add.add_several("--measure", type=Path, metavar="TEXT",
                    help="measure them on files and folders of the language")
    add_reading(add)
    add.set_defaults(command=_features)


def _features(options: argparse.Namespace) -> None:
    from builder.features import all_features, features_for

    if options.measure:
        _measure_features(options)
        return
    chosen = features_for(options.language) if options.language else tuple(all_features().values())
    for feature in chosen:
        spec = feature.spec
        languages = ", ".join(sorted(spec.languages)) or "any text"
        print(f"{spec.id:<20} {spec.tag:<7} {languages:<16} {spec.title}: {spec.hypothesis}")


def _measure_features(options: argparse.Namespace) -> None:
    from builder.evidence.feature_table import measure_features, table_text

    if not options.language:
        raise UserError(Problem("--measure", "needs --language", "", "name the text's language"))
    measured = measure_features(options.measure, options.language,
                                glob=options.glob, encoding=options.encoding)
    note(measured.notes)
    print(table_text(measured))
