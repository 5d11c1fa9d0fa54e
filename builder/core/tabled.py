"""What was found of a model as plain tables, from what `gallery inspect --json` writes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from builder.core.grades import Grade
from builder.core.units import UnitId

FORMULAS, CONDITIONS, SPREAD = 12, 6, 10
"""Most rows of the tables; all that was found is in the JSON."""

FEW = 3
"""Formulas that are shown where none is supported."""

NOTHING = "—"
Row = tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """Cells of text with a line above.

    Attributes:
        title: What it says.
        head: Of each column.
        rows: As many cells each.
    """

    title: str
    head: Row
    rows: tuple[Row, ...]

    @property
    def lines(self) -> list[str]:
        """The table with its columns one below the other, without its title."""
        every = [self.head, *([printable(cell) for cell in row] for row in self.rows)]
        widths = [max(len(row[i]) for row in every) for i in range(len(self.head))]
        return ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True))
                .rstrip() for row in every]


def printable(text: str) -> str:
    """Return a text with everything in it shown that a terminal would obey."""
    return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in text)


def said_in_words(found: Mapping[str, Any]) -> list[str]:
    """Return the lines of all tables; none where nothing was put into words.

    Args:
        found: What `gallery inspect --json` writes.
    """
    return [line for table in word_tables(found) for line in (table.title, *table.lines, "")]


def word_tables(found: Mapping[str, Any]) -> list[Table]:
    """Return the best formulas, sums, coverage, spread and the best claims under a condition.

    Args:
        found: What `gallery inspect --json` writes.
    """
    if found["formulas"] is None:
        return []
    tables = (_formulas(found["formulas"]), _sums(found["formulas"]),
              _coverage(found["coverage"]), _spread(found.get("spread") or ()),
              _conditions(found["conditions"]))
    return [table for table in tables if table.rows]


def _formulas(claims: Sequence[Mapping[str, Any]]) -> Table:
    shown = list(_one_of_each_cell(claims))
    supported = [c for c in shown if c["grade"] != Grade.NOT_SUPPORTED]
    rows = [(c["unit"], c["text"], *_numbers(c["held_out"], "r_within_bigram",
                                             "r_beyond_reservoir"),
             _share(c["explained"]["formula"]), plain_grade(c)) for c in supported or shown[:FEW]]
    return Table("formulas that go with units best",
                 ("unit", "formula", "r′", "r″", "of its variance", "grade"),
                 tuple(rows[:FORMULAS]))


def _sums(claims: Sequence[Mapping[str, Any]]) -> Table:
    rows = [(c["unit"], _signed_sum(c), _share(c["explained"]["formula"]),
             _share(c["several"]["explained"]))
            for c in _one_of_each_cell(claims) if c.get("several")]
    return Table("units that say several things", ("unit", "sum", "the first alone", "together"),
                 tuple(rows[:FORMULAS]))


def _signed_sum(claim: Mapping[str, Any]) -> str:
    several = claim["several"]
    terms = [(several["weight"], claim["text"]),
             *((one["weight"], one["text"]) for one in several["further"])]
    return " ".join(f"{'+' if weight >= 0 else '−'} ({text})" for weight, text in terms)


def _spread(spread: Sequence[Mapping[str, Any]]) -> Table:
    """Return how features are spread over units, what the network learned most of first."""
    ranked = sorted(spread, key=lambda one: max(0.0, one["reservoir"] or 0.0)
                    - (one["linear"] or 0.0))
    sizes = spread[0]["sizes"] if spread else []
    beside = ["reservoir"] if any(one["reservoir"] is not None for one in spread) else []
    rows = [(one["text"], one["units"][0], *map(_share, one["explained"]), _share(one["linear"]),
             *(_share(one[name]) for name in beside)) for one in ranked[:SPREAD]]
    return Table("how much of a feature so many units tell",
                 ("feature", "best unit", *(f"{size}" for size in sizes), "all",
                  *("untrained" for _ in beside)),
                 tuple(rows))


def _one_of_each_cell(claims: Sequence[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    seen = set[tuple[int, int]]()
    for claim in claims:
        cell = UnitId.parse(claim["unit"]).cell
        if cell not in seen:
            yield claim
        seen.add(cell)


def _coverage(coverage: Mapping[str, Any]) -> Table:
    untrained = coverage["untrained"]
    rows = []
    for key, title in (("single", "one feature"), ("formulas", "a formula"),
                       ("linear", "a linear mix of all")):
        rows.append((title, *_counts(coverage, key, coverage)))
        if untrained:
            rows.append((f"{title}, untrained", *_counts(untrained, key, coverage)))
    least = [f"|r′| ≥ {t:g}" for t in coverage["thresholds"]]
    beyond = [f"|r″| ≥ {t:g}" for t in coverage["thresholds_beyond_reservoir"]]
    return Table(f"how many of {coverage['units']:,} units can be told by",
                 ("", *least, *beyond), tuple(rows))


def _counts(
    counted: Mapping[str, Any], key: str, coverage: Mapping[str, Any]
) -> Iterator[str]:
    for name, thresholds in ((key, "thresholds"),
                             (f"{key}_beyond_reservoir", "thresholds_beyond_reservoir")):
        row = counted.get(name)
        yield from [NOTHING] * len(coverage[thresholds]) if row is None else (
            f"{n:g}" for n in row)


def _conditions(claims: Sequence[Mapping[str, Any]]) -> Table:
    rows = tuple((c["unit"], c["feature"], c["given"],
                  *_numbers(c["held_out"], "r", "auc", "auprc", "base_rate"),
                  *_numbers(c, "untrained_floor"), plain_grade(c)) for c in claims[:CONDITIONS])
    return Table("what units tell among the steps after a character",
                 ("unit", "feature", "given", "r", "AUC", "precision", "base rate", "untrained",
                  "grade"), rows)


def _numbers(found: Mapping[str, Any], *names: str) -> Iterator[str]:
    return (plain_number(found[name]) for name in names)


def plain_grade(claim: Mapping[str, Any]) -> str:
    """Return the grade of a claim in words."""
    return str(claim["grade"]).replace("_", " ")


def plain_number(value: float | None, digits: int = 2) -> str:
    """Return a number as a terminal shows it; a dash where it was not measured."""
    return NOTHING if value is None else f"{value:.{digits}f}"


def _share(value: float | None) -> str:
    return NOTHING if value is None else f"{round(100 * value)}%"
