"""Files of safetensors: tensors with names, and a few words besides."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import torch
from safetensors import safe_open

from builder.models.foreign.contents import Contents, import_contents
from builder.models.foreign.sketch import natural
from builder.models.importer import (
    IMPORTERS,
    FileImporter,
    ImportedModel,
    ImportOptions,
    not_whole,
)


class SafetensorsImporter(FileImporter):
    """Reads `.safetensors`, with PyTorch's names or any others."""

    title = "tensors of safetensors"
    suffixes = (".safetensors",)

    def load(self, source: Path, options: ImportOptions) -> ImportedModel:
        """Read it.

        Raises:
            ModelError: It is broken, or holds no network that can be kept.
        """
        tensors, said = _read(source, options.where)
        return import_contents(Contents(tensors, "PyTorch", said), options)


def _read(source: Path, where: str) -> tuple[dict[str, torch.Tensor], Any]:
    try:
        with safe_open(source, "pt") as file:
            tensors = {name: file.get_tensor(name) for name in sorted(file.keys(), key=natural)}
            return tensors, {k: _json(v) for k, v in (file.metadata() or {}).items()}
    except Exception as error:  # a broken file can raise whatever its reader does
        raise not_whole(where, "safetensors file", error, "copy or save it again") from None


def _json(text: str) -> Any:
    """Return what a word of the file says: its words are all texts."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text


IMPORTERS.register("safetensors", SafetensorsImporter())
