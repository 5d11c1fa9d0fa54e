"""The environment of the templates: where they lie, and what all of them know."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache, partial
from pathlib import Path
from typing import Any

from jinja2 import Environment, FunctionLoader, StrictUndefined, pass_environment
from markupsafe import Markup, escape

from builder.core.digests import digest
from builder.core.errors import OutputError, Problem
from builder.rendering import (
    addresses,
    also,
    charts,
    colour,
    excerpts,
    filmed,
    fitting,
    formulated,
    gallery,
    guesses,
    marks,
    means,
    numbers,
    phrases,
    seeds,
    spans,
    spreading,
    typed,
    words,
)
from builder.rendering.compiled import Compiled
from builder.rendering.panel import CellContext, Panel
from builder.rendering.reads import note

TEMPLATES = Path(__file__).parent / "templates"


_A_TEMPLATE = "template "

Draw = Callable[[Panel, CellContext, Callable[[], str]], str]
"""Returns the HTML of a panel on the page of a cell, by making it or by remembering it."""


class _Templates(Environment):
    """Notes which templates are read; each is read once, so that no page has half of a change."""

    def __init__(self, **options: Any) -> None:
        self.source = cache(_source)
        super().__init__(loader=FunctionLoader(self.source), **options)

    def get_template(self, name: Any, parent: Any = None, globals: Any = None) -> Any:
        """Return a template by its name, or by its path."""
        if isinstance(name, str):
            note(_A_TEMPLATE + name)
        return super().get_template(name, parent, globals)


_COMPILED = Compiled()

_OTHER_COLOUR = {"red": "blue", "blue": "red", "redder": "bluer", "bluer": "redder"}
_COLOUR_WORD = re.compile(rf"\b(?:{'|'.join(_OTHER_COLOUR)})\b", re.IGNORECASE)


def template_token(made: Environment, read: str) -> str:
    """Return the token of a template that was read; empty where the read is none."""
    if not (read.startswith(_A_TEMPLATE) and isinstance(made, _Templates)):
        return ""
    try:
        return digest(made.source(read.removeprefix(_A_TEMPLATE)))
    except OutputError:
        return ""


def remember_panels(made: Environment, draw: Draw) -> None:
    """Let panels be remembered on the pages that an environment makes."""
    made.globals["draw"] = pass_environment(partial(_draw, draw))


def environment() -> Environment:
    """Return an environment that knows our templates by their names, all others by their paths."""
    made = _Templates(
        autoescape=True, undefined=StrictUndefined, bytecode_cache=_COMPILED,
        trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True, auto_reload=False,
    )
    made.filters |= {
        "number": numbers.number, "interval": numbers.interval, "estimated": numbers.estimated,
        "percent": numbers.percent, "rest": numbers.rest,
        "inside": phrases.inside, "short": numbers.short, "whole": numbers.whole,
        "visible": spans.visible, "tones": _tones, "coded": _coded,
    }
    made.globals |= {
        "addresses": addresses, "also": also, "excerpts": excerpts, "cells": gallery,
        "words": words,
        "filmed": filmed, "fitting": fitting, "guesses": guesses, "seeds": seeds,
        "formulated": formulated, "spreading": spreading, "letters": colour.LETTERS,
        "charts": charts, "marks": marks, "means": means, "typed_text": typed,
        "draw": pass_environment(partial(_draw, _make)),
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


def _make(panel: Panel, cell: CellContext, make: Callable[[], str]) -> str:
    return make()


def _draw(draw: Draw, made: Environment, panel: Panel, cell: CellContext) -> Markup:
    """Return the HTML of a panel on the page of a cell, in whole lines."""
    return Markup(draw(panel, cell, lambda: _drawn(made, panel, cell)))


def _drawn(made: Environment, panel: Panel, cell: CellContext) -> str:
    template = made.get_template(panel.file)
    return template.render({**cell.names(), **panel.gives(cell)}).strip("\n") + "\n"


def _coded(sentence: str) -> Markup:
    """Return a sentence in which what stands between backticks is code."""
    return Markup(re.sub(r"`([^`]+)`", r"<code>\1</code>", str(escape(sentence))))


def _tones(sentence: str) -> Markup:
    """Return a sentence whose colour word follows the switch that flips the colours.

    It is the first one in the sentence: what comes after it is a feature's own words. The other
    word is in an attribute, so that only one is found, copied and read aloud.
    """
    return Markup(_COLOUR_WORD.sub(_tone, str(escape(sentence)), count=1))


def _tone(found: re.Match[str]) -> str:
    word = found[0]
    other = _OTHER_COLOUR[word.lower()]
    other = other.capitalize() if word[0].isupper() else other
    return f'<span class="tone" data-flipped="{other}"><span>{word}</span></span>'
