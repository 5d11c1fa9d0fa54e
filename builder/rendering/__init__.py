"""Results in, pages out: colour, spans, words, charts and templates. Nothing is written here."""

from builder.rendering.pages import RenderedSite, render_site

__all__ = ["RenderedSite", "render_site"]
