"""The model of a recipe, trained."""

from __future__ import annotations

from pathlib import Path

from builder.core.text import Corpus
from builder.models.training.train import train
from builder.workspace.recipe import Exhibit


def train_exhibit(
    exhibit: Exhibit, corpus: Corpus, folder: Path, checkpoints: Path, *,
    resume: bool = False, device: str = "auto",
) -> None:
    """Train the model of a recipe into `folder`, with checkpoints beside the cache."""
    recipe = exhibit.recipe
    train(corpus, recipe.model, recipe.training, folder,
          checkpoints / f"{exhibit.name}.safetensors",
          moments=recipe.film.moments if recipe.film else 0, resume=resume, device=device,
          beside=exhibit.folder)
