"""`gallery add`: an exhibit of a model and a text, as a whole or not at all."""

import json
import shutil

import pytest

torch = pytest.importorskip("torch")

from safetensors.torch import load_file  # noqa: E402

from builder.cli import main  # noqa: E402
from builder.core.text import TRAINED_FILE  # noqa: E402
from builder.workspace.gallery import Workspace, exhibits  # noqa: E402
from builder.workspace.texts import text_of  # noqa: E402
from tests.bigram_network import save_bigrams  # noqa: E402
from tests.cli.conftest import snapshot  # noqa: E402

pytestmark = pytest.mark.torch

MODEL = ("model.json", "model.safetensors")


@pytest.fixture
def project(here):
    (here / "gallery").mkdir()
    return here


@pytest.fixture(scope="session")
def fitting(tmp_path_factory, programs):
    """A model folder that fits the text: a network that knows which character follows which."""
    return save_bigrams(tmp_path_factory.mktemp("models") / "fitting", programs)


def add(model, text, *more):
    return ["add", "--model", str(model), "--text", str(text), "--language", "python", *more]


def test_an_exhibit_in_one_line(project, fitting, programs, capsys):
    assert main(add(fitting, programs, "mine")) == 0
    said = capsys.readouterr().out
    assert said.startswith("fit: ") and "gallery measure mine" in said
    assert "source (where the text comes from), license (its licence)" in said
    assert {path.name for path in (project / "gallery").iterdir()} == {"mine"}
    folder = project / "gallery/mine"
    assert {path.name for path in folder.iterdir()} == {"exhibit.toml", *MODEL}
    assert all((folder / name).read_bytes() == (fitting / name).read_bytes() for name in MODEL)
    recipe = exhibits(Workspace(project))[0].recipe
    assert recipe.title == f"An RNN on {programs.name}"
    assert (folder / recipe.corpus.path).resolve() == programs.resolve()
    assert recipe.corpus.include == ("*.py",)
    assert recipe.corpus.license == "not stated"


def test_what_is_given_is_in_the_recipe(project, fitting, programs, capsys):
    title, source, licence = 'A "title" \\ \x7f {name}', "Line\nend", "CC-BY “4.0”"
    assert main(add(fitting, programs, "--title", title, "--source", source, "--license", licence,
                    "--glob", "program_1*.py", "--glob", "program_2*", "mine")) == 0
    assert "not given" not in capsys.readouterr().out
    recipe = exhibits(Workspace(project))[0].recipe
    assert recipe.title == title
    assert (recipe.corpus.source, recipe.corpus.license) == (source, licence)
    assert recipe.corpus.include == ("program_1*.py", "program_2*")


def test_a_text_that_stands_alone_is_cut_fine_enough(project, fitting, programs):
    whole = "".join(path.read_text("utf-8") for path in sorted(programs.iterdir()))
    (project / "one text").write_text(whole, "utf-8")
    assert main(add(fitting, "one text", "--glob", "*.py", "mine")) == 0  # of folders alone
    exhibit = exhibits(Workspace(project))[0]
    pieces = text_of(exhibit, Workspace(project)).documents[0].pieces
    assert len(pieces) > 60


def test_what_a_model_was_trained_on_comes_along(project, fitting, programs):
    folder = project / "model"
    shutil.copytree(fitting, folder)
    (folder / TRAINED_FILE).write_text("0" * 64 + "\n")
    (folder / "notes.txt").write_text("mine")
    assert main(add(folder, programs, "mine")) == 0
    assert {path.name for path in (project / "gallery/mine").iterdir()} == {
        "exhibit.toml", TRAINED_FILE, *MODEL}


def test_a_file_that_is_imported(project, fitting, programs, capsys):
    weights = {name: tensor if name.startswith("rnn.") else tensor[1:].contiguous()
               for name, tensor in load_file(fitting / "model.safetensors").items()}
    names = json.loads((fitting / "model.json").read_text("utf-8"))["vocabulary"]
    torch.save({"model": weights, "stoi": {c: i for i, c in enumerate(names)}},
               project / "checkpoint.pt")
    assert main(add("checkpoint.pt", programs, "mine")) == 0
    assert "mine" in capsys.readouterr().out
    assert exhibits(Workspace(project))[0].recipe.model.architecture == "rnn"


@pytest.mark.parametrize("name", ["Mine", "a b", "../mine", "-"])
def test_a_bad_name(complaint, project, fitting, programs, name):
    assert "not a name for an exhibit" in complaint(*add(fitting, programs, "--", name))


def test_a_name_that_is_taken(complaint, project, fitting, programs):
    (project / "gallery/mine").mkdir()
    (project / "gallery/mine/notes.txt").write_text("mine")
    assert "there already; choose another name" in complaint(*add(fitting, programs, "mine"))


def test_outside_of_a_project(complaint, here, fitting, programs):
    assert "gallery init DIR" in complaint(*add(fitting, programs, "mine"))


def test_what_is_no_model_folder(complaint, project, programs):
    (project / "empty").mkdir()
    said = complaint(*add("empty", programs, "mine"))
    assert said.startswith("gallery: empty: not a model folder; ")
    assert "there is no such file or folder" in complaint(*add("nowhere", programs, "mine"))


def test_a_broken_model(complaint, project, fitting, programs):
    shutil.copytree(fitting, project / "broken")
    (project / "broken/model.safetensors").write_bytes(b"\x80\x02")
    assert "it looks like a pickle" in complaint(*add("broken", programs, "mine"))


def test_a_text_that_is_missing(complaint, project, fitting):
    assert complaint(*add(fitting, "nowhere", "mine")) == (
        "gallery: nowhere: there is no such file or folder; look at --text\n")


def test_a_folder_without_files_of_the_language(complaint, project, fitting):
    (project / "text").mkdir()
    (project / "text/a.src").write_text("x" * 2_000)
    assert "take them with --glob '*.src'" in complaint(*add(fitting, "text", "mine"))


def test_a_text_in_another_encoding(complaint, project, fitting):
    (project / "old.py").write_bytes("# ä\n".encode("latin-1") * 900)
    assert "not UTF-8 at byte 2" in complaint(*add(fitting, "old.py", "mine"))


def test_a_text_that_is_too_short(complaint, project, fitting):
    (project / "short.py").write_text("x = 1\n")
    assert "no characters to score" in complaint(*add(fitting, "short.py", "mine"))


def test_an_unknown_language(complaint, project, fitting, programs):
    said = complaint(*add(fitting, programs, "--language", "pyton", "mine"))
    assert "did you mean 'python'?" in said


def test_a_pattern_that_is_none(complaint, project, fitting, programs):
    assert "not a pattern" in complaint(*add(fitting, programs, "--glob", "!", "mine"))


def test_a_model_that_does_not_fit(complaint, project, model, programs, capsys):
    said = complaint(*add(model, programs, "mine"))
    assert "the model does not fit the text" in said and "--anyway" in said
    assert main(add(model, programs, "--anyway", "mine")) == 0
    assert "no claim is better than suggestive" in capsys.readouterr().out
    assert (project / "gallery/mine/exhibit.toml").is_file()


def test_stopped_by_hand(project, fitting, programs, monkeypatch):
    def stop(*arguments):
        raise KeyboardInterrupt

    monkeypatch.setattr("builder.evidence.fit.fit_of", stop)
    before = snapshot(project)
    assert main(add(fitting, programs, "mine")) == 130
    assert snapshot(project) == before


def test_what_a_killed_run_left_is_no_exhibit(project, fitting, programs):
    assert main(add(fitting, programs, "mine")) == 0
    (project / "gallery/mine").rename(project / "gallery/.mine.0123456789abcdef.part")
    assert exhibits(Workspace(project)) == []
