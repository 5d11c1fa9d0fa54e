"""Results in, pages out: colour, spans, words, charts and templates. Nothing is written here."""

from builder.rendering.catalogues import PublishedFile, catalogues, is_data
from builder.rendering.compiled import Compiled
from builder.rendering.encodings import safe_json
from builder.rendering.environment import TEMPLATES
from builder.rendering.gallery import Gallery
from builder.rendering.noted import StampedCard
from builder.rendering.page_kind import (
    PageKind,
    PlannedFile,
    PlannedPage,
    add_page_kind,
    generated_folders,
)
from builder.rendering.pages import (
    GENERATED_FILES,
    PlannedText,
    RenderedSite,
    SitePlan,
    known_parts,
    plan_site,
    render_site,
)
from builder.rendering.panel import CellContext, Heading, Panel, add_panel
from builder.rendering.reads import Origin, Tokens, made

__all__ = ["GENERATED_FILES", "TEMPLATES", "CellContext", "Compiled", "Gallery", "Heading",
           "Origin", "PageKind", "Panel", "PlannedFile", "PlannedPage", "PlannedText",
           "PublishedFile", "RenderedSite", "SitePlan", "StampedCard", "Tokens", "add_page_kind",
           "add_panel", "catalogues", "generated_folders", "is_data",
           "known_parts", "made", "plan_site",
           "render_site", "safe_json"]
