"""The commands that begin something: a project, an exhibit, a recipe."""

from __future__ import annotations

import argparse
from pathlib import Path

from builder.cli.greedy import Parser
from builder.cli.options import add_untrained_states
from builder.core.plain import plain
from builder.pipeline import new_project
from builder.workspace.gallery import Workspace


def add_starting(commands: argparse._SubParsersAction[Parser]) -> None:
    """Add `init`, `add` and `new` to the command line."""
    add = commands.add_parser("init", help="begin a project of your own in a new folder")
    add.add_argument("folder", type=Path, metavar="DIR", help="to be made, or empty")
    add.set_defaults(command=_init)
    _add_add(commands)
    add = commands.add_parser("new", help="write a recipe to start from")
    add.add_argument("name", metavar="NAME")
    add.set_defaults(command=_new)


def _add_add(commands: argparse._SubParsersAction[Parser]) -> None:
    add = commands.add_parser(
        "add", help="make an exhibit of a model, or of its states, and a text")
    source = add.add_mutually_exclusive_group(required=True)
    source.add_argument("--model", type=Path, metavar="DIR",
                        help="a model folder, or a file that `gallery import` reads without being "
                             "told more")
    source.add_argument("--states", type=Path, metavar="FILE",
                        help="activations of any other model, a .npz file; it stays where it is")
    add_untrained_states(add)
    add.add_argument("--text", type=Path, metavar="PATH",
                     help="a file, or a folder of files of the language, that the model was not "
                          "trained on; it stays where it is; may be left out where the file of "
                          "--states has its text")
    add.add_argument("--language", required=True, metavar="L", help="python, c, prose, ...")
    add.add_argument("--glob", action="append", default=[], metavar="PATTERN",
                     help="the files to take in a folder, such as '*.src' (default: those of the "
                          "language); may be given more than once")
    add.add_argument("--vocabulary", type=Path, metavar="FILE",
                     help="what the rows of a model that is imported stand for")
    add.add_argument("--title", default="", metavar="WORDS", help="of the exhibit")
    add.add_argument("--source", default="", metavar="WORDS", help="where the text comes from")
    add.add_argument("--license", default="", metavar="WORDS", help="the licence of the text")
    add.add_argument("--anyway", action="store_true",
                     help="add a model that does not fit the text as well")
    add.add_last("name", metavar="NAME", help="of the exhibit")
    add.set_defaults(command=_add)


def _init(options: argparse.Namespace) -> None:
    folder = new_project(options.folder)
    print(f"the project is in {folder}; build its site there with: gallery build")


def _add(options: argparse.Namespace) -> None:
    from builder.evidence.newcomer import Newcomer, add_exhibit

    added = add_exhibit(Workspace(options.root), Newcomer(
        options.name, options.language, options.model, options.text, options.states,
        tuple(options.untrained_states), tuple(options.glob), options.vocabulary, options.title,
        options.source, options.license, options.anyway))
    for line in added.said:
        print(plain(line))
    print(f"the exhibit is in {added.folder}; measure it and keep the results with: "
          f"gallery measure {options.name}")


def _new(options: argparse.Namespace) -> None:
    from builder.workspace.starter import new_exhibit

    print(f"the recipe is in {new_exhibit(Workspace(options.root).gallery, options.name)}")
