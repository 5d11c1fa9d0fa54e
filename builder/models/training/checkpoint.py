"""Training checkpoints: one safetensors file with all that a run needs to go on."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import safetensors.torch
import torch
from safetensors import SafetensorError, safe_open
from torch import Tensor

from builder.core.errors import ModelError, Problem
from builder.core.files import write_bytes
from builder.core.parsing import json_of
from builder.models.architecture import State
from builder.models.network import CharNetwork


@dataclass(frozen=True)
class Progressed:
    """Where a run stands besides weights and optimiser.

    Attributes:
        step: Steps done.
        run: Digest of all that decides the run: text, model, settings.
        curve: Pairs of characters read and validation bits per character.
    """

    step: int
    run: str
    curve: list[tuple[int, float]]


def save_checkpoint(
    path: Path, network: CharNetwork, optimiser: torch.optim.Optimizer, state: State,
    progressed: Progressed,
) -> None:
    """Write everything aside and rename it, so that a kill leaves the last whole checkpoint."""
    tensors = {f"weight.{name}": t for name, t in network.state_dict().items()}
    tensors |= {f"carried.{i}": part for i, part in enumerate(state)}
    for name, parameter in network.named_parameters():
        for key, value in optimiser.state[parameter].items():
            tensors[f"optimiser.{key}.{name}"] = value
    metadata = {"progressed": json.dumps(progressed.__dict__)}
    flat = {name: t.detach().cpu().contiguous() for name, t in tensors.items()}
    write_bytes(path, safetensors.torch.save(flat, metadata))


def load_checkpoint(
    path: Path, run: str, network: CharNetwork, optimiser: torch.optim.Optimizer
) -> tuple[State, Progressed]:
    """Put weights and optimiser back in place; return the carried state and where it stood.

    Raises:
        ModelError: There is no checkpoint, it is broken, or it is of another run.
    """
    tensors, progressed = _read(path)
    if progressed.run != run:
        raise ModelError(Problem(str(path), "a checkpoint of another run",
                                 "the recipe or the text has changed since",
                                 "train without --resume"))
    network.load_state_dict({n.removeprefix("weight."): t for n, t in tensors.items()
                             if n.startswith("weight.")})
    for name, parameter in network.named_parameters():
        optimiser.state[parameter] = {
            n.split(".")[1]: _placed(t, parameter) for n, t in tensors.items()
            if n.startswith("optimiser.") and n.split(".", 2)[2] == name
        }
    count = sum(n.startswith("carried.") for n in tensors)
    device = network.decoder.weight.device
    return tuple(tensors[f"carried.{i}"].to(device) for i in range(count)), progressed


def _placed(value: Tensor, parameter: Tensor) -> Tensor:
    return value.to(parameter.device)


def _read(path: Path) -> tuple[dict[str, Tensor], Progressed]:
    try:
        with safe_open(path, framework="pt") as file:
            record: dict[str, Any] = json_of(file.metadata()["progressed"])
        tensors = safetensors.torch.load_file(path)
    except FileNotFoundError:
        raise ModelError(Problem(str(path), "nothing to resume", "there is no checkpoint",
                                 "train without --resume")) from None
    except (OSError, SafetensorError, KeyError, TypeError, ValueError) as error:
        raise ModelError(Problem(str(path), "not a whole checkpoint", str(error),
                                 "train without --resume")) from None
    curve = [(int(read), float(bits)) for read, bits in record.pop("curve")]
    return tensors, Progressed(curve=curve, **record)
