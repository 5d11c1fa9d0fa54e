"""Archives of numpy, as networks written by hand are kept in."""

from __future__ import annotations

import warnings
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import torch

from builder.core.errors import ModelError, Problem
from builder.models.foreign.archives import check_size
from builder.models.foreign.contents import Contents, import_contents
from builder.models.importer import (
    IMPORTERS,
    FileImporter,
    ImportedModel,
    ImportOptions,
    not_whole,
)

SHOWN = 5


class NpzImporter(FileImporter):
    """Reads `.npz` with numbers and texts; arrays of Python objects stay closed."""

    title = "arrays of numpy"
    suffixes = (".npz",)

    def load(self, source: Path, options: ImportOptions) -> ImportedModel:
        """Read it.

        Raises:
            ModelError: It is broken, or holds no network that can be kept.
        """
        tensors, said = {}, {}
        arrays, closed = _read(source, options.where)
        for name, array in arrays.items():
            if array.dtype.kind == "f":
                tensors[name] = torch.from_numpy(np.array(array, np.float32))
            else:
                said[name] = array
        if closed and not tensors:
            raise ModelError(Problem(options.where, "its arrays are Python objects, which are "
                                     "never opened", ", ".join(closed[:SHOWN]),
                                     "give np.savez each array of numbers by itself"))
        return import_contents(Contents(tensors, "", said), options)


def _read(source: Path, where: str) -> tuple[dict[str, np.ndarray[Any, Any]], list[str]]:
    """Return all arrays but those of Python objects, which only a pickle could hold, and these."""
    found, closed = {}, []
    try:
        with zipfile.ZipFile(source) as archive:
            check_size(archive)
        with warnings.catch_warnings(), np.load(source, allow_pickle=False) as arrays:
            warnings.simplefilter("ignore")
            for name in arrays.files:
                try:
                    array = arrays[name]
                except ValueError as error:
                    if "allow_pickle" in str(error):
                        closed.append(name)
                        continue
                    raise
                if isinstance(array, np.ndarray):
                    found[name] = array
    except Exception as error:  # a broken file can raise whatever its reader does
        raise not_whole(where, "archive of numpy", error, "save it again with np.savez") from None
    return found, closed


IMPORTERS.register("npz", NpzImporter())
