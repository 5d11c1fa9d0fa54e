"""Networks of Keras: whole models and weights, in HDF5 or in the archive that holds it."""

from __future__ import annotations

import json
import re
import zipfile
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from builder.core.errors import ModelError, Problem
from builder.models.foreign.archives import check_size
from builder.models.foreign.contents import BY_STATES, Contents, import_contents
from builder.models.foreign.hdf5 import Hdf5, read_hdf5
from builder.models.foreign.orders import BEFORE, HARD, KERAS, RESET_BEFORE
from builder.models.foreign.sketch import natural
from builder.models.importer import (
    IMPORTERS,
    FileImporter,
    ImportedModel,
    ImportOptions,
    not_whole,
    start_of,
)

ASIDE = re.compile(r"(^|/)(optimizer|_?optimizer_weights|metrics|seed_generator|"
                   r"top_level_model_weights)(/|$)")
RECURRENT = {"LSTM", "GRU", "SimpleRNN", "CuDNNLSTM", "CuDNNGRU"}
KEPT = RECURRENT | {
    "InputLayer", "Embedding", "Dense", "TimeDistributed", "Dropout", "SpatialDropout1D",
    "GaussianNoise", "Activation", "Softmax", "Sequential", "Functional", "Model", "Masking",
    "StringLookup", "TextVectorization", "LSTMCell", "GRUCell", "SimpleRNNCell", "RNN"}
HARD_SIGMOID = "hard_sigmoid"
MAY_BE_HARD = {"lstm": HARD["lstm"], BEFORE: HARD["gru"]}
"""What a network is with hard gates, by what it is without."""
SIGNATURE = b"\x89HDF\r\n\x1a\n"
"""What files of HDF5 begin with."""
PARTS = ("kernel", "recurrent_kernel", "bias")


class KerasImporter(FileImporter):
    """Reads `.h5`, `.hdf5` and `.keras`; h5py is enough, Keras itself is not needed."""

    title = "a network of Keras"
    suffixes = (".h5", ".hdf5", ".keras")

    def reads(self, source: object) -> bool:
        """Tell whether it is a file of such a name, or begins as one."""
        return super().reads(source) or (isinstance(source, Path) and source.is_file() and (
            start_of(source, len(SIGNATURE)) == SIGNATURE or _is_whole(source)))

    def load(self, source: Path, options: ImportOptions) -> ImportedModel:
        """Read it.

        Raises:
            ModelError: It is broken, h5py is missing, or it holds no network that can be kept.
        """
        tensors, config, version = _read(source, options.where)
        if config is not None:
            _check_layers(config, options.where)
            options = replace(options, architecture=options.architecture or _kept(
                config, version, options.where))
        model = import_contents(Contents(tensors, _library(config), config), options)
        kind = model.spec.architecture
        if config is not None or kind not in MAY_BE_HARD:
            return model
        return replace(model, said=(
            *model.said, f"its gates are taken for smooth ones, since no settings are in it: with "
            f"Keras before 2.3 say --architecture {MAY_BE_HARD[kind]}"))


def _is_whole(source: Path) -> bool:
    """Tell whether it is an archive such as Keras 3 writes, whatever its name."""
    try:
        with zipfile.ZipFile(source) as archive:
            return {"config.json", "model.weights.h5"} <= {*archive.namelist()}
    except (OSError, ValueError, NotImplementedError, zipfile.BadZipFile):
        return False


def _library(config: Any) -> str:
    """Return whose conventions a file has: those of a GRU hang on one of its settings."""
    after = [settings.get("reset_after") for kind, settings in _layers(config) if kind == "GRU"]
    return RESET_BEFORE if after and not any(one is not False for one in after) else KERAS


def _kept(config: Any, version: str, where: str) -> str:
    """Return the architecture that keeps hard gates, where a file has such; else nothing.

    Raises:
        ModelError: Some layers have hard gates and others smooth ones, or they are those of a
            version or of a kind of layer that cannot be kept.
    """
    gated = [(kind, settings) for kind, settings in _layers(config)
             if kind.lower() in HARD and settings.get("recurrent_activation") is not None]
    hard = [(kind, settings) for kind, settings in gated
            if settings["recurrent_activation"] == HARD_SIGMOID]
    if not hard:
        return ""
    kind, settings = hard[0]
    wrong = ("and smooth ones in another layer" if len(hard) < len(gated) else
             "those of Keras 3, which rise otherwise" if version.startswith("3") else
             "with reset_after" if settings.get("reset_after") else "")
    if wrong:
        raise ModelError(Problem(f"{where}, {settings.get('name', kind)}",
                                 "hard gates that cannot be kept", wrong, BY_STATES))
    return HARD[kind.lower()]


def _read(source: Path, where: str) -> tuple[dict[str, Tensor], Any, str]:
    if find_spec("h5py") is None:
        raise ModelError(Problem(where, "h5py is needed to read it", "",
                                 "pip install 'unit-gallery[keras]'"))
    try:
        file, beside, version = _opened(source)
        found = read_hdf5(file)
        said = beside if found.config is None else found.config
        tensors = {name: torch.from_numpy(array) for name, array in _weights(found)}
        return tensors, None if said is None else json.loads(said), version or found.version
    except Exception as error:  # a broken file can raise whatever its reader does
        raise not_whole(where, "file of Keras", error, "save it again") from None


def _opened(source: Path) -> tuple[Path | bytes, str | None, str]:
    """Return where the weights are; the configuration and the version where they are beside."""
    if source.suffix.lower() != ".keras" and not _is_whole(source):
        return source, None, ""
    with zipfile.ZipFile(source) as archive:
        check_size(archive)
        about = json.loads(archive.read("metadata.json")) if (
            "metadata.json" in archive.namelist()) else {}
        version = str(about.get("keras_version", "")) if isinstance(about, dict) else ""
        return archive.read("model.weights.h5"), archive.read("config.json").decode(), version


def _weights(found: Hdf5) -> Iterator[tuple[str, np.ndarray[Any, Any]]]:
    """Yield the weights, from the first layer to the last, with the names that Keras gives them."""
    sizes = Counter(name.rpartition("/")[0] for name, _ in found.datasets)
    first = {name: place for place, name in enumerate(found.order)}
    for name, array in sorted(found.datasets, key=lambda one: (
            first.get(one[0].partition("/")[0], len(first)), natural(one[0]))):
        if array is not None and not ASIDE.search(name):
            yield _called(name, sizes[name.rpartition("/")[0]]), array


def _called(name: str, together: int) -> str:
    """Return the name that Keras gives a weight which its newer files number."""
    match = re.fullmatch(r"(.+)/vars/(\d+)", name)
    if match is None:
        return name
    place, number = match[1], int(match[2])
    if together == 1 and "embedding" in place:
        return f"{place}/embeddings"
    parts = PARTS if re.search(r"(lstm|gru|rnn|cell)[^/]*$", place) else ("kernel", "bias")
    return f"{place}/{parts[number]}" if number < len(parts) else name


def _check_layers(config: Any, where: str) -> None:
    """See that all layers are of kinds that can be kept, and compute what their names say.

    Raises:
        ModelError: One is not.
    """
    for kind, settings in _layers(config):
        name = f"{where}, {settings.get('name', kind)}"
        if kind == "Bidirectional":
            raise ModelError(Problem(name, "it reads both ways", "",
                                     "a gallery keeps networks of one direction"))
        if kind not in KEPT:
            raise ModelError(Problem(name, "a layer that cannot be kept", kind, BY_STATES))
        if kind in RECURRENT:
            _check_recurrent(settings, name)


def _check_recurrent(settings: Mapping[str, Any], name: str) -> None:
    wanted = {"activation": ("tanh",), "recurrent_activation": ("sigmoid", HARD_SIGMOID),
              "go_backwards": (False,)}
    for key, values in wanted.items():
        if settings.get(key, values[0]) not in values:
            raise ModelError(Problem(name, f"its {key} is not {values[0]}", str(settings[key]),
                                     f"a gallery keeps {key}={' or '.join(map(str, values))}"))


def _layers(config: Any) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield kind and settings of every layer inside a model."""
    inner = config.get("config") if isinstance(config, dict) else None
    layers = inner.get("layers", []) if isinstance(inner, dict) else inner
    for layer in layers if isinstance(layers, list) else []:
        if isinstance(layer, dict) and isinstance(layer.get("config"), dict):
            yield str(layer.get("class_name")), layer["config"]
            yield from _layers(layer)
            if isinstance(inside := layer["config"].get("layer"), dict):
                yield str(inside.get("class_name")), inside.get("config") or {}


IMPORTERS.register("keras", KerasImporter())
