"""A cell in a notebook: coloured text that needs nothing but itself."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from markupsafe import Markup

from builder.core.errors import Problem, UserError
from builder.core.units import UnitId
from builder.rendering.colour import LETTERS, THEMES, ramp
from builder.rendering.spans import Values, coloured

CELLS = "site_src/docs/cells"
_INK, _PAPER = THEMES["default"][:2]


@dataclass(frozen=True)
class Picture:
    """A text coloured by a unit; a notebook that is given one shows it.

    Attributes:
        text: N characters; they are always shown as text.
        values: N numbers, −1 to 1.
        labels: N labels of a feature, a line under the text where they are not 0; or none.
        caption: A line below.
    """

    text: str
    values: Values
    labels: Sequence[float] = ()
    caption: str = ""

    def _repr_html_(self) -> str:
        on = [label != 0 for label in self.labels] if len(self.labels) else None
        return str(Markup(
            '<div class="unit-gallery"><style>{}</style><pre>{}</pre><p>{}</p></div>'
        ).format(_style(), coloured(self.text, self.values, on), self.caption))


def show(exhibit: str, unit: str, excerpt: int = 1, root: str | Path = ".") -> Picture:
    """Return a picture of a cell of a gallery that was built, to be shown in a notebook.

    Args:
        exhibit: Name of the exhibit.
        unit: Name of the unit or of another signal of its cell, for example `c0.17`.
        excerpt: Which of its excerpts, from 1.
        root: The folder of the project.

    Raises:
        UserError: There is no such cell or excerpt, or the name is not one of a unit.
    """
    path = _path(exhibit, unit, Path(root))
    try:
        cell = json.loads(path.read_text("utf-8"))
    except OSError:
        raise UserError(Problem(str(path), f"no page for {unit} of {exhibit}", "",
                                "build the gallery, and choose a unit that has a page")) from None
    if not 1 <= excerpt <= len(cell["excerpts"]):
        raise UserError(Problem(str(path), f"no excerpt {excerpt}",
                                f"there are {len(cell['excerpts'])}", "count from 1"))
    chosen, claim = cell["excerpts"][excerpt - 1], cell["claim"]
    caption = (f"{claim['unit']} of {exhibit}, for the feature {claim['feature']}; "
               f"{chosen['document']}, line {chosen['line']}. Red is high, blue is low.")
    on = [label if label in (0, 1) else 0 for label in chosen["labels"]]
    return Picture(chosen["text"], chosen["values"], on, caption)


def _path(exhibit: str, unit: str, root: Path) -> Path:
    try:
        layer, index = UnitId.parse(unit).cell
    except ValueError:
        raise UserError(Problem(repr(unit), "not the name of a unit", "",
                                "write it as the pages do: c0.17")) from None
    if Path(exhibit).name != exhibit:
        raise UserError(Problem(repr(exhibit), "not the name of an exhibit", "",
                                "write it as its folder is called"))
    return root / CELLS / exhibit / f"l{layer}-{index}.json"


def _style() -> Markup:
    """Return rules for this picture alone."""
    box = ".unit-gallery"
    levels = "".join(f"{box} .{letter}{{background:{colour}}}"
                     for letter, colour in zip(LETTERS, ramp("default"), strict=True))
    return Markup(
        f"{box} pre{{background:{_PAPER};color:{_INK};padding:.8em;overflow-x:auto;"
        f"line-height:1.6}}{box} b{{font-weight:inherit;color:{_INK}}}"
        f"{box} u{{text-decoration:none;border-bottom:1px solid {_INK}}}"
        f"{box} i{{font-style:normal}}{box} i:empty::before{{content:'↵';opacity:.4}}{levels}")
