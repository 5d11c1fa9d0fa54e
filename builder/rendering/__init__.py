"""Results in, pages out: colour, spans, words, charts and templates. Nothing is written here."""

from builder.rendering.environment import TEMPLATES
from builder.rendering.gallery import Gallery
from builder.rendering.page_kind import PageKind, PlannedPage, add_page_kind, generated_folders
from builder.rendering.pages import STYLE_SHEET, RenderedSite, render_site
from builder.rendering.panel import CellContext, Heading, Panel, add_panel

__all__ = ["STYLE_SHEET", "TEMPLATES", "CellContext", "Gallery", "Heading", "PageKind", "Panel",
           "PlannedPage", "RenderedSite", "add_page_kind", "add_panel", "generated_folders",
           "render_site"]
