"""The results in this repository: there for every exhibit, whole, small, and of what is here."""

import json
import lzma
from pathlib import Path

import jsonschema
import pytest

from builder.workspace import shipped
from builder.workspace.gallery import Workspace
from builder.workspace.lock import read_lock

pytest.importorskip("torch")

from builder.core.cards import CHARACTERS
from builder.exhibits import known, recipes, shipped_card, shipped_cards
from builder.exhibits.asked import made_of
from builder.work import local

pytestmark = pytest.mark.torch

ROOT = Path(__file__).parents[2]
EXHIBITS = {exhibit.name: exhibit for exhibit in recipes(Workspace(ROOT))}
MEGABYTE = 1_000_000


@pytest.mark.parametrize("name", EXHIBITS)
def test_results_fit_the_weights_the_recipe_and_the_cells(name):
    exhibit = EXHIBITS[name]
    found = shipped.read_shipped(exhibit.folder)
    assert found is not None and found.is_untouched
    lock = read_lock(exhibit.folder)
    assert shipped.misfits(found.made_of, made_of(exhibit, lock, "", "")) == []
    assert [(c.claim.unit, c.claim.feature) for c in found.card.cells] == \
        [(c.unit, c.feature) for c in lock.cells]
    # activations of excerpts can be read again from a state where a step is one character
    most = MEGABYTE if found.card.tokens == CHARACTERS else 1.1 * MEGABYTE
    assert (exhibit.folder / shipped.RESULTS_FILE).stat().st_size <= most


def test_weights_and_results_are_small_all_together():
    results = sum(p.stat().st_size for p in (ROOT / "gallery").rglob(shipped.RESULTS_FILE))
    weights = sum(p.stat().st_size for p in (ROOT / "gallery").rglob("*.safetensors"))
    assert 0 < results < 12 * MEGABYTE and 0 < weights < 30 * MEGABYTE


def test_cards_are_read_by_several_processes_as_by_one(monkeypatch):
    workspace, chosen = Workspace(ROOT), sorted(
        EXHIBITS.values(), key=lambda e: (e.folder / shipped.RESULTS_FILE).stat().st_size)[:2]
    monkeypatch.setattr(known, "MANY", 2)
    with local(2) as apart:
        found = list(shipped_cards(workspace, chosen, None, apart))
    assert None not in found
    assert found == [shipped_card(workspace, exhibit) for exhibit in chosen]


def test_what_other_processes_do_not_know_is_read_here(monkeypatch):
    """A control that is registered by hand decides numbers, and the others have none."""
    chosen = list(EXHIBITS.values())[:2]
    monkeypatch.setattr(known, "MANY", 2)
    monkeypatch.setattr(known, "shipped_card", lambda _, exhibit, __: exhibit.name)
    with local(2) as apart, monkeypatch.context() as here:
        here.setattr(known, "made_of", lambda *_: "made of something else")
        found = list(shipped_cards(Workspace(ROOT), chosen, None, apart))
    assert found == [exhibit.name for exhibit in chosen]


def test_a_text_is_looked_at_once_while_a_card_is_read(monkeypatch):
    looked = []
    monkeypatch.setattr(known, "text_to_compare", lambda _, exhibit, *__, **___: (
        looked.append(exhibit.name) or ""))
    exhibit = EXHIBITS["counters-rnn"]
    card, now = known._read_apart((Workspace(ROOT), None), exhibit)
    assert card.name == exhibit.name
    assert now == made_of(exhibit, read_lock(exhibit.folder), "", "")
    assert looked == ["counters-rnn"]


def test_a_shipped_file_is_what_the_published_schema_says():
    schema = json.loads((ROOT / "site_src/docs/results.schema.json").read_text("utf-8"))
    raw = (ROOT / "gallery/counters-rnn" / shipped.RESULTS_FILE).read_bytes()
    jsonschema.validate(json.loads(lzma.decompress(raw)), schema)
