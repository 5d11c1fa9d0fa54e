"""A panel on the page of a cell, from a package outside of this one."""

import re
from dataclasses import fields, replace

import pytest

from builder.core.errors import UserError
from builder.features import FEATURES
from builder.rendering import Panel, add_panel, render_site
from builder.rendering.panel import PANELS
from tests.extension.installing import forget_after, install
from tests.extension.recipes import documented
from tests.make_cards import exhibit

SPECS = [feature.spec for feature in FEATURES.values()]


@pytest.fixture
def installed(tmp_path, monkeypatch):
    forget_after(PANELS, monkeypatch)
    install("panel", tmp_path, monkeypatch)
    return tmp_path / "gallery_extremes"


def pages():
    return {page.path: page.content for page in render_site([exhibit()], SPECS).fragments}


def test_a_panel_stands_in_its_place_on_the_page_of_every_cell(installed):
    found = pages()
    for cell in exhibit().cells:
        layer, index = cell.claim.cell
        page = found[f"cells/python-lstm/l{layer}-{index}.html"]
        order = re.findall(r'<details class="fold" id="([\w-]+)"', page)
        order = [anchor for anchor in order if anchor != "in-words"]  # of some units
        assert order[:4] == ["more-excerpts", "memory", "extremes", "inside"]
        values = sorted(cell.excerpts[0].values)
        said = page.split('id="extremes"')[1].split("</details>")[0].split("<p>")[1]
        numbers = [f"{abs(v):.2f}".lstrip("0") for v in (values[0], values[-1])]
        assert f"{cell.claim.unit} is lowest, \u2212{numbers[0]}, at" in said
        assert f"highest, {numbers[1]}, at" in said
        assert re.findall("<code>(.*?)</code>", said) != ["", ""]


def test_a_panel_that_does_not_apply_is_not_there(installed):
    card = exhibit()
    bare = replace(card, cells=tuple(replace(c, excerpts=()) for c in card.cells))
    found = {p.path: p.content for p in render_site([bare], SPECS).fragments}
    assert 'id="extremes"' not in found["cells/python-lstm/l0-17.html"]


def test_a_panel_without_its_template_is_one_message(installed):
    (installed / "extremes.html.j2").unlink()
    with pytest.raises(UserError, match=r"extremes\.html\.j2: this template cannot be read"):
        pages()


def test_two_panels_of_one_name_are_told(installed):
    pages()
    with pytest.raises(UserError, match="panel 'extremes': there are two of this name"):
        add_panel(Panel("extremes", 50))


def test_the_page_explains_all_that_a_panel_says():
    assert documented("panel") == {field.name for field in fields(Panel)}
