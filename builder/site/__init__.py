"""Where the gallery meets its host: files written, the Markdown extension, MkDocs run."""

from builder.site.mkdocs import build, serve
from builder.site.write import write_site

__all__ = ["build", "serve", "write_site"]
