"""A site that is served is built again at every change: what is as it was is taken from before.

MkDocs empties the folder of the site, copies every file and renders every page at each change. A
`Served` site is kept by the hook as long as MkDocs serves it. Files that have not changed stay
where they are. A page that is a fragment and nothing else goes through Markdown, the template and
the search only where one of the things that decide it is another one than before.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from builder.rendering import Compiled
from builder.site.links import NAME
from builder.site.searched import plugin_of

BEFORE = ".before"
"""Folder in that of the site; MkDocs leaves alone what begins with a dot."""

PLUGINS = frozenset({"material/search", "search", "material/offline", "offline"})
"""With these nothing but what is looked at here decides a page; with others, pages are rendered."""

_FRAGMENT_ALONE = re.compile(rf"\s*# [^\n]*\n+\[\[fragment: *({NAME.pattern}) *\]\]\s*", re.ASCII)
_NO_SETTINGS = frozenset({"hooks", "plugins", "theme"})
_KEPT = ("content", "toc", "_title_from_render", "present_anchor_ids")

Stamp = tuple[int, ...]


@dataclass
class _Rendered:
    """A page as it was rendered.

    Attributes:
        key: What decided its content.
        content: Fields of the page that Markdown has filled.
        frame: What else decided its HTML.
        html: The whole of it.
    """

    key: object
    content: Mapping[str, Any] = field(default_factory=dict)
    frame: object = None
    html: str = ""


@dataclass
class _Found:
    """What the search has found on a page.

    Attributes:
        asked: What it was given.
        entries: What it has found.
        content: The page, as the search left it.
    """

    asked: object
    entries: tuple[Any, ...] = ()
    content: str = ""


class Served:
    """What is known of a site from the build before."""

    def __init__(self) -> None:
        self._files: dict[Path, Stamp] = {}
        self._before: dict[Path, Stamp] = {}
        self._pages: dict[str, _Rendered] = {}
        self._compiled = Compiled()
        self._frame: object = None
        self._hits: set[str] = set()
        self._found: dict[str, _Found] = {}
        self._entries, self._seen = 0, False

    def set_aside(self, site: Path) -> None:
        """Put what is in the folder of the site where MkDocs does not remove it."""
        aside = site / BEFORE
        shutil.rmtree(aside, ignore_errors=True)
        there = list(site.iterdir()) if site.is_dir() else []
        if there:
            aside.mkdir()
        for path in there:
            path.rename(aside / path.name)

    def take_back(self, files: Any, site: Path) -> None:
        """Put back what was set aside, and let files that have not changed stay as they are."""
        for path in (site / BEFORE).glob("*"):
            path.rename(site / path.name)
        self._before = {path: _stamp(path) for path in site.rglob("*") if path.is_file()}
        known, self._files = self._files, {}
        for file in files:
            if not file.inclusion.is_in_serve():
                continue
            target = Path(file.abs_dest_path)
            self._files[target] = _stamp(Path(file.abs_src_path)) if file.abs_src_path else ()
            if target in self._before and self._files[target] and \
                    known.get(target) == self._files[target] and not file.is_documentation_page():
                file.copy_file = _stay

    def read(self, markdown: str, page: Any, config: Any) -> None:
        """Give a page the content that it had before, if nothing that decides it has changed."""
        page_id, only = page.file.src_uri, _FRAGMENT_ALONE.fullmatch(markdown)
        self._hits.discard(page_id)
        if not (only and _is_known(config)):
            self._pages.pop(page_id, None)
            return
        folder = Path(config.mdx_configs["builder.site.fragments"]["folder"])
        key = (markdown, _stamp(folder / f"{only[1]}.html"), config.use_directory_urls,
               repr(config.markdown_extensions), repr(config.mdx_configs))
        before = self._pages.get(page_id)
        if before is None or before.key != key or not before.content:
            self._pages[page_id] = _Rendered(key)
            return
        self._hits.add(page_id)
        page.render = lambda config, files: _give(page, before.content)

    def template(self, env: Any, config: Any, nav: Any) -> Any:
        """Return an environment whose templates know the pages that they would make again."""
        env.bytecode_cache = self._compiled
        self._frame = (_settings(config), _outline(nav.items), tuple(
            _stamp(path) for folder in config.theme.dirs[:1] for path in sorted(
                Path(folder).rglob("*")) if path.is_file()))
        return _Environment(env, self)

    def before_search(self, page: Any, config: Any) -> None:
        """Hide from the search what it has read before."""
        search, name = plugin_of(config), page.file.src_uri
        if search is None:
            return
        self._entries = len(search.search_index.entries)
        asked = (page.content, page.title, page.url, repr(page.meta))
        before = self._found.get(name)
        same = before is not None and before.asked == asked and bool(before.content)
        self._seen = name in self._hits or same
        if not self._seen:
            self._found[name] = _Found(asked)
        page.content = "" if self._seen else page.content

    def after_search(self, page: Any, config: Any) -> None:
        """Give the search what it found before, or keep what it and Markdown have made."""
        search, name = plugin_of(config), page.file.src_uri
        if search is not None:
            entries, found = search.search_index.entries, self._found[name]
            if self._seen:
                entries[self._entries:], page.content = found.entries, found.content
            else:
                found.entries, found.content = tuple(entries[self._entries:]), page.content
        known = self._pages.get(name)
        if known is not None and name not in self._hits:
            known.content = {name: getattr(page, name) for name in _KEPT}

    def html(self, page: Any, render: Callable[[], str]) -> str:
        """Return a page: as it was made before if nothing has changed, else rendered."""
        known = self._pages.get(page.file.src_uri)
        if known is None or page.parent or page.previous_page or page.next_page:
            return render()
        frame = (self._frame, page.title, repr(page.meta), page.url)
        if not (page.file.src_uri in self._hits and known.frame == frame):
            known.html, known.frame = render(), frame
        return known.html

    def finish(self, site: Path) -> None:
        """Remove what is of a build before and was not made again."""
        for path, stamp in self._before.items():
            if path not in self._files and _stamp(path) == stamp:
                path.unlink()
                _remove_empty(path.parent, site)
        shutil.rmtree(site / BEFORE, ignore_errors=True)


class _Environment:
    """That of the theme; its templates ask a `Served` site first."""

    def __init__(self, env: Any, served: Served) -> None:
        self._env, self._served = env, served

    def __getattr__(self, name: str) -> Any:
        return getattr(self._env, name)

    def get_template(self, name: str) -> Any:
        """Called by MkDocs."""
        return _Template(self._env.get_template(name), self._served)


class _Template:
    """A template of the theme, as far as MkDocs needs it."""

    def __init__(self, template: Any, served: Served) -> None:
        self._template, self._served = template, served

    def render(self, context: Any) -> str:
        """Called by MkDocs."""
        def made() -> str:
            return str(self._template.render(context))

        page = context.get("page")
        return made() if page is None else self._served.html(page, made)


def _is_known(config: Any) -> bool:
    """Tell whether nothing but what is looked at here decides a page."""
    hooks = set(config.hooks)
    return len(hooks) == 1 and set(config.plugins) - hooks <= PLUGINS


def _settings(config: Any) -> str:
    """Return all settings that a template can read; plugins are among `PLUGINS`."""
    plain = {name: value for name, value in config.items() if name not in _NO_SETTINGS}
    return repr((plain, {name: config.theme[name] for name in config.theme}))


def _give(page: Any, content: Mapping[str, Any]) -> None:
    for name, value in content.items():
        setattr(page, name, value)


def _outline(items: Any) -> object:
    """Return all that templates may say of the navigation."""
    return [(item.title, getattr(item, "url", ""), repr(getattr(item, "meta", "")),
             _outline(item.children or ())) for item in items]


def _stay(dirty: bool = False) -> None:
    """Stands for the copying of a file that is there already."""


def _remove_empty(folder: Path, site: Path) -> None:
    """Remove a folder that is empty, and so those that it alone stands in."""
    with suppress(OSError):
        while folder != site:
            folder.rmdir()
            folder = folder.parent


def _stamp(path: Path) -> Stamp:
    with suppress(OSError):
        known = path.stat()
        return known.st_ino, known.st_size, known.st_mtime_ns
    return ()
