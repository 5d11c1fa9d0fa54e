"""The folder that is worked in, and the exhibits whose recipes lie in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from builder.core.errors import Problem, RecipeError, UserError, did_you_mean
from builder.workspace.agreement import as_stored, differences
from builder.workspace.recipe import Exhibit, read_exhibit
from builder.workspace.stated import model_files


@dataclass(frozen=True)
class Workspace:
    """The folder that is worked in, with `gallery/`, `site_src/` and `mkdocs.yml`."""

    root: Path

    @property
    def gallery(self) -> Path:
        """Recipes and weights."""
        return self.root / "gallery"

    @property
    def made(self) -> Path:
        """What was made and can be made again: fetched texts, checkpoints, results."""
        return self.root / ".gallery"

    @property
    def results(self) -> Path:
        """What was measured, and what is shown of it."""
        return self.made / "results"


def exhibits(
    workspace: Workspace, names: Sequence[str] = (), architectures: Sequence[str] = ()
) -> list[Exhibit]:
    """Read the named recipes, all where none is named, in the order of their names.

    Args:
        workspace: Where they lie.
        names: Of the exhibits.
        architectures: The names that an architecture may have; any where it is empty.

    Raises:
        UserError: There is no gallery, or no exhibit of a name.
        RecipeError: A recipe is not right, or contradicts the model beside it; names all that do.
    """
    if not workspace.gallery.is_dir():
        raise UserError(Problem(str(workspace.gallery), "there is no gallery here", "",
                                "run this in the project's folder, or name it with --root"))
    known = sorted(p.parent.name for p in workspace.gallery.glob("[!.]*/exhibit.toml"))
    unknown = [Problem(name, "no exhibit has this name", "",
                       did_you_mean(name, known) or f"there are: {', '.join(known)}")
               for name in names if name not in known]
    if unknown:
        raise UserError(unknown)
    found = [read_exhibit(workspace.gallery / name, architectures)
             for name in (sorted(names) or known)]
    if problems := [problem for exhibit in found for problem in differences(exhibit)]:
        raise RecipeError(problems)
    return [as_stored(exhibit) for exhibit in found]


def has_weights(exhibit: Exhibit) -> bool:
    """Tell whether an exhibit's model is there, or a record of values in its place."""
    return model_files(exhibit.folder)[-1].is_file()
