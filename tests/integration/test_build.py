"""A tiny exhibit, really trained and built, once; many looks at what came out."""

import json
import lzma
import re
import shutil
import subprocess
import zipfile
from dataclasses import replace

import pytest

from builder.core.cards import Grade
from builder.core.units import UnitId
from builder.corpora.kinds.directory import DirectoryCorpus
from builder.exhibits import Measured, shipped_card
from builder.exhibits.asked import transfer_text
from builder.pipeline import build, feature_specs
from builder.rendering import render_site
from builder.work import local
from builder.workspace import results
from builder.workspace.gallery import Workspace
from builder.workspace.recipe import read_exhibit
from builder.workspace.wording import with_words
from tests.integration.projects import PROJECT, bytes_of, make_project, run, shown_card

pytest.importorskip("torch")
pytestmark = pytest.mark.torch

@pytest.fixture(scope="module")
def project(tmp_path_factory):
    root = make_project(tmp_path_factory.mktemp("project"))
    first = run(root, "build", "--offline")
    assert first.returncode == 0, first.stderr
    return root


def test_it_trains_what_has_no_weights(project):
    folder = project / "gallery" / "tiny"
    assert {p.name for p in folder.iterdir()} == {
        "cells.lock.json", "exhibit.toml", "model.json", "model.safetensors",
        "training_documents.txt"}


def test_it_makes_a_page_for_every_cell(project):
    card = shown_card(project)
    assert card["cells"]
    for cell in card["cells"]:
        layer, index = UnitId.parse(cell["claim"]["unit"]).cell
        page = project / "site" / "cells" / "tiny" / f"l{layer}-{index}" / "index.html"
        assert page.is_file()


def test_a_feature_of_the_recipe_is_measured_and_has_a_page(project):
    card = shown_card(project)
    assert [c for c in card["claims"] if c["feature"] == "in_run"]
    page = (project / "site" / "features" / "in_run" / "index.html").read_text("utf-8")
    assert "is on in a run of a and b" in page and "worked example" not in page


def test_held_out_text_alone_is_shown(project):
    from builder.core.digests import uniform

    card = shown_card(project)
    shown = {e["document"] for cell in card["cells"] for e in cell["excerpts"]}
    assert shown and all(uniform(name, "split") < 0.3 for name in shown)


def test_the_claims_are_measured_on_the_other_text_too(project):
    card = shown_card(project)
    assert card["transfer"]["title"] == "longer lines"
    states = [c for c in card["cells"] if not c["claim"]["unit"].startswith("d")]
    assert any(c["transfer"] for c in states)
    page = (project / ".gallery" / "fragments" / "exhibits" / "tiny.html").read_text("utf-8")
    assert "The same claims on another text" in page and "Another grammar" in page


def test_another_text_that_cannot_be_had_is_left_out_with_one_line(project, tmp_path, capsys):
    exhibit = read_exhibit(project / "gallery" / "tiny")
    missing = DirectoryCorpus(kind="directory", path=str(tmp_path / "nowhere"))
    other = exhibit.recipe.transfer.model_copy(update={"corpus": missing})
    recipe = exhibit.recipe.model_copy(update={"transfer": other})
    changed = exhibit.model_copy(update={"recipe": recipe})
    assert transfer_text(Workspace(tmp_path), changed) is None
    said = capsys.readouterr().err
    assert said.startswith("tiny: no other text; ") and said.count("\n") == 1


def test_nothing_changed_means_nothing_is_measured_and_the_same_bytes(project):
    before = bytes_of(project / "site"), (project / "gallery-offline.zip").read_bytes()
    again = run(project, "build", "--offline")
    assert again.returncode == 0, again.stderr
    assert again.stderr == "nothing has changed since the site was built\n"
    assert (bytes_of(project / "site"), (project / "gallery-offline.zip").read_bytes()) == before


def test_a_site_that_was_damaged_is_built_again_without_measuring(project):
    before, page = bytes_of(project / "site"), project / "site" / "cells" / "tiny"
    shutil.rmtree(page)
    again = run(project, "build")
    assert again.returncode == 0 and "measuring" not in again.stderr
    assert bytes_of(project / "site") == before
    assert "nothing has changed" in run(project, "build").stderr


def copied(project, folder, also=()):
    """Return another project with the same weights and nothing that was measured."""
    other = make_project(folder)
    for name in ("model.json", "model.safetensors", "training_documents.txt", *also):
        shutil.copy(project / "gallery" / "tiny" / name, other / "gallery" / "tiny")
    return other


@pytest.mark.parametrize("workers", ["1", "3"])
def test_measured_anew_the_bytes_are_the_same(project, tmp_path, workers):
    other = copied(project, tmp_path / "other")
    done = run(other, "build", "--workers", workers)
    assert done.returncode == 0 and "measuring" in done.stderr
    assert bytes_of(other / "site") == bytes_of(project / "site")
    assert bytes_of(other / "gallery") == bytes_of(project / "gallery")


def test_the_cells_of_the_lock_file_are_shown_and_what_would_change_is_said(project, tmp_path):
    other = copied(project, tmp_path / "other", ["cells.lock.json"])
    path = other / "gallery" / "tiny" / "cells.lock.json"
    lock = json.loads(path.read_text("utf-8"))
    gone = lock["cells"].pop(0)
    path.write_text(json.dumps(lock), "utf-8")
    done = run(other, "build")
    assert done.returncode == 0, done.stderr
    assert f"selection would change: {gone['unit']}, {gone['feature']}: would be added" \
        in done.stderr
    card = shown_card(other)
    assert [c["claim"]["unit"] for c in card["cells"]] == [c["unit"] for c in lock["cells"]]
    updated = run(other, "build", "--update-lock")
    assert updated.returncode == 0 and "would change" not in updated.stderr
    assert bytes_of(other / "site") == bytes_of(project / "site")


@pytest.fixture(scope="module")
def measured(project, tmp_path_factory):
    """The same project with the results beside the weights and nothing in the store."""
    root = copied(project, tmp_path_factory.mktemp("measured"), ["cells.lock.json"])
    shutil.copytree(project / ".gallery" / "results", root / ".gallery" / "results")
    done = run(root, "measure", "tiny")
    assert done.returncode == 0, done.stderr
    assert "measuring" not in done.stderr
    shutil.rmtree(root / ".gallery")
    return root


def test_results_beside_the_weights_are_taken_without_the_text(project, measured, monkeypatch):
    monkeypatch.setattr("builder.exhibits.asked.text_of", None)  # it is not asked
    exhibit = read_exhibit(measured / "gallery" / "tiny")
    card = shipped_card(Workspace(measured), exhibit)
    # the fit has a file of its own, and how long units keep their state is told by the weights
    assert card.fit is not None and card.keeping
    stored = replace(of_store(project), fit=card.fit, keeping=card.keeping)
    assert with_words(card, exhibit) == with_words(stored, exhibit)


def of_store(project):
    path = project / ".gallery" / "results" / "tiny.card.json"
    return results.CARD.validate_json(path.read_bytes()).found


def test_a_site_of_results_has_the_bytes_of_one_that_was_measured(project, measured, tmp_path):
    measured = shutil.copytree(measured, tmp_path / "without-words")
    for name in ("words.json.xz", "connections.json.xz"):  # a build does not look for any
        (measured / "gallery" / "tiny" / name).unlink()
    done = run(measured, "build")
    assert done.returncode == 0, done.stderr
    assert "measuring" not in done.stderr
    assert bytes_of(measured / "site") == bytes_of(project / "site")


def test_where_nothing_may_be_measured_results_that_fit_are_enough(project, measured, tmp_path):
    other = copied(measured, tmp_path / "other", ["cells.lock.json", "results.json.xz", "fit.json"])
    done = run(other, "build", "--no-measure")
    assert done.returncode == 0, done.stderr
    assert bytes_of(other / "site") == bytes_of(project / "site")
    assert not (other / ".gallery" / "results").exists()


def test_where_nothing_may_be_measured_every_exhibit_that_does_not_fit_is_named(
        measured, tmp_path):
    other = copied(measured, tmp_path / "other", ["cells.lock.json", "results.json.xz", "fit.json"])
    gallery = other / "gallery"
    for name, left in (("bare", ["exhibit.toml"]), ("unmeasured", None)):
        shutil.copytree(gallery / "tiny", gallery / name)
        (gallery / name / "results.json.xz").unlink()
        for path in (gallery / name).iterdir() if left else ():
            if path.name not in left:
                path.unlink()
    recipe = (gallery / "tiny" / "exhibit.toml").read_text("utf-8")
    (gallery / "tiny" / "exhibit.toml").write_text(recipe.replace("cells = 6", "cells = 5"))
    done = run(other, "build", "--no-measure")
    assert done.returncode == 2 and not (other / "site").exists()
    assert done.stderr.splitlines() == [
        "gallery: bare: there are no weights; train them: gallery train bare",
        "gallery: tiny: the results beside the weights are not taken; other than when they were "
        "measured: selection.cells in the recipe; measure again: gallery measure tiny",
        f"gallery: {gallery / 'unmeasured' / 'results.json.xz'}: there are no results; "
        "measure them: gallery measure unmeasured"]
    assert not (gallery / "bare" / "model.safetensors").exists()


def test_what_does_not_fit_is_named_and_the_results_are_not_taken(measured, tmp_path, capsys):
    folder = tmp_path / "tiny"
    shutil.copytree(measured / "gallery" / "tiny", folder)
    recipe = (folder / "exhibit.toml").read_text("utf-8")
    (folder / "exhibit.toml").write_text(recipe.replace("cells = 6", "cells = 5"), "utf-8")
    assert shipped_card(Workspace(tmp_path), read_exhibit(folder)) is None
    said = capsys.readouterr().err
    assert said == ("tiny: the results beside the weights are not taken; other than when they "
                    "were measured: selection.cells in the recipe; measure again: gallery "
                    "measure tiny\n")
    path = folder / "results.json.xz"
    path.write_bytes(path.read_bytes()[:-9])
    assert shipped_card(Workspace(tmp_path), read_exhibit(folder)) is None
    assert "cut short" in capsys.readouterr().err


def test_another_text_that_is_pointed_at_is_not_taken(measured, tmp_path, capsys):
    text = tmp_path / "text.txt"
    text.write_text("a line\n" * 4000, "utf-8")
    exhibit = read_exhibit(measured / "gallery" / "tiny")
    assert shipped_card(Workspace(measured), exhibit, text) is None
    assert "were measured: the text; " in capsys.readouterr().err


def changed_results(path):
    """Change one digit of the results; return what is to be said of it."""
    content = json.loads(lzma.decompress(path.read_bytes()))
    claim = content["card"]["claims"][0]
    claim["held_out"]["r"]["value"] += 1e-9
    path.write_bytes(lzma.compress(json.dumps(content).encode()))
    return f"tiny, claims[{claim['unit']} {claim['feature']}].held_out.r.value: another number"


def changed_fit(path):
    content = json.loads(path.read_text("utf-8"))
    content["fit"]["bits"] *= 1.1
    path.write_text(json.dumps(content), "utf-8")
    return "tiny, fit.bits: another number"


def changed_words(path):
    content = json.loads(lzma.decompress(path.read_bytes()))
    claim = content["worded"]["formulas"][0]
    claim["r_within"] /= 2
    path.write_bytes(lzma.compress(json.dumps(content).encode()))
    return f"tiny, words, formulas[{claim['unit']}].r_within: another number"


def test_check_measures_again_and_finds_every_number_that_was_changed(measured):
    changes = {"results.json.xz": changed_results, "fit.json": changed_fit,
               "words.json.xz": changed_words}
    paths = {measured / "gallery" / "tiny" / name: change for name, change in changes.items()}
    whole = {path: path.read_bytes() for path in paths}
    try:
        where = [change(path) for path, change in paths.items()]
        done = run(measured, "measure", "--check", "tiny")
    finally:
        for path, content in whole.items():
            path.write_bytes(content)
    said = [line for line in done.stderr.splitlines() if "another" in line]
    assert done.returncode == 2 and len(said) == 3, done.stderr
    for words in where:
        assert any(words in line for line in said)


@pytest.mark.parametrize(("name", "command"), [
    ("words.json.xz", ("build", "--no-measure")), ("words.json.xz", ("measure", "--check", "tiny")),
    ("connections.json.xz", ("build", "--no-measure")),
    ("connections.json.xz", ("measure", "--check", "--connections", "tiny"))])
def test_what_cannot_be_is_refused_in_one_line(measured, name, command):
    path = measured / "gallery" / "tiny" / name
    whole = path.read_bytes()
    path.write_bytes(whole[:-20])
    try:
        done = run(measured, *command)
        assert path.read_bytes() == whole[:-20]
    finally:
        path.write_bytes(whole)
    said = [line for line in done.stderr.splitlines() if name in line]
    assert done.returncode == 2 and len(said) == 1 and "cut short" in said[0]
    assert "Traceback" not in done.stderr


def test_the_page_says_how_well_the_model_predicts(project):
    page = (project / ".gallery" / "fragments" / "exhibits" / "tiny.html").read_text("utf-8")
    found = re.search(r"the model needs ([\d.]+) bits to predict a character", page)
    assert found and 0 < float(found[1]) < 8


def test_check_passes_where_nothing_was_changed(measured):
    path = measured / "gallery" / "tiny" / "results.json.xz"
    before = path.read_bytes(), path.stat().st_mtime_ns
    done = run(measured, "measure", "--check", "tiny")
    assert done.returncode == 0, done.stderr
    assert "tiny: measuring" in done.stderr and "tiny: 0 numbers differ" in done.stderr
    assert (path.read_bytes(), path.stat().st_mtime_ns) == before


def test_check_needs_something_to_compare_with(project):
    done = run(project, "measure", "--check", "tiny")
    assert done.returncode == 2 and "there are no results; measure them: gallery measure tiny" \
        in done.stderr


def test_a_first_look_says_that_it_is_one_and_verifies_nothing(measured):
    exhibit = read_exhibit(measured / "gallery" / "tiny")
    one = Measured(Workspace(measured), exhibit, None, local(1))
    assert not one.is_long  # this text is measured whole in no time
    card = one.first_look()
    assert card.first_look and card.cells and len(card.cells) <= 6
    grades = {claim.grade for claim in card.claims}
    assert not grades & {Grade.CAUSAL, Grade.VERIFIED}
    pages = {page.path: page.content for page in
             render_site([card], feature_specs([exhibit])).fragments}
    layer, index = card.cells[0].claim.cell
    for name in ("exhibits/tiny", f"cells/tiny/l{layer}-{index}"):
        assert "A first look." in pages[f"{name}.html"]


def test_a_long_text_is_first_looked_at_and_then_measured(measured, monkeypatch, capsys):
    said, looked = [], []
    monkeypatch.setattr("builder.exhibits.measured.LONG", 1)
    monkeypatch.setattr("builder.pipeline.shipped_cards",
                        lambda _, chosen, *__: [None] * len(chosen))
    monkeypatch.setattr("builder.pipeline.is_built", lambda *_: False)
    monkeypatch.setattr("builder.pipeline._publish", lambda _, __, cards, **___: said.append(
        [card.first_look for card in cards.values()]) or measured)
    monkeypatch.setattr(Measured, "first_look", lambda one: looked.append(one) or replace(
        one.card(), first_look=True))
    monkeypatch.setattr(Measured, "_is_stored", lambda _: False)
    build(Workspace(measured), ["tiny"], workers=local(1))
    assert said == [[True], [False]] and len(looked) == 1
    assert "a first look is in" in capsys.readouterr().err


def test_training_again_leaves_the_published_weights_alone(project):
    weights = project / "gallery" / "tiny" / "model.safetensors"
    before = weights.read_bytes()
    done = run(project, "train", "tiny", "--device", "cpu")
    assert done.returncode == 0 and "keeps the weights it has" in done.stdout
    assert weights.read_bytes() == before
    again = project / ".gallery" / "trained" / "tiny" / "model.safetensors"
    assert again.read_bytes() == before


def test_a_text_that_cannot_be_had_is_left_out_with_one_line(project, tmp_path):
    other = copied(project, tmp_path / "other")
    (other / "gallery" / "gone").mkdir()
    (other / "gallery" / "gone" / "exhibit.toml").write_text(
        'title = "Gone"\n[corpus]\nkind = "directory"\npath = "nowhere"\n')
    done = run(other, "build")
    assert done.returncode == 0, done.stderr
    assert len([line for line in done.stderr.splitlines() if "gone: left out" in line]) == 1
    required = run(other, "build", "--require-all")
    assert required.returncode == 2 and "Traceback" not in required.stderr


def test_a_failing_site_leaves_the_old_one(project):
    before = bytes_of(project / "site")
    page = project / "site_src" / "docs" / "index.md"
    text = page.read_text("utf-8")
    try:
        page.write_text(text + "\n[broken](nowhere.md)\n", "utf-8")
        done = run(project, "build")
    finally:
        page.write_text(text, "utf-8")
    assert done.returncode == 2 and "Traceback" not in done.stderr
    assert bytes_of(project / "site") == before


def test_the_offline_zip_opens_from_disk(project):
    with zipfile.ZipFile(project / "gallery-offline.zip") as archive:
        names = archive.namelist()
    assert any(name.endswith("exhibits/tiny.html") for name in names)
    assert not [name for name in names if name.startswith("/") or ".." in name]


def test_git_sees_nothing_that_was_made(project):
    listed = subprocess.run(
        ["git", "check-ignore", "--stdin", "--no-index"], cwd=PROJECT, text=True,
        capture_output=True, input="\n".join(
            ["site/index.html", ".gallery/x", "site_src/docs/cells/a.md", "gallery-offline.zip"]))
    assert len(listed.stdout.split()) == 4
