"""What a stored result hangs on: the code that decides numbers, and no other."""

import json
import shutil
import sys
from dataclasses import replace
from importlib import import_module

import pytest

from builder.core.text import Corpus, Document, LeftOut, Piece, Split
from builder.workspace import results
from builder.workspace.recipe import Exhibit, validate
from tests.make_cards import exhibit as made_card


@pytest.fixture
def copied(tmp_path, monkeypatch):
    package = tmp_path / "builder"
    shutil.copytree(results.PACKAGE, package, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(results, "PACKAGE", package)
    return package


def test_every_part_that_is_named_is_there(copied):
    missing = [part for part in (*results.NOT_DECIDING, *results.SHOWING)
               if not (copied / part).exists()]
    assert missing == []


@pytest.mark.parametrize(("file", "decides"), [
    ("scoring/sums.py", True), ("features/own.py", True), ("models/network.py", True),
    ("core/evidence.py", True), ("evidence/grade.py", True),
    ("core/shown.py", False), ("core/cards.py", False), ("cards/card.py", False),
    ("rendering/pages.py", False), ("pipeline.py", False)])
def test_only_code_that_decides_numbers_is_part_of_their_key(copied, file, decides):
    before = results.code_digest()
    (copied / file).write_text((copied / file).read_text("utf-8") + "\n# changed\n", "utf-8")
    assert (results.code_digest() != before) == decides


def test_new_code_decides_until_it_is_said_that_it_does_not(copied):
    before = results.code_digest()
    (copied / "thinking.py").write_text("", "utf-8")
    assert results.code_digest() != before


@pytest.fixture
def exhibit(tmp_path):
    for name in ("model.json", "model.safetensors"):
        (tmp_path / name).write_text("{}")
    corpus = {"kind": "synthetic", "source": "a grammar", "license": "none"}
    transfer = {"title": "another", "corpus": corpus}
    recipe = validate({"title": "One", "corpus": corpus, "transfer": transfer,
                       "page": {"order": 2, "about": "words", "summary": "s"}}, "")
    return Exhibit(name="one", folder=tmp_path, recipe=recipe)


CORPUS = Corpus((Document("a", "text", (Piece(0, 4, Split.HELD_OUT, 1),)),), (), "s", "l")


def keys(exhibit, corpus=CORPUS, code=()):
    key = results.key_of(exhibit, corpus, None, code)
    return key, results.card_key_of(key, exhibit, corpus)


def changed(exhibit, **tables):
    return exhibit.model_copy(update={"recipe": exhibit.recipe.model_copy(update=tables)})


def test_words_neither_measure_nor_cut_anything(exhibit):
    recipe = exhibit.recipe
    corpus = recipe.corpus.model_copy(update={"source": "the grammar", "license": "public domain"})
    transfer = recipe.transfer.model_copy(update={"title": "yet another", "corpus": corpus})
    page = recipe.page.model_copy(update={"order": 9, "about": "more", "summary": "t"})
    other = changed(exhibit, title="Two", corpus=corpus, transfer=transfer, page=page)
    assert keys(other) == keys(exhibit)


def test_another_text_elsewhere_is_cut_and_not_measured(exhibit):
    transfer = exhibit.recipe.transfer.model_copy(update={"language": "prose"})
    numbers, pictures = keys(changed(exhibit, transfer=transfer))
    assert numbers == keys(exhibit)[0] and pictures != keys(exhibit)[1]


def test_what_was_left_out_measures_again(exhibit):
    corpus = replace(CORPUS, left_out=(LeftOut("b", "empty"),))
    assert keys(exhibit, corpus)[0] != keys(exhibit)[0]


def test_the_code_of_a_feature_from_elsewhere_measures_again(exhibit, tmp_path, monkeypatch):
    found = []
    for i, body in enumerate(("return 1", "return 2")):
        folder = tmp_path / str(i)
        folder.mkdir()
        (folder / "elsewhere.py").write_text(f"def is_odd(source):\n    {body}\n")
        monkeypatch.syspath_prepend(folder)
        monkeypatch.delitem(sys.modules, "elsewhere", raising=False)
        found.append(keys(exhibit, code=[import_module("elsewhere").is_odd])[0])
    assert found[0] != found[1]


def test_a_card_comes_back_from_its_file_as_it_was(tmp_path):
    card = made_card()
    results.save(tmp_path, "one.card", results.CARD, card, "key")
    assert results.load(tmp_path, "one.card", results.CARD, "key") == card
    assert results.load(tmp_path, "one.card", results.CARD, "another") is None
    stored = json.loads((tmp_path / "one.card.json").read_text("utf-8"))["found"]
    assert isinstance(stored["in_browser"]["weights"], str)


def test_what_is_no_number_is_stored_and_what_is_no_card_is_none(tmp_path):
    card = made_card()
    odd = replace(card.cells[0].excerpts[0], values=(float("nan"), 0.1))
    card = replace(card, cells=(replace(card.cells[0], excerpts=(odd,)),))
    results.save(tmp_path, "one", results.CARD, card, "key")
    found = results.load(tmp_path, "one", results.CARD, "key")
    assert repr(found.cells[0].excerpts[0].values) == "(nan, 0.1)"
    for content in (b"", b"{", b'{"key": "key"}', b'{"key": "key", "found": {"name": 1}}'):
        (tmp_path / "one.json").write_bytes(content)
        assert results.load(tmp_path, "one", results.CARD, "key") is None


def test_what_was_changed_after_it_was_stored_is_not_taken(tmp_path):
    card = made_card("one")
    results.save(tmp_path, "one.card", results.CARD, card, "key")
    path = tmp_path / "one.card.json"
    content = path.read_text("utf-8")
    assert results.load(tmp_path, "one.card", results.CARD, "key") == card
    for change in (lambda text: text.replace('"r":0.', '"r":7.', 1),
                   lambda text: text.replace('"digest":"', '"digest":"0', 1),
                   lambda text: text.replace(text[20:90], "", 1)):
        changed = change(content)
        assert changed != content
        path.write_text(changed, "utf-8")
        assert results.load(tmp_path, "one.card", results.CARD, "key") is None
        assert results.at_hand(tmp_path, "one") is None
