"""What helps others to find pages: structured data, sitemap and feed of a built gallery."""

import html
import json
import re
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from urllib.parse import unquote, urljoin
from xml.etree import ElementTree

import pytest

from tests.integration.measured import make_measured, mkdocs
from tests.make_cards import exhibits

ADDRESS = "https://example.org/gallery/"
HOSTILE = """An LSTM</script><script>alert(1)</script> & "quoted" 'it' <!-- \\u2028"""
_STRUCTURED = re.compile(r'<script type="application/ld\+json">(.*?)</script>', re.S)


def project_of(folder: Path) -> Path:
    root = make_measured(folder, [replace(card, title=HOSTILE) for card in exhibits()[:1]])
    recipe = root / "gallery/python-lstm/exhibit.toml"
    said = recipe.read_text("utf-8").splitlines()
    said = [f"title = {json.dumps(HOSTILE)}" if line.startswith("title") else line
            for line in said]
    recipe.write_text("\n".join(said).replace("What python-lstm is.", "</script> & what it is."),
                      "utf-8")
    return root


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    root = project_of(tmp_path_factory.mktemp("found"))
    done = mkdocs(root, "build", "--strict", GALLERY_SITE_URL=ADDRESS)
    assert done.returncode == 0, done.stderr
    return root / "site"


@pytest.fixture(scope="module")
def without_address(tmp_path_factory):
    root = project_of(tmp_path_factory.mktemp("nowhere"))
    done = mkdocs(root, "build", "--strict", GALLERY_SITE_URL="")
    assert done.returncode == 0, done.stderr
    return root / "site"


def file_of(site: Path, address: str) -> Path:
    """Return the file of the site that an address stands for."""
    assert address.startswith(ADDRESS), address
    path = site / unquote(address.removeprefix(ADDRESS)).partition("#")[0]
    return path / "index.html" if address.endswith("/") else path


def structured_of(path: Path) -> list[tuple[str, dict[str, object]]]:
    return [(raw, json.loads(raw)) for raw in _STRUCTURED.findall(path.read_text("utf-8"))]


def test_structured_data_can_be_read_is_small_and_leads_to_files(site):
    kinds: dict[str, set[str]] = {}
    for path in site.rglob("*.html"):
        for raw, said in structured_of(path):
            assert len(raw.encode()) < 1000, path
            assert said["@context"] == "https://schema.org" and said["name"]
            assert file_of(site, said["url"]) == path
            kinds.setdefault(said["@type"], set()).add(path.relative_to(site).parts[0])
            for part in said.get("distribution", ()):
                target = file_of(site, part["contentUrl"])
                assert target.is_file()
                assert target.suffix[1:] == part["encodingFormat"].split("/")[1]
    assert kinds["WebSite"] == {"index.html"}
    assert {"cells", "exhibits", "units"} <= kinds["Dataset"]
    assert {"glossary", "how-to-read"} <= kinds["LearningResource"]
    assert {"data", "reference"} <= kinds["TechArticle"]
    assert set(kinds) == {"WebSite", "Dataset", "LearningResource", "TechArticle"}


def test_a_hostile_title_stays_a_title(site):
    page = site / "exhibits/python-lstm/index.html"
    ((raw, said),) = structured_of(page)
    assert said["name"] == HOSTILE and said["description"] == "</script> & what it is."
    assert "<" not in raw and ">" not in raw and "&" not in raw
    assert "<script>alert(1)" not in page.read_text("utf-8")
    assert said["isBasedOn"] == {
        "@type": "CreativeWork", "name": "A grammar", "license": "none"}


def test_the_sitemap_has_every_page_once_and_no_frame(site):
    tree = ElementTree.parse(site / "sitemap.xml").getroot()
    found = [file_of(site, loc.text) for loc in tree.iter(
        "{http://www.sitemaps.org/schemas/sitemap/0.9}loc")]
    assert len(found) == len(set(found)) and all(path.is_file() for path in found)
    there = {path.relative_to(site).as_posix() for path in found}
    pages = {path.relative_to(site).as_posix() for path in site.rglob("index.html")
             if "md-container" in path.read_text("utf-8")}
    frames = {page for page in pages if page.startswith("embed/")}
    assert frames and there == pages - frames
    assert "cells/python-lstm/l0-17/index.html" in there


def test_the_feed_has_every_exhibit_and_is_named_on_every_page(site):
    channel = ElementTree.parse(site / "feed.xml").getroot().find("channel")
    assert channel is not None
    assert channel.findtext("title") and channel.findtext("description")
    assert file_of(site, channel.findtext("link")) == site / "index.html"
    (item,) = channel.findall("item")
    assert html.unescape(item.findtext("title")) == HOSTILE
    assert item.findtext("description") == "</script> & what it is."
    assert file_of(site, item.findtext("link")) == site / "exhibits/python-lstm/index.html"
    page = (site / "cells/python-lstm/l0-17/index.html").read_text("utf-8")
    (link,) = re.findall(r'<link rel="alternate"[^>]* href="([^"]*)"', page)
    assert file_of(site, urljoin(f"{ADDRESS}cells/python-lstm/l0-17/", link)).is_file()


def test_a_site_without_an_address_has_no_feed_and_relative_addresses(without_address):
    assert not (without_address / "feed.xml").exists()
    page = without_address / "cells/python-lstm/l0-17/index.html"
    assert "feed.xml" not in page.read_text("utf-8")
    ((_, said),) = structured_of(page)
    assert "url" not in said
    targets = [(page.parent / part["contentUrl"]).resolve() for part in said["distribution"]]
    assert targets == [(without_address / f"cells/python-lstm/l0-17{suffix}").resolve()
                       for suffix in (".json", ".csv")]
    assert all(target.is_file() for target in targets)


def test_the_catalogues_are_of_what_is_on_the_site(site):
    package = json.loads((site / "datapackage.json").read_text("utf-8"))
    listed = {resource["path"]: resource for resource in package["resources"]}
    there = {path.relative_to(site).as_posix(): path.read_bytes()
             for folder in ("cells", "exhibits", "units", "words")
             for suffix in ("csv", "json") for path in site.glob(f"{folder}/**/*.{suffix}")}
    assert {path: (one["bytes"], one["hash"]) for path, one in listed.items()} == {
        path: (len(content), f"sha256:{sha256(content).hexdigest()}")
        for path, content in there.items()}
    for one in json.loads((site / "croissant.json").read_text("utf-8"))["distribution"]:
        assert sha256((site / one["contentUrl"]).read_bytes()).hexdigest() == one["sha256"]
