"""Texts that several processes make are those that one process makes."""

import sqlite3

import pytest

from builder.features import FEATURES
from builder.rendering import PageKind, PlannedFile, StampedCard, plan_site, render_site
from builder.rendering.page_kind import PAGE_KINDS
from builder.site import apart
from builder.site.apart import Site, make_apart
from builder.site.memory import remembering
from builder.site.placed import DOCS, FRAGMENTS
from builder.site.write import write_planned, write_site
from builder.work import local
from tests.integration.projects import bytes_of
from tests.make_cards import exhibits

SPECS = tuple(feature.spec for feature in FEATURES.values())
CARDS = tuple(StampedCard(card, card, stamp)
              for card, stamp in zip(exhibits(), ("one", "two"), strict=True))


@pytest.fixture(autouse=True)
def one_is_many(monkeypatch):
    monkeypatch.setattr(apart, "MANY", 1)


def in_two_processes(task, context, items):
    workers = local(2)
    try:
        return list(workers.map(task, context, items))
    finally:
        workers.close()


def write(root, several=in_two_processes):
    """Write what has changed; return how often others made all that could be told."""
    done = []
    site = Site(CARDS, SPECS, None, root / "rendered.sqlite")
    with remembering(root / "rendered.sqlite", "code", root) as before:
        plan = plan_site(CARDS, SPECS, before)

        def others(wanted):
            done.append(make_apart(site, root, wanted, before, several))
            return done[-1]

        return write_planned(plan, root, before, others), done


def check(root, tmp_path):
    write_site(render_site([card.card for card in CARDS], SPECS), tmp_path / "fresh")
    for folder in (DOCS, FRAGMENTS):
        assert bytes_of(root / folder) == bytes_of(tmp_path / "fresh" / folder)


def kept(root):
    with sqlite3.connect(root / "rendered.sqlite") as store:
        return {table: store.execute(f"SELECT COUNT(*) FROM {table}").fetchone()[0]
                for table in ("texts", "files")}


def test_the_same_bytes_and_nothing_is_made_twice(tmp_path):
    root = tmp_path / "root"
    number, done = write(root)
    assert number > 100 and done == [True]
    check(root, tmp_path)
    before = kept(root)
    assert before["texts"] > 20 and before["files"] > 100
    assert write(root) == (0, [False])  # nothing is wanted, so nobody is started
    page = root / FRAGMENTS / "cells" / "python-lstm" / "l0-17.html"
    whole = page.read_bytes()
    page.write_bytes(whole[:-100])
    assert write(root) == (1, [True])
    assert page.read_bytes() == whole and kept(root) == before  # of the panels that were kept


def test_what_is_registered_by_hand_is_made_here(tmp_path, monkeypatch):
    mine = PageKind("by_hand", lambda gallery: (), ("by-hand",),
                    lambda gallery: [PlannedFile("by-hand/it.txt", lambda: "mine")])
    monkeypatch.setattr(PAGE_KINDS, "_things", {**PAGE_KINDS._things, "by_hand": mine})
    root = tmp_path / "root"
    number, done = write(root)
    assert number > 100 and done == [False]
    assert (root / DOCS / "by-hand" / "it.txt").read_text("utf-8") == "mine"


def test_few_texts_start_nobody(tmp_path, monkeypatch):
    monkeypatch.setattr(apart, "MANY", 10_000)
    assert write(tmp_path / "root", None)[1] == [False]  # nobody is asked
