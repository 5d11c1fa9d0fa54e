"""A text that tries to be more than text comes out as text, character for character."""

import html.parser

import pytest

from builder.core.units import UnitId
from tests.integration.projects import RECIPE, make_project, run, shown_card

pytest.importorskip("torch")
pytestmark = pytest.mark.torch

NASTY = [
    "<script>alert(1)</script>", "</pre></div><b class=a>", "{{ 7*7 }} {% raw %} ${x}",
    "&amp; &lt;", "\"onmouseover=alert(2) '", "nul \0 bell \a escape \x1b del \x7f",
    "\u202eright to left",
    "\U0001f468\u200d\U0001f469\u200d\U0001f467 \U0001f1e9\U0001f1ea e\u0301",
    "tab\there", "cr\rmid",
    "[[fragment: ../x]] page:cells asset:x", "<!-- comment --> ]]> \u2028 \ufeff",
]


def text_of(number):
    lines = [f"# {NASTY[(number + i) % len(NASTY)]} ({i})\r\nx = {i}\n" for i in range(60)]
    return "".join(lines)


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    recipe = RECIPE.replace('kind = "synthetic"\ndocuments = 120\ncharacters = 2500',
                            'kind = "directory"\npath = "texts"')
    recipe = recipe.replace('title = "A small network"', 'title = "<i>{{ title }}</i> & \\"co\\""')
    root = make_project(tmp_path_factory.mktemp("nasty"), recipe)
    folder = root / "gallery" / "tiny" / "texts"
    folder.mkdir()
    for number in range(70):
        (folder / f"<b>&{number}.py").write_bytes(text_of(number).encode())
    done = run(root, "build")
    assert done.returncode == 0, done.stderr
    return root


class Excerpts(html.parser.HTMLParser):
    """Text of every <pre>, with control pictures turned back into what they stand for."""

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.texts, self.depth, self.code, self.tags = [], 0, None, []

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        self.tags.append((tag, attributes))
        if tag == "pre":
            self.texts.append("")
            self.depth = 1
        elif "data-u" in attributes:
            if self.depth:  # the rows of a feature's page are no <pre>
                self.texts[-1] += chr(int(attributes["data-u"], 16))
            self.code = tag

    def handle_endtag(self, tag):
        if tag == "pre":
            self.depth = 0
        elif tag == self.code:
            self.code = None

    def handle_data(self, data):
        if self.depth and self.code is None:
            self.texts[-1] += data


def test_every_excerpt_is_on_its_page_character_for_character(project):
    card = shown_card(project)
    assert card["cells"]
    for cell in card["cells"]:
        layer, index = UnitId.parse(cell["claim"]["unit"]).cell
        page = project / "site" / "cells" / "tiny" / f"l{layer}-{index}" / "index.html"
        parser = Excerpts()
        parser.feed(page.read_bytes().decode())
        shown = [text.removeprefix("\n") for text in parser.texts]
        for excerpt in cell["excerpts"]:
            assert excerpt["text"] in shown, excerpt["text"]


def test_no_page_has_an_element_from_the_text(project):
    for page in (project / "site").rglob("*.html"):
        text = page.read_text("utf-8")
        assert "<script>alert" not in text and "49" not in text.split("7*7")[0][-3:]
        parser = Excerpts()
        parser.feed(text)
        assert not [a for _, a in parser.tags if any(name.startswith("onmouse") for name in a)]


def test_the_title_is_text_too(project):
    page = (project / "site" / "exhibits" / "tiny" / "index.html").read_text("utf-8")
    assert "<i>{{ title }}</i>" not in page
    assert "&lt;i&gt;{{ title }}&lt;/i&gt; &amp;" in page
