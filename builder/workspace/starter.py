"""The recipes that `gallery new` and `gallery add` write."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from builder.core.errors import OutputError, Problem, RecipeError
from builder.core.files import write_text
from builder.workspace.recipe import EXHIBIT_NAME

STARTER = '''\
title = "An LSTM that read my text"
language = "python"            # a lexer name, or "prose"; see: gallery features --language ...

[corpus]
kind = "directory"             # stdlib, installed, directory, git, url or synthetic
path = "../../my-text"         # from this folder
include = ["**/*.py"]
source = "Where the text comes from"
license = "Its licence"

[model]
architecture = "lstm"          # rnn, gru or lstm
hidden_size = 256

[training]
characters = 20_000_000        # to read in all; more passes over the text where it is shorter
seed = 1

[selection]
cells = 24

[page]
summary = "One sentence for the list of exhibits."
about = """
A paragraph for the exhibit's page, in Markdown.
"""
'''

OF_TEXT = '''\
title = {title}
language = {language}

[corpus]
kind = "directory"
path = {path}
include = {include}
source = {source}
license = {license}

[split]                        # nothing is trained here
discover = 0.4
held_out_share = 0.4
piece = {piece}                   # characters, where there are few files

[selection]
cells = 24

[page]
summary = {summary}
about = """
"""
'''

OF_STATES = '''\
title = {title}
language = {language}

[corpus]
kind = "states"                # values of a model, and the text that they are of
file = {file}
untrained = {untrained}
text = {text}
include = {include}
source = {source}
license = {license}

[selection]
cells = 24

[page]
summary = {summary}
about = """
"""
'''


def recipe_of_states(said: Mapping[str, str | int | list[str]]) -> str:
    """Return a recipe for states that were stored; arguments as of `recipe_of_text`."""
    return OF_STATES.format(**{name: _toml(value) for name, value in said.items()})


def recipe_of_text(said: Mapping[str, str | int | list[str]]) -> str:
    """Return a recipe for a model that was trained elsewhere.

    Args:
        said: What each blank of `OF_TEXT` is, by its name.
    """
    return OF_TEXT.format(**{name: _toml(value) for name, value in said.items()})


def _toml(value: str | int | list[str]) -> str:
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def new_exhibit(gallery: Path, name: str) -> Path:
    """Write a recipe to start from; return its path.

    Raises:
        RecipeError: The name is not one for an exhibit.
        OutputError: There is such an exhibit already.
    """
    check_name(name)
    path = gallery / name / "exhibit.toml"
    if path.exists():
        raise OutputError(Problem(str(path), "there already", "", "choose another name"))
    write_text(path, STARTER)
    return path


def check_name(name: str) -> None:
    """See that a name is one for an exhibit.

    Raises:
        RecipeError: It is not.
    """
    if not EXHIBIT_NAME.fullmatch(name):
        raise RecipeError(Problem(name, "not a name for an exhibit", "",
                                  "use lower-case letters, digits and single hyphens"))
