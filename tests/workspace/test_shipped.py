"""Results beside the weights: what is written comes back, and what is not right is refused."""

import hashlib
import json
import shutil
from dataclasses import replace

import jsonschema
import pytest

from builder.workspace import shipped
from builder.workspace.recipe import Exhibit, FeatureSettings, validate
from tests.make_cards import exhibit as made_card
from tests.sources import PROJECT
from tests.workspace import beside

CORPUS = {"kind": "synthetic", "source": "a grammar", "license": "none"}
MADE = shipped.MadeOf(shipped.MEASUREMENT, "w", "m", "t", "", {"language": "python"}, (), (), "")


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    folder = tmp_path_factory.mktemp("written")
    return shipped.write_shipped(folder, made_card(), MADE)


@pytest.fixture
def folder(tmp_path, written):
    folder = tmp_path / made_card().name
    folder.mkdir()
    shutil.copy(written, folder)
    return folder


def content_of(folder):
    return beside.content_of(folder / shipped.RESULTS_FILE)


def put(folder, content):
    beside.put(folder / shipped.RESULTS_FILE, content)


def refused(folder):
    return beside.refused(folder / shipped.RESULTS_FILE, lambda: shipped.read_shipped(folder))


def test_what_is_written_comes_back_and_has_the_same_bytes_again(folder):
    found = shipped.read_shipped(folder)
    assert found.card == made_card() and found.made_of == MADE and found.is_untouched
    assert shipped.packed(found.card, found.made_of) == \
        (folder / shipped.RESULTS_FILE).read_bytes()


def test_a_file_is_what_its_schema_says(folder):
    jsonschema.validate(content_of(folder), shipped.schema())


def test_the_schema_refuses_what_is_no_results(folder):
    content = content_of(folder)
    content["card"]["claims"][0]["grade"] = "certain"
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(content, shipped.schema())


def test_what_a_later_version_adds_is_no_change(folder):
    content = content_of(folder)
    assert content["card"].pop("tokens") == "characters"
    whole = json.dumps(content["card"], sort_keys=True, separators=(",", ":"))
    content["digest"] = hashlib.sha256(whole.encode()).hexdigest()
    put(folder, content)
    found = shipped.read_shipped(folder)
    assert found.is_untouched and found.card == made_card()


def test_no_file_is_no_results(tmp_path):
    assert shipped.read_shipped(tmp_path) is None


def test_a_changed_number_is_seen(folder):
    content = content_of(folder)
    content["card"]["claims"][0]["held_out"]["r"]["value"] += 1e-9
    put(folder, content)
    assert not shipped.read_shipped(folder).is_untouched


@pytest.mark.parametrize("share", [0.0, 0.2, 0.5, 0.9, 0.999])
def test_a_file_that_is_cut_short_is_refused(folder, share):
    path = folder / shipped.RESULTS_FILE
    raw = path.read_bytes()
    path.write_bytes(raw[: int(len(raw) * share)])
    assert "cut short" in refused(folder)


@pytest.mark.parametrize(("content", "says"), [
    (b"not json", "not results"), (b"[]", "not results"), (b'{"format": 2}', "another format"),
    (b"\xff\xfe", "not results"), (b'{"format": 1}', "not results; made_of")])
def test_what_is_no_results_is_refused(folder, content, says):
    put(folder, content)
    assert says in refused(folder)


def test_what_is_no_xz_is_refused(folder):
    (folder / shipped.RESULTS_FILE).write_bytes(b"PK\x03\x04 a pickle in a zip")
    assert "not a whole xz file" in refused(folder)


def test_a_small_file_of_much_content_is_refused(folder, monkeypatch):
    monkeypatch.setattr(shipped, "LARGEST", 100_000)
    put(folder, b"0" * 200_000)
    assert "too large" in refused(folder)


def gates_of(card):
    return next(excerpt["inside"]["gates"] for cell in card["cells"]
                for excerpt in cell["excerpts"] if excerpt["inside"])


CHANGES = {
    "longer": lambda card: card["cells"][0]["excerpts"][0]["values"].append(0.5),
    "another unit": lambda card: card["claims"][0].update(unit="h0.99999"),
    "another unit of the table": lambda card: card["table"]["units"].__setitem__(0, "h9.0"),
    "another signal": lambda card: card["cells"][0]["claim"].update(unit="x0.1"),
    "another untrained unit": lambda card: card["cells"][0]["untrained"].update(unit="x0.1"),
    "another feature": lambda card: card["claims"][0].update(feature="x"),
    "another feature of a cell": lambda card: card["cells"][0]["compared"][0].update(feature="x"),
    "another feature of an excerpt": lambda card: card["explored"][0]["labels"].update(x="0x9"),
    "another gate": lambda card: gates_of(card).update(x=next(iter(gates_of(card).values()))),
    "a short gate": lambda card: next(iter(gates_of(card).values())).pop(),
    "another name": lambda card: card.update(name="another"),
    "another exhibit": lambda card: card["cells"][0].update(exhibit="another"),
    "a narrow table": lambda card: card["table"]["r"][0].pop(),
    "a short untrained unit": lambda card: card["cells"][0]["untrained"]["values"].pop(),
    "a place outside": lambda card: card["cells"][0]["same"][0]["high"].update(at=9_999),
    "a short place": lambda card: card["cells"][0]["same"][0]["low"]["values"].pop(),
    "a short histogram": lambda card: card["cells"][0]["histogram"]["on"].pop(),
    "no activations": lambda card: card["explored"][0].update(activations=""),
    "a short film": lambda card: card["film"]["bits"].pop(),
    "a short line of a film": lambda card: card["film"]["cells"][0]["values"][0].pop(),
    **{f"labels {runs!r}": lambda card, runs=runs: card["explored"][0]["labels"].update(
        {name: runs for name in card["explored"][0]["labels"]})
       for runs in ("", "0", "0x", "ax4", "0x4x4", "nanx700", "0x-3", "1x99999999999")},
}


@pytest.mark.parametrize("change", CHANGES)
def test_results_that_contradict_themselves_are_refused(folder, change):
    content = content_of(folder)
    CHANGES[change](content["card"])
    put(folder, content)
    assert "contradict" in refused(folder)


@pytest.fixture
def exhibit(tmp_path):
    (tmp_path / "film").mkdir()
    (tmp_path / "model.json").write_text('{"architecture": "gru", "training": {"seed": 1}}')
    for name in ("model.safetensors", "film/1.safetensors"):
        (tmp_path / name).write_text(name)
    recipe = validate({"title": "One", "language": "python", "corpus": CORPUS,
                       "selection": {"cells": 5}, "film": {}}, "")
    return Exhibit(name="one", folder=tmp_path, recipe=recipe)


def now(exhibit, lock=None, text="t", transfer_text="", elsewhere=""):
    return shipped.made_of(exhibit, lock, text, transfer_text, elsewhere)


def changed(exhibit, **tables):
    return exhibit.model_copy(update={"recipe": exhibit.recipe.model_copy(update=tables)})


def test_nothing_changed_fits(exhibit):
    assert shipped.misfits(now(exhibit), now(exhibit)) == []


def test_words_and_the_record_of_the_training_fit_on(exhibit):
    before = now(exhibit)
    corpus = exhibit.recipe.corpus.model_copy(update={"source": "the grammar"})
    (exhibit.folder / "model.json").write_text('{"architecture": "gru", "training": {"seed": 2}}')
    page = exhibit.recipe.page.model_copy(update={"about": "more"})
    training = exhibit.recipe.training.model_copy(update={"seed": 9})
    other = changed(exhibit, title="Two", corpus=corpus, page=page, training=training)
    assert shipped.misfits(before, now(other)) == []


def test_words_of_its_own_features_fit_on_and_their_expressions_do_not(exhibit):
    first = FeatureSettings(id="mine", title="letters b", regex="b+")
    before = now(changed(exhibit, feature=(first,)))
    older = {**before.recipe, "feature": [{**before.recipe["feature"][0], "title": "letters b"}]}
    worded = first.model_copy(update={"title": "b's", "phrase": "on b's", "rise": "a b comes"})
    assert shipped.misfits(before, now(changed(exhibit, feature=(worded,)))) == []
    assert shipped.misfits(
        replace(before, recipe=older), now(changed(exhibit, feature=(worded,)))) == []
    other = first.model_copy(update={"regex": "c+"})
    assert shipped.misfits(before, now(changed(exhibit, feature=(other,)))) == [
        "feature in the recipe"]


@pytest.mark.parametrize(("file", "says"), [
    ("model.safetensors", "the weights"), ("model.json", "model.json"),
    ("film/1.safetensors", "the weights of the film")])
def test_a_changed_file_is_named(exhibit, file, says):
    before = now(exhibit)
    (exhibit.folder / file).write_text('{"architecture": "lstm"}')
    assert shipped.misfits(before, now(exhibit)) == [says]


def test_changed_keys_of_the_recipe_are_named(exhibit):
    selection = exhibit.recipe.selection.model_copy(update={"cells": 6, "minimum_r": 0.2})
    corpus = exhibit.recipe.corpus.model_copy(update={"seed": 3})
    assert shipped.misfits(now(exhibit), now(changed(exhibit, selection=selection,
                                                     corpus=corpus))) == [
        "corpus.seed in the recipe", "selection.cells in the recipe",
        "selection.minimum_r in the recipe"]


def test_another_text_and_version_are_named_and_a_text_not_at_hand_is_not_compared(exhibit):
    before = now(exhibit)
    assert shipped.misfits(before, now(exhibit, text="other")) == ["the text"]
    assert shipped.misfits(before, now(exhibit, text="")) == []
    assert shipped.misfits(before, now(exhibit, elsewhere="x")) == ["the code of other packages"]
    assert shipped.misfits(replace(before, measurement=0), before) == [
        "the version of the measurement"]


def test_the_schema_on_the_site_is_that_of_the_types():
    """Where it differs on purpose: look whether `FORMAT` is to be raised, and write it again."""
    published = PROJECT / "site_src" / "docs" / "results.schema.json"
    assert json.loads(published.read_text("utf-8")) == shipped.schema()
