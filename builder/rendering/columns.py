"""The columns of published tables: their names, types and meanings, in the order they stand in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Column:
    """A column of a CSV file.

    Attributes:
        name: As its first line says.
        type: What stands in it; nothing stands where nothing was measured.
        means: In words.
    """

    name: str
    type: Literal["string", "integer", "number"]
    means: str


@dataclass(frozen=True)
class Table:
    """A kind of published table.

    Attributes:
        folder: Of the site; what is in it and ends in `.csv` is such a table.
        means: What its rows are.
        columns: All of them.
    """

    folder: str
    means: str
    columns: tuple[Column, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """The first line of such a file."""
        return tuple(column.name for column in self.columns)


def _estimated(name: str, of: str) -> Iterator[Column]:
    yield Column(name, "number", f"{of}, on unseen text")
    yield Column(f"{name}_low", "number", f"lower end of the 95% interval of {name}")
    yield Column(f"{name}_high", "number", f"upper end of the 95% interval of {name}")


_UNIT = Column("unit", "string", "signal, layer and index of the unit")
_FEATURE = Column("feature", "string", "id of the feature")
_GRADE = Column("grade", "string",
                "causal, verified, character, suggestive or not_supported, best first")
_P = Column("p_family", "number",
            "chance of so large a correlation anywhere, if labels were those of other documents")
_RAW = "correlation"
_WITHIN = "correlation within bigrams: what the last two characters do not explain"

CLAIMS = Table("exhibits", "the claims about one network, best first", (
    _UNIT, _FEATURE, _GRADE,
    Column("r_discover", "number", f"{_RAW}, where the claim was found"),
    Column("r_within_discover", "number", f"{_WITHIN}, where the claim was found"),
    *_estimated("r", _RAW), *_estimated("r_within", _WITHIN),
    Column("untrained_floor", "number", "what networks reach that learned nothing"), _P))

FORMULAS = Table("words", "the formula of every unit of one network", (
    _UNIT, Column("formula", "string", "features joined by & (and), | (or), ~ (not)"), _GRADE,
    Column("base_rate", "number", "share of the unseen steps where it holds"),
    Column("r_within_discover", "number", f"{_WITHIN}, where the formula was found"),
    Column("single", "string", "the single feature that goes with the unit best"),
    Column("single_r_within", "number", f"of that feature: {_WITHIN}, on unseen text"),
    *_estimated("r", _RAW), *_estimated("r_within", _WITHIN),
    *_estimated("r_beyond_reservoir",
                "correlation of what untrained networks leave of unit and formula"), _P,
    Column("r2_formula", "number",
           "share of the unit's variance on unseen text, within bigrams, that the formula tells"),
    Column("r2_linear", "number", "share that a linear mix of all features tells")))

UNITS = Table("units", "every unit of one network with every feature, on the discovery text", (
    _UNIT, _FEATURE, Column("r", "number", _RAW), Column("r_within", "number", _WITHIN)))

EXCERPTS = Table("cells", "every character of the excerpts of one unit", (
    Column("excerpt", "integer", "number of the excerpt, from 1"),
    Column("rule", "string", "why it was chosen: strongest, upper, typical, lower, weakest, "
                             "random or fails"),
    Column("document", "string", "name of the file inside the text"),
    Column("position", "integer", "place in the file, in characters from 0"),
    Column("character", "string", "the character; a newline is one too"),
    Column("value", "number", "of the unit, after the step that the character belongs to"),
    Column("label", "number", "of the feature, there")))

TABLES = (CLAIMS, FORMULAS, UNITS, EXCERPTS)
