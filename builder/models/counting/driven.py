"""Small networks that a visitor drives: trained on aⁿbⁿ with two units, and looked at."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import torch

from builder.core.counted import Driven, DrivenNetworks, Run
from builder.core.errors import Problem, UserError
from builder.models.architectures import ARCHITECTURES
from builder.models.counting.experiment import looked_at
from builder.models.counting.language import Language
from builder.models.counting.networks import SmallNetwork
from builder.models.counting.powers import Powers
from builder.models.counting.running import ABREAST, DECIDING, check_effort, check_names
from builder.models.counting.training import trained
from builder.models.counting.units import units_of
from builder.workspace.driven import write_driven

UNITS, SEEDS = 2, 10
"""H of a network, and the most seeds that are tried."""
WHOLE = 0.99
"""Share of whole strings from which a network is right in training."""


def drive_into(
    path: Path, architectures: Sequence[str], effort: float, versions: Mapping[str, str]
) -> int:
    """Train a network of each architecture and write it; return how many were trained for that.

    Of seeds 0, 1, 2 and so on it is the first whose network is right in training and has a unit
    that counts. Weights are rounded to float16 before anything is said of it.

    Args:
        path: Of the file.
        architectures: Names.
        effort: Times the steps of training.
        versions: Of all that is installed, by name.

    Raises:
        UserError: There is no architecture of a name, the effort is none, or no seed will do.
    """
    check_effort(effort)
    check_names("architecture", architectures, ARCHITECTURES.names())
    torch.set_num_threads(1)
    language, networks, tried = Powers("ab", UNITS), list[Driven](), 0
    for name in architectures:
        network, seeds = _first(name, language, max(1, round(effort * language.steps)))
        networks.append(network)
        tried += seeds
    command = f"gallery count --drive {' '.join(architectures)} --effort {effort:g}"
    write_driven(path, DrivenNetworks(
        command, {name: versions[name] for name in DECIDING}, tuple(networks)))
    return tried


def _first(name: str, language: Language, steps: int) -> tuple[Driven, int]:
    for start in range(0, SEEDS, ABREAST):
        seeds = tuple(range(start, start + ABREAST))
        for seed, (network, loss) in zip(seeds, trained(name, language, seeds, steps),
                                         strict=True):
            rounded(network)
            run = looked_at(network, loss, name, language, seed)
            if run.within.strings >= WHOLE and run.counting:
                return driven(network, language, run), start + ABREAST
    raise UserError(Problem(name, "no network is right in training and counts",
                            f"seeds 0 to {SEEDS - 1}", "give it more steps: --effort"))


def rounded(network: SmallNetwork) -> None:
    """Round the weights of a network to float16."""
    with torch.no_grad():
        for parameter in network.parameters():
            parameter.copy_(parameter.half())


def driven(network: SmallNetwork, language: Language, run: Run) -> Driven:
    """Return a network as it is driven, shown on the first n that fails.

    Args:
        network: Its weights fit into float16.
        language: That it learned.
        run: What was found of it.
    """
    raw = packed(network)
    n = run.failed or 2 * run.trained_to
    ids = language.climb(np.array([n]))
    assert ids is not None
    units, strings = units_of(network, ids), language.strings(ids)
    wrong = ((network.answer(ids) > 0) != strings.answers).any(-1)[:, 0]
    values = units.values[:, 0, units.names.index(run.counting[0].unit)]
    return Driven(run, network.architecture.title, language.letters,
                  base64.b64encode(raw).decode(), hashlib.sha256(raw).hexdigest(), n,
                  tuple(np.round(values, 4).tolist()), tuple(np.flatnonzero(wrong).tolist()))


def packed(network: SmallNetwork) -> bytes:
    """Return the weights as the network of a page takes them: letters in place of an embedding.

    Raises:
        ValueError: There is not one answer more than there are letters.
    """
    if network.decoder.out_features != network.letters + 1:
        raise ValueError(f"{network.decoder.out_features} answers for {network.letters} letters")
    state = network.state_dict()
    layers = [state[f"rnn.{parameter.name}_l{layer}"] for layer in range(network.layers)
              for parameter in network.architecture.parameters]
    letters = torch.eye(network.letters + 1, network.letters).roll(1, 0)
    tensors = (letters, *layers, network.decoder.weight, network.decoder.bias)
    return b"".join(tensor.detach().numpy().astype("<f2").tobytes() for tensor in tensors)
