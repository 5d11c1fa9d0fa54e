"""How to cite: the file for programs, the license, the package and the pages say the same."""

import re
import tomllib

import yaml

from builder import __version__
from tests.sources import PROJECT

CITATION = yaml.safe_load((PROJECT / "CITATION.cff").read_text("utf-8"))
METADATA = tomllib.loads((PROJECT / "pyproject.toml").read_text("utf-8"))["project"]

KNOWN = frozenset({
    "abstract", "authors", "cff-version", "commit", "contact", "date-released", "doi",
    "identifiers", "keywords", "license", "license-url", "message", "preferred-citation",
    "references", "repository", "repository-artifact", "repository-code", "title", "type", "url",
    "version"})
"""Keys of the Citation File Format 1.2.0."""


def test_the_file_is_one_of_its_format() -> None:
    assert {"cff-version", "message", "title", "authors"} <= set(CITATION) <= KNOWN
    assert CITATION["cff-version"] == "1.2.0"
    assert CITATION["type"] in {"software", "dataset"}
    assert all(isinstance(CITATION[key], str) for key in ("message", "title", "abstract"))
    assert CITATION["keywords"] and all(isinstance(word, str) for word in CITATION["keywords"])
    for author in CITATION["authors"]:
        person = {"given-names", "family-names"} & set(author)
        assert person or author["name"], "a person, or an entity with a name"


def test_it_says_what_the_package_says() -> None:
    assert str(CITATION["version"]) == __version__
    assert CITATION["license"] == METADATA["license"]
    assert [author["name"] for author in CITATION["authors"]] == [
        author["name"] for author in METADATA["authors"]]
    assert f"Copyright (c) 2026 {CITATION['authors'][0]['name']}" in (
        PROJECT / "LICENSE").read_text("utf-8")


def test_the_citation_of_a_unit_names_the_same_work() -> None:
    template = PROJECT / "builder/rendering/templates/panels/use.html.j2"
    said = re.search(r"author += \{ \{\{- \"\{\" \}\}(.*?)\{\{", template.read_text("utf-8"))
    site = re.search(r"^site_name: (.*)$", (PROJECT / "mkdocs.yml").read_text("utf-8"), re.M)
    assert said and site and said[1] == site[1] == CITATION["title"]
