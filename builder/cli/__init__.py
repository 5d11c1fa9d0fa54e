"""The command line: `gallery`, the same as `python -m builder`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from functools import partial
from io import TextIOWrapper
from pathlib import Path

from builder import __version__
from builder.cli.greedy import Parser
from builder.cli.starting import add_starting
from builder.core.errors import OutputError, Problem, UserError
from builder.core.plain import plain
from builder.core.stopping import SAID, code_of
from builder.pipeline import build, measure, recipes, serve
from builder.work import Workers, available, distributed, local
from builder.work.versions import installed
from builder.workspace.counted import COUNTED_FILE
from builder.workspace.driven import DRIVEN_FILE
from builder.workspace.exclusive import clean, training
from builder.workspace.gallery import Workspace, has_weights
from builder.workspace.shares import Parts, resumed
from builder.workspace.stated import states_of


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
    for add in (_add_build, _add_measure, _add_train, _add_import, _add_inspect, _add_count,
                add_starting, _add_small):
        add(commands)
    return parser


def _add_build(commands: argparse._SubParsersAction[Parser]) -> None:
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
    _add_wait(add)
    _add_workers(add)
    add.set_defaults(command=_build)


def _add_measure(commands: argparse._SubParsersAction[Parser]) -> None:
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
    _add_wait(add)
    _add_workers(add)
    add.set_defaults(command=_measure)


def _add_wait(add: Parser) -> None:
    add.add_argument("--wait", action="store_true",
                     help="wait for another run that writes here, instead of leaving")


def _add_workers(add: Parser) -> None:
    add.add_argument("--workers", type=int, default=0, metavar="N",
                     help="processes that read the text (default: one for each processor); "
                          "the numbers are the same")
    add.add_argument("--scheduler", metavar="ADDRESS",
                     help="a Dask scheduler whose workers read the text, tcp://HOST:PORT")


def _add_train(commands: argparse._SubParsersAction[Parser]) -> None:
    add = commands.add_parser("train", help="train the model of one exhibit")
    add.add_argument("name", metavar="NAME")
    add.add_argument("--corpus", type=Path, metavar="PATH", help="a local copy of the text")
    add.add_argument("--resume", action="store_true", help="resume from the last checkpoint")
    add.add_argument("--device", default="auto", help="auto, cpu, cuda, ... (default: auto)")
    _add_wait(add)
    add.set_defaults(command=_train)


def _add_import(commands: argparse._SubParsersAction[Parser]) -> None:
    add = commands.add_parser("import", help="turn somebody's network into a model folder")
    add.add_last("source", Path, metavar="SOURCE", help="a file or a folder")
    add.add_argument("--out", type=Path, required=True, metavar="DIR",
                     help="the model folder to write")
    add.add_argument("--vocabulary", type=Path, metavar="FILE",
                     help="what its rows stand for: a JSON list or object, a tokenizer.json, or a "
                          "text file with one character a line or all in a row")
    add.add_several("--text", type=Path, metavar="FILE",
                    help="files and folders: of all ways to read the source, the one that "
                         "predicts this text best is taken")
    add.add_argument("--architecture", default="", metavar="A",
                     help="what its layers are: lstm, gru, rnn, grubefore (a GRU with its reset "
                          "gate before the product), or lstmhard or gruhard (Keras before 2.3)")
    add.add_several("--map", metavar="ROLE=TENSOR",
                    help="what its tensors are, by the names of model.safetensors")
    add.add_argument("--tokens", default="", metavar="KIND",
                     help="what a step is: characters, bytes, words or pieces, where the "
                          "vocabulary does not tell")
    _add_reset(add)
    add.set_defaults(command=_import)


def _add_inspect(commands: argparse._SubParsersAction[Parser]) -> None:
    add = commands.add_parser("inspect", help="measure any model on any text")
    source = add.add_mutually_exclusive_group(required=True)
    source.add_argument("--model", type=Path, metavar="DIR", help="a model folder")
    source.add_argument("--states", type=Path, metavar="FILE",
                        help="activations of any other model, a .npz file")
    add.add_several("--untrained-states", type=Path, metavar="FILE",
                    help="what untrained networks of the same sizes give on the same text; "
                         "without them no claim about --states is verified")
    add.add_several("--text", type=Path, metavar="FILE",
                    help="files, and folders of files of the language; may be left out where "
                         "the file of --states has its text")
    add.add_argument("--language", required=True, metavar="NAME", help="python, c, prose, ...")
    _add_reading(add)
    _add_reset(add)
    add.add_argument("--json", type=Path, required=True, metavar="OUT")
    add.add_argument("--controls", choices=["full", "none"], default="full",
                     help="untrained networks and labels of other texts; without them no claim "
                          "is verified (default: full)")
    add.add_argument("--words", action="store_true",
                     help="also look for formulas that say what units do; this takes longer than "
                          "all the rest")
    add.add_several("--signals", metavar="NAME",
                    help="signals to score besides the states: dh dc i f o g, r z n")
    add.add_argument("--keep", type=Path, metavar="DIR",
                     help="keep finished work in a folder, and continue from what is there")
    _add_workers(add)
    add.set_defaults(command=_inspect)


def _add_count(commands: argparse._SubParsersAction[Parser]) -> None:
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
    _add_workers(add)
    add.set_defaults(command=_count)


def _add_reading(add: Parser) -> None:
    add.add_argument("--glob", action="append", default=[], metavar="PATTERN",
                     help="the files to take in folders, such as '*.src' (default: those of the "
                          "language); may be given more than once")
    add.add_argument("--encoding", default="", metavar="NAME",
                     help="of the text (default: found for each file)")


def _add_reset(add: Parser) -> None:
    add.add_argument("--reset", default="", metavar="WHERE",
                     help="where the state of the network begins anew, as it was trained: "
                          "document, line, or the number of steps of a window (default: as the "
                          "model folder says, else document)")
    add.add_argument("--begin", default="", metavar="ENTRY",
                     help="the special entry of its vocabulary that each text began with, such as "
                          "'<s>' (default: as the model folder says, else none)")


def _add_small(commands: argparse._SubParsersAction[Parser]) -> None:
    add = commands.add_parser("features", help="show what is looked for in a text")
    add.add_argument("--language", metavar="NAME", help="only those of a language")
    add.add_several("--measure", type=Path, metavar="TEXT",
                    help="measure them on files and folders of the language")
    _add_reading(add)
    add.set_defaults(command=_features)
    commands.add_parser("list", help="show the exhibits").set_defaults(command=_list)
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


def _import(options: argparse.Namespace) -> None:
    from builder.models import importer
    from builder.models.said import Said

    importer.check_free(options.out)
    asked = importer.asked(options.source, options.vocabulary, options.text,
                           options.architecture, options.map, options.tokens,
                           Said.of(options.reset, options.begin))
    model = importer.import_model(options.source, asked)
    importer.write_imported(options.out, model, asked.where)
    print(importer.table_text(model.table))
    for line in model.said:
        print(plain(line))
    print(f"the model is in {options.out}")


def _inspect(options: argparse.Namespace) -> None:
    from builder.core.files import write_json
    from builder.core.tabled import said_in_words
    from builder.evidence.fit import fit_line
    from builder.evidence.inspection import inspect
    from builder.evidence.opening import Given, asked
    from builder.models.said import Said

    if not options.json.parent.is_dir():
        raise OutputError(Problem(str(options.json), "its folder is not there",
                                  str(options.json.parent), "make it, or name another file"))
    if options.json.is_dir():
        raise OutputError(Problem(str(options.json), "a folder", "", "name a file in it"))
    with workers_for(options) as workers:
        given = Given(options.language, tuple(options.text), signals=tuple(options.signals),
                      glob=tuple(options.glob), encoding=options.encoding,
                      said=Said.of(options.reset, options.begin))
        subject = asked(options.model, options.states, options.untrained_states, given)
        found = inspect(
            subject, controls=options.controls == "full", words=options.words,
            tell=lambda fit: print(fit_line(fit)),
            workers=resumed(workers, Parts(options.keep)) if options.keep else workers)
    _note((*subject.corpus.notes, *found.limits))
    record = found.record
    write_json(options.json, record)
    for line in said_in_words(record):
        print(line)
    over = "; intervals are over pieces of the text" if subject.corpus.grouped_by == "piece" else ""
    print(f"{len(found.measured.claims)} claims are in {options.json}{over}")


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


def _note(notes: Iterable[str]) -> None:
    for note in notes:
        print(f"gallery: {plain(note)}", file=sys.stderr)


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
    _note(measured.notes)
    print(table_text(measured))


def _list(options: argparse.Namespace) -> None:
    for exhibit in recipes(Workspace(options.root)):
        weights = "has states" if states_of(exhibit) else \
            "has weights" if has_weights(exhibit) else "to be trained"
        print(f"{exhibit.name:<20} {weights:<14} {exhibit.recipe.title}")


def _serve(options: argparse.Namespace) -> None:
    serve(options.root, options.address)
