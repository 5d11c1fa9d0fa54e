"""Everything that others can rely on is documented: commands, recipe keys, features, formats."""

import argparse
import json
import re
from pathlib import Path

import pytest

from builder.cli import _parser
from builder.core.cards import Claim, Grade
from builder.core.evidence import Counter, Effect, Step
from builder.core.fit import Fit
from builder.core.records import inspection_record
from builder.core.scores import Estimate, HeldOut
from builder.core.units import UnitId
from builder.corpora.contract import CORPUS_KINDS
from builder.corpora.passages import PassageSettings
from builder.corpora.settings import CorpusSettings, Settings
from builder.features import FEATURES
from builder.workspace.recipe import FeatureSettings, FilmSettings, Recipe, TransferSettings
from tests.make_cards import results_of

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "site_src" / "docs"
MADE = ("cells", "classics", "exhibits", "features")
REFERENCE = (DOCS / "reference.md").read_text("utf-8")


def pages():
    """Return the pages that are written by hand."""
    yield from (ROOT / "README.md", ROOT / "CONTRIBUTING.md")
    yield from (p for p in sorted(DOCS.rglob("*.md")) if p.relative_to(DOCS).parts[0] not in MADE)


def code_of(text):
    """Return what stands in code blocks or between backticks."""
    blocks = re.findall(r"^```.*?^```", text, re.M | re.S)
    return "\n".join([*blocks, *re.findall(r"`[^`\n]+`", re.sub(r"^```.*?^```", "", text,
                                                               flags=re.M | re.S))])


CODE = "\n".join(code_of(path.read_text("utf-8")) for path in pages())


def is_documented(word):
    return re.search(rf"(?<![\w-]){re.escape(word)}(?![\w-])", CODE) is not None


def commands():
    """Return each sub-command with its parser."""
    actions = _parser()._actions
    return next(a for a in actions if isinstance(a, argparse._SubParsersAction)).choices


@pytest.mark.parametrize("command", list(commands()))
def test_commands(command):
    assert is_documented(f"gallery {command}")


@pytest.mark.parametrize("option", sorted({
    option for parser in (_parser(), *commands().values()) for action in parser._actions
    for option in action.option_strings if option.startswith("--")} - {"--help"}))
def test_options(option):
    assert is_documented(option)


def keys():
    """Yield every key of a recipe, as it is written with its table, and its field."""
    for name, field in Recipe.model_fields.items():
        table = field.annotation
        if isinstance(table, type) and issubclass(table, Settings):
            yield from ((f"{name}.{key}", inner) for key, inner in table.model_fields.items())
        elif name not in ("corpus", "feature", "film", "transfer"):
            yield name, field
    yield from ((f"feature.{key}", field) for key, field in FeatureSettings.model_fields.items())
    yield from ((f"film.{key}", field) for key, field in FilmSettings.model_fields.items())
    yield from ((f"transfer.{key}", field)
                for key, field in TransferSettings.model_fields.items())
    yield from ((f"page.passages.{key}", field)
                for key, field in PassageSettings.model_fields.items())
    yield from ((f"corpus.{key}", field) for key, field in CorpusSettings.model_fields.items())
    for kind in CORPUS_KINDS.all():
        own = kind.model_fields.keys() - CorpusSettings.model_fields.keys() - {"kind"}
        yield from ((f"corpus.{key}", kind.model_fields[key]) for key in sorted(own))


@pytest.mark.parametrize(("key", "field"), list(keys()))
def test_recipe_keys_with_their_defaults(key, field):
    row = re.search(rf"^\| `{re.escape(key)}` \| (.*?) \| .+ \|$", REFERENCE, re.M)
    assert row, f"no row for {key} in the reference"
    default = "required" if field.is_required() else f"`{json.dumps(field.default)}`"
    assert row[1] == default


def test_no_row_for_a_key_that_is_not_there():
    rows = re.findall(r"^\| `(\w+(?:\.\w+)*)` \| (?:required|`[^`]*`) \| ", REFERENCE, re.M)
    assert set(rows) == {key for key, _ in keys()} | {"corpus.kind"}


@pytest.mark.parametrize("kind", CORPUS_KINDS.names())
def test_kinds_of_corpus(kind):
    assert re.search(rf"^\| `{kind}` \| ", REFERENCE, re.M)


@pytest.mark.parametrize("feature", list(FEATURES.values()), ids=list(FEATURES))
def test_features(feature):
    spec = feature.spec
    assert f"| `{spec.id}` | {spec.tag} | " in REFERENCE


@pytest.mark.parametrize("grade", list(Grade))
def test_grades(grade):
    assert is_documented(grade.value)


def names_in(record):
    """Yield every key of nested JSON, but not the feature ids among them."""
    for key, value in record.items():
        if key not in FEATURES:
            yield key
        if isinstance(value, dict):
            yield from names_in(value)
        for part in value if isinstance(value, list) else ():
            yield from names_in(part) if isinstance(part, dict) else ()


def test_keys_of_the_json_format():
    nothing = {name: None for name in Claim.__dataclass_fields__}
    step = Step(Estimate(0.5), Estimate(0.4), 7)
    results = results_of(counter=Counter("dc", step, step, (), None, True),
                         ablation=Effect(Estimate(0.1), 0.05, 50))
    claim = Claim(**{**nothing, "unit": UnitId("h", 0, 1), "feature": "in_string",
                     "grade": Grade.SUGGESTIVE, "results": results,
                     "held_out": HeldOut(Estimate(0.5), Estimate(0.4))})
    record = inspection_record([claim], 1, 1, {"in_string": (0.1, 0.2)},
                               interval_over="piece", fit=Fit(3.5, 4.5, 6.6, 0.0, (), None))
    assert [name for name in names_in(record) if not is_documented(name)] == []


def test_keys_of_the_model_folder():
    torch_free = (ROOT / "builder" / "models" / "folder.py").read_text("utf-8")
    spec_file = re.search(r"class _SpecFile.*?\n\n\n", torch_free, re.S)
    names = re.findall(r"^    (\w+): ", spec_file[0], re.M)
    assert len(names) == 6
    assert [name for name in names if not is_documented(name)] == []
