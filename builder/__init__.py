"""Builds a gallery of what single units of recurrent networks do."""

from typing import Any

__version__ = "0.1.0"
__all__ = ["Picture", "__version__", "save_model", "save_states", "show"]


def __getattr__(name: str) -> Any:
    """Import what is asked for, so that pages can be built without torch."""
    if name == "save_model":
        from builder.models.importing.live import save_model

        return save_model
    if name == "save_states":
        from builder.activations.writing import save_states

        return save_states
    if name in ("show", "Picture"):
        from builder.rendering import notebook

        return getattr(notebook, name)
    raise AttributeError(f"module 'builder' has no attribute {name!r}")
