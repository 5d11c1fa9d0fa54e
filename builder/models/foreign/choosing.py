"""Which of the readings that fit a file is taken: the names, or a text, decide."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from builder.core.errors import ModelError, Problem
from builder.core.feed import indices
from builder.models.evaluate import bits_per_character, entropy
from builder.models.foreign.orders import (
    KERAS,
    RESET_BEFORE,
    Convention,
    conventions_of,
    in_our_order,
)
from builder.models.foreign.pieces import Pieces, assembled
from builder.models.foreign.rows import Rows
from builder.models.foreign.sketch import Sketch
from builder.models.foreign.vocabulary import Names, rows_of
from builder.models.importer import ImportedModel, ImportOptions, Taken
from builder.models.network import CharNetwork
from builder.models.spec import ModelSpec
from builder.models.threads import one_thread

CHARACTERS = 20_000
PIECE = 2_000


@dataclass(frozen=True)
class Reading:
    """A network that a file can be.

    Attributes:
        sketch: What each tensor was taken for.
        convention: How its blocks were read.
        rows: What its rows stand for.
        where: How messages name the file.
    """

    sketch: Sketch
    convention: Convention
    rows: Rows
    where: str

    def model(self) -> tuple[ModelSpec, dict[str, Tensor]]:
        """Return it as a model folder has it."""
        ends = self.sketch.ends
        layers = tuple(in_our_order(layer.tensors, self.convention)
                       for layer in self.sketch.layers)
        return assembled(Pieces(self.convention.keeps, layers, ends.embedding, ends.decoder,
                                ends.bias), self.rows, self.where)


def choose(
    sketches: Sequence[Sketch], names: Names, shapes: dict[str, tuple[int, ...]],
    options: ImportOptions,
) -> ImportedModel:
    """Return the network that a file is.

    Args:
        sketches: Ways in which its names and shapes can be read, at least one.
        names: What its rows stand for.
        shapes: Of all its tensors, in their order.
        options: What is said besides.

    Raises:
        ModelError: It cannot be told which, or it is none that can be kept.
    """
    readings = [Reading(sketch, convention, rows, options.where) for sketch in sketches
                for convention in _conventions(sketch, options.architecture)
                for rows in rows_of(names, sketch.count, options.where, options.tokens)]
    if options.texts:
        reading, said = _best(readings, options)
    else:
        reading, said = _expected(readings, sketches, options.where)
    spec, weights = reading.model()
    return ImportedModel(spec, weights, _table(reading, shapes), said=said)


def _conventions(sketch: Sketch, kept: str) -> tuple[Convention, ...]:
    """Return the conventions of its kind of layer, that of its library in front.

    Args:
        sketch: What each tensor was taken for.
        kept: What its layers are said to be, if they are.
    """
    layer, first = sketch.layers[0], sketch.library
    if layer.architecture == "gru" and first == KERAS and "bias_ih" in layer.tensors and (
            "bias_hh" not in layer.tensors):
        first = RESET_BEFORE
    return conventions_of(layer.architecture, first, kept, sketch.order)


def _expected(
    readings: Sequence[Reading], sketches: Sequence[Sketch], where: str
) -> tuple[Reading, tuple[str, ...]]:
    if len(sketches) > 1:
        raise ModelError(Problem(
            where, "its tensors can be read in several ways", " or ".join(
                "(" + ", ".join([*(f"{role} is {name}" for name, roles in sketch.roles().items()
                                   for role in roles), *filter(None, [sketch.note])]) + ")"
                for sketch in sketches[:3]),
            "give --text FILE, by which they are told apart, or say --map "
            f"{next(iter(next(iter(sketches[0].roles().values()))))}=TENSOR"))
    reading = readings[0]
    lines = [f"read with {reading.convention.name}"]
    if reading.rows.note:
        lines.append(f"taken so: {reading.rows.note}")
    lines.append("not checked on a text: give --text FILE, and all ways that fit are tried")
    return reading, tuple(lines)


def _best(
    readings: Sequence[Reading], options: ImportOptions
) -> tuple[Reading, tuple[str, ...]]:
    """Return the reading with the fewest bits per character, and the bits of all."""
    with one_thread():
        measured = [(_bits(reading, options), at) for at, reading in enumerate(readings)]
    measured.sort(key=lambda one: (math.isnan(one[0]), one))
    least, at = measured[0]
    if math.isnan(least):
        raise ModelError(Problem(options.where, "no way of reading it could be measured",
                                 "the text has no two characters of its vocabulary",
                                 "look at --text and --vocabulary"))
    several = len({id(reading.sketch) for reading in readings}) > 1
    lines = [f"{bits:8.2f}  {_described(readings[k], several)}" for bits, k in measured]
    spec = readings[at].model()[0]
    alone = entropy(np.bincount(indices(np.concatenate(_encoded(spec, options)))))
    warning = () if least < alone else (
        f"it does not fit this text: the frequencies of characters alone need {alone:.2f} bits; "
        "look at the order of the vocabulary",)
    return readings[at], ("bits per character on the text, the first is taken:", *lines, *warning)


def _described(reading: Reading, several: bool) -> str:
    parts = [reading.convention.name, reading.rows.note]
    if several:
        parts += [", ".join(f"{name} is {' and '.join(roles)}"
                            for name, roles in reading.sketch.roles().items()),
                  reading.sketch.note]
    return "; ".join(filter(None, parts))


def _encoded(spec: ModelSpec, options: ImportOptions) -> list[NDArray[np.int64]]:
    """Return what is fed of the start of the texts, steps that are unknown left out."""
    steps = options.said.put_on(spec).cutting.steps("".join(options.texts)[:CHARACTERS])
    fed = steps.fed[~spec.vocabulary.are_unknown(steps.ids)]
    return np.split(fed, range(PIECE, len(fed), PIECE))


def _bits(reading: Reading, options: ImportOptions) -> float:
    spec, weights = reading.model()
    pieces = _encoded(spec, options)
    if not all(bool(torch.isfinite(tensor).all()) for tensor in weights.values()):
        return math.nan
    network = CharNetwork(spec)
    network.load_state_dict(weights)
    return bits_per_character(network, pieces)


def _table(reading: Reading, shapes: dict[str, tuple[int, ...]]) -> tuple[Taken, ...]:
    roles, notes = reading.sketch.roles(), reading.sketch.notes()
    return tuple(Taken(name, shape, ", ".join(roles.get(name, [])), notes.get(name, ""))
                 for name, shape in shapes.items())
