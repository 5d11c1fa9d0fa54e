"""A site that is served follows every change, and is then what building it from nothing gives."""

import os
import shutil
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest
from mkdocs.commands.build import build
from mkdocs.config import load_config
from mkdocs.exceptions import Abort
from mkdocs.livereload import LiveReloadServer

from builder.rendering import environment as rendering
from builder.rendering.environment import TEMPLATES
from builder.site import mkdocs
from builder.site.placed import DOCS
from builder.site.served import Served
from tests.integration.measured import give_results, make_measured
from tests.integration.projects import bytes_of
from tests.make_cards import exhibits

ADDRESS = "http://127.0.0.1:8000/"


class Serving:
    """MkDocs as `mkdocs serve` runs it, without a server: one build for each change."""

    def __init__(self, root, site):
        self.root, self.site = root, site
        self._config().plugins.on_startup(command="serve", dirty=False)

    def _config(self, site=None):
        return load_config(str(self.root / "mkdocs.yml"), site_dir=str(site or self.site))

    def build(self, site=None):
        config = self._config(site)
        config.site_url = ADDRESS
        build(config, serve_url=ADDRESS)
        return config

    def fresh(self, folder):
        """Return the bytes of the site, built from nothing in a copy of the project."""
        copy = folder / "fresh"
        shutil.rmtree(copy, ignore_errors=True)
        shutil.copytree(self.root, copy, ignore=shutil.ignore_patterns("rendered.sqlite", "cells"))
        other = Serving.__new__(Serving)
        other.root, other.site = copy, folder / "fresh-site"
        other._config().plugins.on_startup(command="build", dirty=False)
        other.build()
        return bytes_of(other.site)


@pytest.fixture
def serving(tmp_path, monkeypatch):
    """A project that is served, with templates of its own, and hooks of its own to each run."""
    monkeypatch.setenv("SOURCE_DATE_EPOCH", mkdocs.EPOCH)
    monkeypatch.delenv(mkdocs.PAGES_ARE_MADE, raising=False)
    monkeypatch.setattr(rendering, "TEMPLATES", tmp_path / "templates")
    shutil.copytree(TEMPLATES, tmp_path / "templates")
    made = Serving(make_measured(tmp_path / "project", exhibits()[:1]), tmp_path / "site")
    made.build()
    return made


def edit(path, old, new):
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")


def a_title(root, templates):
    edit(root / "gallery/python-lstm/exhibit.toml", 'title = "', 'title = "Changed ')


def a_template_of_a_panel(root, templates):
    edit(templates / "panels/counter.html.j2", "<p", "<p data-changed")


def a_template_of_the_theme(root, templates):
    edit(root / "site_src/overrides/main.html", 'aria-label="Search"', 'aria-label="Changed"')


def a_style_sheet(root, templates):
    edit(root / DOCS / "assets/pages.css", "{", "{ /* changed */")


def a_page_of_words(root, templates):
    edit(root / DOCS / "glossary.md", "# ", "# Changed ")


def the_navigation(root, templates):
    edit(root / "mkdocs.yml", "Learn:", "Changed:")


def an_extension_of_markdown(root, templates):
    edit(root / "mkdocs.yml", "Link to this section", "Changed")


def a_page_more(root, templates):
    (root / DOCS / "extend/changed.md").write_text("# Changed\n", "utf-8")
    edit(root / "mkdocs.yml", "- Reference:", "- Changed: extend/changed.md\n  - Reference:")


def the_results(root, templates):
    card = exhibits()[0]
    give_results(root, replace(card, cells=card.cells[1:]))


def a_page_left_out(root, templates):
    edit(root / "mkdocs.yml", "not_in_nav: |\n", "exclude_docs: |\n  /assets/quiz.js\n"
         "not_in_nav: |\n")


CHANGES = (a_title, a_template_of_a_panel, a_template_of_the_theme, a_style_sheet, a_page_of_words,
           the_navigation, an_extension_of_markdown, a_page_more,
           a_page_left_out, the_results)


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
def test_what_is_served_is_what_a_build_from_nothing_gives(serving, tmp_path, change):
    before = bytes_of(serving.site)
    change(serving.root, tmp_path / "templates")
    serving.build()
    after = bytes_of(serving.site)
    assert after != before
    assert after == serving.fresh(tmp_path)


def test_a_build_that_fails_and_is_mended(serving, tmp_path):
    before, recipe = bytes_of(serving.site), serving.root / "gallery/python-lstm/exhibit.toml"
    edit(recipe, "title", "titel")
    with pytest.raises(Abort):
        serving.build()
    assert bytes_of(serving.site) == before
    edit(recipe, "titel", "title")
    shutil.move(serving.root / DOCS / "glossary.md", tmp_path)
    with suppress(Abort):
        serving.build()
    shutil.move(tmp_path / "glossary.md", serving.root / DOCS)
    serving.build()
    assert bytes_of(serving.site) == before


def test_pages_that_have_not_changed_are_not_rendered_again(serving, monkeypatch):
    rendered = []
    html = Served.html

    def counted(self, page, render):
        def noted():
            rendered.append(page.file.src_uri)
            return render()

        return html(self, page, noted)

    monkeypatch.setattr(Served, "html", counted)
    serving.build()
    assert not [name for name in rendered if name.startswith(("cells/", "embed/", "features/in_"))]
    a_title(serving.root, None)
    rendered.clear()
    serving.build()
    assert {"exhibits/python-lstm.md", "cells/python-lstm/l0-17.md"} <= set(rendered)
    assert not [name for name in rendered if name.startswith("embed/")]


def test_what_pages_are_made_from_is_watched_and_no_page(serving, tmp_path):
    config = serving.build()
    server = LiveReloadServer(lambda: None, "127.0.0.1", 8000, str(serving.site))
    server.watch(config.docs_dir)
    config.plugins.on_serve(server, config=config, builder=lambda: None)
    watched = {Path(os.path.relpath(path, serving.root)).as_posix()
               for path in server._watched_paths}
    assert watched >= {"gallery", ".gallery/results", "site_src/docs", "site_src/docs/assets",
                       "site_src/docs/extend", "site_src/overrides"}
    assert not [path for path in watched if path.endswith(("cells", "fragments", "exhibits"))]
    assert not server._watch_refs[config.docs_dir].is_recursive
    server.server_close()
