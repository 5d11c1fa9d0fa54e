"""What a page is, for programs that look for pages: JSON-LD in the words of schema.org.

The first page is a website, a page with files of numbers a data set, and a page of words what its
front matter says (`structured: LearningResource`). Nothing is said of other pages, nor what nobody
knows, such as a date.
"""

from __future__ import annotations

from html import unescape
from typing import Any
from urllib.parse import urljoin

from builder.rendering import safe_json

_FILES = {".json": "application/json", ".csv": "text/csv"}
_OF_WORDS = frozenset({"LearningResource", "TechArticle"})


def structured(page: Any, config: Any) -> str:
    """Return a script element to stand in a page; empty where there is nothing to say.

    Args:
        page: Of MkDocs.
        config: Of MkDocs.
    """
    if page is None:
        return ""
    said = _website(config) if page.is_homepage else _data_set(page, config) or _words(page)
    if not said:
        return ""
    if page.canonical_url:
        said["url"] = page.canonical_url
    content = safe_json({"@context": "https://schema.org", **said})
    return f'<script type="application/ld+json">{content}</script>'


def _website(config: Any) -> dict[str, Any]:
    return {"@type": "WebSite", "name": config.site_name, **_some(
        description=config.site_description)}


def _words(page: Any) -> dict[str, Any]:
    kind = page.meta.get("structured")
    if kind not in _OF_WORDS:
        return {}
    return {"@type": kind, "name": _told(page, "title") or page.title,
            **_some(description=_told(page, "description"))}


def _data_set(page: Any, config: Any) -> dict[str, Any]:
    path = _told(page, "data")
    if not path:
        return {}
    title, source = _told(page, "title"), _told(page, "source")
    text = {"@type": "CreativeWork", **_some(name=source, license=_told(page, "license"))}
    return {"@type": "Dataset", "name": title, "description": _told(page, "description") or title,
            **({"isBasedOn": text} if source else {}), "isAccessibleForFree": True,
            "distribution": [
                {"@type": "DataDownload", "encodingFormat": kind,
                 "contentUrl": _address(f"{path}{suffix}", page, config)}
                for suffix, kind in _FILES.items()]}


def _address(path: str, page: Any, config: Any) -> str:
    """Return where a file is: as a whole where the site knows its address, else from the page."""
    from mkdocs.utils import get_relative_url

    if config.site_url:
        return urljoin(f"{config.site_url.rstrip('/')}/", path)
    return get_relative_url(path, page.url)


def _told(page: Any, name: str) -> str:
    """Return what the front matter says, which is escaped there for templates."""
    return unescape(str(page.meta.get(name) or ""))


def _some(**said: str | None) -> dict[str, str]:
    """Return what there is."""
    return {name: text for name, text in said.items() if text}
