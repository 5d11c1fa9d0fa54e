"""Whatever comes from outside, what is wrong with it is one line, and can do nothing else."""

from __future__ import annotations

import os
import shutil

import pytest

from builder.cli import main
from builder.core.errors import SHOWN, Problem, UserError, did_you_mean
from builder.core.parsing import NotReadable, json_of, toml_of
from builder.core.plain import LONGEST, plain

RECIPE = '''
title = "A title"
[corpus]
kind = "synthetic"
source = "A grammar"
license = "none"
'''
DEEP, LONG = 100_000, "9" * 5_000


@pytest.fixture
def recipe(here):
    """The place of the recipe of the only exhibit."""
    folder = here / "gallery" / "plain"
    folder.mkdir(parents=True)
    return folder / "exhibit.toml"


@pytest.mark.parametrize(("added", "said"), [
    (f"number = {LONG}", "a number of too many digits"),
    ("deep = " + "[" * DEEP, "nested too deeply"),
    ("deep = " + "{a=" * DEEP, "nested too deeply"),
    ("x" * 50_000, "not TOML"),
    (f"[training]\nseed = {LONG[:4_000]}", "training.seed"),
    (f"[training]\ncharacters = {LONG[:4_000]}", "training.characters"),
    ('"\\u001b[2J\\n" = 1', r"'\x1b[2J\n'"),
])
def test_a_recipe(complaint, recipe, added, said):
    recipe.write_text(f"{added}\n{RECIPE}" if "[t" not in added
                      else f"{RECIPE}{added}\n")
    assert said in complaint("list")


def test_a_recipe_with_a_mark_at_its_start_is_read(recipe, capsys):
    recipe.write_bytes(b"\xef\xbb\xbf" + RECIPE.encode())
    assert main(["list"]) == 0
    assert "A title" in capsys.readouterr().out


@pytest.mark.parametrize("make", [os.mkdir, os.mkfifo], ids=["a folder", "a pipe"])
def test_a_recipe_that_is_no_file(complaint, recipe, make):
    make(recipe)
    assert "exhibit.toml: not a file" in complaint("list")


@pytest.mark.parametrize("content", [
    f'{{"format": {LONG}}}', "[" * DEEP, '{"a":' * DEEP, "\x1b]0;", "\ud800"],
    ids=["digits", "lists", "objects", "control", "surrogate"])
@pytest.mark.torch
def test_the_description_of_a_model(complaint, here, model, content):
    shutil.copytree(model, here / "model")
    (here / "model" / "model.json").write_text(content, errors="surrogatepass")
    (here / "a.py").write_text("x\n")
    assert "model.json: cannot be read as JSON" in complaint(
        "inspect", "--model", "model", "--text", "a.py", "--language", "python", "--json", "out")


@pytest.mark.torch
def test_a_model_with_many_tensors_that_are_wrong(here, model, capsys):
    torch = pytest.importorskip("torch")
    from safetensors.torch import save_file

    shutil.copytree(model, here / "model")
    save_file({f"tensor{i}": torch.zeros(1) for i in range(2_000)},
              here / "model" / "model.safetensors")
    (here / "a.py").write_text("x\n")
    assert main(["inspect", "--model", "model", "--text", "a.py", "--language", "python",
                 "--json", "out"]) == 2
    said = capsys.readouterr().err.splitlines()
    missing = sum("missing" in line for line in said)
    assert len(said) == SHOWN + 1 and missing == 7
    assert said[-1] == f"gallery: and {2_000 + missing - SHOWN:,} more"


@pytest.mark.torch
def test_the_list_of_what_was_trained_on(complaint, here, model, programs):
    shutil.copytree(model, here / "model")
    (here / "model" / "training_documents.txt").write_bytes(b"\xff\xfe\n")
    assert "training_documents.txt: not a list of digests" in complaint(
        "inspect", "--model", "model", "--text", programs, "--language", "python", "--json", "out")


@pytest.mark.parametrize("name", ["a\nb", "\x1b[31m", "a\rb", "\u202ecba", "\x9b2J"])
def test_a_name_that_would_move_the_cursor(complaint, recipe, name):
    recipe.write_text(RECIPE)
    assert name not in complaint("build", name)


def test_no_password_is_printed(complaint, recipe):
    recipe.write_text(RECIPE)
    said = complaint("build", "--scheduler", "tcp://user:sec/ret@127.0.0.1:1")
    assert "sec" not in said.replace("--scheduler", "")
    address = "https://user:se@cret@example.org/a?b=c@d"
    assert plain(address) == "https://example.org/a?b=c@d"
    for kept in ("https://example.org:80/a@b", "https://example.org/@a", "a@b: c"):
        assert plain(kept) == kept
    assert str(Problem(address, address)) == f"{plain(address)}: {plain(address)}"


def test_what_is_long_is_cut():
    assert len(str(Problem("a", "b" * 10**6))) < LONGEST + 10


def test_many_problems_are_counted():
    problems = [Problem(str(i), "wrong") for i in range(200_000)]
    lines = str(UserError(problems)).splitlines()
    assert len(lines) == SHOWN + 1 and lines[-1] == "and 199,980 more"
    assert len(str(UserError(problems[:SHOWN])).splitlines()) == SHOWN


@pytest.mark.parametrize("content", [
    LONG, "[" * DEEP, '{"a":' * DEEP, b"\xff", "", "{", "\x00", b"\xef\xbb\xbf"])
def test_what_cannot_be_read_is_one_kind_of_error(content):
    for read in (json_of, toml_of):
        with pytest.raises(NotReadable) if read is json_of or content not in ("", b"\xef\xbb\xbf") \
                else nothing() as found:
            read(content)
        assert found is None or "\n" not in str(found.value)


class nothing:
    def __enter__(self):
        return None

    def __exit__(self, *_):
        return None


@pytest.mark.parametrize(("language", "said"), [
    ("English", "use prose, for texts of any human language"), ("txt", "use prose, for texts"),
    ("Pyhton", "did you mean 'python'?"), ("xyzzy", "use prose for plain text")])
def test_a_language_that_no_lexer_knows(complaint, language, said):
    assert said in complaint("features", "--language", language)


def test_names_in_capitals_are_known_too():
    assert did_you_mean("LSTM", ("gru", "lstm")) == "did you mean 'lstm'?"


@pytest.mark.torch
def test_a_file_in_place_of_a_model_folder(here, complaint):
    (here / "a b.pt").write_bytes(b"x")
    (here / "t.py").write_text("x = 1\n")
    said = complaint("inspect", "--model", "a b.pt", "--text", "t.py", "--language", "python",
                     "--json", "o.json")
    assert "not a model folder; a file; make one of it with: gallery import 'a b.pt' --out" in said
