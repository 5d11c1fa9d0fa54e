"""What was found of a model, for a notebook: a table of claims, and the best ones on text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from markupsafe import Markup

from builder.core.files import json_text, write_text
from builder.core.tabled import (
    NOTHING,
    Table,
    plain_grade,
    plain_number,
    said_in_words,
    word_tables,
)
from builder.rendering.notebook import Picture

ROWS = 20
"""Most claims of the table; all of them are in `json`."""

_COLUMNS = ("unit", "feature", "r", "r′", "95%", "untrained", "p", "grade")


@dataclass(frozen=True)
class Inspected:
    """Claims about a model; a notebook that is given this shows it.

    Attributes:
        json: What `gallery inspect --json` writes.
        pictures: The best claims on unseen text.
        notes: A sentence for each thing that is to be said besides.
    """

    json: Mapping[str, Any]
    pictures: tuple[Picture, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def claims(self) -> Sequence[Mapping[str, Any]]:
        """The claims, best first."""
        claims: Sequence[Mapping[str, Any]] = self.json["claims"]
        return claims

    def to_json(self, path: str | Path | None = None) -> str:
        """Return the JSON as a text, and write it to a file if one is named.

        Raises:
            OutputError: The file cannot be written.
        """
        text = json_text(self.json)
        if path is not None:
            write_text(Path(path), text)
        return text

    def __repr__(self) -> str:
        lines = [self._summary(), *self.notes, *self._claims.lines]
        return "\n".join([*lines, *(["", *said] if (said := said_in_words(self.json)) else [])])

    def _repr_html_(self) -> str:
        tables = Markup("").join(map(_html, (self._claims, *word_tables(self.json))))
        notes = Markup("").join(Markup("<p>{}</p>").format(note)
                                for note in (self._summary(), *self.notes))
        pictures = Markup("").join(Markup(picture._repr_html_()) for picture in self.pictures)
        return str(Markup("<div>{}{}{}</div>").format(notes, tables, pictures))

    @property
    def _claims(self) -> Table:
        return Table("", _COLUMNS, tuple(map(_row, self.claims[:ROWS])))

    def _summary(self) -> str:
        grades = Counter(plain_grade(claim) for claim in self.claims)
        said = ", ".join(f"{count} {grade}" for grade, count in grades.items())
        return (f"{self.json['units']:,} units, judged on {self.json['characters']:,} steps of "
                f"unseen text; {len(self.claims)} claims: {said or 'none'}")


def _html(table: Table) -> Markup:
    head = Markup("").join(Markup("<th>{}</th>").format(name) for name in table.head)
    body = Markup("").join(
        Markup("<tr>{}</tr>").format(Markup("").join(
            Markup("<td>{}</td>").format(cell) for cell in row)) for row in table.rows)
    title = Markup("<p>{}</p>").format(table.title) if table.title else ""
    return Markup("{}<table><thead><tr>{}</tr></thead><tbody>{}</tbody></table>").format(
        title, head, body)


def _row(claim: Mapping[str, Any]) -> tuple[str, ...]:
    held_out = claim["held_out"]
    interval = held_out["ci_within_bigram"] or held_out["ci"]
    return (claim["unit"], claim["feature"], plain_number(held_out["r"]),
            plain_number(held_out["r_within_bigram"]),
            f"{interval[0]:.2f} to {interval[1]:.2f}" if interval else NOTHING,
            plain_number(claim["untrained_floor"]), plain_number(claim["p_family"], 3),
            plain_grade(claim))
