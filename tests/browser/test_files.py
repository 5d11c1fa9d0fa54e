"""The files of the built site: what they weigh, and where their links lead."""

import gzip
import re
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

pytestmark = pytest.mark.browser
HEAVIEST, HEAVIEST_HOME = 60_000, 300_000
THEME = re.compile(r"^(https?:|mailto:|javascript:|data:)")


FOR_SCRIPTS = re.compile(r"(left=[\w-]+:)?[a-z]+\d+\.\d+", re.ASCII)
"""What scripts read behind #: a unit, by the explorer; with its network, side by side."""


class Page(HTMLParser):
    """Collects what a page links to and what can be linked to on it."""

    def __init__(self, path):
        super().__init__()
        self.links, self.ids, self.files = [], set(), []
        self.feed(path.read_text("utf-8"))

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        if "id" in given:
            assert given["id"] not in self.ids, f"twice: {given['id']}"
            self.ids.add(given["id"])
        for name in ("href", "src", "data-source"):
            if given.get(name):
                self.links.append(given[name])
                if tag in ("link", "script", "img") and given.get("rel") != "canonical":
                    self.files.append(given[name])


def pages(site):
    return {path: Page(path) for path in sorted(site.rglob("*.html")) if path.name != "404.html"}


def target(site, path, link, directory_urls):
    """Return the file that a link leads to."""
    parts = urlsplit(link)
    found = (path.parent / unquote(parts.path)).resolve() if parts.path else path
    if found.is_dir() and directory_urls:
        found = found / "index.html"
    assert site.resolve() in (found, *found.parents), f"{path}: {link} leads out of the site"
    return found, unquote(parts.fragment)


@pytest.mark.parametrize("name", ["site", "site-offline"])
def test_every_link_leads_somewhere(root, name):
    site = root / name
    found = pages(site)
    assert len(found) > 40
    by_path = {path.resolve(): page for path, page in found.items()}
    for path, page in found.items():
        for link in page.links:
            if THEME.match(link):
                continue
            file, anchor = target(site, path, link, name == "site")
            assert file.is_file(), f"{path.relative_to(site)}: {link}"
            if anchor and file.suffix == ".html" and not anchor.startswith("__"):
                ids = by_path[file.resolve()].ids
                read = FOR_SCRIPTS.fullmatch(anchor)
                assert anchor in ids or read, f"{path.relative_to(site)}: {link}"


def test_no_page_is_heavy(root):
    for path in (root / "site").rglob("*.html"):
        assert len(gzip.compress(path.read_bytes(), 6)) < HEAVIEST, path


def test_the_home_page_is_light_with_all_that_it_loads(root):
    site = root / "site"
    page = Page(site / "index.html")
    files = {target(site, site / "index.html", link, True)[0] for link in page.files
             if not THEME.match(link)}
    total = sum(len(gzip.compress(Path(file).read_bytes(), 6))
                for file in {*files, site / "index.html"})
    assert 10_000 < total < HEAVIEST_HOME
