"""The kinds that read what is on the disk already: directory, installed, stdlib."""

from __future__ import annotations

import os
import sysconfig
from pathlib import Path

import pytest

from builder.core.errors import CorpusError
from builder.corpora import contract
from builder.corpora import load_corpus as load
from builder.corpora.contract import Place
from builder.corpora.kinds.directory import DirectoryCorpus
from builder.corpora.kinds.installed import InstalledCorpus
from builder.corpora.kinds.stdlib import StdlibCorpus
from builder.corpora.kinds.synthetic import SyntheticCorpus
from builder.workspace.recipe import Exhibit, Recipe
from tests.corpora.reading import read_files


@pytest.fixture
def folder(place):
    root = place.recipe_folder / "text"
    for name in ("b.txt", "deep/er/a.txt", "deep/c.py", ".git/HEAD"):
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(f"{name}\r\n".encode())
    return root


def directory(path="text", **words):
    return DirectoryCorpus(kind="directory", path=str(path), **words)


def test_a_folder_is_read_with_names_inside_it(folder, place, contents):
    found = read_files(directory(), place)
    assert contents(found) == {name: f"{name}\r\n".encode()
                               for name in ("b.txt", "deep/c.py", "deep/er/a.txt")}
    assert contents(read_files(directory(folder), place)) == contents(found)


@pytest.mark.parametrize(("include", "exclude", "names"), [
    (("*.txt",), (), ["b.txt", "deep/er/a.txt"]),
    (("/*.txt",), (), ["b.txt"]),
    (("deep/*",), ("deep/er/",), ["deep/c.py"]),
    (("a.txt", "c.py"), (), ["deep/c.py", "deep/er/a.txt"]),
    (("**/*",), ("*.txt", "!b.txt"), ["b.txt", "deep/c.py"]),
    ((), (), []),
])
def test_patterns_are_those_of_gitignore(folder, place, include, exclude, names):
    found = read_files(directory(include=include, exclude=exclude), place)
    assert [file.name for file in found] == names


def test_what_is_no_pattern_is_reported_all_at_once(folder, place):
    with pytest.raises(CorpusError) as caught:
        read_files(directory(include=("*.py", "!"), exclude=("a//!\\",)), place)
    assert [(p.where, p.found) for p in caught.value.problems] == [
        ("corpus.include", "'!'"), ("corpus.exclude", repr("a//!\\"))]


def test_a_single_file_is_one_document_with_its_own_name(folder, place, contents):
    found = read_files(directory("text/deep/c.py"), place)
    assert contents(found) == {"c.py": b"deep/c.py\r\n"}


def test_a_missing_folder_is_named(place):
    with pytest.raises(CorpusError) as caught:
        read_files(directory("nowhere"), place)
    assert str(caught.value) == (
        f"some-play, corpus: cannot read the text; {place.recipe_folder / 'nowhere'}: No such "
        "file or directory; fix the path; a relative one starts at the recipe's folder")


@pytest.mark.parametrize("path", ["x" * 300, "a\0b", "text/b.txt/c"])
def test_a_path_that_is_none_is_an_error_of_the_recipe(folder, place, path):
    with pytest.raises(CorpusError, match="cannot read the text"):
        read_files(directory(path), place)


def test_links_out_of_the_folder_are_left_out(folder, place, contents, tmp_path):
    secret = tmp_path / "secret.txt"
    secret.write_text("secret")
    (folder / "out.txt").symlink_to(secret)
    (folder / "up").symlink_to(tmp_path)
    (folder / "in.txt").symlink_to("b.txt")
    (folder / "gone.txt").symlink_to("nothing.txt")
    (folder / "loop.txt").symlink_to("loop.txt")
    found = contents(read_files(directory(include=("/*.txt", "/up")), place))
    assert found == {
        "b.txt": b"b.txt\r\n", "in.txt": b"b.txt\r\n", "out.txt": "a link out of the folder",
        "gone.txt": "a link to nothing", "loop.txt": "a link to nothing"}


def test_a_linked_folder_is_read_where_it_is_the_corpus_itself(folder, place):
    (place.recipe_folder / "alias").symlink_to(folder)
    assert read_files(directory("alias"), place) == read_files(directory(), place)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_what_is_no_plain_file_is_left_out(folder, place, contents):
    os.mkfifo(folder / "pipe")
    assert contents(read_files(directory(), place))["pipe"] == "not a plain file"


def test_a_name_that_is_not_utf8_is_left_out(folder, place, contents):
    raw = os.fsencode(folder) + b"/caf\xe9.txt"
    try:
        Path(os.fsdecode(raw)).write_text("x")
    except OSError:
        pytest.skip("this file system has no such names")
    found = contents(read_files(directory(include=("/caf*",)), place))
    assert found == {"caf\\udce9.txt": "its name is not UTF-8"}


def test_a_huge_file_is_left_out_unread(folder, place, contents, monkeypatch):
    monkeypatch.setattr(contract, "LARGEST", 1_000)
    (folder / "at.txt").write_bytes(b"x" * 1_000)
    (folder / "over.txt").write_bytes(b"x" * 1_001)
    found = contents(read_files(directory(), place))
    assert found["over.txt"] == "1,001 bytes; at most 1,000 are read"
    assert found["at.txt"] == b"x" * 1_000


def test_all_files_that_cannot_be_read_are_named(folder, place, monkeypatch):
    read = Path.read_bytes

    def refuse(path):
        if path.suffix == ".txt":
            raise PermissionError(13, "Permission denied")
        return read(path)

    monkeypatch.setattr(Path, "read_bytes", refuse)
    with pytest.raises(CorpusError) as caught:
        read_files(directory(), place)
    assert [(p.wrong, p.found) for p in caught.value.problems] == [
        (f"cannot read {folder / name}", "Permission denied")
        for name in ("b.txt", "deep/er/a.txt")]


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root reads all")
def test_a_folder_that_cannot_be_listed_is_named(folder, place):
    (folder / "deep").chmod(0)
    try:
        with pytest.raises(CorpusError, match=r"cannot read .*deep"):
            read_files(directory(), place)
    finally:
        (folder / "deep").chmod(0o755)


def test_installed_files_are_named_from_the_folder_they_are_installed_in(place, contents):
    settings = InstalledCorpus(kind="installed", package="Pluggy", include=("**/*.py",))
    found = contents(read_files(settings, place))
    assert {"pluggy/__init__.py", "pluggy/_hooks.py"} <= set(found)
    assert b"HookspecMarker" in found["pluggy/__init__.py"]
    assert all(name.endswith(".py") for name in found)


def test_what_a_package_puts_elsewhere_is_no_part_of_it(place):
    found = read_files(InstalledCorpus(kind="installed", package="pytest"), place)
    assert found and not any(".." in file.name for file in found)


def test_an_unknown_package_is_an_error_with_a_guess(place):
    with pytest.raises(CorpusError) as caught:
        read_files(InstalledCorpus(kind="installed", package="plugy"), place)
    assert str(caught.value) == ("some-play, corpus: no such package is installed; 'plugy'; "
                                 "did you mean 'pluggy'?")


@pytest.mark.parametrize("package", ["", "no-such-thing-at-all"])
def test_a_package_like_no_other_is_an_error(place, package):
    with pytest.raises(CorpusError, match=f"pip install {package}"):
        read_files(InstalledCorpus(kind="installed", package=package), place)


def test_a_package_without_a_list_of_files_is_an_error(place, tmp_path, monkeypatch):
    (tmp_path / "bare-1.0.dist-info").mkdir()
    (tmp_path / "bare-1.0.dist-info" / "METADATA").write_text("Name: bare\nVersion: 1.0\n")
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(CorpusError, match="keeps no list of its files"):
        read_files(InstalledCorpus(kind="installed", package="bare"), place)


def test_listed_files_that_are_not_there_are_left_out(place, tmp_path, monkeypatch, contents):
    home = tmp_path / "lone-1.0.dist-info"
    home.mkdir()
    (home / "METADATA").write_text("Name: lone\nVersion: 1.0\n")
    (home / "RECORD").write_text("lone.py,,\n../../bin/lone,,\nlone-1.0.dist-info/RECORD,,\n")
    monkeypatch.syspath_prepend(tmp_path)
    settings = InstalledCorpus(kind="installed", package="lone", include=("*.py", "bin/"))
    assert contents(read_files(settings, place)) in ({"lone.py": "not there"}, {})


def test_the_library_comes_without_its_tests_and_what_pip_installed(place):
    found = read_files(StdlibCorpus(include=("json/", "test/", "pluggy/", "this.py")), place)
    names = [file.name for file in found]
    assert {"json/decoder.py", "this.py"} <= set(names)
    assert not [name for name in names if name.startswith(("test/", "pluggy/", "site-"))]
    root = Path(sysconfig.get_path("stdlib"))
    assert all((root / name).is_file() for name in names)


def exhibit(place, corpus):
    recipe = Recipe.model_validate({"title": "A play", "corpus": corpus})
    return Exhibit(name="some-play", folder=place.recipe_folder, recipe=recipe)


def load_corpus(exhibit, cache, local=None):
    recipe = exhibit.recipe
    return load(exhibit.name, Place(exhibit.folder, cache), recipe.corpus, recipe.split, local)


@pytest.fixture
def unreachable(place):
    settings = {"kind": "url", "url": "http://127.0.0.1:9/p.txt", "sha256": "0" * 64,
                "source": "a play", "license": "CC0-1.0", "include": ["*.py"]}
    return exhibit(place, settings)


def test_a_local_copy_is_read_instead_with_the_patterns_of_the_recipe(
    folder, place, unreachable, monkeypatch
):
    monkeypatch.setenv("GALLERY_CORPUS_SOME_PLAY", str(folder))
    corpus = load_corpus(unreachable, place.cache)
    assert [d.name for d in corpus.documents] == ["deep/c.py"]
    assert (corpus.source, corpus.license) == ("a play", "CC0-1.0")
    assert not place.cache.exists()


def test_a_local_file_is_taken_whatever_its_name_and_goes_before_the_variable(
    folder, place, unreachable, monkeypatch
):
    monkeypatch.setenv("GALLERY_CORPUS_SOME_PLAY", str(folder))
    corpus = load_corpus(unreachable, place.cache, folder / "b.txt")
    assert [d.text for d in corpus.documents] == ["b.txt\n"]
    assert [d.name for d in corpus.documents] == ["p.txt"], "splits hang on the name"


def test_a_local_copy_that_is_missing_says_who_pointed_there(
    place, unreachable, monkeypatch, tmp_path
):
    monkeypatch.setenv("GALLERY_CORPUS_SOME_PLAY", "/nowhere/at/all")
    with pytest.raises(CorpusError, match=r"^some-play, GALLERY_CORPUS_SOME_PLAY: no such"):
        load_corpus(unreachable, place.cache)
    with pytest.raises(CorpusError, match=r"^some-play, --corpus: no such"):
        load_corpus(unreachable, place.cache, tmp_path / "none")


def test_a_corpus_without_text_is_an_error(folder, place):
    empty = exhibit(place, {"kind": "directory", "path": "text", "include": ["*.java"]})
    with pytest.raises(CorpusError, match="no text in it"):
        load_corpus(empty, place.cache)


def test_patterns_are_asked_for_every_kind(place):
    whole = SyntheticCorpus(kind="synthetic", documents=3, characters=10, maximum_depth=2,
                            exclude=("doc-0001.txt",))
    assert len(list(whole.files(place))) == 3
    assert [file.name for file in read_files(whole, place)] == ["doc-0000.txt", "doc-0002.txt"]
