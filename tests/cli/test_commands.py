"""The small commands, names of exhibits, and recipes with mistakes."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from builder import __version__
from builder.cli import main
from builder.corpora.contract import CORPUS_KINDS
from builder.features import FEATURES, features_for, label_columns
from builder.workspace.recipe import read_exhibit

PROJECT = Path(__file__).parents[2]
MISTAKES = '''
title = ""
langauge = "python"
[corpus]
kind = "directory"
path = "texts"
licence = "none"
[model]
architecture = "ltsm"
hidden_size = "large"
[split]
discover = 1.5
[selection]
cells = 0
'''


OTHER = """title = 'a'
[corpus]
kind = 'stdlib'
[transfer]
title = 'b'
language = 'prose'
[transfer.corpus]
kind = 'directory'
path = 'x'
"""


@pytest.fixture
def project(here, capsys):
    """A project with two exhibits; the current folder."""
    for name in ("first-lstm", "second-gru"):
        assert main(["new", name]) == 0
    capsys.readouterr()
    return here


def test_new_writes_a_recipe_that_can_be_read(here, capsys):
    assert main(["new", "my-exhibit"]) == 0
    path = Path("gallery/my-exhibit/exhibit.toml")
    assert capsys.readouterr().out == f"the recipe is in {path}\n"
    exhibit = read_exhibit(path.parent)
    assert exhibit.name == "my-exhibit" and exhibit.recipe.corpus.kind in CORPUS_KINDS.names()
    assert [p.name for p in path.parent.iterdir()] == ["exhibit.toml"]


@pytest.mark.parametrize("name", ["", "My-Exhibit", "my exhibit", "../up", "a--b", "-a", "naïve"])
def test_new_with_a_bad_name(complaint, name):
    assert "not a name for an exhibit" in complaint("new", "--", name)


def test_new_twice(complaint, project):
    said = complaint("new", "first-lstm")
    assert "there already" in said and "choose another name" in said


def test_list(project, capsys):
    assert main(["list"]) == 0
    said = capsys.readouterr()
    assert [line.split()[0] for line in said.out.splitlines()] == ["first-lstm", "second-gru"]
    assert said.err == ""


@pytest.mark.parametrize("arguments", [["list"], ["build"], ["train", "a"]])
def test_outside_a_project(complaint, arguments):
    assert "there is no gallery here" in complaint(*arguments)


def test_features_need_no_project(here, capsys):
    assert main(["features"]) == 0
    assert {line.split()[0] for line in capsys.readouterr().out.splitlines()} == set(FEATURES)


@pytest.mark.parametrize("language", ["python", "c", "cpp", "javascript", "prose"])
def test_features_of_a_language(here, capsys, language):
    assert main(["features", "--language", language]) == 0
    listed = [line.split()[0] for line in capsys.readouterr().out.splitlines()]
    assert listed == [feature.spec.id for feature in features_for(language)]


def test_features_of_an_unknown_language(complaint):
    assert "did you mean 'python'?" in complaint("features", "--language", "pyhton")


def test_features_measured_on_a_text(here, capsys):
    (here / "text").mkdir()
    for n in range(70):
        code = f"def f{n}(a, b):\n    return (a + 'b')[{n} : (a, b)]\n" * 20
        (here / "text" / f"{n}.py").write_text(code, "utf-8")
    assert main(["features", "--language", "python", "--measure", "text"]) == 0
    lines = capsys.readouterr().out.splitlines()
    rows = {line.split()[0]: line.split() for line in lines[1:-2]}
    assert set(rows) == {f.spec.id for f in features_for("python")}
    assert float(rows["is_digit"][3]) < 0.05 <= float(rows["in_subscript"][3])
    assert rows["in_comment"][3] == "—"
    assert lines[-2].startswith(f"{len(rows)} features, ")
    assert lines[-1].endswith("% of the characters follow a pair that is rare, and share_f leaves "
                              "them out")


def test_one_long_file_is_labelled_as_often_as_it_is_read(here, monkeypatch):
    """And not once more for each of the pieces that it is cut into."""
    from builder.evidence import feature_table

    labelled = []

    def counted(text, *others):
        labelled.append(len(text))
        return label_columns(text, *others)

    monkeypatch.setattr(feature_table, "label_columns", counted)
    Path("text.py").write_text("def f(a, b):\n    return (a + 'b')[3]\n" * 3_000, "utf-8")
    assert main(["features", "--language", "python", "--measure", "text.py"]) == 0
    assert len(labelled) == 2  # for the means of each pair, and for the correlations


def test_features_that_were_not_measured_are_not_counted(here, capsys):
    (here / "text.py").write_text("def f(a, b):\n    return (a + 'b')[1 : (a, b)]\n" * 60)
    assert main(["features", "--language", "python", "--measure", "text.py"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert all("not measured" in line and " * " not in line for line in lines[1:-1])
    assert "share_f was not measured" in lines[-1] and "150,000 characters" in lines[-1]


def test_features_are_measured_on_a_language(complaint):
    assert "--measure: needs --language" in complaint("features", "--measure", ".")


@pytest.mark.parametrize(("arguments", "says"), [
    (["--workers", "-1"], "--workers: not a number of processes; -1"),
    (["--workers", "2", "--scheduler", "tcp://127.0.0.1:9"], "--workers: goes without --scheduler"),
])
def test_workers_that_are_none(complaint, project, arguments, says):
    assert says in complaint("build", *arguments)


def test_two_recipes_that_mean_different_things_by_a_feature(complaint, project):
    for name, title in (("first-lstm", "a vowel"), ("second-gru", "another vowel")):
        with Path(f"gallery/{name}/exhibit.toml").open("a") as recipe:
            recipe.write(f'\n[[feature]]\nid = "vowel"\ntitle = "{title}"\nregex = "[aeiou]"\n')
    assert "feature 'vowel': two recipes mean different things by it" in complaint("build")


@pytest.mark.parametrize("command", ["build", "train"])
def test_an_unknown_exhibit(complaint, project, command):
    assert "frist-lstm: no exhibit has this name; did you mean 'first-lstm'?" in complaint(
        command, "frist-lstm")


def test_every_unknown_exhibit_at_once(complaint, project):
    said = complaint("build", "zzz", "first-lstm", "second-gur", lines=2)
    assert "there are: first-lstm, second-gru" in said and "did you mean 'second-gru'?" in said


@pytest.mark.parametrize("names", [[], ["first-lstm", "second-gru"]])
def test_a_local_copy_goes_with_one_exhibit(complaint, project, names):
    said = complaint("build", *names, "--corpus", ".")
    assert f"--corpus: goes with one exhibit; {len(names)} named" in said


def test_a_local_copy_that_is_not_there(complaint, project):
    assert "nowhere" in complaint("build", "first-lstm", "--corpus", "nowhere")
    assert "nowhere" in complaint("train", "first-lstm", "--corpus", "nowhere")


def test_every_mistake_of_a_recipe_at_once(complaint, project):
    Path("gallery/first-lstm/exhibit.toml").write_text(MISTAKES, "utf-8")
    said = complaint("build", "first-lstm", lines=7)
    for key in ("title", "langauge", "corpus.licence", "model.architecture", "model.hidden_size",
                "split.discover", "selection.cells"):
        assert f"exhibit.toml, {key}: " in said
    assert "did you mean 'language'?" in said and "did you mean 'license'?" in said


@pytest.mark.parametrize(("recipe", "says"), [
    ("title = ", "not TOML"),
    ("title = 'a'\n", "corpus: missing"),
    ("title = 'a'\n[corpus]\nkind = 'drectory'\n", "did you mean 'directory'?"),
    ("title = 'a'\ncorpus = 'stdlib'\n", "corpus: "),
    (OTHER.replace("[transfer.", "titel = 'b'\n[transfer."),
     "transfer.titel: unknown key; 'titel'; did you mean 'title'?"),
    (OTHER.replace("'directory'", "'drectory'"),
     "transfer.corpus.kind: not a kind of corpus; 'drectory'; did you mean 'directory'?"),
    (OTHER + "lisense = 'x'\n", "transfer.corpus.lisense: unknown key; 'lisense'; did you mean "),
    (OTHER.replace("path = 'x'\n", ""), "transfer.corpus.path: missing"),
    (OTHER + "[film]\nmoment = 8\n", "film.moment: unknown key; 'moment'; did you mean 'moments'?"),
    (OTHER + "[model]\narchitecture = 'ltsm'\n",
     "model.architecture: not an architecture; found 'ltsm'; did you mean 'lstm'?"),
    (OTHER + "[model]\narchitecture = 'transformer'\n",
     "model.architecture: not an architecture; found 'transformer'; one of gru, "),
    (OTHER + "[[feature]]\nid = 'f'\ntitle = 'f'\nregex = 'a'\nlable = 'a'\n",
     "feature.0.lable: unknown key; 'lable'; "),
])
def test_a_mistake_of_a_recipe(complaint, project, recipe, says):
    Path("gallery/first-lstm/exhibit.toml").write_text(recipe, "utf-8")
    assert says in complaint("list")


def test_a_recipe_that_is_not_text(complaint, project):
    Path("gallery/first-lstm/exhibit.toml").write_bytes(b"\xff\xfe")
    assert "not UTF-8 at byte 0" in complaint("list")


def test_serve_where_there_is_no_project(complaint, project):
    assert "mkdocs.yml: there is no such file; run this in the project's folder" in complaint(
        "serve")


def test_stopped_by_hand(here, monkeypatch, capsys):
    def stop(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr("builder.cli.exhibits.build", stop)
    assert main(["build"]) == 130
    said = capsys.readouterr()
    assert said.out == "" and said.err == "gallery: stopped; what was finished is kept\n"


def test_our_own_faults_are_not_hidden(here, monkeypatch):
    def fail(*_, **__):
        raise ZeroDivisionError

    monkeypatch.setattr("builder.cli.exhibits.build", fail)
    with pytest.raises(ZeroDivisionError):
        main(["build"])


@pytest.mark.parametrize("arguments", [[], ["biuld"], ["train"], ["new"], ["inspect"]])
def test_a_command_that_is_not_whole(here, capsys, arguments):
    with pytest.raises(SystemExit) as stopped:
        main(arguments)
    said = capsys.readouterr()
    assert stopped.value.code == 2 and said.out == ""
    assert "usage: gallery" in said.err and "error: " in said.err


def run(folder, *arguments, **environment):
    code = [sys.executable, "-m", "builder", "--root", str(folder), *arguments]
    return subprocess.run(code, capture_output=True, text=True, cwd=PROJECT,
                          env={**os.environ, **environment})


def test_as_a_process(tmp_path):
    assert run(tmp_path, "--version").stdout == f"{__version__}\n"
    assert run(tmp_path, "new", "a").returncode == 0
    assert run(tmp_path, "list").stdout.startswith("a ")
    failed = run(tmp_path, "build", "b")
    assert failed.returncode == 2 and failed.stdout == ""
    assert failed.stderr == "gallery: b: no exhibit has this name; there are: a\n"


def test_a_terminal_that_lacks_a_character_shows_its_number(tmp_path):
    assert run(tmp_path, "new", "a").returncode == 0
    recipe = tmp_path / "gallery" / "a" / "exhibit.toml"
    recipe.write_text(re.sub("^title = .*", 'title = "r\u2032 \u00e7"', recipe.read_text("utf-8"),
                             flags=re.M), "utf-8")
    shown = run(tmp_path, "list", PYTHONIOENCODING="ascii")
    assert shown.returncode == 0, shown.stderr
    assert "r\\u2032 \\xe7" in shown.stdout
