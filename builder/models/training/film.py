"""The film of a training: the weights at a few moments on the way, kept beside the last ones."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from builder.models.folder import StoredModel, load_model, write_weights
from builder.models.network import CharNetwork

FILM = "film"
"""Folder of the frames inside a model folder; each is named by the characters read until then."""
SPAN = 1000.0
"""How many times as long the whole training is as the time before the first frame."""


@dataclass(frozen=True)
class Frame:
    """A network on its way: the characters it had read, and what it was then."""

    characters: int
    model: StoredModel


def film_steps(steps: int, moments: int) -> tuple[int, ...]:
    """Return after which steps a frame is kept, evenly spread over the logarithm.

    The last moment is the end of the training, where the model itself is written; so there is
    one frame less than moments.
    """
    shares = (SPAN ** (-k / (moments - 1)) for k in range(1, moments))
    return tuple(sorted({max(1, round(steps * share)) for share in shares} - {steps}))


class Shooting:
    """Frames of a run in progress, kept aside until it is through."""

    def __init__(
        self, aside: Path, steps: int, moments: int, read_after: Callable[[int], int]
    ) -> None:
        self._aside, self._read_after = aside, read_after
        self._steps = film_steps(steps, moments) if moments > 1 else ()

    def see(self, step: int, network: CharNetwork) -> None:
        """Keep the weights where this step is one of the moments."""
        if step in self._steps:
            write_weights(self._frame(step), network)

    def publish(self, folder: Path) -> None:
        """Put the frames in the model folder, in place of those of a run before."""
        shutil.rmtree(folder / FILM, ignore_errors=True)
        for step in self._steps:
            path = self._frame(step)
            if path.is_file():  # not where the run was begun without a film
                (folder / FILM).mkdir(parents=True, exist_ok=True)
                shutil.move(path, folder / FILM / path.name)
        shutil.rmtree(self._aside, ignore_errors=True)

    def _frame(self, step: int) -> Path:
        return self._aside / f"{self._read_after(step)}.safetensors"


def read_film(folder: Path) -> tuple[Frame, ...]:
    """Read the frames of a model folder, the earliest first, and the model itself as the last.

    Raises:
        ModelError: As `load_model`, for every frame.
    """
    model = load_model(folder)
    found = sorted((int(path.stem), path) for path in (folder / FILM).glob("*.safetensors")
                   if path.stem.isdecimal())
    frames = [Frame(read, load_model(folder, path)) for read, path in found]
    return (*frames, Frame(int(model.training.get("characters", 0)), model))
