"""Recipes: what an `exhibit.toml` may say, read with every mistake reported at once."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any, Literal, get_args

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
    ValidationInfo,
    model_validator,
)
from pydantic_core import ErrorDetails, PydanticCustomError

from builder.core.errors import Problem, RecipeError, did_you_mean
from builder.core.parsing import NotReadable, toml_of
from builder.corpora.contract import CORPUS_KINDS, NOT_A_KIND, AnyCorpus
from builder.corpora.passages import PassageSettings
from builder.corpora.settings import Patterns, Settings, SplitSettings

EXHIBIT_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


def _known_architecture(name: str, info: ValidationInfo) -> str:
    known: Sequence[str] = (info.context or {}).get("architectures", ())
    if known and name not in known:
        raise PydanticCustomError("architecture", "not an architecture", {
            "remedy": did_you_mean(name, known) or f"one of {', '.join(known)}"})
    return name


TRAINABLE = ("characters", "bytes", "words", "subwords")
"""Kinds of tokens of which a training makes a vocabulary; a model beside a recipe may have others.
"""


def _trainable(tokens: str) -> str:
    if tokens not in TRAINABLE:
        raise PydanticCustomError("tokens", "not tokens that can be trained on", {
            "remedy": did_you_mean(tokens, TRAINABLE) or f"one of {', '.join(TRAINABLE)}"})
    return tokens


class ModelSettings(Settings):
    """Architecture and sizes of the network."""

    architecture: Annotated[str, AfterValidator(_known_architecture)] = "lstm"
    embedding_size: int = Field(default=64, ge=1, le=4096)
    hidden_size: int = Field(default=256, ge=1, le=8192)
    num_layers: int = Field(default=1, ge=1, le=8)
    tokens: Annotated[str, AfterValidator(_trainable)] = "characters"
    """What it reads at once; subwords as the `tokenizer.json` beside the recipe has them."""


class TrainingSettings(Settings):
    """How the weights are made; all that decides them, together with the text and the model."""

    seed: int = Field(default=0, ge=0, lt=2**32)
    characters: int = Field(default=20_000_000, ge=1, le=10**15)
    """Characters to read in all, over as many passes as that takes; padding is not counted."""
    streams: int = Field(default=64, ge=1, le=4096)
    """Documents read side by side."""
    window: int = Field(default=128, ge=2, le=4096)
    """Characters over which errors are propagated back; the state is carried further."""
    learning_rate: float = Field(default=3e-3, gt=0, le=1)
    """Highest step size; reached after 2% of the steps, then a half cosine down to a twentieth."""
    weight_decay: float = Field(default=0.01, ge=0, le=1)
    dropout: float = Field(default=0.0, ge=0, lt=1)
    clip: float = Field(default=1.0, gt=0)
    """Largest norm of the gradient."""
    minimum_count: int = Field(default=20, ge=1, le=10**15)
    """Characters rarer than this in the training text are not in the vocabulary."""
    precision: Literal["float32", "bfloat16"] = "float32"
    """Of the forward pass; bfloat16 is faster on some machines, and gives other weights."""
    threads: int = Field(default=0, ge=0, le=256)
    """Threads of one CPU run, 0 for all; another number rounds differently."""


class FeatureSettings(Settings):
    """A feature of one's own: where a regular expression matches, or a tree-sitter query."""

    id: str = Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")
    title: str = Field(min_length=1)
    """Plain words for a heading, such as "inside a formula"."""
    hypothesis: str = ""
    """One line that starts with a verb: "is on from ... to ..."."""
    tag: Literal["state", "event", "count"] = "state"
    regex: str = ""
    """On at every character of a match, or of its group `on`; ^ and $ match at lines. A count goes
    up at every character of a match, or of its group `up`, and down at those of `down`."""
    query: str = ""
    """On at the nodes captured as `@on`; needs the extra `treesitter`."""
    phrase: str = ""
    """What follows the verb: "is red … inside formulas", "gets redder … the more b's are left"."""
    many: str = ""
    """Of a count, where it is large: "where many b's are left"."""
    few: str = ""
    """Of a count, where it is small, after `many`: "where few are"."""
    rise: str = ""
    """What happens as it begins or goes up: "a formula begins"."""
    fall: str = ""
    """What happens as it ends or goes down: "a formula ends"."""

    @model_validator(mode="after")
    def _say_one(self) -> FeatureSettings:
        if bool(self.regex) == bool(self.query):
            raise ValueError("give either regex or query")
        if self.tag == "count" and self.query:
            raise ValueError("a count needs a regex")
        return self


class SelectionSettings(Settings):
    """Which cells get a page."""

    features: Patterns = ()
    """Feature names to look for; all of the language where none is named."""
    cells: int = Field(default=24, ge=1, le=500)
    """Most cells of the exhibit."""
    character_cells: int = Field(default=3, ge=0, le=100)
    """Most cells among them that only read the last two characters."""
    minimum_r: float = Field(default=0.3, ge=0, le=1)
    """Smallest |r| and |r'| on held-out text of a supported claim."""
    clip_counts: float = Field(default=0.995, gt=0, le=1)
    """A count is scored up to the value that this share of the places where it is above zero do
    not exceed in the training text, so that no claim hangs on one odd line; 1 scores it as it is.
    """


class PageSettings(Settings):
    """Words of the exhibit's page, and what it must show."""

    order: int = 1
    """Place among all exhibits: the smaller, the earlier; by name where it is the same."""
    summary: str = ""
    """One sentence, plain text."""
    about: str = ""
    """Paragraphs, Markdown."""
    passages: Annotated[tuple[PassageSettings, ...], Field(strict=False, max_length=8)] = ()
    """Passages, `[[page.passages]]`, that all units are shown on, first of all excerpts."""


class TransferSettings(Settings):
    """A text of another kind, on which the claims are measured once more."""

    title: str = Field(min_length=1)
    """What text it is, in a few words."""
    language: str = "text"
    corpus: AnyCorpus


class FilmSettings(Settings):
    """Weights kept on the way, and a page of what became of the cells."""

    moments: int = Field(default=8, ge=2, le=32)
    """Moments of the training, the end among them, evenly spread over its logarithm."""
    features: Patterns = ()
    """Features whose cells are filmed, in this order; those of the first cells where empty."""


class Recipe(Settings):
    """One exhibit: a model on a text."""

    title: str = Field(min_length=1)
    language: str = "text"
    """Lexer name of the text: python, c, cpp, prose, or any the lexer library knows."""
    corpus: AnyCorpus
    split: SplitSettings = SplitSettings()
    model: ModelSettings = ModelSettings()
    training: TrainingSettings = TrainingSettings()
    selection: SelectionSettings = SelectionSettings()
    feature: Annotated[tuple[FeatureSettings, ...], Field(strict=False)] = ()
    """Features of one's own, `[[feature]]`."""
    page: PageSettings = PageSettings()
    transfer: TransferSettings | None = None
    film: FilmSettings | None = None


class Exhibit(BaseModel):
    """A recipe with its name and the folder it stands in."""

    model_config = ConfigDict(frozen=True)

    name: str
    folder: Path
    recipe: Recipe


def transferred(exhibit: Exhibit) -> Exhibit | None:
    """Return the exhibit with its other text in place of its own; None where there is none.

    Its name is `NAME-transfer`, so `GALLERY_CORPUS_NAME_TRANSFER` points at a local copy.
    """
    other = exhibit.recipe.transfer
    if other is None:
        return None
    recipe = exhibit.recipe.model_copy(update={
        "corpus": other.corpus, "language": other.language, "transfer": None,
        "split": SplitSettings(discover=0.3, held_out_share=0.3), "page": PageSettings()})
    return exhibit.model_copy(update={"name": f"{exhibit.name}-transfer", "recipe": recipe})


def family_of(exhibit: Exhibit) -> str:
    """Return the recipe as far as it decides the weights, but for the seed: one line of JSON."""
    return exhibit.recipe.model_dump_json(
        include={"language", "corpus", "split", "model", "training"},
        exclude={"training": {"seed"}})


def budget_of(exhibit: Exhibit) -> str:
    """Return what networks must have in common to be compared: text, sizes, what was read, and how.

    The step size may differ: each architecture has one that suits it.
    """
    return exhibit.recipe.model_dump_json(include={
        "language": True, "corpus": True, "split": True,
        "model": {"embedding_size", "hidden_size", "num_layers"},
        "training": {"characters", "streams", "window", "precision"}})


def read_exhibit(folder: Path, architectures: Sequence[str] = ()) -> Exhibit:
    """Read `folder/exhibit.toml`; the exhibit's name is the folder's.

    Args:
        folder: Of the exhibit.
        architectures: The names that an architecture may have; any where it is empty.

    Raises:
        RecipeError: The folder's name, the file or anything in it is not right; names all.
    """
    path = folder / "exhibit.toml"
    if not EXHIBIT_NAME.fullmatch(folder.name):
        raise RecipeError(Problem(str(folder), "not a name for an exhibit", repr(folder.name),
                                  "use lower-case letters, digits and single hyphens"))
    return Exhibit(name=folder.name, folder=folder, recipe=_parse(path, architectures))


def _parse(path: Path, architectures: Sequence[str]) -> Recipe:
    try:
        if path.exists() and not path.is_file():
            raise RecipeError(Problem(str(path), "not a file", "", "put the recipe there"))
        data = toml_of(path.read_bytes())
    except FileNotFoundError:
        raise RecipeError(Problem(str(path), "there is no recipe", "the file is missing",
                                  "make one with: gallery new NAME")) from None
    except OSError as error:
        raise RecipeError(Problem(str(path), "cannot be read", error.strerror or "")) from None
    except NotReadable as error:
        raise RecipeError(Problem(str(path), "not TOML", str(error), "fix the line")) from None
    return validate(data, str(path), architectures)


def validate(data: dict[str, Any], where: str, architectures: Sequence[str] = ()) -> Recipe:
    """Check a recipe's tables.

    Args:
        data: As TOML has them.
        where: What messages call the recipe.
        architectures: The names that an architecture may have; any where it is empty.

    Raises:
        RecipeError: One problem for each mistake, in the order of the recipe's keys.
    """
    try:
        return Recipe.model_validate(data, context={"architectures": architectures})
    except ValidationError as error:
        raise RecipeError([_problem(where, e, data) for e in error.errors()]) from None


def _problem(where: str, error: ErrorDetails, data: dict[str, Any]) -> Problem:
    keys = [str(part) for part in error["loc"]]
    spot = f"{where}, {'.'.join(keys)}" if keys else where
    if error["type"] == "extra_forbidden":
        known = _known_keys(keys[:-1], data)
        hint = did_you_mean(keys[-1], known) or f"known here: {', '.join(sorted(known))}"
        return Problem(spot, "unknown key", repr(keys[-1]), hint)
    if error["type"] == NOT_A_KIND:
        found, kinds = error["input"].get("kind", "no kind"), CORPUS_KINDS.names()
        hint = did_you_mean(str(found), kinds) or f"one of {', '.join(kinds)}"
        return Problem(f"{spot}.kind", "not a kind of corpus", repr(found), hint)
    if error["type"] == "missing":
        return Problem(spot, "missing", "the key is not there", "add it")
    remedy = error.get("ctx", {}).get("remedy", "")
    return Problem(spot, error["msg"], f"found {error['input']!r:.80}", remedy)


def _known_keys(table: list[str], data: Any) -> set[str]:
    """Return the keys that a table may have; none where it is no table of ours."""
    kind: type[Settings] | None = Recipe
    for key in table:
        data = data[int(key) if isinstance(data, list) else key]
        if key == "corpus":
            kind = CORPUS_KINDS.get(data["kind"])
        elif kind is not None and key in kind.model_fields:
            kind = _settings_in(kind.model_fields[key].annotation)
    return set(kind.model_fields) if kind else set()


def _settings_in(annotation: Any) -> type[Settings] | None:
    """Return the table in a type such as `Table | None` or a tuple of tables."""
    if isinstance(annotation, type) and issubclass(annotation, Settings):
        return annotation
    return next(filter(None, map(_settings_in, get_args(annotation))), None)
