"""A kind of corpus from a package outside of this one, to the page of an exhibit."""

from pathlib import Path

import pytest

from builder.cli import main
from builder.core.errors import CorpusError, RecipeError
from builder.corpora import load_corpus
from builder.corpora.contract import CORPUS_KINDS, Place
from builder.workspace.recipe import validate
from tests.extension.conftest import RECIPE, letter
from tests.extension.installing import forget_after, install
from tests.integration.projects import shown_card


@pytest.fixture
def installed(tmp_path, monkeypatch):
    list(CORPUS_KINDS.all())  # ours are to be remembered
    forget_after(CORPUS_KINDS, monkeypatch)
    install("corpus", tmp_path, monkeypatch)
    return tmp_path


def recipe(**corpus):
    return validate({"title": "letters", "corpus": {"kind": "table", **corpus}}, "exhibit.toml")


@pytest.mark.torch
def test_its_text_is_on_the_page_of_a_cell(tiny):
    cell = shown_card(tiny)["cells"][0]
    excerpt = cell["excerpts"][0]
    assert excerpt["text"] in letter(int(excerpt["document"].removeprefix("day-")))
    page = next((tiny / "site/cells/tiny").glob("l*/index.html")).read_text("utf-8")
    assert "day-" in page and "Letters of nobody" in page


def test_the_gallery_lists_its_exhibit(installed, tmp_path, capsys):
    folder = tmp_path / "gallery/letters"
    folder.mkdir(parents=True)
    (folder / "exhibit.toml").write_text(RECIPE, "utf-8")
    assert main(["--root", str(tmp_path), "list"]) == 0
    assert "A network on letters" in capsys.readouterr().out


def test_all_mistakes_of_its_table_are_told_at_once(installed):
    with pytest.raises(RecipeError) as caught:
        recipe(names=3, tex="letter")
    assert str(caught.value) == (
        "exhibit.toml, corpus.path: missing; the key is not there; add it\n"
        "exhibit.toml, corpus.names: Input should be a valid string; found 3\n"
        "exhibit.toml, corpus.tex: unknown key; 'tex'; did you mean 'texts'?")


def test_a_recipe_that_nearly_names_it(installed):
    with pytest.raises(RecipeError, match=r"corpus\.kind: not a kind of corpus; 'tabel'; did you "
                                          r"mean 'table'\?"):
        validate({"title": "letters", "corpus": {"kind": "tabel"}}, "exhibit.toml")


def test_without_the_package_there_is_no_such_kind():
    with pytest.raises(RecipeError, match=r"corpus\.kind: not a kind of corpus; 'table'; one of "
                                          r"directory, git, installed, states, stdlib, "
                                          r"synthetic, url"):
        recipe(path="letters.csv")


def test_what_a_recipe_says_of_it_is_in_its_digest(installed):
    said = recipe(path="letters.csv", names="date").model_dump_json()
    assert '"kind":"table","path":"letters.csv","names":"date","texts":"text"' in said


def load(folder: Path, **corpus):
    found = recipe(**corpus)
    return load_corpus("letters", Place(folder, folder), found.corpus, found.split)


def test_include_and_exclude_are_asked_of_its_names(installed, tmp_path):
    (tmp_path / "a.csv").write_text("name,text\na.txt,one\nb.md,two\nc.txt,three\n", "utf-8")
    corpus = load(tmp_path, path="a.csv", include=["*.txt"], exclude=["c.txt"])
    assert [(d.name, d.text) for d in corpus.documents] == [("a.txt", "one")]


@pytest.mark.parametrize(("corpus", "says"), [
    ({"path": "none.csv"}, "corpus: cannot read the table; none.csv: No such file or directory; "),
    ({"path": "a.csv", "texts": "words"}, "corpus: the table has no such column; 'words' in a.csv"),
])
def test_a_table_that_cannot_be_had(installed, tmp_path, corpus, says):
    (tmp_path / "a.csv").write_text("name,text\na,one\n", "utf-8")
    with pytest.raises(CorpusError, match=says):
        load(tmp_path, **corpus)
