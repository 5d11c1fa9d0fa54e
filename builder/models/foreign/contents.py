"""What a file holds, whatever its container: tensors by name, and names of rows."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import torch
from torch import Tensor

from builder.core.cards import CHARACTERS
from builder.core.errors import ModelError, Problem
from builder.models.foreign.choosing import choose
from builder.models.foreign.gates import Gates, gated, gates_in
from builder.models.foreign.named import TORCH, keras_layers, torch_layers
from builder.models.foreign.orders import KERAS, RESET_BEFORE, conventions_of
from builder.models.foreign.rows import SAY
from builder.models.foreign.shaped import shaped
from builder.models.foreign.sketch import Layer, Sketch, all_ends, chained
from builder.models.foreign.vocabulary import Names, names_of, names_of_text, rows_of
from builder.models.importer import ImportedModel, ImportOptions

BY_STATES = "store its states with builder.save_states: gallery inspect --states, add --states"
WHOLE = {"rnn.weight_ih_l0", "rnn.weight_hh_l0", "decoder.weight"}
"""Roles that a network has at the least."""
FLOATS = (torch.float16, torch.bfloat16, torch.float32, torch.float64)
MEMORY = re.compile(r"^(?:[mdvgM]_?|grad_?|adam_?)")
"""What stands before the name of a tensor where its gradient or its memory is stored."""
SLOT = re.compile(r"[/.](?:Adam|RMSProp|Adagrad|Adadelta|Momentum|Ftrl|ExponentialMovingAverage)"
                  r"(?:_\d+)?$", re.I)
"""What stands behind it in files of TensorFlow."""
BESIDE = re.compile(r"(?:^|[._/])(?:h_?prev|c_?prev|h_?0|c_?0|(?:\w*_)?loss(?:es)?)$", re.I)
"""Names of states and losses that people keep beside their weights."""


@dataclass(frozen=True)
class Contents:
    """What was read from a file.

    Attributes:
        tensors: By name, in the order of the file.
        library: Whose file it is, as conventions name it: "PyTorch", `KERAS`, `RESET_BEFORE` where
            that is said of a GRU of Keras; empty for none.
        said: Everything else in it, in which a vocabulary may be.
    """

    tensors: Mapping[str, Tensor]
    library: str
    said: Any = None


def import_contents(contents: Contents, options: ImportOptions) -> ImportedModel:
    """Find the network in a file.

    Raises:
        ModelError: There is none, or none that can be kept, or it cannot be told which.
    """
    where = options.where
    tensors = whole_weights(contents.tensors)
    for role, name in options.roles.items():
        if name not in tensors:
            raise ModelError(Problem("--map", f"there is no tensor {name!r} in {where}", role,
                                     f"there are: {', '.join(list(tensors)[:20])}"))
    usable = _usable(_mapped(tensors, options.roles))
    gates = [] if any(map(TORCH.fullmatch, usable)) else gates_in(_squeezed(usable))
    sketches = _sketches(usable, gates, contents.library, options)
    count = sketches[0].count
    names = options.names or _names_inside(contents.said, count, options)
    fitting = [sketch for sketch in sketches if sketch.count == count]
    shapes = _shapes(contents.tensors, gates if fitting[0].order else ())
    if names or options.tokens not in ("", CHARACTERS):
        return choose(fitting, names, shapes, options)
    model = choose(fitting, names_of_text(options.texts, count, where), shapes, options)
    return replace(model, said=(
        *model.said, f"nothing in it says what its rows stand for: taken for the {count} "
        "characters of the text, sorted"))


def _usable(tensors: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Return what can be weights, and nothing of what training kept beside them."""
    floats = {name: t.float() for name, t in tensors.items()
              if t.dtype in FLOATS and t.numel() > 1 and not BESIDE.search(name)}
    return {name: t for name, t in floats.items() if not any(
        other != name and other in floats and t.shape == floats[other].shape
        for other in (MEMORY.sub("", name, count=1), SLOT.sub("", name)))}


def _shapes(
    tensors: Mapping[str, Tensor], gates: Sequence[Gates]
) -> dict[str, tuple[int, ...]]:
    """Return the shapes of tensors, of gates together: first how many they are."""
    shapes, together = {}, {name: one for one in gates for name in one.names}
    for name, tensor in tensors.items():
        if one := together.get(name):
            shapes[one.name] = (len(one.names), *tensor.shape)
        else:
            shapes[name] = tuple(tensor.shape)
    return shapes


def _sketches(
    usable: Mapping[str, Tensor], gates: Sequence[Gates], library: str, options: ImportOptions
) -> list[Sketch]:
    """Return the likeliest readings; several where they are equally likely."""
    where = options.where
    if found := _by_gates(usable, gates, options):
        return found
    named = torch_layers(usable, where)
    if not named and (named := keras_layers(usable, where)):
        library = library if library in (KERAS, RESET_BEFORE) else KERAS
        if any(layer.names["weight_ih"] == layer.names["weight_hh"] for layer in named):
            library = "BasicLSTMCell"
    if not library and {"w_i", "w_h"} <= {name.rpartition("/")[2] for name in usable}:
        library = "Haiku"
    found = list(_around(named, usable, library, where)) if named else list(
        shaped(_squeezed(usable), library))
    if not (likely := _likeliest(found, options)):
        raise ModelError(_not_found(usable, named, where))
    return likely


def _by_gates(
    usable: Mapping[str, Tensor], gates: Sequence[Gates], options: ImportOptions
) -> list[Sketch]:
    apart = {name for one in gates for name in one.names}
    rest = {name: t for name, t in _squeezed(usable).items() if name not in apart}
    return _likeliest(list(gated(gates, rest)), options) if gates else []


def _likeliest(found: list[Sketch], options: ImportOptions) -> list[Sketch]:
    """Return the readings that agree with what is said, and for which most names speak.

    Raises:
        ModelError: There are readings, but of none is the architecture that is said.
    """
    found = [s for s in found if s.agrees(options.roles)]
    if options.architecture and (kinds := {s.layers[0].architecture for s in found}):
        found = [s for s in found if conventions_of(
            s.layers[0].architecture, "", options.architecture)]
        if not found:
            raise ModelError(Problem("--architecture", f"it is no {options.architecture}",
                                     f"the shapes are those of {', '.join(sorted(kinds))}",
                                     "leave it out"))
    most = max((sketch.spoken_for() for sketch in found), default=0)
    return [sketch for sketch in found if sketch.spoken_for() == most]


def _around(
    named: list[Layer], tensors: Mapping[str, Tensor], library: str, where: str
) -> Iterator[Sketch]:
    layers = chained(named, where)
    used = {name for layer in layers for name in layer.names.values()}
    rest = {name: t for name, t in tensors.items() if name not in used}
    turned = bool(library) and library != "PyTorch"
    for ends in all_ends(_squeezed(rest), layers[0].width, layers[0].hidden, turned):
        yield Sketch(layers, ends, library)


def _mapped(tensors: Mapping[str, Tensor], roles: Mapping[str, str]) -> Mapping[str, Tensor]:
    """Return the tensors that somebody named, where these are a network; else all."""
    return {name: tensors[name] for name in roles.values()} if roles.keys() >= WHOLE else tensors


def _not_found(tensors: Mapping[str, Tensor], named: list[Layer], where: str) -> Problem:
    attending = [name for name in tensors if re.search("atten", name, re.I)]
    if named and attending:
        return Problem(where, "it attends to earlier steps, which a gallery cannot keep",
                       ", ".join(attending[:4]), BY_STATES)
    return Problem(where, "no network was found in it", _listed(tensors, named),
                   f"say what its tensors are with --map ROLE=TENSOR, or {BY_STATES}")


def _listed(tensors: Mapping[str, Tensor], named: list[Layer]) -> str:
    used = {name for layer in named for name in layer.names.values()}
    rest = [f"{name} {list(t.shape)}" for name, t in tensors.items() if name not in used][:12]
    if not named:
        return "no recurrent layer among " + (", ".join(rest) or "no tensors")
    return f"besides its layers there {'are' if len(rest) > 1 else 'is'} " + (
        ", ".join(rest) or "nothing") + ", which is not one decoder and at most one embedding"


def _squeezed(tensors: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Return columns and rows as vectors."""
    return {name: t.flatten() if t.ndim == 2 and 1 in t.shape else t for name, t in tensors.items()
            if t.ndim in (1, 2)}


def whole_weights(tensors: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Multiply out what weight_norm, spectral_norm and pruning store in parts."""
    out: dict[str, Tensor] = {}
    gone: set[str] = set()
    for name in tensors:
        for pattern, make in _PARTS:
            if (match := pattern.fullmatch(name)) is None:
                continue
            parts = [form.format(*match.groups()) for form in make[1]]
            if all(part in tensors for part in parts):
                try:
                    out[make[0].format(*match.groups())] = _joined(
                        make[2], *(tensors[part].float() for part in parts))
                except (IndexError, RuntimeError):
                    continue  # they are something else
                gone.update(parts)
    return {name: t for name, t in tensors.items() if name not in gone} | out


def _joined(kind: str, first: Tensor, *others: Tensor) -> Tensor:
    if kind == "norm":  # g, v
        size = torch.linalg.vector_norm(others[0].flatten(1), dim=1)
        normed: Tensor = first * others[0] / size.view(first.shape)
        return normed
    if kind == "mask":
        return first * others[0]
    sized: Tensor = first / (others[0] @ first.flatten(1) @ others[1])
    return sized


_PARTS = [
    (re.compile(r"(.+)_g"), ("{0}", ("{0}_g", "{0}_v"), "norm")),
    (re.compile(r"(.*)parametrizations\.(.+)\.original0"),
     ("{0}{1}", ("{0}parametrizations.{1}.original0", "{0}parametrizations.{1}.original1"),
      "norm")),
    (re.compile(r"(.+)_orig"), ("{0}", ("{0}_orig", "{0}_mask"), "mask")),
    (re.compile(r"(.+)_orig"), ("{0}", ("{0}_orig", "{0}_u", "{0}_v"), "spectral")),
    (re.compile(r"(.*)parametrizations\.(.+)\.original"),
     ("{0}{1}", ("{0}parametrizations.{1}.original", "{0}parametrizations.{1}.0._u",
                 "{0}parametrizations.{1}.0._v"), "spectral")),
]


def _names_inside(said: Any, count: int, options: ImportOptions) -> Names:
    """Return the vocabulary that a file holds itself.

    Raises:
        ModelError: It holds two that differ, or one whose steps are not known.
    """
    where = options.where
    found: dict[tuple[tuple[int, str], ...], tuple[str, Names]] = {}
    refused: ModelError | None = None
    for place, given in _walk(said, ""):
        try:
            names = names_of(given, where)
            rows = rows_of(names, count, where, options.tokens)[0]
        except ModelError as error:
            if len(given) in (count, count - 1):
                refused = refused or error
            continue
        key = tuple(sorted(zip(rows.at, rows.characters, strict=True)))
        found.setdefault(key, (place, names))
    if len(found) > 1:
        raise ModelError(Problem(where, "there are several vocabularies in it",
                                 ", ".join(place for place, _ in found.values()),
                                 "give the right one with --vocabulary FILE"))
    if refused and not found and refused.problems[0].remedy == SAY:
        raise refused
    return next(iter(found.values()))[1] if found else Names()


def _walk(said: Any, place: str) -> Iterator[tuple[str, Any]]:
    """Yield everything that could be a vocabulary, with its place."""
    if isinstance(said, np.ndarray) and said.dtype.kind in "US":
        yield place, [str(c) if said.dtype.kind == "U" else bytes(c).decode("latin-1")
                      for c in said.ravel()] if said.ndim else str(said)
    elif isinstance(said, str | bytes):
        if len(said) > 1:
            yield place, said
    elif isinstance(said, Mapping):
        yield place, said
        for key, value in said.items():
            yield from _walk(value, f"{place}.{key}".lstrip("."))
    elif isinstance(said, list | tuple) and not all(isinstance(v, int | float) for v in said):
        yield place, said
        texts = all(isinstance(value, str | bytes) for value in said)
        for number, value in enumerate(said):
            if not texts:
                yield from _walk(value, f"{place}[{number}]")
