"""What a claim can fail, a control a file."""

from __future__ import annotations

from builder.core.registry import Registry
from builder.evidence.control import Control

CONTROLS: Registry[Control] = Registry(
    "control", "builder.evidence.controls", "unit_gallery.controls")


def controls() -> list[Control]:
    """Return all controls in their order."""
    return sorted(CONTROLS.all(), key=lambda control: (control.place, control.name))
