"""The numbers behind the pages, as JSON and CSV files beside them."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Sequence
from dataclasses import fields
from typing import Any

from builder.core.cards import CHARACTERS, DOCUMENT, CellCard, Claim, Excerpt, ExhibitCard
from builder.core.formulas import parsed
from builder.core.records import claim_fields
from builder.core.scores import Estimate
from builder.core.units import UnitId
from builder.rendering.addresses import cell_name

FORMAT = 1
CLAIM_COLUMNS = (
    "unit", "feature", "grade", "r_discover", "r_within_discover", "r", "r_low", "r_high",
    "r_within", "r_within_low", "r_within_high", "untrained_floor", "p_family")
WORDS_COLUMNS = (
    "unit", "formula", "grade", "base_rate", "r_within_discover", "single", "single_r_within",
    "r", "r_low", "r_high", "r_within", "r_within_low", "r_within_high", "r_beyond_reservoir",
    "r_beyond_reservoir_low", "r_beyond_reservoir_high", "p_family", "r2_formula", "r2_linear")
PUBLISHED = {"transfer": "elsewhere", "seed_group": "family"}
"""Field to its name in published files, where that is another one: those names never change."""

_SURROGATE = re.compile("[\ud800-\udfff]")


def cell_download(exhibit: ExhibitCard, cell: CellCard) -> str:
    """Return all that is known of a cell, with where its text comes from.

    Values of excerpts that are not numbers are null.
    """
    provenance = {
        "source": exhibit.source, "license": exhibit.license,
        "model_digest": exhibit.model_digest, "corpus_digest": exhibit.corpus_digest,
        "training": exhibit.training, "characters": exhibit.characters,
    }
    ties = exhibit.connected and exhibit.connected.by_cell.get(cell.claim.cell)
    connections = {"connections": _fields(ties)} if ties else {}
    content = {"format": FORMAT, **_fields(cell), **connections, "provenance": provenance}
    return _json(content)


def exhibit_download(exhibit: ExhibitCard) -> str:
    """Return an exhibit with every claim; its cells are named, their excerpts are elsewhere."""
    content = {**_fields(exhibit), "cells": [cell_name(cell) for cell in exhibit.cells]}
    for name in ("table", "explored", "in_browser", "worded", "connected"):  # files of their own
        del content[name]
    if exhibit.tokens == CHARACTERS:
        del content["tokens"]  # as in model.json
    if exhibit.reset == DOCUMENT:
        del content["reset"]
    return _json({"format": FORMAT, **content})


def claim_table(exhibit: ExhibitCard) -> str:
    """Return the claims of an exhibit, as CSV."""
    claims = [(c.unit, c.feature, c.grade.value, c.r, c.r_within,
               *_three(c.held_out.r), *_three(c.held_out.r_within), c.untrained_floor, c.p_family)
              for c in exhibit.claims]
    return _csv(CLAIM_COLUMNS, claims)


def unit_table(exhibit: ExhibitCard) -> str:
    """Return all units of an exhibit against all features, as CSV."""
    table = exhibit.table
    pairs = [(unit, feature, _one(r), _one(within))
             for unit, rs, withins in zip(table.units, table.r, table.r_within, strict=True)
             for feature, r, within in zip(table.features, rs, withins, strict=True)]
    return _csv(("unit", "feature", "r", "r_within"), pairs)


def unit_download(exhibit: ExhibitCard) -> str:
    """Return the same as JSON."""
    table = exhibit.table
    content = {"format": FORMAT, "units": table.units, "features": table.features,
               "r": [[_one(r) for r in row] for row in table.r],
               "r_within": [[_one(r) for r in row] for row in table.r_within]}
    return _json(content)


def words_table(exhibit: ExhibitCard) -> str:
    """Return the formulas of an exhibit's units, as CSV."""
    claims = exhibit.worded.formulas if exhibit.worded else ()
    rows = [(c.unit, c.text, c.grade.value, c.base_rate, c.r_within, c.single, c.single_r_within,
             *_three(c.held_out.r), *_three(c.held_out.r_within), *_three(c.beyond), c.p_family,
             c.explained.formula, c.explained.linear) for c in claims]
    return _csv(WORDS_COLUMNS, rows)


def words_download(exhibit: ExhibitCard) -> str:
    """Return all that is known of an exhibit in words, each formula also as a tree."""
    if exhibit.worded is None:
        return _json({"format": FORMAT})
    content = {**_fields(exhibit.worded), "formulas": [
        {**_fields(claim), "tree": parsed(claim.text).as_json()}
        for claim in exhibit.worded.formulas]}
    del content["marked"]
    return _json({"format": FORMAT, **content})


def cell_table(cell: CellCard) -> str:
    """Return every character of a cell's excerpts with its value and label, as CSV."""
    rows = [(number, e.rule, e.document, e.start + at, character, value, label)
            for number, e in enumerate(cell.excerpts, start=1)
            for at, (character, value, label) in enumerate(
                zip(e.text, e.values, _whole(e.labels), strict=True))]
    columns = ("excerpt", "rule", "document", "position", "character", "value", "label")
    return _csv(columns, rows)


def _csv(columns: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(rows)
    return _SURROGATE.sub("\ufffd", out.getvalue())


def _three(estimate: Estimate) -> tuple[float | None, ...]:
    return estimate.value, estimate.low, estimate.high


def _one(thousandths: int | None) -> float | None:
    return None if thousandths is None else thousandths / 1000


def _json(content: dict[str, Any]) -> str:
    """Return JSON; null stands for every number that is none."""
    try:
        text = _dumped(content, allow_nan=False)
    except ValueError:
        text = _dumped(json.loads(_dumped(content), parse_constant=lambda _: None))
    return _SURROGATE.sub(lambda found: f"\\u{ord(found[0]):04x}", text) + "\n"


def _dumped(content: Any, allow_nan: bool = True) -> str:
    return json.dumps(content, ensure_ascii=False, allow_nan=allow_nan, default=_plain,
                      separators=(",", ":"))


def _plain(value: Any) -> Any:
    if isinstance(value, UnitId):
        return value.name
    if isinstance(value, Claim):
        return claim_fields(value)
    found = _fields(value)
    return found | {"labels": _whole(value.labels)} if isinstance(value, Excerpt) else found


def _whole(labels: Sequence[float]) -> list[float | int]:
    """Return labels without the ".0" of those that are whole."""
    return [int(label) if label.is_integer() else label for label in labels]


def _fields(card: Any) -> dict[str, Any]:
    """Return the fields of a frozen dataclass as they are, under their published names."""
    return {PUBLISHED.get(field.name, field.name): getattr(card, field.name)
            for field in fields(card)}
