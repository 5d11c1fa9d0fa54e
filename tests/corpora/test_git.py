"""Texts from git repositories that are made here with the git command."""

from __future__ import annotations

import os
import shutil
import subprocess

import pytest

from builder.core.errors import CorpusError, OutputError
from builder.corpora import contract, gitcommand
from builder.corpora.kinds.git import GitCorpus
from tests.corpora.reading import read_files

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="needs git")

FILES = {
    "README.md": b"read me\r\n", "src/a.c": b"int a;\n", "src/deep/b.c": b"int b;\r\n",
    "src/b.h": b"#pragma once\n", "tests/t.c": b"int t;\n", ".gitattributes": b"* text eol=crlf\n",
}


class Repository:
    """A repository with one commit of FILES, tagged v1, on the branch main."""

    def __init__(self, folder):
        self.folder = folder
        folder.mkdir()
        self("init", "--quiet", "--initial-branch=main")
        for name, content in FILES.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            self.add(name, content)
        self.commit("v1")

    def __call__(self, *arguments, given=None):
        return subprocess.run(["git", "-C", self.folder, *arguments], check=True, input=given,
                              capture_output=True).stdout.decode().strip()

    def add(self, name, content, mode="100644"):
        blob = self("hash-object", "-w", "--stdin", "--no-filters", given=content)
        self("update-index", "--add", "--cacheinfo", f"{mode},{blob},{name}")

    def commit(self, tag):
        self("commit", "--quiet", "--message", tag)
        self("tag", "--annotate", "--message", tag, tag)
        return self("rev-parse", "HEAD")

    def serve_filters(self):
        self("config", "uploadpack.allowFilter", "true")


@pytest.fixture(autouse=True)
def own_settings(monkeypatch, tmp_path):
    for name in [name for name in os.environ if name.startswith("GIT_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "gitconfig"))
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    for who in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{who}_NAME", "A. Writer")
        monkeypatch.setenv(f"GIT_{who}_EMAIL", "writer@example.org")


@pytest.fixture
def repository(place):
    return Repository(place.recipe_folder / "origin")


@pytest.fixture
def commands(monkeypatch):
    """Return the list of git's subcommands, filled as they are run."""
    seen, run = [], gitcommand.Git.run

    def note(git, *arguments, **words):
        seen.append(arguments[2] if arguments[0] == "-c" else arguments[0])
        return run(git, *arguments, **words)

    monkeypatch.setattr(gitcommand.Git, "run", note)
    return seen


def settings(url, ref="v1", **words):
    return GitCorpus(kind="git", url=str(url), ref=ref, **words)


def cached(place):
    return sorted((place.cache / "git").iterdir())


def stored(place):
    (repository,) = cached(place)
    listed = subprocess.run(
        ["git", "-C", repository, "cat-file", "--batch-all-objects",
         "--batch-check=%(objecttype)"], check=True, capture_output=True).stdout.split()
    return listed.count(b"blob")


@pytest.mark.parametrize("address", ["path", "relative", "file"])
def test_a_local_repository_is_read_byte_by_byte(repository, place, contents, address):
    url = {"path": repository.folder, "relative": "origin",
           "file": repository.folder.as_uri()}[address]
    assert contents(read_files(settings(url), place)) == FILES


@pytest.mark.parametrize("config", ["[core]\n\tautocrlf = true\n", "[fetch]\n\tprune = true\n"])
def test_the_users_settings_change_no_byte(repository, place, contents, tmp_path, config):
    (tmp_path / "gitconfig").write_text(config)
    assert contents(read_files(settings("origin"), place)) == FILES


def test_only_wanted_files_are_fetched_where_the_server_can(repository, place, contents):
    repository.serve_filters()
    wanted = settings("origin", include=("*.c",), exclude=("tests/",))
    assert contents(read_files(wanted, place)) == {
        name: FILES[name] for name in ("src/a.c", "src/deep/b.c")}
    assert stored(place) == 2


def test_a_server_without_filters_sends_all_and_that_is_fine(repository, place, contents):
    repository("config", "uploadpack.allowFilter", "false")
    wanted = settings("origin", include=("README.md",))
    assert contents(read_files(wanted, place)) == {"README.md": FILES["README.md"]}
    assert stored(place) == len(FILES)


@pytest.mark.parametrize("filters", [True, False])
def test_the_second_reading_asks_nobody(repository, place, contents, commands, filters):
    if filters:
        repository.serve_filters()
    wanted = settings(repository.folder, include=("*.c",))
    first = contents(read_files(wanted, place))
    assert commands.count("fetch") == (2 if filters else 1)
    commands.clear()
    repository.folder.rename(place.recipe_folder / "gone")
    assert contents(read_files(wanted, place)) == first
    assert commands and "fetch" not in commands


def test_other_patterns_fetch_what_is_missing_and_no_more(repository, place, contents, commands):
    repository.serve_filters()
    read_files(settings("origin", include=("*.c",)), place)
    commands.clear()
    found = contents(read_files(settings("origin", include=("*.c", "*.h")), place))
    assert set(found) == {"src/a.c", "src/b.h", "src/deep/b.c", "tests/t.c"}
    assert commands.count("fetch") == 1
    assert stored(place) == 4


@pytest.fixture
def moved_on(repository):
    """Return names of the first commit by their kind; there is a second commit."""
    first = repository("rev-parse", "HEAD")
    repository("branch", "old/one")
    repository.add("README.md", b"second\n")
    repository.commit("v2")
    return {"tag": "v1", "branch": "old/one", "commit": first, "short": first[:9],
            "full name": "refs/tags/v1"}


@pytest.mark.parametrize("kind", ["tag", "branch", "commit", "short", "full name"])
@pytest.mark.parametrize("protocol", ["protocol.version=2", "protocol.version=0"])
def test_every_name_of_a_commit_finds_it(
    repository, moved_on, place, contents, kind, protocol, monkeypatch
):
    monkeypatch.setattr(gitcommand, "QUIET", (*gitcommand.QUIET, protocol))
    found = contents(read_files(settings("origin", moved_on[kind]), place))
    assert found == FILES
    found = contents(read_files(settings("origin", "main"), place))
    assert found == FILES | {"README.md": b"second\n"}


def test_a_branch_that_moves_leaves_the_text_as_it_was(repository, place, contents):
    first = contents(read_files(settings("origin", "main"), place))
    repository.add("README.md", b"second\n")
    repository.commit("v2")
    assert contents(read_files(settings("origin", "main"), place)) == first


def test_a_shallow_repository_can_be_read(repository, moved_on, place, contents):
    shallow = place.recipe_folder / "shallow"
    repository("clone", "--quiet", "--depth=1", repository.folder.as_uri(), str(shallow))
    tip = repository("rev-parse", "HEAD")
    for ref in ("main", tip, tip[:9]):
        assert contents(read_files(settings("shallow", ref), place))["README.md"] == b"second\n"


def test_links_and_submodules_are_left_out_and_odd_names_kept(repository, place, contents):
    repository.add("link", b"/etc/passwd", mode="120000")
    repository.add("folder link", b"src", mode="120000")
    repository.add("tab\tand \"quote\" é\nline.txt", b"odd", mode="100755")
    commit = repository("rev-parse", "HEAD")
    repository("update-index", "--add", "--cacheinfo", f"160000,{commit},submodule")
    repository.commit("v2")
    found = contents(read_files(settings("origin", "v2"), place))
    assert found == FILES | {"link": "a link", "folder link": "a link",
                             "tab\tand \"quote\" é\nline.txt": b"odd"}


def test_empty_and_binary_files_and_twins_come_whole(repository, place, contents):
    more = {"empty": b"", "binary": bytes(range(256)), "twin": FILES["src/a.c"], "no line": b"x"}
    for name, content in more.items():
        repository.add(name, content)
    repository.commit("v2")
    repository.serve_filters()
    assert contents(read_files(settings("origin", "v2"), place)) == FILES | more


def test_no_file_is_wanted(repository, place):
    assert read_files(settings("origin", include=("*.java",)), place) == []


def test_huge_files_are_left_out(repository, place, contents, monkeypatch):
    monkeypatch.setattr(contract, "LARGEST", 10)
    found = contents(read_files(settings("origin", include=("src/",)), place))
    assert found == {"src/a.c": FILES["src/a.c"], "src/deep/b.c": FILES["src/deep/b.c"],
                     "src/b.h": "13 bytes; at most 10 are read"}


def failure(settings, place):
    with pytest.raises(CorpusError) as caught:
        read_files(settings, place)
    (problem,) = caught.value.problems
    assert problem.where == "some-play, corpus"
    assert problem.remedy == "point --corpus or GALLERY_CORPUS_SOME_PLAY at a local copy"
    assert not (place.cache / "git").is_dir() or cached(place) == []
    return problem


@pytest.mark.parametrize("ref", ["v9", "0123abcd", "0" * 40, "v1/x", "é"])
def test_a_ref_that_is_not_there(repository, place, ref):
    problem = failure(settings("origin", ref), place)
    assert problem.wrong == "no such ref"
    assert problem.found.startswith(f"{ref!r} of {repository.folder}; fatal: ")


@pytest.mark.parametrize("url", ["nowhere", "http://127.0.0.1:9/none.git", "file:///no/where"])
def test_a_repository_that_cannot_be_reached(place, url, monkeypatch):
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    problem = failure(settings(url), place)
    assert problem.wrong == "git cannot fetch the text"
    assert f"'v1' of {url}; fatal: " in problem.found


def test_no_git(repository, place, monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    assert failure(settings("origin"), place).wrong == "git is not installed"


def test_a_git_that_takes_too_long(repository, place, monkeypatch):
    monkeypatch.setattr(gitcommand, "SECONDS", 0.0)
    assert failure(settings("origin"), place).wrong == "git takes too long"


def test_passwords_are_not_shown(place, monkeypatch):
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    problem = failure(settings("http://me:secret@127.0.0.1:9/none.git"), place)
    assert "secret" not in str(problem) and "http://127.0.0.1:9/none.git" in str(problem)


@pytest.mark.parametrize(("url", "ref", "keys"), [
    ("--upload-pack=touch x", "v1", ["url"]), ("-x", "-y", ["url", "ref"]),
    ("", "", ["url", "ref"]), ("origin", "+v1:refs/heads/x", ["ref"]),
    ("origin", "v1:x", ["ref"]), ("origin", "refs/heads/*", ["ref"]), ("origin", "a b", ["ref"]),
    ("origin", "v1\n", ["ref"]), ("ori\ngin", "v1", ["url"]), ("origin", "v1^{tree}", ["ref"]),
])
def test_what_git_would_take_for_something_else_is_refused(
    repository, place, commands, url, ref, keys
):
    with pytest.raises(CorpusError) as caught:
        read_files(settings(url, ref), place)
    assert [p.where for p in caught.value.problems] == [f"some-play, corpus.{key}" for key in keys]
    assert commands == []


def test_addresses_that_run_commands_are_refused(place, tmp_path):
    failure(settings(f"ext::touch {tmp_path}/owned"), place)
    assert not (tmp_path / "owned").exists()


def test_variables_of_an_outer_repository_do_not_matter(
    repository, place, contents, monkeypatch, tmp_path
):
    outer = Repository(tmp_path / "outer")
    before = sorted(path.name for path in (outer.folder / ".git").iterdir())
    monkeypatch.setenv("GIT_DIR", str(outer.folder / ".git"))
    monkeypatch.setenv("GIT_WORK_TREE", str(outer.folder))
    monkeypatch.setenv("GIT_INDEX_FILE", str(tmp_path / "index"))
    assert contents(read_files(settings("origin"), place)) == FILES
    assert sorted(path.name for path in (outer.folder / ".git").iterdir()) == before


def test_a_damaged_cache_says_how_to_begin_anew(repository, place):
    read_files(settings("origin"), place)
    (kept,) = cached(place)
    shutil.rmtree(kept / "refs")
    shutil.rmtree(kept / "objects")
    (kept / "packed-refs").unlink(missing_ok=True)
    with pytest.raises(CorpusError, match=f"or remove {kept} to begin anew"):
        read_files(settings("origin"), place)


def test_a_cache_that_cannot_be_made_is_an_error(repository, place):
    place.cache.write_text("a file where the folder should be")
    with pytest.raises(OutputError, match="the cache cannot be used"):
        read_files(settings("origin"), place)


def test_what_a_killed_run_left_half_fetched_goes(repository, place, contents):
    read_files(settings("origin"), place)
    (whole,) = cached(place)
    shutil.rmtree(whole)
    left, other = (whole.with_name(f"part-{name}-x") for name in (whole.name, "another"))
    for folder in (left, other):
        (folder / "objects").mkdir(parents=True)
    assert contents(read_files(settings("origin"), place)) == FILES
    assert cached(place) == sorted([whole, other])
