"""JSON Schema of the JSON files beside the pages, made from the types that these are written of."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, get_type_hints

from pydantic import BaseModel, create_model

from builder.core.cards import CellCard, Claim, ExhibitCard
from builder.core.records import CLAIM_FIELDS
from builder.core.worded import FormulaClaim, Worded
from builder.rendering.catalogues import SCHEMAS
from builder.rendering.downloads import ELSEWHERE, LEFT_OUT, PUBLISHED

_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_FORMAT: dict[str, Any] = {"format": Literal[1]}


def schemas() -> dict[str, dict[str, Any]]:
    """Return the schema of each kind of file, by the name of the schema's own file."""
    claim = _model("Claim", _claim(), optional={"controls"})
    claims: Any = tuple[claim, ...]  # type: ignore[valid-type]
    formula = _model("Formula", {**_hints(FormulaClaim), "tree": dict[str, Any]})
    formulas: Any = tuple[formula, ...]  # type: ignore[valid-type]
    numbers = list[list[float | None]]
    exhibit = {k: v for k, v in _hints(ExhibitCard).items() if k not in ELSEWHERE}
    words = {k: v for k, v in _hints(Worded).items() if k != "marked"}
    made = {
        "cells": _model("Cell", {**_FORMAT, **_hints(CellCard), "claim": claim, "others": claims,
                                 "connections": dict[str, Any], "provenance": dict[str, Any]},
                        optional={"connections"}),
        "exhibits": _model("Exhibit", {**_FORMAT, **exhibit, "claims": claims,
                                       "cells": list[str]}, optional=LEFT_OUT),
        "units": _model("Units", {**_FORMAT, "units": list[str], "features": list[str],
                                  "r": numbers, "r_within": numbers}),
        "words": _model("Words", {**_FORMAT, **words, "formulas": formulas}, optional={*words}),
    }
    return {SCHEMAS[folder]: {"$schema": _DIALECT, **_plain(model.model_json_schema(
        mode="serialization"))} for folder, model in made.items()}


def _model(
    name: str, fields: Mapping[str, Any], optional: frozenset[str] | set[str] = frozenset()
) -> type[BaseModel]:
    """Return a type with these fields; those that are optional may be missing."""
    types: dict[str, Any] = {
        field: (kind | None, None) if field in optional else (kind, ...)
        for field, kind in fields.items()}
    return create_model(name, **types)


def _hints(card: type) -> dict[str, Any]:
    """Return the types of a frozen dataclass's fields, under their published names."""
    return {PUBLISHED.get(name, name): kind for name, kind in get_type_hints(card).items()}


def _claim() -> dict[str, Any]:
    """Return the types of what is published of a claim: of its fields and of its properties."""
    own = get_type_hints(Claim)
    return {**{published: own[name] if name in own else get_type_hints(
        getattr(Claim, name).fget)["return"] for published, name in CLAIM_FIELDS.items()},
        "controls": dict[str, Any]}


def _plain(schema: Any) -> Any:
    """Return a schema without titles and defaults, in which any number may be null."""
    if isinstance(schema, list):
        return [_plain(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    kept = {k: _plain(v) for k, v in schema.items()
            if k not in ("title", "default") or isinstance(v, dict)}
    return kept | {"type": ["number", "null"]} if kept.get("type") == "number" else kept
