"""A cell in a notebook."""

import json
from html.parser import HTMLParser

import pytest

from builder import Picture, show
from builder.core.errors import UserError
from builder.core.files import write_content
from builder.features import FEATURES
from builder.rendering import render_site
from builder.rendering.notebook import CELLS
from tests.make_cards import exhibit
from tests.rendering.test_rendering import NASTY, text_of


@pytest.fixture
def root(tmp_path):
    for page in render_site([exhibit()], [f.spec for f in FEATURES.values()]).downloads:
        path = tmp_path / "site_src" / "docs" / page.path
        path.parent.mkdir(parents=True, exist_ok=True)
        write_content(path, page.content)
    return tmp_path


class Outside(HTMLParser):
    """Collects what would be fetched or run."""

    def __init__(self):
        super().__init__()
        self.found = []

    def handle_starttag(self, tag, attributes):
        if tag in ("script", "img", "link", "iframe", "a"):
            self.found.append(tag)
        self.found += [name for name, _ in attributes if name in ("src", "href", "onclick")]


def test_a_cell_is_shown_with_nothing_from_outside(root):
    html = show("python-lstm", "c0.17", root=root)._repr_html_()
    stored = json.loads((root / CELLS / "python-lstm" / "l0-17.json").read_text("utf-8"))
    inside = html.split("<pre>")[1].split("</pre>")[0]
    assert text_of(inside) == stored["excerpts"][0]["text"]
    assert "c0.17 of python-lstm" in html and "<u>" in inside
    parser = Outside()
    parser.feed(html)
    assert parser.found == []
    assert show("python-lstm", "h0.17", 2, root).text == stored["excerpts"][1]["text"]


def test_own_values_are_shown_and_escaped():
    html = Picture(NASTY, [0.1] * len(NASTY), caption="<b>&")._repr_html_()
    assert "<script" not in html and "&lt;b&gt;&amp;" in html
    assert text_of(html.split("<pre>")[1].split("</pre>")[0]) == NASTY


@pytest.mark.parametrize(("arguments", "said"), [
    (("python-lstm", "c0.9"), "no page for c0.9"),
    (("python-lstm", "17"), "not the name of a unit"),
    (("../python-lstm", "c0.17"), "not the name of an exhibit"),
    (("python-lstm", "c0.17", 99), "no excerpt 99")])
def test_what_is_not_there_is_said(root, arguments, said):
    with pytest.raises(UserError, match=said):
        show(*arguments, root=root)
