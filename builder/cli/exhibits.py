"""The commands about exhibits: they are trained, measured, built, listed and served."""

from __future__ import annotations

import argparse
from pathlib import Path

from builder.cli.greedy import Parser
from builder.cli.options import add_wait, add_workers, workers_for
from builder.core.errors import Problem, UserError
from builder.pipeline import build, measure, recipes, serve
from builder.workspace.exclusive import clean, training
from builder.workspace.gallery import Workspace, has_weights
from builder.workspace.stated import states_of


def add_build(commands: argparse._SubParsersAction[Parser]) -> None:
    """Add `build`."""
    add = commands.add_parser("build", help="make the site, into site/")
    add.add_argument("names", nargs="*", metavar="NAME", help="exhibits (default: all)")
    add.add_argument("--corpus", type=Path, metavar="PATH",
                     help="a local copy of the text, for one named exhibit")
    add.add_argument("--require-all", action="store_true",
                     help="fail where the text of an exhibit is not available")
    add.add_argument("--offline", action="store_true",
                     help="also write gallery-offline.zip, which opens from disk")
    cells = add.add_mutually_exclusive_group()
    cells.add_argument("--update-lock", action="store_true",
                       help="show the units that selection takes now, and write them down")
    cells.add_argument("--no-measure", action="store_true",
                       help="fail where the results beside the weights do not fit")
    add_wait(add)
    add_workers(add)
    add.set_defaults(command=_build)


def add_measure(commands: argparse._SubParsersAction[Parser]) -> None:
    """Add `measure`."""
    add = commands.add_parser(
        "measure", help="measure exhibits and keep their results beside the weights")
    add.add_argument("names", nargs="*", metavar="NAME", help="exhibits (default: all)")
    add.add_argument("--check", action="store_true",
                     help="write nothing; compare with what lies beside the weights")
    add.add_argument("--words", action="store_true",
                     help="only look for formulas that say what units do")
    add.add_argument("--connections", action="store_true",
                     help="only look for what moves units and what they move")
    add.add_argument("--corpus", type=Path, metavar="PATH",
                     help="a local copy of the text, for one named exhibit")
    add_wait(add)
    add_workers(add)
    add.set_defaults(command=_measure)


def add_train(commands: argparse._SubParsersAction[Parser]) -> None:
    """Add `train`."""
    add = commands.add_parser("train", help="train the model of one exhibit")
    add.add_argument("name", metavar="NAME")
    add.add_argument("--corpus", type=Path, metavar="PATH", help="a local copy of the text")
    add.add_argument("--resume", action="store_true", help="resume from the last checkpoint")
    add.add_argument("--device", default="auto", help="auto, cpu, cuda, ... (default: auto)")
    add_wait(add)
    add.set_defaults(command=_train)


def add_list(commands: argparse._SubParsersAction[Parser]) -> None:
    """Add `list`."""
    commands.add_parser("list", help="show the exhibits").set_defaults(command=_list)


def add_serve(commands: argparse._SubParsersAction[Parser]) -> None:
    """Add `serve`."""
    add = commands.add_parser("serve", help="serve what was measured, and pick up every change")
    add.add_argument("--address", default="127.0.0.1:8000", metavar="HOST:PORT")
    add.set_defaults(command=_serve)


def _build(options: argparse.Namespace) -> None:
    _check_corpus(options)
    with workers_for(options) as workers:
        site = build(Workspace(options.root), options.names, local=options.corpus,
                     require_all=options.require_all, offline=options.offline,
                     update_lock=options.update_lock, no_measure=options.no_measure,
                     wait=options.wait, workers=workers)
    print(f"the site is in {site}")


def _check_corpus(options: argparse.Namespace) -> None:
    if options.corpus and len(options.names) != 1:
        raise UserError(Problem("--corpus", "goes with one exhibit", f"{len(options.names)} named",
                                "name the exhibit whose text it is"))


def _measure(options: argparse.Namespace) -> None:
    _check_corpus(options)
    with workers_for(options) as workers:
        found = measure(Workspace(options.root), options.names, local=options.corpus,
                        check=options.check, words_alone=options.words,
                        connections_alone=options.connections, wait=options.wait,
                        workers=workers)
    if found:
        raise UserError(found)
    if options.check:
        print("the results agree with a new measurement")


def _train(options: argparse.Namespace) -> None:
    from builder.models.training.exhibit import train_exhibit
    from builder.workspace.texts import text_of

    workspace = Workspace(options.root)
    exhibit = recipes(workspace, [options.name])[0]
    with training(workspace, exhibit, wait=options.wait):
        clean(workspace)
        folder = exhibit.folder
        if has_weights(exhibit):
            folder = workspace.made / "trained" / exhibit.name
        corpus = text_of(exhibit, workspace, options.corpus)
        train_exhibit(exhibit, corpus, folder, workspace.made / "checkpoints",
                      resume=options.resume, device=options.device)
    print(f"the model is in {folder}")
    if folder != exhibit.folder:
        print("the exhibit keeps the weights it has, for links to it must not change their "
              "meaning; to show the new ones, give them a name of their own")


def _list(options: argparse.Namespace) -> None:
    for exhibit in recipes(Workspace(options.root)):
        weights = "has states" if states_of(exhibit) else \
            "has weights" if has_weights(exhibit) else "to be trained"
        print(f"{exhibit.name:<20} {weights:<14} {exhibit.recipe.title}")


def _serve(options: argparse.Namespace) -> None:
    serve(options.root, options.address)
