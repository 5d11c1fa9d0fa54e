"""Names of pages: a page's name is its address in the site, and the name of its fragment.

`a/b` stands for the page at `a/b/`, `a/index` for the one at `a/`.
"""

from __future__ import annotations

from collections.abc import Iterable

from builder.core.cards import CellCard
from builder.core.units import UnitId

HOME, EXHIBITS, FEATURES = "index", "exhibits/index", "features/index"
CLASSICS, QUIZ = "classics/index", "quiz/index"
ARCHITECTURES, RESULTS = "architectures/index", "results/index"
COUNTING, WORDS = "counting/index", "words/index"
SIDE_BY_SIDE = "side-by-side/index"
UNINTERPRETABLE = "classics/uninterpretable"
WHY, WHY_WORDS, HOW = "why", "why-words", "how"
"""Names of fragments that stand on a page written by hand."""


def unit_name(exhibit: str, unit: UnitId) -> str:
    """Return the name of a unit's page; all signals of a layer's index share it."""
    return f"cells/{exhibit}/l{unit.layer}-{unit.index}"


def cell_name(cell: CellCard) -> str:
    """Return the name of a cell's page."""
    return unit_name(cell.exhibit, cell.claim.unit)


def exhibit_name(exhibit: str) -> str:
    """Return the name of an exhibit's page."""
    return f"exhibits/{exhibit}"


def embed_name(cell: CellCard) -> str:
    """Return the name of the page that stands in other sites' frames."""
    return cell_name(cell).replace("cells/", "embed/", 1)


def figure_name(cell: CellCard, number: int) -> str:
    """Return the file with the drawing of an excerpt, counted from 1."""
    return f"{cell_name(cell)}-{number}.svg"


def preview_name(cell: CellCard) -> str:
    """Return the file with the picture that stands beside a link to a cell's page."""
    return f"{cell_name(cell)}.png"


def alias_names(exhibit: str, unit: UnitId, states: Iterable[str]) -> list[str]:
    """Return the files that lead to a unit's page from the names of its signals.

    Args:
        exhibit: Of the unit.
        unit: Whose page it is.
        states: Signals of the architecture that are states.
    """
    names = dict.fromkeys([unit.name, *(f"{s}{unit.layer}.{unit.index}" for s in states)])
    return [f"cells/{exhibit}/{name}/index.html" for name in names]


def words_name(exhibit: str) -> str:
    """Return the name of the page with the formulas of all units of an exhibit."""
    return f"words/{exhibit}"


def units_name(exhibit: str) -> str:
    """Return the name of the page with all units of an exhibit."""
    return f"units/{exhibit}"


def explore_name(exhibit: str) -> str:
    """Return the name of the explorer of an exhibit."""
    return f"explore/{exhibit}"


def film_name(exhibit: str) -> str:
    """Return the name of the page of an exhibit's training."""
    return f"films/{exhibit}"


def explore_data(exhibit: str, number: int) -> str:
    """Return the file with all units over an excerpt."""
    return f"explore/data/{exhibit}-{number}.js"


def model_file(exhibit: str) -> str:
    """Return the file with the network of an exhibit."""
    return f"models/{exhibit}.js"


def classic_name(classic: str) -> str:
    """Return the name of a classic picture's page."""
    return f"classics/{classic}"


def feature_name(feature: str) -> str:
    """Return the name of a feature's page."""
    return f"features/{feature}"
