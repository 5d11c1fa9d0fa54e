"""A kind of page from a package outside of this one, as far as the built site."""

from dataclasses import fields

import pytest

from builder.core.errors import UserError
from builder.features import FEATURES
from builder.rendering import (
    PageKind,
    PlannedPage,
    add_page_kind,
    generated_folders,
    render_site,
)
from builder.rendering.page_kind import PAGE_KINDS
from builder.site import build, write_site
from tests.extension.installing import forget_after, install
from tests.extension.recipes import documented
from tests.make_cards import exhibits
from tests.sources import copy_sources

SPECS = [feature.spec for feature in FEATURES.values()]
NAV = "  - Reference: reference.md\n"


@pytest.fixture
def installed(tmp_path, monkeypatch):
    forget_after(PAGE_KINDS, monkeypatch)
    install("page-kind", tmp_path / "package", monkeypatch)


def test_its_page_is_in_the_site_and_in_the_navigation(installed, tmp_path):
    root = tmp_path / "project"
    copy_sources(root)
    config = root / "mkdocs.yml"
    nav = config.read_text("utf-8").replace(NAV, NAV + "  - Texts: credits/index.md\n")
    config.write_text(nav, "utf-8")
    write_site(render_site(exhibits(), SPECS), root)
    site = build(root)
    page = (site / "credits/index.html").read_text("utf-8")
    assert "<h1" in page and "Texts and licences" in page
    assert "2 exhibits have read these texts." in page
    assert "The Python standard library: PSF License Agreement 2" in page
    assert '<a href="../exhibits/">All exhibits</a>' in page
    assert 'href="credits/"' in (site / "index.html").read_text("utf-8")


def test_what_it_made_once_goes_with_the_next_build_that_does_not_make_it(installed, tmp_path):
    assert "credits" in generated_folders()
    old = tmp_path / "site_src/docs/credits/old.md"
    old.parent.mkdir(parents=True)
    old.write_text("old")
    write_site(render_site([], SPECS), tmp_path)
    assert {path.name for path in old.parent.iterdir()} == {"index.md"}


def test_a_page_outside_of_its_folders_is_one_message(installed):
    def pages(gallery):
        yield PlannedPage("index", "home.html.j2", {"cell": None}, title="Mine")

    add_page_kind(PageKind("mine", pages, ("notes",)))
    with pytest.raises(UserError, match="kind of page 'mine': a page outside of its folders; "
                                        "index, and it has the folders: notes"):
        render_site([], SPECS)


def test_two_kinds_of_one_name_are_told(installed):
    render_site([], SPECS)
    with pytest.raises(UserError, match="kind of page 'credits': there are two of this name"):
        add_page_kind(PageKind("credits", lambda gallery: (), ("credits",)))


def test_the_page_explains_all_that_a_kind_and_a_page_say():
    said = {field.name for kind in (PageKind, PlannedPage) for field in fields(kind)}
    assert documented("page-kind") == said
