"""Only what has changed is rendered again, and the result is what rendering all of it gives."""

import shutil
from dataclasses import replace

import pytest

from builder.core.pages import Page
from builder.features import FEATURES
from builder.rendering import PageKind, PlannedFile, StampedCard, plan_site, render_site
from builder.rendering import environment as rendering
from builder.rendering.page_kind import PAGE_KINDS
from builder.site.memory import remembering
from builder.site.placed import DOCS, FRAGMENTS
from builder.site.write import write_planned, write_site
from tests.integration.projects import bytes_of
from tests.make_cards import exhibits

SPECS = [feature.spec for feature in FEATURES.values()]
CARDS = exhibits()


@pytest.fixture(scope="module")
def first(tmp_path_factory):
    """A project that was written once, and its templates."""
    root = tmp_path_factory.mktemp("first")
    shutil.copytree(rendering.TEMPLATES, root / "templates")
    write(root)
    return root


@pytest.fixture
def written(first, tmp_path, monkeypatch):
    """A copy of it to change."""
    root = shutil.copytree(first, tmp_path / "written")
    monkeypatch.setattr(rendering, "TEMPLATES", root / "templates")
    return root


def write(root, cards=CARDS, stored=CARDS, stamps=("one", "two"), code="code"):
    """Write what has changed; return how many texts were made."""
    measured = [StampedCard(card, kept, stamp)
                for card, kept, stamp in zip(cards, stored, stamps, strict=True)]
    with remembering(root / "rendered.sqlite", code, root) as before:
        return write_planned(plan_site(measured, SPECS, before), root, before)


def check(root, tmp_path, cards=CARDS):
    """Check that all files are what a fresh project would have."""
    write_site(render_site(cards, SPECS), tmp_path / "fresh")
    for folder in (DOCS, FRAGMENTS):
        assert bytes_of(root / folder) == bytes_of(tmp_path / "fresh" / folder)


def texts(root):
    return sum(1 for path in (root / DOCS).rglob("*") if path.is_file() and path.suffix != ".md") \
        + sum(1 for path in (root / FRAGMENTS).rglob("*.html"))


def test_nothing_changed_means_nothing_is_made(written, tmp_path):
    assert write(written) == 0
    check(written, tmp_path)


def test_words_of_a_recipe(written, tmp_path):
    cards = [replace(CARDS[0], title="Another title", license="Another licence"), CARDS[1]]
    made = write(written, cards)
    assert 0 < made < texts(written) / 2
    check(written, tmp_path, cards)
    page = (written / FRAGMENTS / "cells/shakespeare/l0-17.html").read_text("utf-8")
    assert "Another" not in page


def test_the_order_of_exhibits(written, tmp_path):
    cards = [replace(CARDS[0], order=7), CARDS[1]]
    assert write(written, cards) > 0
    check(written, tmp_path, cards)


def test_other_results_of_an_exhibit(written, tmp_path):
    cell = CARDS[1].cells[0]
    other = replace(cell, claim=replace(cell.claim, r=0.123))
    card = replace(CARDS[1], cells=(other, *CARDS[1].cells[1:]))
    cards = [CARDS[0], card]
    assert 0 < write(written, cards, cards, ("one", "three")) < texts(written)
    check(written, tmp_path, cards)


def test_an_exhibit_that_is_gone(written, tmp_path):
    write(written, CARDS[:1], CARDS[:1], ("one",))
    check(written, tmp_path, CARDS[:1])
    assert not (written / DOCS / "cells" / "shakespeare").exists()


@pytest.mark.parametrize(("name", "share"), [
    ("feature.html.j2", 0.5), ("panels/counter.html.j2", 0.2), ("panels/numbers.html.j2", 0.2),
    ("_parts.html.j2", 1.0)])
def test_a_template(written, tmp_path, name, share):
    path = written / "templates" / name
    path.write_text(path.read_text("utf-8").replace("<p", "<p data-changed") + "<!-- end -->")
    assert 0 < write(written) < share * texts(written)
    check(written, tmp_path)


def test_other_code_makes_everything_anew(written, tmp_path):
    assert write(written, code="other code") == texts(written)


@pytest.mark.parametrize("damage", [
    lambda path: path.unlink(), lambda path: path.write_text("cut"),
    lambda path: path.write_bytes(path.read_bytes()[::-1])], ids=["removed", "cut", "reversed"])
@pytest.mark.parametrize("name", [
    f"{FRAGMENTS}/cells/python-lstm/l0-17.html", f"{DOCS}/cells/python-lstm/l0-17-1.svg"])
def test_a_file_that_was_damaged_is_made_again(written, tmp_path, damage, name):
    damage(written / name)
    assert write(written) == 1
    check(written, tmp_path)


def test_a_memory_that_cannot_be_read_is_begun_anew(written, tmp_path):
    (written / "rendered.sqlite").write_bytes(b"no database at all" * 100)
    assert write(written) == texts(written)
    assert write(written) == 0


def test_a_file_of_a_kind_that_binds_the_gallery(written, monkeypatch):
    """What a file reads of the gallery while it is made is noted, title by title."""
    def downloads(gallery):
        yield PlannedFile("mine/titles.txt", lambda: " ".join(e.title for e in gallery.exhibits))
        yield Page("mine/given.txt", "given")

    kinds = [*PAGE_KINDS.all(), PageKind("mine", lambda gallery: (), ("mine",), downloads)]
    monkeypatch.setattr(PAGE_KINDS, "all", lambda: iter(kinds))
    assert write(written) == 2 and write(written) == 0
    write(written, [CARDS[0], replace(CARDS[1], title="Changed")])
    assert (written / DOCS / "mine/titles.txt").read_text("utf-8").endswith("Changed")
    assert write(written, [CARDS[0], replace(CARDS[1], license="Changed")]) > 0
