"""A recipe and the model beside it must say the same."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from builder.core.errors import Problem
from builder.core.parsing import json_of
from builder.workspace.recipe import Exhibit

RECORDED = ("seed", "precision")
"""Settings of the training that model.json notes as they were."""


def differences(exhibit: Exhibit) -> list[Problem]:
    """Return a problem for each key of a recipe that the model beside it contradicts.

    Keys that the recipe does not have are the model's to say.
    """
    stored = _stored(exhibit)
    recipe, trained = exhibit.recipe, stored.get("training")
    said = {f"model.{key}": (getattr(recipe.model, key), stored.get(key, _implied(stored, key)))
            for key in type(recipe.model).model_fields if key in recipe.model.model_fields_set}
    if isinstance(trained, Mapping):
        said |= {f"training.{key}": (getattr(recipe.training, key), trained.get(key))
                 for key in RECORDED if key in recipe.training.model_fields_set}
    return [Problem(f"{exhibit.folder / 'exhibit.toml'}, {key}", "differs from model.json",
                    f"{ours} against {theirs}", "take it out, or train again under another name")
            for key, (ours, theirs) in said.items() if theirs is not None and ours != theirs]


def _implied(stored: Mapping[str, Any], key: str) -> str | None:
    """Return what model.json says of a key that is not in it: of characters, that it has them."""
    entries = stored.get("vocabulary")
    characters = isinstance(entries, list | str) and all(
        isinstance(entry, str) and len(entry) == 1 for entry in entries)
    return "characters" if key == "tokens" and entries and characters else None


def as_stored(exhibit: Exhibit) -> Exhibit:
    """Return the exhibit with the sizes of the model beside it, where its recipe has none."""
    stored, model = _stored(exhibit), exhibit.recipe.model
    other = {key: stored[key] for key in type(model).model_fields
             if stored.get(key) not in (None, getattr(model, key))}
    if not other:
        return exhibit
    recipe = exhibit.recipe.model_copy(update={"model": model.model_copy(update=other)})
    return exhibit.model_copy(update={"recipe": recipe})


def _stored(exhibit: Exhibit) -> Mapping[str, Any]:
    """Return what model.json says where there are weights; whoever loads it says what is wrong."""
    if not (exhibit.folder / "model.safetensors").is_file():
        return {}
    try:
        stored = json_of((exhibit.folder / "model.json").read_bytes())
    except (OSError, ValueError):
        return {}
    return stored if isinstance(stored, dict) else {}
