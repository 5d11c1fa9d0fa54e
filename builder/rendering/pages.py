"""All pages of a gallery, from its exhibits and features: every kind of page, rendered."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from jinja2 import Environment

from builder.core.cards import ExhibitCard
from builder.core.counted import Counted
from builder.core.digests import digest
from builder.core.labels import FeatureSpec
from builder.core.pages import Page
from builder.rendering.addresses import cell_name
from builder.rendering.catalogues import CATALOGUES
from builder.rendering.colour import style_sheet
from builder.rendering.environment import environment, remember_panels, template_token
from builder.rendering.markdown import markdown_page
from builder.rendering.noted import NotedGallery, StampedCard
from builder.rendering.page_kind import PAGE_KINDS, PlannedFile, PlannedPage, downloads, planned
from builder.rendering.panel import PANELS, CellContext, Panel, all_panels
from builder.rendering.reads import Memory, Tokens, remembered

STYLE_SHEET = "assets/gallery.css"
"""Where the style sheet of the levels goes, in the folder of documents."""

GENERATED_FILES = (STYLE_SHEET, *CATALOGUES)
"""Files outside of the generated folders that nobody writes by hand, in the folder of documents."""


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


@dataclass(frozen=True)
class PlannedText:
    """A page's fragment or a file before it is made.

    Attributes:
        path: Where it goes.
        given: Returns a digest of what it is made from directly; TypeError where there is none.
        make: Returns its content.
    """

    path: str
    given: Callable[[], str]
    make: Callable[[], str | bytes]


@dataclass(frozen=True)
class SitePlan:
    """Everything that is generated, before it is made.

    Attributes:
        markdown: Pages for the folder of documents; they are a few lines each.
        fragments: HTML of their content.
        downloads: JSON, CSV, CSS and the like for the folder of documents.
        tokens: Of all that is read while these are made.
    """

    markdown: tuple[Page, ...]
    fragments: tuple[PlannedText, ...]
    downloads: tuple[PlannedText, ...]
    tokens: Tokens


def render_site(
    exhibits: Sequence[ExhibitCard], features: Sequence[FeatureSpec],
    counted: Counted | None = None,
) -> RenderedSite:
    """Render the pages of all kinds.

    Args:
        exhibits: Those of one place in the order as they come.
        features: All that claims name; the order of every list of features.
        counted: What small networks count; None where that was not measured.

    Raises:
        KeyError: A claim names a feature that is not among them.
        UserError: A kind of page or a panel of another package cannot be loaded, has the name of
            another one, has no template, or makes pages outside of its folders.
    """
    plan = plan_site([StampedCard(card, card, "") for card in exhibits], features,
                     counted=counted)
    return RenderedSite(plan.markdown, *(
        tuple(Page(text.path, text.make()) for text in texts)
        for texts in (plan.fragments, plan.downloads)))


def known_parts() -> tuple[str, ...]:
    """Return the names of all kinds of page and panels that this process knows."""
    return (*PAGE_KINDS.names(), *PANELS.names())


def plan_site(
    exhibits: Sequence[StampedCard], features: Sequence[FeatureSpec], memory: Memory | None = None,
    counted: Counted | None = None,
) -> SitePlan:
    """Plan the pages of all kinds.

    Args:
        exhibits: As those of `render_site`.
        features: As those of `render_site`.
        memory: Where panels of cells' pages are kept; they are made each time where there is none.
        counted: As of `render_site`.

    Raises:
        KeyError, UserError: As `render_site`, which may also be raised as texts are made.
    """
    ordered = sorted(exhibits, key=lambda exhibit: exhibit.card.order)
    noted = NotedGallery(ordered, features, all_panels(), counted)
    templates = environment()

    def tokens(read: str) -> str:
        return noted.tokens.get(read) or template_token(templates, read)

    if memory is not None:
        remember_panels(templates, partial(_draw, noted, memory, tokens))
    kinds = list(PAGE_KINDS.all())
    pages = [page for kind in kinds for page in planned(kind, noted.gallery)]
    files = [file for kind in kinds for file in downloads(kind, noted.gallery)]
    sheet = PlannedFile(STYLE_SHEET, style_sheet)
    return SitePlan(
        tuple(_markdown(page) for page in pages if page.title),
        tuple(_fragment(page, noted, templates) for page in pages),
        tuple(_file(file, noted) for file in (sheet, *files)),
        tokens)


def _draw(
    noted: NotedGallery, memory: Memory, tokens: Tokens, panel: Panel, cell: CellContext,
    make: Callable[[], str],
) -> str:
    """Return a panel of a cell's page, remembered where it would be the same."""
    name = f"{panel.name} of {cell_name(cell.cell)}"
    return remembered(memory, name, noted.given(panel, cell), tokens, make)


def _markdown(page: PlannedPage) -> Page:
    return markdown_page(page.name, page.title, heading=page.heading, about=page.about,
                         picture=page.picture, searched=page.searched, boost=page.boost,
                         after=page.after, template=page.frame, further=_further(page))


def _further(page: PlannedPage) -> dict[str, str]:
    """Return what the templates of the site are told of a page for who looks for it."""
    told = {"exhibit": "yes" if page.exhibit else ""}
    if page.data is not None:
        told |= {"data": page.data.path, "source": page.data.source, "license": page.data.license}
    return told


def _fragment(page: PlannedPage, noted: NotedGallery, templates: Environment) -> PlannedText:
    def make() -> str:
        given = page.given() if callable(page.given) else page.given
        template = templates.get_template(str(page.template))
        return template.render({"gallery": noted.gallery, **given})

    return PlannedText(page.name + ".html",
                       lambda: noted.given(str(page.template), page.given), make)


def _file(file: Page | PlannedFile, noted: NotedGallery) -> PlannedText:
    if isinstance(file, PlannedFile):
        return PlannedText(file.path, lambda: noted.given(file.make), file.make)
    return PlannedText(file.path, lambda: digest(file.content), lambda: file.content)
