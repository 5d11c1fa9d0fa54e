"""What a claim can fail, a control a file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from builder.core.registry import Registry

if TYPE_CHECKING:  # the contract needs torch, and names and keys do not
    from builder.evidence.control import Control

CONTROLS: Registry[Control] = Registry(
    "control", "builder.evidence.controls", "unit_gallery.controls")


def controls() -> list[Control]:
    """Return all controls in their order."""
    return sorted(CONTROLS.all(), key=lambda control: (control.place, control.name))
