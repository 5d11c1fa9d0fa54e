"""The numbers behind the pages, as JSON files beside them."""

from __future__ import annotations

import json
import re
from dataclasses import asdict
from typing import Any

from builder.core.cards import CellCard, ExhibitCard
from builder.core.pages import Page
from builder.rendering.addresses import cell_name, exhibit_name

FORMAT = 1
_SURROGATE = re.compile("[\ud800-\udfff]")


def cell_download(exhibit: ExhibitCard, cell: CellCard) -> Page:
    """Return all that is known of a cell, with where its text comes from.

    Values of excerpts that are not numbers are null.
    """
    provenance = {
        "source": exhibit.source, "license": exhibit.license,
        "model_digest": exhibit.model_digest, "corpus_digest": exhibit.corpus_digest,
        "training": exhibit.training, "characters": exhibit.characters,
    }
    content = {"format": FORMAT, **asdict(cell), "provenance": provenance}
    return Page(cell_name(cell) + ".json", _json(content))


def exhibit_download(exhibit: ExhibitCard) -> Page:
    """Return an exhibit with every claim; its cells are named, their excerpts are elsewhere."""
    content = {**asdict(exhibit), "cells": [cell_name(cell) for cell in exhibit.cells]}
    return Page(exhibit_name(exhibit.name) + ".json", _json({"format": FORMAT, **content}))


def _json(content: dict[str, Any]) -> str:
    text = json.dumps(_finite(content), ensure_ascii=False, allow_nan=False) + "\n"
    return _SURROGATE.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def _finite(data: Any) -> Any:
    """Return plain data with null for every number that is none."""
    if isinstance(data, dict):
        return {key: _finite(value) for key, value in data.items()}
    if isinstance(data, list | tuple):
        return [_finite(value) for value in data]
    return None if isinstance(data, float) and data - data != 0 else data
