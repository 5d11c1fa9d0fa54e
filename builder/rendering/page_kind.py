"""The contract of a kind of page: which pages there are of it, and what their templates are given.

Ours are the modules of `kinds/`; other packages bring theirs through the entry points
`unit_gallery.pages`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from builder.core.errors import OutputError, Problem
from builder.core.pages import Page
from builder.core.registry import Registry
from builder.rendering.downloads import DataOf
from builder.rendering.gallery import Gallery


@dataclass(frozen=True)
class PlannedPage:
    """A page before it is rendered.

    Attributes:
        name: Its address: `a/b` is the page at `a/b/`, `a/index` the one at `a/`.
        template: One of ours by its name, that of another package by its path.
        given: What the template is given beside the gallery; or what makes it, which is called
            only where the page is not there already.
        title: What it is called in lists, tabs and searches, plain text. Empty for a fragment
            alone: a page written by hand then has a line `[[fragment: NAME]]`.
        heading: What stands above it, where that is shorter than the title.
        about: One sentence for those who have only a link, plain text.
        picture: Path of a file of the kind to stand beside a link to it.
        searched: Whether the search of the site knows it.
        boost: How many times as much as on another page a word on it counts there.
        after: Markdown to follow the fragment.
        frame: Template of the host of the site, where it is not the usual one.
        data: Its numbers as files; None where there are none.
        exhibit: Whether it is the page of an exhibit, which the feed names.
    """

    name: str
    template: str | Path
    given: Mapping[str, object] | Callable[[], Mapping[str, object]] = field(default_factory=dict)
    title: str = ""
    heading: str = ""
    about: str = ""
    picture: str = ""
    searched: bool = True
    boost: int = 1
    after: str = ""
    frame: str = ""
    data: DataOf | None = None
    exhibit: bool = False


@dataclass(frozen=True)
class PlannedFile:
    """A file beside the pages before it is made; it is made only where it is not there already.

    Attributes:
        path: Where it goes.
        make: Returns its content. What it needs of a gallery is bound to it
            (`functools.partial`), as the exhibit or cell itself.
    """

    path: str
    make: Callable[[], str | bytes]


def _nothing(gallery: Gallery) -> Iterable[Page]:
    return ()


@dataclass(frozen=True)
class PageKind:
    """A kind of page.

    Attributes:
        name: Letters, digits and _; no two kinds have the same.
        pages: All pages of this kind.
        folders: First parts of the addresses of its pages and downloads. Nothing in these folders
            is written by hand: what no page or download has made is removed from them.
        downloads: Files beside the pages.
    """

    name: str
    pages: Callable[[Gallery], Iterable[PlannedPage]]
    folders: tuple[str, ...] = ()
    downloads: Callable[[Gallery], Iterable[Page | PlannedFile]] = _nothing

    @property
    def origin(self) -> str:
        """Tells kinds of the same name apart."""
        return self.pages.__module__


PAGE_KINDS: Registry[PageKind] = Registry(
    "kind of page", "builder.rendering.kinds", "unit_gallery.pages")


def add_page_kind(kind: PageKind) -> None:
    """Add a kind of page to the site.

    Raises:
        UserError: Another one has its name.
    """
    PAGE_KINDS.register(kind.name, kind)


def generated_folders() -> tuple[str, ...]:
    """Return the folders of the documents in which nothing is written by hand, sorted."""
    return tuple(sorted({folder for kind in PAGE_KINDS.all() for folder in kind.folders}))


def planned(kind: PageKind, gallery: Gallery) -> list[PlannedPage]:
    """Return the pages of a kind.

    Raises:
        OutputError: One is outside of the folders of its kind, where it could take the place of
            something written by hand.
    """
    pages = list(kind.pages(gallery))
    _check(kind, (page.name for page in pages if page.title))
    return pages


def downloads(kind: PageKind, gallery: Gallery) -> list[Page | PlannedFile]:
    """Return the files beside the pages of a kind.

    Raises:
        OutputError: One is outside of the folders of its kind.
    """
    files = list(kind.downloads(gallery))
    _check(kind, (file.path for file in files))
    return files


def _check(kind: PageKind, names: Iterable[str]) -> None:
    outside = [name for name in names if name.split("/")[0] not in kind.folders]
    if outside:
        raise OutputError([Problem(f"kind of page {kind.name!r}", "a page outside of its folders",
                                   f"{name}, and it has the folders: {', '.join(kind.folders)}",
                                   "name the folder in `folders`") for name in outside[:3]])
