"""The modules in which features are: our families, and what other packages declare.

A family is a module of `builder/features/families/`. Another package declares in its pyproject.toml

    [project.entry-points."unit_gallery.features"]
    any_name = "its_package.module:function"

where the function is decorated with `builder.features.feature`. Whatever is true of the features
here must be true of it: `builder.features.check_feature` tells.

A module makes as many features as it likes, and each goes by the name of its function. So none is
known before its module is imported, and all are imported at once.
"""

from __future__ import annotations

import pkgutil
from functools import cache
from importlib import import_module
from importlib.metadata import entry_points

from builder.core.registry import load_entry

FAMILIES, GROUP = "builder.features.families", "unit_gallery.features"


def load_families() -> None:
    """Import every family, in the order of their names: that is the order of the features."""
    modules = pkgutil.iter_modules(import_module(FAMILIES).__path__)
    for name in sorted(module.name for module in modules):
        import_module(f"{FAMILIES}.{name}")


@cache
def load_plugins() -> None:
    """Import every feature that an installed package declares, once.

    Raises:
        UserError: One cannot be imported.
    """
    for entry in sorted(entry_points(group=GROUP), key=lambda e: (e.name, e.value)):
        load_entry(entry, "feature")
