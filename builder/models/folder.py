"""Model folders: `model.json` and `model.safetensors`, checked in every way before use."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal

import safetensors.torch
import torch
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from safetensors import SafetensorError
from torch import Tensor, nn

from builder.core.digests import digest
from builder.core.model import ARCHITECTURES, GATES, Architecture, ModelSpec, Vocabulary
from builder.errors import ModelError, Problem
from builder.files import write_bytes, write_json
from builder.models.network import CharNetwork

SPEC_FILE, WEIGHTS_FILE = "model.json", "model.safetensors"
FLOATS = (torch.float16, torch.bfloat16, torch.float32)
LARGEST_FLOAT16 = 65504.0
NEVER = -30.0
"""Decoder bias of a character that a model without an unknown character never predicts."""


class _SpecFile(BaseModel):
    model_config = ConfigDict(extra="allow", strict=True)

    format: Literal[1]
    architecture: Architecture
    embedding_size: int = Field(ge=1, le=65_536)
    hidden_size: int = Field(ge=1, le=65_536)
    num_layers: int = Field(ge=1, le=64)
    vocabulary: list[Annotated[str, Field(min_length=1, max_length=1)]] = Field(min_length=1)


@dataclass(frozen=True)
class StoredModel:
    """A model folder in memory: the network in float32, its digest, and its training record."""

    network: CharNetwork
    digest: str
    training: Mapping[str, Any]


def weight_shapes(spec: ModelSpec) -> dict[str, tuple[int, ...]]:
    """Return the name and shape of every tensor in `model.safetensors`."""
    rows, hidden, gates = spec.vocabulary.size, spec.hidden_size, GATES[spec.architecture]
    shapes: dict[str, tuple[int, ...]] = {"embedding.weight": (rows, spec.embedding_size)}
    for layer in range(spec.num_layers):
        width = hidden if layer else spec.embedding_size
        shapes[f"rnn.weight_ih_l{layer}"] = (gates * hidden, width)
        shapes[f"rnn.weight_hh_l{layer}"] = (gates * hidden, hidden)
        shapes[f"rnn.bias_ih_l{layer}"] = (gates * hidden,)
        shapes[f"rnn.bias_hh_l{layer}"] = (gates * hidden,)
    return shapes | {"decoder.weight": (rows, hidden), "decoder.bias": (rows,)}


def has_weights(folder: Path) -> bool:
    """Tell whether a folder holds a trained model."""
    return (folder / WEIGHTS_FILE).is_file()


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
    problems = [Problem(f"{path}, {name}", *what) for name, what in _misfits(weights, spec)]
    if problems:
        raise ModelError(problems)
    network = CharNetwork(spec)
    network.load_state_dict({name: tensor.float() for name, tensor in weights.items()})
    network.eval()
    return StoredModel(network, digest(path.read_bytes()), extra.get("training") or {})


def _read_spec(path: Path) -> tuple[ModelSpec, dict[str, Any]]:
    try:
        data = json.loads(path.read_text("utf-8"))
        file = _SpecFile.model_validate(data)
    except FileNotFoundError:
        raise ModelError(Problem(str(path), "there is no model", "the file is missing",
                                 "point at a folder with model.json and model.safetensors"
                                 )) from None
    except (OSError, UnicodeDecodeError, json.JSONDecodeError) as error:
        raise ModelError(Problem(str(path), "cannot be read as JSON", str(error))) from None
    except ValidationError as error:
        raise ModelError([
            Problem(f"{path}, {'.'.join(map(str, e['loc'])) or 'the whole'}", e["msg"],
                    f"found {e['input']!r:.60}") for e in error.errors()
        ]) from None
    if len(set(file.vocabulary)) != len(file.vocabulary):
        twice = sorted({c for c in file.vocabulary if file.vocabulary.count(c) > 1})
        raise ModelError(Problem(f"{path}, vocabulary", "a character stands in it twice",
                                 ", ".join(map(repr, twice[:5])), "name each once"))
    spec = ModelSpec(file.architecture, file.embedding_size, file.hidden_size,
                     file.num_layers, Vocabulary(tuple(file.vocabulary)))
    return spec, data


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


def _misfits(
    weights: Mapping[str, Tensor], spec: ModelSpec
) -> Iterable[tuple[str, tuple[str, str, str]]]:
    expected = weight_shapes(spec)
    for name in sorted(expected.keys() | weights.keys()):
        if name not in weights:
            yield name, ("missing", f"{spec.architecture} needs {list(expected[name])}", "")
        elif name not in expected:
            yield name, ("not a part of this model", f"{list(weights[name].shape)}",
                         "look at architecture and num_layers in model.json")
        elif tuple(weights[name].shape) != expected[name]:
            yield name, ("another shape than model.json says",
                         f"{list(weights[name].shape)} instead of {list(expected[name])}", "")
        elif weights[name].dtype not in FLOATS:
            yield name, ("not float16, bfloat16 or float32", str(weights[name].dtype), "")
        elif not bool(torch.isfinite(weights[name]).all()):
            yield name, ("holds values that are not finite numbers",
                         f"{int((~torch.isfinite(weights[name])).sum())} of them", "train again")


def write_model(folder: Path, network: CharNetwork, training: Mapping[str, Any]) -> None:
    """Write a model folder, weights as float16, the specification last.

    Args:
        folder: Made where it is missing.
        network: Any device and precision.
        training: Training record; JSON; empty where the model was not trained here.

    Raises:
        ModelError: A weight is not finite or too large for float16.
        OutputError: The folder cannot be written.
    """
    write_weights(folder / WEIGHTS_FILE, network)
    spec = network.spec
    write_json(folder / SPEC_FILE, {
        "format": 1, "architecture": spec.architecture, "embedding_size": spec.embedding_size,
        "hidden_size": spec.hidden_size, "num_layers": spec.num_layers,
        "vocabulary": list(spec.vocabulary.characters), "training": dict(training),
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


def save_model(
    folder: str | Path,
    rnn: nn.RNNBase,
    embedding: nn.Embedding,
    decoder: nn.Linear,
    vocabulary: Iterable[str],
) -> None:
    """Turn a live network of your own into a model folder that `gallery inspect` reads.

    Args:
        folder: Made where it is missing.
        rnn: An nn.RNN (tanh), nn.GRU or nn.LSTM, one direction, any number of layers.
        embedding: V rows, one for each character, or V + 1, the first for unknown ones.
        decoder: From H to as many outputs as the embedding has rows.
        vocabulary: The V characters, in the order of the rows; a str does.

    Raises:
        ModelError: The parts do not fit each other, or rnn is of a kind that cannot be kept.
        OutputError: The folder cannot be written.
    """
    characters = tuple(vocabulary)
    _check_parts(str(folder), rnn, embedding, decoder, characters)
    spec = ModelSpec(_architecture(rnn), embedding.embedding_dim, rnn.hidden_size,
                     rnn.num_layers, Vocabulary(characters))
    network = CharNetwork(spec)
    weights = {f"rnn.{name}": tensor for name, tensor in rnn.state_dict().items()}
    weights |= _with_unknown(embedding.weight, decoder, len(characters))
    network.load_state_dict({**_zero_biases(spec), **weights})
    write_model(Path(folder), network, {})


def _architecture(rnn: nn.RNNBase) -> Architecture:
    return next(a for a in ARCHITECTURES if rnn.mode.split("_")[0].lower() == a)


def _check_parts(
    where: str, rnn: nn.RNNBase, embedding: nn.Embedding, decoder: nn.Linear,
    characters: tuple[str, ...],
) -> None:
    v, rows = len(characters), embedding.num_embeddings
    checks = [
        (rnn.mode in ("LSTM", "GRU", "RNN_TANH"), "rnn", rnn.mode, "use LSTM, GRU or tanh RNN"),
        (not rnn.bidirectional, "rnn", "it reads both ways", "use one direction"),
        (not getattr(rnn, "proj_size", 0), "rnn", "it projects its state", "use proj_size=0"),
        (all(len(c) == 1 for c in characters) and len(set(characters)) == v, "vocabulary",
         "not single characters, each once", ""),
        (rows in (v, v + 1), "embedding", f"{rows} rows for {v} characters", "V or V + 1"),
        (rnn.input_size == embedding.embedding_dim, "embedding",
         f"{embedding.embedding_dim} wide, rnn reads {rnn.input_size}", ""),
        (decoder.in_features == rnn.hidden_size and decoder.out_features == rows, "decoder",
         f"{decoder.in_features} to {decoder.out_features}", f"{rnn.hidden_size} to {rows}"),
    ]
    problems = [Problem(f"{where}, {part}", "does not fit", found, todo)
                for fits, part, found, todo in checks if not fits]
    if problems:
        raise ModelError(problems)


def _with_unknown(embedding: Tensor, decoder: nn.Linear, characters: int) -> dict[str, Tensor]:
    bias = torch.zeros(decoder.out_features) if decoder.bias is None else decoder.bias.detach()
    rows, out = embedding.detach(), decoder.weight.detach()
    if len(rows) == characters:
        rows = torch.cat([rows.mean(0, keepdim=True), rows])
        out = torch.cat([torch.zeros_like(out[:1]), out])
        bias = torch.cat([torch.full_like(bias[:1], NEVER), bias])
    return {"embedding.weight": rows, "decoder.weight": out, "decoder.bias": bias}


def _zero_biases(spec: ModelSpec) -> dict[str, Tensor]:
    return {n: torch.zeros(s) for n, s in weight_shapes(spec).items() if n.startswith("rnn.bias")}
