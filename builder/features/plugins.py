"""Features of other packages, found through the entry points they declare.

A package declares in its pyproject.toml

    [project.entry-points."unit_gallery.features"]
    any_name = "its_package.module:function"

where the function is decorated with `builder.features.feature`. Whatever is true of the features
here must be true of it: `builder.features.check_feature` tells.
"""

from __future__ import annotations

from functools import cache
from importlib.metadata import entry_points

from builder.core.errors import Problem, UserError

GROUP = "unit_gallery.features"


@cache
def load_plugins() -> None:
    """Import every feature that an installed package declares, once.

    Raises:
        UserError: One cannot be imported.
    """
    for entry in sorted(entry_points(group=GROUP), key=lambda e: (e.name, e.value)):
        try:
            entry.load()
        except UserError:
            raise
        except Exception as error:
            package = entry.dist.name if entry.dist else "a package"
            raise UserError(Problem(
                f"entry point {entry.name!r} of {package}", "the feature cannot be loaded",
                f"{type(error).__name__}: {error}", f"mend or remove {package}")) from None
