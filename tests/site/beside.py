"""Two builds of one site, page by page: what stands in the main part of each.

`python -m tests.site.beside SITE OTHER` prints what differs, and how many pages were compared.
"""

from __future__ import annotations

import posixpath
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path

NOT_READ = {"script", "style", "svg"}
OF_THE_THEME = {"headerlink", "md-content__button", "md-source-file", "md-tags"}
VOID = {"area", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track",
        "wbr"}
HEADINGS = {f"h{level}" for level in range(1, 7)}


@dataclass
class Main(HTMLParser):
    """The main part of a page.

    Attributes:
        address: Of the page in its site, such as `cells/a/l0-1/`.
        words: Its text, as it comes.
        headings: Level, id and text of each heading.
        links: Where each link leads, in the site.
    """

    address: str
    words: list[str] = field(default_factory=list)
    headings: list[tuple[str, str, str]] = field(default_factory=list)
    links: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Begin outside of the main part."""
        super().__init__()
        self.depth = self.unread = 0  # of open elements: in the main part, in what is not read
        self.heading: list[str] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Enter an element, if it is in the main part."""
        given = {name: value or "" for name, value in attrs}
        classes = set(given.get("class", "").split())
        if not self.depth:
            self.depth = int(tag == "article" and "md-content__inner" in classes)
            return
        self.depth += tag not in VOID
        if self.unread or tag in NOT_READ or classes & OF_THE_THEME:
            self.unread += tag not in VOID
            return
        if tag in HEADINGS:
            self.heading = []
            self.headings.append((tag, given.get("id", ""), ""))
        if tag == "a" and "href" in given:
            self.links.append(self.resolved(given["href"]))

    def handle_endtag(self, tag: str) -> None:
        """Leave an element."""
        if not self.depth or tag in VOID:
            return
        self.depth -= 1
        self.unread -= bool(self.unread)
        if tag in HEADINGS and self.heading is not None:
            self.headings[-1] = (*self.headings[-1][:2], " ".join("".join(self.heading).split()))
            self.heading = None

    def handle_data(self, data: str) -> None:
        """Take a text."""
        if not self.depth or self.unread:
            return
        self.words.append(data)
        if self.heading is not None:
            self.heading.append(data)

    def resolved(self, href: str) -> str:
        """Return a link as it is from the top of the site; others as they are."""
        if ":" in href.split("#")[0] or href.startswith("/"):
            return href
        path, _, place = href.partition("#")
        target = posixpath.normpath(posixpath.join(posixpath.dirname(self.address), path or "."))
        whole = self.address if not path else target.removesuffix("/index.html")
        return f"{posixpath.normpath(whole).removesuffix('/index.html')}#{place}"


def read(site: Path) -> dict[str, Main]:
    """Return the main part of each page of a site that has one, by its file."""
    pages = {}
    for path in sorted(site.rglob("*.html")):
        name = path.relative_to(site).as_posix()
        page = Main(name)
        page.feed(path.read_text("utf-8"))
        page.close()
        if page.words:
            pages[name] = page
    return pages


def differences(site: Path, other: Path) -> Iterator[str]:
    """Yield a line for each thing that differs between two builds: pages, text, headings, links."""
    ours, theirs = read(site), read(other)
    yield from (f"{name}: only in the first" for name in ours if name not in theirs)
    yield from (f"{name}: only in the second" for name in theirs if name not in ours)
    for name in sorted(ours.keys() & theirs.keys()):
        one, two = ours[name], theirs[name]
        yield from _unlike(name, "text", "".join(one.words).split(), "".join(two.words).split())
        yield from _unlike(name, "heading", one.headings, two.headings)
        yield from _unlike(name, "link", one.links, two.links)


def _unlike(name: str, what: str, one: Sequence[object], two: Sequence[object]) -> Iterator[str]:
    if one == two:
        return
    at = next((n for n, (a, b) in enumerate(zip(one, two, strict=False)) if a != b),
              min(len(one), len(two)))
    yield f"{name}: {what} {at}: {one[at:at + 3]!r}, there {two[at:at + 3]!r}"


def main(site: str, other: str) -> int:
    """Print what differs."""
    found = list(differences(Path(site), Path(other)))
    print(*found, f"{len(found)} differences in {len(read(Path(site)))} pages", sep="\n")
    return int(bool(found))


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
