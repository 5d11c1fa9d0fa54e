"""The architectures, a file each; their names are known without torch."""

from __future__ import annotations

from typing import TYPE_CHECKING

from builder.core.registry import Registry

if TYPE_CHECKING:
    from builder.models.architecture import Architecture

ARCHITECTURES: Registry[Architecture] = Registry(
    "architecture", "builder.models.architectures", "unit_gallery.architectures")
"""By the name that `architecture` has in a recipe and in `model.json`."""
