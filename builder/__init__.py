"""Builds a gallery of what single units of recurrent networks do."""

from importlib import import_module
from typing import Any

__version__ = "0.1.0"
__all__ = ["Picture", "__version__", "inspect", "save_model", "save_states", "show"]

_PLACES = {
    "Picture": "builder.rendering.notebook",
    "inspect": "builder.notebook",
    "save_model": "builder.models.importing.live",
    "save_states": "builder.activations.writing",
    "show": "builder.rendering.notebook",
}


def __getattr__(name: str) -> Any:
    """Import what is asked for, so that pages can be built without torch."""
    if name in _PLACES:
        return getattr(import_module(_PLACES[name]), name)
    raise AttributeError(f"module 'builder' has no attribute {name!r}")
