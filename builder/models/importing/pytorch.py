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
from builder.models.foreign.contents import Contents, import_contents
from builder.models.foreign.named import TORCH
from builder.models.importer import IMPORTERS, ImportedModel, Importer, ImportOptions

SUFFIXES = (".pt", ".pth", ".ckpt", ".bin", ".tar", ".pkl", ".pickle", ".t7")
OLD = b"\x80\x02\x8a\nl\xfc\x9cF\xf9 j\xa8P\x19."
"""What PyTorch wrote at the start of its files before they were archives."""
HARMLESS = ("argparse", "types", "pathlib", "collections", "__main__", "enum", "datetime")
"""Modules of Python whose objects lie beside weights; even of those nothing is made."""
OPTIMIZER = re.compile(r"optim|sched|scaler|grad", re.I)


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
        tensors = _network(tree, options.where)
        if not tensors:
            raise ModelError(Problem(options.where, "there are no tensors in it",
                                     "; ".join(aside), "save model.state_dict() with torch.save, "
                                     "or arrays with np.savez"))
        model = import_contents(Contents(tensors, "PyTorch", _words(tree)), options)
        return replace(model, said=(*model.said, *aside))


def _begins_as_one(source: Path) -> bool:
    """Tell whether a file of any name is an archive of `torch.save`, or one of its older files."""
    try:
        with source.open("rb") as file:
            if file.read(len(OLD)) == OLD:
                return True
        with zipfile.ZipFile(source) as archive:
            return any(name.endswith("/data.pkl") for name in archive.namelist())
    except (OSError, ValueError, NotImplementedError, zipfile.BadZipFile):
        return False


class Aside:
    """Stands for an object of somebody's class, of which nothing is made and nothing is kept."""

    def __init__(self, *_: Any) -> None: ...

    def __setstate__(self, state: Any) -> None: ...


def _read(source: Path, where: str) -> tuple[Any, tuple[str, ...]]:
    """Return what is in a file, and a line about the objects in it that were left aside.

    Raises:
        ModelError: It is broken, or would call a function, or is all one object.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                return torch.load(source, map_location="cpu", weights_only=True), ()
            except pickle.UnpicklingError:
                names = _classes_in(source)
                aside: list[Any] = [(Aside, name) for name in names]
                with torch.serialization.safe_globals(aside):
                    tree = torch.load(source, map_location="cpu", weights_only=True)
                if isinstance(tree, Mapping):
                    return tree, (f"left aside: objects of {', '.join(names)}",)
                raise
    except Exception as error:  # a broken file can raise whatever its reader does
        found = _reason(str(error))
        raise ModelError(Problem(
            where, "not a whole file of tensors alone, and nothing else in it is ever run", found,
            "save model.state_dict() with torch.save, arrays with np.savez, or load it in Python "
            "and use builder.save_model")) from None


def _classes_in(source: Path) -> list[str]:
    """Return the names of the classes of which there are objects in a file.

    Raises:
        pickle.UnpicklingError: Something in it is of a module that a network has no use for.
    """
    names = sorted(torch.serialization.get_unsafe_globals_in_checkpoint(str(source)))
    for name in names:
        module = name.partition(".")[0]
        module = IMPORT_MAPPING.get(module, module)  # old pickles have the names of Python 2
        if module in sys.stdlib_module_names and module not in HARMLESS:
            raise pickle.UnpicklingError(f"GLOBAL {name}")
    return names


def _reason(said: str) -> str:
    """Return what PyTorch says against a file, in a line."""
    if foreign := re.search(r"GLOBAL (\S+)", said):
        return f"it names {foreign[1].rstrip('.')}"
    if error := re.search(r"WeightsUnpickler error: (.+)", said):
        return error[1].strip()[:80]
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
