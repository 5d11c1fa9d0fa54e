"""Published files for programs: schemas, the columns of tables, and the two catalogues."""

import csv
import io
import json
import re
from dataclasses import replace
from hashlib import sha256

import pytest
from jsonschema import Draft202012Validator

from builder.features import FEATURES
from builder.rendering import PublishedFile, catalogues, is_data, render_site
from builder.rendering.columns import TABLES
from builder.rendering.schemas import schemas
from tests.make_cards import exhibits
from tests.sources import PROJECT

DOCS = PROJECT / "site_src" / "docs"
SPECS = tuple(f.spec for f in FEATURES.values())
FOLDERS = {"cells": "cell.schema.json", "exhibits": "exhibit.schema.json",
           "units": "units.schema.json", "words": "formulas.schema.json"}


@pytest.fixture(scope="module")
def cards():
    first, *others = exhibits()
    return [replace(first, title='<b>"An LSTM"</b> & all', license=""), *others]


@pytest.fixture(scope="module")
def downloads(cards):
    return {p.path: p.content for p in render_site(cards, SPECS).downloads if is_data(p.path)}


@pytest.fixture(scope="module")
def made(cards, downloads):
    files = [PublishedFile(path, len(content.encode()), sha256(content.encode()).hexdigest())
             for path, content in downloads.items()]
    files.append(PublishedFile("units/of-another-package.csv", 1, "0" * 64))
    return {page.path: json.loads(page.content) for page in catalogues(cards, files)}


def test_the_schemas_on_the_site_are_those_of_the_types():
    """Where one differs on purpose: no key may go or change; then write it again."""
    for name, schema in schemas().items():
        assert json.loads((DOCS / name).read_text("utf-8")) == schema, name
        Draft202012Validator.check_schema(schema)


def test_every_published_file_holds_to_its_schema_and_no_key_is_unknown(downloads):
    known = {folder: Draft202012Validator(schemas()[name]) for folder, name in FOLDERS.items()}
    seen = set()
    for path, content in downloads.items():
        if path.endswith(".json"):
            folder, stored = path.partition("/")[0], json.loads(content)
            assert not list(known[folder].iter_errors(stored)), path
            assert set(stored) <= set(known[folder].schema["properties"]), path
            seen.add(folder)
    assert {"cells", "exhibits", "units"} <= seen


def test_a_file_with_another_shape_is_none(downloads):
    path = next(path for path in downloads if re.match(r"cells/.*json", path))
    stored = json.loads(downloads[path])
    validator = Draft202012Validator(schemas()["cell.schema.json"])
    for broken in ({**stored, "format": 2}, {**stored, "excerpts": "none"},
                   {**stored, "claim": {**stored["claim"], "grade": "certain"}},
                   {k: v for k, v in stored.items() if k != "claim"}):
        assert list(validator.iter_errors(broken))


def test_tables_have_the_columns_that_they_are_said_to_have(downloads):
    types = {"string": str, "integer": int, "number": float}
    seen = set()
    for path, content in downloads.items():
        table = next((t for t in TABLES if path.startswith(f"{t.folder}/")), None)
        if path.endswith(".csv"):
            first, *rows = csv.reader(io.StringIO(content, newline=""))
            assert tuple(first) == table.names
            for row in rows:
                for column, value in zip(table.columns, row, strict=True):
                    assert not value or types[column.type](value) is not None
            seen.add(table.folder)
    assert {"cells", "exhibits", "units"} <= seen


def test_the_page_of_data_names_every_column_and_every_key():
    said = (DOCS / "data.md").read_text("utf-8")
    names = {name for table in TABLES for name in table.names} | {
        name for schema in schemas().values() for name in schema["properties"]}
    assert {name for name in names if f"`{name}`" not in said} == set()
    assert all(f"({name})" in said for name in (path.name for path in DOCS.glob("*.schema.json")))


def test_a_data_package_is_one_and_names_every_file(made, downloads, cards):
    package = made["datapackage.json"]
    assert re.fullmatch(r"[-a-z0-9._/]+", package["name"]) and package["resources"]
    assert package["profile"] == "data-package"
    resources = {resource["path"]: resource for resource in package["resources"]}
    assert set(resources) == set(downloads) and len(resources) == len(package["resources"])
    licences = {card.name: card.license for card in cards}
    for path, resource in resources.items():
        content = downloads[path].encode()
        assert re.fullmatch(r"[-a-z0-9._/]+", resource["name"])
        assert not path.startswith("/") and ".." not in path
        assert resource["bytes"] == len(content)
        assert resource["hash"] == "sha256:" + sha256(content).hexdigest()
        (source,) = resource["sources"]
        assert source["title"]
        assert source.get("license", "") == licences[path.split("/")[1].partition(".")[0]]
        if path.endswith(".csv"):
            assert resource["profile"] == "tabular-data-resource"
            fields = [field["name"] for field in resource["schema"]["fields"]]
            assert fields == next(csv.reader(io.StringIO(downloads[path])))
            assert {field["type"] for field in resource["schema"]["fields"]} <= {
                "string", "integer", "number"}
        else:
            assert (DOCS / resource["jsonSchema"]).is_file()


def ids(value):
    """Yield all that is referred to: objects that are an @id and nothing else."""
    if isinstance(value, dict):
        if set(value) == {"@id"}:
            yield value["@id"]
        value = list(value.values())
    for each in value if isinstance(value, list) else ():
        yield from ids(each)


def test_a_croissant_record_is_one_and_its_columns_are_there(made, downloads):
    record = {k: v for k, v in made["croissant.json"].items() if k != "@context"}
    context = made["croissant.json"]["@context"]
    assert context["cr"] == "http://mlcommons.org/croissant/"
    assert context["conformsTo"] == "dct:conformsTo" and context["@vocab"] == "https://schema.org/"
    assert record["@type"] == "sc:Dataset"
    assert record["conformsTo"] == "http://mlcommons.org/croissant/1.0"
    assert {"name", "description", "url", "license", "creator"} <= set(record)
    assert "" not in record["license"]
    objects = {one["@id"]: one for one in record["distribution"]}
    assert len(objects) == len(record["distribution"])
    assert set(objects) == {path for path in downloads if not path.startswith("cells/")}
    for path, one in objects.items():
        assert one["@type"] == "cr:FileObject" and one["name"] and one["contentUrl"] == path
        assert one["sha256"] == sha256(downloads[path].encode()).hexdigest()
        assert one["encodingFormat"] in {"text/csv", "application/json"}
    fields = [field for records in record["recordSet"] for field in records["field"]]
    names = [one["@id"] for one in (*record["recordSet"], *fields)]
    assert len(set(names) | set(objects)) == len(names) + len(objects)
    assert {records["@type"] for records in record["recordSet"]} == {"cr:RecordSet"}
    for field in fields:
        assert field["@type"] == "cr:Field" and field["description"]
        assert field["dataType"] in {"sc:Text", "sc:Integer", "sc:Float"}
        table = downloads[field["source"]["fileObject"]["@id"]]
        assert field["source"]["extract"]["column"] in next(csv.reader(io.StringIO(table)))
    assert set(ids(record["recordSet"])) <= set(objects)
    assert len(record["recordSet"]) == sum(path.endswith(".csv") for path in objects)
