"""Fragments, links, MkDocs and Zensical on pages made from invented cards."""

import json
import os
import re
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import jinja2
import markdown
import pytest
from mkdocs.structure.files import File, Files

from builder.cli import main
from builder.core.errors import OutputError, UserError
from builder.core.pages import Page
from builder.features import FEATURES
from builder.rendering import RenderedSite, render_site
from builder.site import build, mkdocs, write_site
from builder.site.links import resolve
from builder.site.searched import without_excluded
from builder.site.theme import leave_out_indents, leave_out_unneeded
from tests.make_cards import exhibit, exhibits

PROJECT = Path(__file__).parents[2]


def make_project(root):
    shutil.copytree(PROJECT / "site_src", root / "site_src",
                    ignore=shutil.ignore_patterns("cells", "classics", "exhibits", "features"))
    for path in PROJECT.glob("mkdocs*.yml"):
        shutil.copy(path, root)
    write_site(render_site(exhibits(), [f.spec for f in FEATURES.values()]), root)
    return root


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    root = make_project(tmp_path_factory.mktemp("site"))
    build(root)
    build(root, offline=True)
    return root


def convert(folder, text):
    return markdown.markdown(
        text, extensions=["builder.site.fragments"],
        extension_configs={"builder.site.fragments": {"folder": str(folder)}})


def test_a_fragment_goes_past_markdown_untouched(tmp_path):
    (tmp_path / "a").mkdir()
    fragment = "<pre class=x>\tx *y* &#13; <b class=a>1\n\n    2</b></pre>"
    (tmp_path / "a" / "b.html").write_text(fragment)
    out = convert(tmp_path, "# T\n\n[[fragment: a/b]]\n\nafter *x*")
    assert fragment in out and "<em>x</em>" in out


@pytest.mark.parametrize("name", ["../x", "/etc/passwd", "a//b", "a/../b", "a.b", ""])
def test_a_name_cannot_leave_the_folder(tmp_path, name):
    with pytest.raises(OutputError, match="not the name of a fragment"):
        convert(tmp_path, f"[[fragment: {name}]]")


def test_a_missing_fragment_is_an_error(tmp_path):
    with pytest.raises(OutputError, match="cannot be read"):
        convert(tmp_path, "[[fragment: cells/x]]")


@pytest.mark.parametrize(("page", "directories", "expected"), [
    ("cells/x/l0-1", True, "../../../features/in_string/#units"),
    ("cells/x/l0-1", False, "../../features/in_string.html#units"),
    ("index", True, "features/in_string/#units"),
    ("features/index", True, "in_string/#units"),
])
def test_links_lead_where_they_say(page, directories, expected):
    html = '<a href="page:features/in_string#units">x</a>'
    assert resolve(html, page, directories) == f'<a href="{expected}">x</a>'


def test_stale_pages_go_and_equal_files_stay(tmp_path):
    one = RenderedSite((Page("cells/a.md", "1"),), (Page("cells/a.html", "1"),), ())
    two = RenderedSite((Page("cells/b.md", "2"),), (Page("cells/b.html", "2"),), ())
    write_site(one, tmp_path)
    hand = tmp_path / "site_src" / "docs" / "index.md"
    hand.write_text("by hand")
    stamp = (tmp_path / "site_src/docs/cells/a.md").stat().st_mtime_ns
    write_site(one, tmp_path)
    assert (tmp_path / "site_src/docs/cells/a.md").stat().st_mtime_ns == stamp
    write_site(two, tmp_path)
    made = {p.name for p in tmp_path.rglob("*") if p.is_file()}
    assert made == {"index.md", "b.md", "b.html"}


def test_two_builds_are_equal_to_the_byte(built, tmp_path):
    other = make_project(tmp_path / "elsewhere")
    build(other)

    def content(root):
        return {p.relative_to(root): p.read_bytes() for p in (root / "site").rglob("*")
                if p.is_file()}

    assert content(other) == content(built)


def test_the_home_page_links_the_code_where_the_site_says_where_it_is(built, tmp_path):
    root = tmp_path / "copy"
    shutil.copytree(built, root)
    config = root / "mkdocs.yml"
    config.write_text(config.read_text("utf-8").replace(
        "docs_dir:", "repo_url: https://example.org/gallery\ndocs_dir:", 1), "utf-8")
    build(root)
    said = '<p class="code-link">The code, the weights and all results: ' \
           '<a href="https://example.org/gallery">'
    assert said in (root / "site" / "index.html").read_text("utf-8")
    assert "code-link" not in (built / "site" / "index.html").read_text("utf-8")


def test_a_warning_stops_the_build(built, tmp_path):
    root = make_project(tmp_path / "broken")
    (root / "site_src" / "docs" / "index.md").write_text("# X\n\n[gone](gone.md)\n")
    with pytest.raises(UserError, match=r"gone\.md"):
        build(root)
    assert not (root / "site").exists()


WHAT_A_VISITOR_DID = (
    r"/(side-by-side(/index\.html|\.html|/)?#left=[\w-]+:|explore/[\w-]+(/index\.html|\.html|/)?#)"
    r"[a-z]+\d+\.\d+$")
"""What the script of a page reads behind its address; it is no place there."""


def check_links(site):
    lychee = Path(sys.executable).with_name("lychee")
    done = subprocess.run(
        [str(lychee), "--offline", "--include-fragments", "--no-progress", "--index-files",
         "index.html", "--exclude", WHAT_A_VISITOR_DID, "--root-dir", str(site),
         str(site / "**" / "*.html")],
        capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-2000:]


def test_every_link_inside_the_site_leads_somewhere(built, tmp_path):
    shutil.copytree(built / "site", tmp_path / "sub" / "path")
    check_links(tmp_path / "sub" / "path")
    check_links(built / "site-offline")


def test_no_page_asks_another_host(built):
    for page in (built / "site").rglob("*.html"):
        for found in re.findall(r'<(?:script|link|img|iframe)[^>]+(?:src|href)="([^"]+)"',
                                page.read_text("utf-8")):
            assert not re.match(r"(https?:)?//", found), (page, found)


def test_cells_are_found_by_name_and_claim_and_are_not_in_the_navigation(built):
    index = json.loads((built / "site" / "search" / "search_index.json").read_text("utf-8"))
    cells = {doc["location"]: doc for doc in index["docs"] if doc["location"].startswith("cells/")}
    entry = cells["cells/python-lstm/l0-17/"]
    assert entry["title"].startswith("c0.17: ") and exhibit().title[:20] in entry["text"]
    assert len([place for place in cells if place.startswith("cells/python-lstm/l0-17/")]) <= 2
    assert "c0.17 is red inside" in json.dumps([doc["text"] for doc in cells.values()])
    assert max(len(doc["text"]) for doc in cells.values()) < 400
    assert not any(doc["location"].startswith("embed/") for doc in index["docs"])
    home = (built / "site" / "index.html").read_text("utf-8")
    assert "cells/python-lstm/l0-203" not in home.split('<div class="md-content"')[0]


def test_no_page_is_larger_than_sixty_kilobytes_compressed(built):
    import gzip

    for page in (built / "site").rglob("*.html"):
        assert len(gzip.compress(page.read_bytes())) < 60_000, page


def test_the_search_is_given_what_can_be_found_and_no_coloured_text(built):
    index = json.loads((built / "site" / "search" / "search_index.json").read_text("utf-8"))
    texts = {entry["location"]: entry["text"] for entry in index["docs"]}
    fragment = (built / ".gallery" / "fragments" / "index.html").read_text("utf-8")
    assert "See the evidence for" in fragment and "See the evidence for" not in texts[""]
    assert "opening quote" in texts["features/in_string/"]


@pytest.mark.parametrize(("html", "slim"), [
    ("<p>a</p><pre class=x data-search-exclude>b<b>c</b></pre><p>d</p>",
     "<p>a</p><pre class=x data-search-exclude></pre><p>d</p>"),
    ("<div data-search-exclude><div>b</div><div>c</div></div>e",
     "<div data-search-exclude></div>e"),
    ("<div data-search-exclude><h2 id=x>b</h2></div>",) * 2,
    ("<div data-search-exclude>never closed",) * 2,
    ("<p>data-search-exclude</p>",) * 2,
])
def test_what_is_excluded_is_cut(html, slim):
    assert without_excluded(html) == slim


def test_what_of_the_theme_no_page_asks_for_is_left_out(built):
    there = [path.relative_to(built / "site").as_posix() for path in (built / "site").rglob("*")]
    assert not [path for path in there if path.endswith(".map") or "/lunr/" in path]
    assert [path for path in there if path.startswith("assets/javascripts/workers/search.")]


def test_what_other_languages_need_stays_where_they_are_searched():
    names = ["assets/javascripts/lunr/min/lunr.de.min.js", "assets/javascripts/bundle.js.map",
             "assets/javascripts/bundle.js", "models/assets.map"]
    for languages, kept in ((["en"], names[2:]), (["de"], [names[0], *names[2:]]),
                            ([], [names[0], *names[2:]])):
        files = Files([File(name, "docs", "site", True) for name in names])
        leave_out_unneeded(files, languages)
        assert [file.src_uri for file in files] == kept


def test_templates_lose_their_indents_and_no_line_and_nothing_of_what_is_in_a_page():
    templates = {"page": "<p>\n  a\n\t<b>b</b>\n  {{ page }}</p>", "kept": "<pre>\n  a</pre>",
                 "over": "{% extends 'page' %}"}
    env = jinja2.Environment(loader=jinja2.DictLoader(templates))
    leave_out_indents(env)
    for name in ("page", "over"):
        made = env.get_template(name).render(page="x\n  y")
        assert made == "<p>\na\n<b>b</b>\nx\n  y</p>"
    assert env.get_template("kept").render() == templates["kept"]
    assert env.list_templates() == sorted(templates)


def test_what_stands_around_a_page_has_no_indents(built):
    html = (built / "site/cells/python-lstm/l0-17/index.html").read_text("utf-8")
    around = html[:html.index("<article")] + html[html.index("</article>"):]
    assert around.count("\n") > 50 and not re.search(r"\n[ \t]+\S", around)


CURRENT = re.compile(r'class="md-tabs__link" aria-current="(\w+)">\s*([^<]+?)\s*</a>')
TABS = {"index": ("page", "Home"), "exhibits/index": ("page", "Exhibits"),
        "exhibits/python-lstm": ("true", "Exhibits"),
        "cells/python-lstm/l0-17": ("true", "Exhibits"),
        "units/python-lstm": ("true", "Exhibits"), "explore/python-lstm": ("true", "Exhibits"),
        "features/in_string": ("true", "Features"), "words/python-lstm": ("true", "In words"),
        "classics/quotes-and-comments": ("true", "Classics"), "quiz/index": ("page", "Quiz"),
        "how-to-read": ("true", "Learn"), "extend/panel": ("true", "Learn"),
        "bring-your-own-model/keras": ("true", "Learn"), "reference": ("page", "Reference")}


@pytest.mark.parametrize("offline", [False, True])
@pytest.mark.parametrize("name", TABS)
def test_the_tab_of_a_page_is_current_and_no_other(built, name, offline):
    path = built / "site-offline" / f"{name}.html" if offline else (
        built / "site" / name.removesuffix("index") / "index.html")
    assert CURRENT.findall(path.read_text("utf-8")) == [TABS[name]]


def test_a_page_that_is_not_there_has_no_tab(built):
    assert "aria-current" not in (built / "site" / "404.html").read_text("utf-8")


def test_zensical_builds_the_same_tree(tmp_path):
    built = make_project(tmp_path / "zensical")
    done = subprocess.run(
        [sys.executable, "-m", "zensical", "build", "--clean"], cwd=built, capture_output=True,
        text=True, env={**os.environ, "NO_COLOR": "1"})
    assert done.returncode == 0, done.stdout + done.stderr
    page = built / "site" / "cells" / "python-lstm" / "l0-17" / "index.html"
    text = page.read_text("utf-8")
    assert "<b class=p>" in text and "[[fragment" not in text
    assert 'href="../../../features/in_string/"' in text
    assert 'href="../l0-17.json"' in text
    assert CURRENT.findall(text) == [("true", "Exhibits")]


def test_a_port_in_use_is_said_before_anything_starts(tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(OutputError, match="port in use"):
            mkdocs.serve(tmp_path, f"127.0.0.1:{port}")


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def test_serving_fails_where_mkdocs_fails(tmp_path, capfd):
    (tmp_path / "site_src" / "docs" / "exhibits").mkdir(parents=True)
    (tmp_path / "mkdocs.yml").write_text("site_name: x\ndocs_dir: nowhere\n")
    address = f"127.0.0.1:{free_port()}"
    assert main(["--root", str(tmp_path), "serve", "--address", address]) == 2
    said = capfd.readouterr().err
    assert "nowhere" in said and "Traceback" not in said
    assert said.splitlines()[-1] == (
        f"gallery: {tmp_path / 'mkdocs.yml'}: MkDocs could not serve the site; exit code 1; "
        "fix what it says above")
