"""Model folders: `model.json` and `model.safetensors`, checked in every way before use."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal

import safetensors.torch
import torch
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError
from pydantic_core import PydanticCustomError
from safetensors import SafetensorError
from torch import Tensor

from builder.core.digests import digest
from builder.core.errors import ModelError, Problem, did_you_mean
from builder.core.files import write_bytes, write_json, write_text
from builder.core.parsing import NotReadable, json_of
from builder.core.text import TRAINED_FILE
from builder.models.architectures import ARCHITECTURES
from builder.models.network import CharNetwork
from builder.models.spec import ModelSpec
from builder.models.threads import one_thread
from builder.tokens.characters import KIND as CHARACTERS
from builder.tokens.contract import TOKENS, Tokens
from builder.tokens.pieces import Pieces, cut_by_entries
from builder.tokens.reading.resets import DOCUMENT, Reset, read_reset
from builder.tokens.reading.special import special_among

SPEC_FILE, WEIGHTS_FILE = "model.json", "model.safetensors"
FLOATS = (torch.float16, torch.bfloat16, torch.float32)
LARGEST_FLOAT16 = 65504.0
LISTED = 4
"""Tensors that one message names; the others are counted."""


def _known(architecture: str) -> str:
    names = ARCHITECTURES.names()
    if architecture not in names:
        raise PydanticCustomError("architecture", "not an architecture", {
            "remedy": did_you_mean(architecture, names) or f"there are: {', '.join(names)}"})
    return architecture


class _SpecFile(BaseModel):
    model_config = ConfigDict(extra="allow", strict=True)

    format: Literal[1]
    architecture: Annotated[str, AfterValidator(_known)]
    embedding_size: int = Field(ge=1, le=65_536)
    hidden_size: int = Field(ge=1, le=65_536)
    num_layers: int = Field(ge=1, le=64)
    vocabulary: Any


@dataclass(frozen=True)
class StoredModel:
    """A model folder in memory: the network in float32, its digest, and its training record."""

    network: CharNetwork
    digest: str
    training: Mapping[str, Any]


def weight_shapes(spec: ModelSpec) -> dict[str, tuple[int, ...]]:
    """Return the name and shape of every tensor in `model.safetensors`."""
    rows, hidden, width = spec.vocabulary.size, spec.hidden_size, spec.embedding_size
    layers = ARCHITECTURES.get(spec.architecture).shapes(width, hidden, spec.num_layers)
    return {"embedding.weight": (rows, width),
            **{f"rnn.{name}": shape for name, shape in layers.items()},
            "decoder.weight": (rows, hidden), "decoder.bias": (rows,)}


def has_weights(folder: Path) -> bool:
    """Tell whether a folder holds a trained model."""
    return (folder / WEIGHTS_FILE).is_file()


@one_thread()
def load_model(folder: Path, other: Path | None = None) -> StoredModel:
    """Read a model folder; weights come as float32 whatever they are on disk.

    Args:
        folder: With `model.json` and `model.safetensors`.
        other: File of weights to take in place of the model's own.

    Raises:
        ModelError: Anything is missing, broken, foreign, of another shape or not a number;
            names every tensor that is wrong. No pickle is ever opened.
    """
    spec, extra = _read_spec(folder / SPEC_FILE)
    path = other or folder / WEIGHTS_FILE
    weights = _read_weights(path)
    if problems := misfits(weights, spec, str(path)):
        raise ModelError(problems)
    network = CharNetwork(spec)
    network.load_state_dict({name: tensor.float() for name, tensor in weights.items()})
    network.eval()
    return StoredModel(network, digest(path.read_bytes()), extra.get("training") or {})


def _read_spec(path: Path) -> tuple[ModelSpec, dict[str, Any]]:
    if path.parent.is_file():
        raise ModelError(Problem(str(path.parent), "not a model folder", "a file",
                                 f"make one of it with: gallery import '{path.parent}' --out DIR"))
    try:
        data = json_of(path.read_bytes())
        file = _SpecFile.model_validate(data)
    except FileNotFoundError:
        raise ModelError(Problem(str(path), "there is no model", "the file is missing",
                                 "point at a folder with model.json and model.safetensors"
                                 )) from None
    except (OSError, NotReadable) as error:
        raise ModelError(Problem(str(path), "cannot be read as JSON", str(error))) from None
    except ValidationError as error:
        raise ModelError([
            Problem(f"{path}, {'.'.join(map(str, e['loc'])) or 'the whole'}", e["msg"],
                    f"found {e['input']!r:.60}", e.get("ctx", {}).get("remedy", ""))
            for e in error.errors()
        ] + _mistakes_of_tokens(data, str(path))) from None
    return ModelSpec(file.architecture, file.embedding_size, file.hidden_size, file.num_layers,
                     *_read_reading(data, str(path))), data


def _read_reading(data: Mapping[str, Any], where: str) -> tuple[Tokens, Reset, int | None]:
    """Return how a network is read: what its steps are, and where it begins anew, and with what.

    Raises:
        ModelError: Something of it is not right; names all.
    """
    found, problems = list[Any](), list[Problem]()
    for read in (lambda: _read_tokens(data, where),
                 lambda: read_reset(data.get("reset", DOCUMENT), f"{where}, reset")):
        try:
            found.append(read())
        except ModelError as error:
            problems += error.problems
    if problems:
        raise ModelError(problems)
    begin = data.get("begin")
    return *found, None if begin is None else found[0].index_of(begin, f"{where}, begin")


def _read_tokens(data: Mapping[str, Any], where: str) -> Tokens:
    texts, special = _texts(data["vocabulary"]), _texts(data.get("special"))
    by_entries = cut_by_entries(texts, special or special_among(texts))
    implied = Pieces.kind if by_entries else CHARACTERS
    kind, kinds = data.get("tokens", implied), TOKENS.names()
    if kind not in kinds:
        raise ModelError(Problem(
            f"{where}, tokens", "not a kind of tokens", repr(kind),
            did_you_mean(str(kind), kinds) or f"one of {', '.join(kinds)}"))
    return TOKENS.get(kind).read(data, where)


def _texts(given: object) -> list[str]:
    return [e for e in given if isinstance(e, str)] if isinstance(given, list) else []


def _mistakes_of_tokens(data: Any, where: str) -> list[Problem]:
    try:
        if isinstance(data, dict) and "vocabulary" in data:
            _read_reading(data, where)
    except ModelError as error:
        return list(error.problems)
    return []


def _written(spec: ModelSpec) -> dict[str, Any]:
    tokens = spec.vocabulary
    kind = {} if tokens.kind == CHARACTERS else {"tokens": tokens.kind}
    reset = {} if spec.reset == DOCUMENT else {"reset": spec.reset}
    begin = {} if spec.begin is None else {"begin": tokens.entry(spec.begin)}
    return kind | tokens.written() | reset | begin


def _read_weights(path: Path) -> dict[str, Tensor]:
    try:
        with path.open("rb") as file:
            start = file.read(4)
        if start[:2] in (b"\x80\x02", b"\x80\x03", b"\x80\x04", b"\x80\x05", b"PK"):
            raise ModelError(Problem(str(path), "not safetensors", "it looks like a pickle",
                                     "save the weights again with builder.save_model"))
        return safetensors.torch.load_file(path)
    except FileNotFoundError:
        raise ModelError(Problem(str(path), "there are no weights", "the file is missing",
                                 "train the model, or save it with builder.save_model")) from None
    except (OSError, SafetensorError, ValueError, KeyError) as error:
        raise ModelError(Problem(str(path), "not a whole safetensors file", str(error),
                                 "copy or save it again")) from None


def misfits(weights: Mapping[str, Tensor], spec: ModelSpec, where: str) -> list[Problem]:
    """Return what to say of tensors that are not as the specification asks, by their names.

    A damaged file often has values that are not numbers in many tensors at once: that is one
    problem.
    """
    expected, odd = weight_shapes(spec), dict[str, int]()
    problems = []
    for name in sorted(expected.keys() | weights.keys()):
        if what := _unlike(name, expected.get(name), weights.get(name), spec.architecture):
            problems.append(Problem(f"{where}, {name}", *what))
        elif count := int((~torch.isfinite(weights[name])).sum()):
            odd[name] = count
    if odd:
        listed = [f"{count:,} in {name}" for name, count in odd.items()]
        more = [f"and {len(listed) - LISTED} more tensors"] if len(listed) > LISTED else []
        problems.append(Problem(
            where, "holds values that are not finite numbers",
            ", ".join([*listed[:LISTED], *more]),
            "copy or save the file again; if they are in the original too, train again"))
    return problems


def _unlike(
    name: str, expected: tuple[int, ...] | None, tensor: Tensor | None, architecture: str
) -> tuple[str, ...]:
    """Return what to say of a tensor of another name, shape or type than expected, or nothing."""
    if tensor is None:
        return "missing", f"{architecture} needs {list(expected or ())}"
    if expected is None:
        return ("not a part of this model", f"{list(tensor.shape)}",
                "look at architecture and num_layers in model.json")
    if tuple(tensor.shape) != expected:
        return ("another shape than model.json says",
                f"{list(tensor.shape)} instead of {list(expected)}")
    if tensor.dtype not in FLOATS:
        return "not float16, bfloat16 or float32", str(tensor.dtype)
    return ()


def write_model(
    folder: Path, network: CharNetwork, training: Mapping[str, Any], trained: Iterable[str] = ()
) -> None:
    """Write a model folder, weights as float16, the specification last.

    Args:
        folder: Made where it is missing.
        network: Any device and precision.
        training: Training record; JSON; empty where the model was not trained here.
        trained: SHA-256 of each text that it is known to have been trained on.

    Raises:
        ModelError: A weight is not finite or too large for float16.
        OutputError: The folder cannot be written.
    """
    write_weights(folder / WEIGHTS_FILE, network)
    spec = network.spec
    if digests := sorted(trained):
        write_text(folder / TRAINED_FILE, "\n".join(digests) + "\n")
    for name, content in spec.vocabulary.files().items():
        write_bytes(folder / name, content)
    write_json(folder / SPEC_FILE, {
        "format": 1, "architecture": spec.architecture, "embedding_size": spec.embedding_size,
        "hidden_size": spec.hidden_size, "num_layers": spec.num_layers,
        **_written(spec), "training": dict(training),
    })


def write_weights(path: Path, network: CharNetwork) -> None:
    """Write the weights of a network as float16.

    Raises:
        ModelError: A weight is not finite or too large for float16.
        OutputError: The file cannot be written.
    """
    state = {name: t.detach().cpu() for name, t in network.state_dict().items()}
    for name, tensor in state.items():
        if not bool((tensor.abs() <= LARGEST_FLOAT16).all()):
            raise ModelError(Problem(f"{path}, {name}", "does not fit float16",
                                     "a value is not finite or above 65504", "train again"))
    halves = {name: tensor.half().contiguous() for name, tensor in state.items()}
    write_bytes(path, safetensors.torch.save(halves))
