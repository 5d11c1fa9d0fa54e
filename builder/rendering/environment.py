"""The environment of the templates: where they lie, and what all of them know."""

from __future__ import annotations

import re
from pathlib import Path

from jinja2 import Environment, FunctionLoader, StrictUndefined, pass_environment
from markupsafe import Markup, escape

from builder.core.errors import OutputError, Problem
from builder.rendering import (
    addresses,
    charts,
    colour,
    excerpts,
    filmed,
    gallery,
    guesses,
    numbers,
    seeds,
    spans,
    typed,
    words,
)
from builder.rendering.panel import CellContext, Panel

TEMPLATES = Path(__file__).parent / "templates"


def environment() -> Environment:
    """Return an environment that knows our templates by their names, all others by their paths."""
    made = Environment(
        loader=FunctionLoader(_source), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True,
    )
    made.filters |= {
        "number": numbers.number, "interval": numbers.interval, "estimated": numbers.estimated,
        "percent": numbers.percent, "short": numbers.short, "whole": numbers.whole,
        "visible": spans.visible, "tones": _tones, "coded": _coded,
    }
    made.globals |= {
        "addresses": addresses, "excerpts": excerpts, "cells": gallery, "words": words,
        "filmed": filmed, "guesses": guesses, "seeds": seeds, "letters": colour.LETTERS,
        "charts": charts, "typed_text": typed, "draw": _draw,
    }
    return made


def _source(name: str) -> str:
    """Read a template; a path that is absolute stands for itself."""
    try:
        return (TEMPLATES / name).read_text("utf-8")
    except OSError as error:
        raise OutputError(Problem(name, "this template cannot be read",
                                  error.strerror or str(error),
                                  "put it beside the module that names it")) from None


@pass_environment
def _draw(made: Environment, panel: Panel, cell: CellContext) -> Markup:
    """Return the HTML of a panel on the page of a cell, in whole lines."""
    template = made.get_template(panel.file)
    html = template.render({**cell.names(), **panel.gives(cell)})
    return Markup(html.strip("\n") + "\n")


def _coded(sentence: str) -> Markup:
    """Return a sentence in which what stands between backticks is code."""
    return Markup(re.sub(r"`([^`]+)`", r"<code>\1</code>", str(escape(sentence))))


def _tones(sentence: str) -> Markup:
    """Return a sentence whose colour words follow the switch that flips the colours."""
    html = str(escape(sentence))
    for said, other in (("red", "blue"), ("blue", "red")):
        both = f'(<span class="tone">{said}</span><span class="tone-flipped">{other}</span>)'
        html = html.replace(f"({said})", both)
    return Markup(html)
