"""The first page of the repository: its picture, its links, and no number that can go stale."""

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest

from builder.features import FEATURES
from builder.rendering.addresses import figure_name
from builder.rendering.figures import figure
from builder.workspace.shipped import RESULTS_FILE, read_shipped

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text("utf-8")
PICTURE = ".github/unit.svg"
MADE_AS = "cells/python-lstm/l0-40-4.svg"
"""The file of the site that the picture is a copy of."""

EXHIBIT = ROOT / "gallery/python-lstm"


def test_it_shows_a_small_coloured_picture() -> None:
    assert re.search(rf"^!\[[^\]]{{40,}}\]\({re.escape(PICTURE)}\)$", README, re.M)
    drawn = (ROOT / PICTURE).read_bytes()
    assert len(drawn) < 200_000
    colours = {node.get(kind) for node in ElementTree.fromstring(drawn).iter()
               for kind in ("fill", "stroke")}
    assert len(colours) > 8  # levels of a unit, ink and paper


def test_how_the_picture_is_made_is_written_down() -> None:
    said = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    assert f"copy `site/{MADE_AS}` to `{PICTURE}`" in said


@pytest.mark.skipif(not (EXHIBIT / RESULTS_FILE).is_file(), reason="python-lstm has no results")
def test_the_picture_is_the_one_on_the_site() -> None:
    found = read_shipped(EXHIBIT)
    assert found is not None
    drawings = {figure_name(cell, number): figure(
        cell, FEATURES[cell.claim.feature].spec, number)
        for cell in found.card.cells for number in range(1, len(cell.excerpts) + 1)}
    assert (ROOT / PICTURE).read_text("utf-8") == drawings[MADE_AS], (
        f"run `make site` and copy site/{MADE_AS} to {PICTURE}")


def slug(heading: str) -> str:
    """Return the anchor that GitHub and MkDocs give to a heading of words alone."""
    return re.sub(r"[^\w-]", "", heading.lower().replace(" ", "-"))


def test_every_link_of_it_leads_somewhere() -> None:
    links = re.findall(r"\]\(([^)]+)\)", README)
    assert len(links) > 10
    for link in links:
        if link.startswith("http"):
            continue
        path, _, anchor = link.partition("#")
        target = ROOT / path if path else ROOT / "README.md"
        assert target.is_file(), link
        headings = re.findall(r"^#+ (.+)$", target.read_text("utf-8"), re.M) if anchor else []
        assert not anchor or anchor in map(slug, headings), link


def test_it_has_no_results_that_could_go_stale() -> None:
    """Correlations and intervals stand on the page of results, which is generated."""
    prose = re.sub(r"```.*?```|`[^`]*`", "", README, flags=re.S)
    assert re.findall(r"(?<![\w.])[−-]?\.\d\d\b|\d+ of \d+|\d{1,3},\d{3}", prose) == []
