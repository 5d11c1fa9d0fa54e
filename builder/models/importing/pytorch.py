"""Checkpoints and state dicts of PyTorch, read without running what is in them."""

from __future__ import annotations

import pickle
import re
import sys
import warnings
import zipfile
from _compat_pickle import IMPORT_MAPPING
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from builder.core.errors import ModelError, Problem
from builder.models.foreign.contents import BY_STATES, Contents, import_contents
from builder.models.foreign.named import TORCH
from builder.models.foreign.unpickled import KNOWN, Aside, AsideDict, opened
from builder.models.importer import IMPORTERS, ImportedModel, Importer, ImportOptions, start_of

SUFFIXES = (".pt", ".pth", ".ckpt", ".bin", ".tar", ".pkl", ".pickle", ".t7")
ARCHIVE = b"PK\x03\x04"
"""What archives begin with."""
OLD = b"\x80\x02\x8a\nl\xfc\x9cF\xf9 j\xa8P\x19."
"""What PyTorch wrote at the start of its files before they were archives."""
HARMLESS = ("argparse", "types", "pathlib", "collections", "__main__", "enum", "datetime")
"""Modules of Python whose objects lie beside weights; even of those nothing is made."""
FOREIGN = re.compile(r"GLOBAL (\S+)")
"""What PyTorch says where a file names something that it does not know."""
REMEDIES = {
    "Unsupported operand": "save it with torch.save as it is, without pickle_protocol",
    "TorchScript": "save torch.jit.load(FILE).state_dict() with torch.save",
}
"""What is to be done, by what PyTorch says."""
OPTIMIZER = re.compile(r"optim|sched|scaler|grad", re.I)


def _is_archive(source: Path) -> bool:
    """Tell whether a file begins as an archive; it may be broken all the same."""
    return start_of(source, len(ARCHIVE)) == ARCHIVE


class PytorchImporter(Importer):
    """Reads what `torch.save` wrote: tensors, and texts and numbers beside them."""

    title = "a checkpoint of PyTorch"

    def reads(self, source: object) -> bool:
        """Tell whether it is a file of such a name, or begins as one."""
        return isinstance(source, Path) and source.is_file() and (
            source.suffix.lower() in SUFFIXES or _begins_as_one(source))

    def load(self, source: Path, options: ImportOptions) -> ImportedModel:
        """Read it.

        Raises:
            ModelError: It is broken, holds more than tensors and texts, or no network that can be
                kept.
        """
        tree, aside = _read(source, options.where)
        _check_kinds(tree, options.where)
        tensors = _network(tree, options.where) or _numbered(tree)
        if not tensors:
            raise ModelError(Problem(options.where, "there are no tensors in it",
                                     "; ".join(aside), "save model.state_dict() with torch.save, "
                                     "or arrays with np.savez"))
        model = import_contents(Contents(tensors, "PyTorch", _words(tree)), options)
        return replace(model, said=(*model.said, *aside))


def _begins_as_one(source: Path) -> bool:
    """Tell whether a file of any name is an archive of `torch.save`, or one of its older files."""
    if start_of(source, len(OLD)) == OLD:
        return True
    try:
        with zipfile.ZipFile(source) as archive:
            return any(name.endswith("/data.pkl") for name in archive.namelist())
    except (OSError, ValueError, NotImplementedError, zipfile.BadZipFile):
        return False


def _read(source: Path, where: str) -> tuple[Any, tuple[str, ...]]:
    """Return what is in a file as data, and a line about the objects in it that were not made.

    Raises:
        ModelError: It is broken, or would call a function.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree, names = _loaded(source)
            names = [name for name in names if not name.startswith("torch.nn.modules.")]
            return opened(tree), (f"looked into, and not made: objects of {', '.join(names)}",
                                  ) if names else ()
    except Exception as error:  # a broken file can raise whatever its reader does
        said = str(error)
        whole = _is_archive(source)
        remedy = next((todo for found, todo in REMEDIES.items() if whole and found in said), (
            "save model.state_dict() with torch.save, arrays with np.savez, or load it in Python "
            "and use builder.save_model"))
        raise ModelError(Problem(
            where, "not a whole file of tensors alone, and nothing else in it is ever run",
            _reason(said) if whole or _begins_as_one(source) else "not written by torch.save",
            remedy)) from None


def _loaded(source: Path) -> tuple[Any, list[str]]:
    """Return what is in a file, and the names of the classes of which there are objects in it."""
    try:
        return _load(source, [], Aside), []
    except pickle.UnpicklingError as error:
        names = _classes_in(source, error)
    try:
        return _load(source, names, Aside), names
    except pickle.UnpicklingError as error:
        if "Can only SETITEM" not in str(error):
            raise
        return _load(source, names, AsideDict), names


def _load(source: Path, names: list[str], stand_in: type) -> Any:
    """Read a file; for objects of the classes that are named stands something of ours."""
    aside: list[Any] = [*KNOWN, *((stand_in, name) for name in names)]
    with torch.serialization.safe_globals(aside):
        return torch.load(source, map_location="cpu", weights_only=True)


def _classes_in(source: Path, error: pickle.UnpicklingError) -> list[str]:
    """Return the names of the classes of which there are objects in a file.

    Args:
        source: The file.
        error: What PyTorch said against it.

    Raises:
        pickle.UnpicklingError: Something in it is of a module that a network has no use for.
    """
    with torch.serialization.safe_globals([*KNOWN]):
        names = set[str]()
        if _is_archive(source):
            names |= {*torch.serialization.get_unsafe_globals_in_checkpoint(str(source))}
        while not _is_archive(source) and (found := FOREIGN.search(str(error))) and (
                found[1] not in names):  # files of old are read name by name
            names.add(_harmless(found[1]))
            try:
                _load(source, [*names], Aside)
            except pickle.UnpicklingError as next_one:
                error = next_one
    return sorted(map(_harmless, names))


def _harmless(name: str) -> str:
    module = name.partition(".")[0]
    module = IMPORT_MAPPING.get(module, module)  # old pickles have the names of Python 2
    if (module in sys.stdlib_module_names and module not in HARMLESS) or "." not in name:
        raise pickle.UnpicklingError(f"GLOBAL {name}")
    return name


def _reason(said: str) -> str:
    """Return what PyTorch says against a file, in a line."""
    if foreign := FOREIGN.search(said):
        return f"it names {foreign[1].rstrip('.')}"
    if error := re.search(r"WeightsUnpickler error: (.+)|(Only persistent.+)", said):
        return (error[1] or error[2]).strip()[:80]
    return said.partition("\n")[0][:80]


def _network(tree: Any, where: str) -> dict[str, Tensor]:
    """Return the tensors of the network in a checkpoint, and none of the optimiser's.

    Raises:
        ModelError: There are two networks in it.
    """
    nodes = [(place, node) for place, node in _nodes(tree, "")
             if any(isinstance(n, str) and TORCH.fullmatch(n) for n in node)]
    whole = [(place, node) for place, node in nodes if len(nodes) > 1 or _has_more(node)]
    if not whole:
        return {f"{place}.{name}".lstrip("."): tensor for place, node in _nodes(tree, "")
                for name, tensor in node.items()}
    first = whole[0][1]
    if any(not _same(first, node) for _, node in whole[1:]):
        if any(map(_has_more, (node for _, node in whole))):
            raise ModelError(Problem(where, "there are several networks in it",
                                     ", ".join(place or "the whole" for place, _ in whole),
                                     "save one of them alone"))
        return {f"{place}.{name}".lstrip("."): tensor for place, node in _nodes(tree, "")
                for name, tensor in node.items()}
    return first


def _numbered(tree: Any) -> dict[str, Tensor]:
    """Return the tensors of lists, for files that have them nowhere else, and pairs with names."""
    found: dict[str, Tensor] = {}
    for part in [tree, *(tree.values() if isinstance(tree, Mapping) else
                         tree if isinstance(tree, list) else ())]:
        for number, one in enumerate(part if isinstance(part, list) else ()):
            name, tensor = one if isinstance(one, list) and len(one) == 2 else (number, one)
            if isinstance(tensor, Tensor) and not isinstance(name, Tensor):
                found.setdefault(str(name), tensor.detach())
    return found


def _check_kinds(tree: Any, where: str) -> None:
    """See that layers are of numbers as they are, and compute what they are taken for.

    Raises:
        ModelError: They are quantized, sparse, complex, or a whole module has relu layers.
    """
    for place, module in _parts(tree, ""):
        for name, t in module.items():
            at = f"{place}.{name}".lstrip(".")
            if isinstance(t, Tensor) and TORCH.fullmatch(at) and not (
                    t.is_floating_point() and t.layout is torch.strided):
                kind = t.dtype if t.layout is torch.strided else t.layout
                raise ModelError(Problem(f"{where}, {at}", "no plain numbers", str(kind),
                                         "save it as float32: t.to_dense(), t.dequantize()"))
        if "relu" in (str(module.get("nonlinearity")).lower(),
                      str(module.get("mode")).lower().removeprefix("rnn_")):
            raise ModelError(Problem(where, "its layers are no tanh layers", f"{place} has relu",
                                     BY_STATES))


def _parts(tree: Any, place: str) -> Iterator[tuple[str, Mapping[Any, Any]]]:
    """Yield every dict, with its place."""
    if isinstance(tree, Mapping):
        yield place, tree
    for name, value in (tree.items() if isinstance(tree, Mapping) else
                        enumerate(tree) if isinstance(tree, list) else ()):
        if isinstance(value, Mapping | list) and not OPTIMIZER.search(str(name)):
            yield from _parts(value, f"{place}.{name}".lstrip("."))


def _nodes(tree: Any, place: str) -> Iterator[tuple[str, dict[str, Tensor]]]:
    """Yield every dict that holds tensors, with its place."""
    if isinstance(tree, list | tuple):
        tree = {str(number): value for number, value in enumerate(tree)
                if not isinstance(value, Tensor)}
    if not isinstance(tree, Mapping):
        return
    own = {str(name): t.detach() for name, t in tree.items()
           if isinstance(t, Tensor) and t.layout is torch.strided}
    if own:
        yield place, own
    for name, value in tree.items():
        if not OPTIMIZER.search(str(name)):
            yield from _nodes(value, f"{place}.{name}".lstrip("."))


def _has_more(node: Mapping[str, Tensor]) -> bool:
    """Tell whether there is something besides layers, as a decoder."""
    return any(TORCH.fullmatch(name) is None and t.ndim == 2 for name, t in node.items())


def _same(one: Mapping[str, Tensor], other: Mapping[str, Tensor]) -> bool:
    return one.keys() == other.keys() and all(torch.equal(t, other[n]) for n, t in one.items())


def _words(tree: Any) -> Any:
    """Return everything but tensors."""
    if isinstance(tree, Mapping):
        return {key: _words(value) for key, value in tree.items() if not isinstance(value, Tensor)}
    if isinstance(tree, list | tuple):
        return [_words(value) for value in tree if not isinstance(value, Tensor)]
    return tree


IMPORTERS.register("pytorch", PytorchImporter())
