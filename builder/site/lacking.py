"""What a project has not itself comes with this package: settings, look, pages written by hand.

Whatever a project has of its own stays as it is. So another version of the package has another
look, and no file of a project is ever changed.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any

from builder.core.given import given_root
from builder.rendering import GENERATED_FILES, generated_folders
from builder.rendering.addresses import COUNTING
from builder.site.placed import DOCS

HOME = "index.md"
"""The one page that comes with no package: it says whose site this is."""

SETTINGS = "mkdocs.yml"
COUNTING_PAGE = f"{COUNTING}.md"
_OVERRIDES = "site_src/overrides"
_FILES = ("extra_css", "extra_javascript")


def fill_settings(config: Any) -> None:
    """Add to the settings of a project what it leaves open.

    Args:
        config: Of MkDocs.
    """
    given = _settings()
    for name in _FILES:
        config[name] = [*given[name], *(file for file in config[name] if file not in given[name])]
    for name, options in given["markdown_extensions"].items():
        if name not in config.markdown_extensions:
            config.markdown_extensions.append(name)
        if options and not config.mdx_configs.get(name):
            config.mdx_configs[name] = dict(options)
    _fill_theme(config.theme, given["theme"])


def _fill_theme(theme: Any, given: dict[str, Any]) -> None:
    """Let a theme look as the package has it, where it looks as nobody has said otherwise."""
    from mkdocs.theme import Theme

    overrides = str(given_root() / _OVERRIDES)
    if theme.custom_dir is None:
        theme.dirs.insert(0, overrides)
    elif Path(theme.custom_dir).resolve() != Path(overrides).resolve():
        theme.dirs.insert(1, overrides)
    theme.static_templates |= set(given["static_templates"])
    if theme.name != given["name"]:
        return
    plain = Theme(name=theme.name)
    for key in given.keys() - {"name", "custom_dir", "language", "static_templates"}:
        if key not in theme or theme[key] == plain.get(key):
            theme[key] = given[key]


def fill_files(files: Any, config: Any, silent: Collection[str] = ()) -> None:
    """Add the pages, scripts and style sheets that a project has not, and a navigation.

    Args:
        files: Of MkDocs.
        config: Of MkDocs.
        silent: Pages that have nothing to show yet, which the navigation leaves out.
    """
    from mkdocs.structure.files import File, InclusionLevel

    generated = _generated()
    own = {file.src_uri for file in files if generated.isdisjoint(_places(file.src_uri))}
    docs = given_root() / DOCS
    for name in _by_hand(docs):
        if name not in own and name != HOME:
            files.append(File(name, str(docs), config.site_dir, config.use_directory_urls,
                              inclusion=InclusionLevel.NOT_IN_NAV))
    if Path(config.docs_dir).resolve() == docs.resolve():
        return
    for file in files.documentation_pages():
        made = not generated.isdisjoint(_places(file.src_uri))
        if made and file.inclusion is InclusionLevel.INCLUDED:
            file.inclusion = InclusionLevel.NOT_IN_NAV  # a package may bring further pages
    if config.nav is None:
        there = {file.src_uri for file in files.documentation_pages()} - set(silent)
        pages = [name for name in sorted(own) if name.endswith(".md")]
        config.nav = _navigation(pages, there)


def _navigation(own: Collection[str], there: Collection[str]) -> list[Any]:
    """Return the navigation of the package as far as its pages are there.

    Pages that a project alone has follow the first.

    Args:
        own: Pages that the project has itself.
        there: All pages.
    """
    given = _settings()["nav"]
    named = set(_pages_of(given))
    first, *others = _only(given, there)
    return [first, *(name for name in own if name not in named and name != HOME), *others]


def _pages_of(nav: list[Any]) -> Iterator[str]:
    for entry in nav:
        for target in entry.values():
            yield from [target] if isinstance(target, str) else _pages_of(target)


def _only(nav: list[Any], there: Collection[str]) -> list[Any]:
    """Return a navigation without pages that are not there, and without what is then empty."""
    found = []
    for entry in nav:
        for title, target in entry.items():
            kept = target if isinstance(target, str) else _only(target, there)
            if kept and (not isinstance(target, str) or target in there):
                found.append({title: kept})
    return found


def given_by_hand() -> Iterator[Path]:
    """Yield the files that come with the package and that sites are made of."""
    root = given_root()
    yield root / SETTINGS
    yield from (root / DOCS / name for name in _by_hand(root / DOCS))
    yield from sorted(path for path in (root / _OVERRIDES).iterdir() if path.is_file())


def _by_hand(docs: Path) -> Iterator[str]:
    """Yield the names of files that are written by hand, in order; nothing that Python leaves."""
    generated = _generated()
    ours = (top for top in docs.iterdir() if top.name not in generated)
    paths = (path for top in ours for path in (top, *top.rglob("*"))
             if path.is_file() and path.suffix != ".pyc")
    names = (path.relative_to(docs).as_posix() for path in sorted(paths))
    yield from (name for name in names if name not in generated)


def _generated() -> set[str]:
    """Return the names of the folders and files of a site that are made, not written."""
    return {*generated_folders(), *GENERATED_FILES}


def _places(name: str) -> tuple[str, str]:
    """Return a file's name, and that of the topmost folder it is in."""
    return name, name.partition("/")[0]


def _settings() -> dict[str, Any]:
    """Return the settings that come with the package."""
    from mkdocs.utils.yaml import get_yaml_loader, yaml_load

    with (given_root() / SETTINGS).open(encoding="utf-8") as file:
        return dict(yaml_load(file, get_yaml_loader()))
