"""The commands about a model that is no exhibit: it is imported, and measured on a text."""

from __future__ import annotations

import argparse
from pathlib import Path

from builder.cli.greedy import Parser
from builder.cli.options import (
    add_reading,
    add_reset,
    add_untrained_states,
    add_workers,
    note,
    workers_for,
)
from builder.core.errors import OutputError, Problem
from builder.core.plain import plain
from builder.workspace.shares import Parts, resumed


def add_import(commands: argparse._SubParsersAction[Parser]) -> None:
    """Add `import`."""
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
    add_reset(add)
    add.set_defaults(command=_import)


def add_inspect(commands: argparse._SubParsersAction[Parser]) -> None:
    """Add `inspect`."""
    add = commands.add_parser("inspect", help="measure any model on any text")
    source = add.add_mutually_exclusive_group(required=True)
    source.add_argument("--model", type=Path, metavar="DIR", help="a model folder")
    source.add_argument("--states", type=Path, metavar="FILE",
                        help="activations of any other model, a .npz file")
    add_untrained_states(add)
    add.add_several("--text", type=Path, metavar="FILE",
                    help="files, and folders of files of the language; may be left out where "
                         "the file of --states has its text")
    add.add_argument("--language", required=True, metavar="NAME", help="python, c, prose, ...")
    add_reading(add)
    add_reset(add)
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
    add_workers(add)
    add.set_defaults(command=_inspect)


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
    note((*subject.corpus.notes, *found.limits))
    record = found.record
    write_json(options.json, record)
    for line in said_in_words(record):
        print(line)
    over = "; intervals are over pieces of the text" if subject.corpus.grouped_by == "piece" else ""
    print(f"{len(found.measured.claims)} claims are in {options.json}{over}")
