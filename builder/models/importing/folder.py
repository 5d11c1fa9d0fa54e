"""A model folder of our own, read as any other source is."""

from __future__ import annotations

from pathlib import Path

from builder.corpora.trained import read_trained
from builder.models.folder import SPEC_FILE, load_model
from builder.models.importer import IMPORTERS, ImportedModel, Importer, ImportOptions, Taken


class FolderImporter(Importer):
    """Reads folders with `model.json` and `model.safetensors`."""

    title = "a model folder of a gallery"

    def reads(self, source: object) -> bool:
        """Tell whether it is a folder with a `model.json`."""
        return isinstance(source, Path) and (source / SPEC_FILE).is_file()

    def load(self, source: Path, options: ImportOptions) -> ImportedModel:
        """Read the folder; it says itself what it is, so no option counts.

        Raises:
            ModelError: As `load_model` says.
        """
        stored = load_model(source)
        weights = stored.network.state_dict()
        table = tuple(Taken(name, tuple(w.shape), name) for name, w in weights.items())
        return ImportedModel(stored.network.spec, weights, table, stored.training,
                             read_trained(source))


IMPORTERS.register("folder", FolderImporter())
