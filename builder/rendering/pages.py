"""All pages of a gallery, from its exhibits and features: every kind of page, rendered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from jinja2 import Environment

from builder.core.cards import ExhibitCard
from builder.core.labels import FeatureSpec
from builder.core.pages import Page
from builder.rendering.colour import style_sheet
from builder.rendering.environment import environment
from builder.rendering.gallery import Gallery
from builder.rendering.markdown import markdown_page
from builder.rendering.page_kind import PAGE_KINDS, PlannedPage, downloads, planned

STYLE_SHEET = "assets/gallery.css"
"""Where the style sheet of the levels goes, in the folder of documents."""


@dataclass(frozen=True)
class RenderedSite:
    """Everything that is generated, before it is written.

    Attributes:
        markdown: Pages for the folder of documents.
        fragments: HTML of their content; `a/b.html` belongs to the page `a/b.md`.
        downloads: JSON and CSS for the folder of documents.
    """

    markdown: tuple[Page, ...]
    fragments: tuple[Page, ...]
    downloads: tuple[Page, ...]


def render_site(exhibits: Sequence[ExhibitCard], features: Sequence[FeatureSpec]) -> RenderedSite:
    """Render the pages of all kinds.

    Args:
        exhibits: Those of one place in the order as they come.
        features: All that claims name; the order of every list of features.

    Raises:
        KeyError: A claim names a feature that is not among them.
        UserError: A kind of page or a panel of another package cannot be loaded, has the name of
            another one, has no template, or makes pages outside of its folders.
    """
    ordered = sorted(exhibits, key=lambda exhibit: exhibit.order)
    gallery, templates = Gallery(tuple(ordered), tuple(features)), environment()
    kinds = list(PAGE_KINDS.all())
    pages = [page for kind in kinds for page in planned(kind, gallery)]
    files = [file for kind in kinds for file in downloads(kind, gallery)]
    return RenderedSite(
        tuple(_markdown(page) for page in pages if page.title),
        tuple(_fragment(page, gallery, templates) for page in pages),
        (Page(STYLE_SHEET, style_sheet()), *files))


def _markdown(page: PlannedPage) -> Page:
    return markdown_page(page.name, page.title, searched=page.searched, after=page.after,
                         template=page.frame)


def _fragment(page: PlannedPage, gallery: Gallery, templates: Environment) -> Page:
    template = templates.get_template(str(page.template))
    return Page(page.name + ".html", template.render({"gallery": gallery, **page.given}))
