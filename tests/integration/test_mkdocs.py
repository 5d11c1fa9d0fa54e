"""MkDocs as it stands, without `gallery build` before it: pages are made when it needs them."""

import os
import shutil
import subprocess
import sys

import pytest

from builder.pipeline import make_pages
from builder.site import mkdocs as ours
from builder.workspace.exclusive import publishing
from builder.workspace.gallery import Workspace
from tests.integration.measured import make_measured, mkdocs
from tests.integration.projects import bytes_of
from tests.make_cards import exhibits
from tests.sources import PROJECT

NAMES = {"GIT_AUTHOR_NAME": "A", "GIT_AUTHOR_EMAIL": "a@example.org", "GIT_COMMITTER_NAME": "A",
         "GIT_COMMITTER_EMAIL": "a@example.org"}


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    return make_measured(tmp_path_factory.mktemp("measured"), exhibits()[:1])


def test_mkdocs_alone_builds_what_gallery_build_does(project):
    done = mkdocs(project, "build", "--strict")
    assert done.returncode == 0, done.stderr
    assert (project / "site/cells/python-lstm/l0-17/index.html").is_file()
    alone = bytes_of(project / "site")
    workspace = Workspace(project)
    make_pages(workspace)
    ours.build(project)
    assert bytes_of(project / "site") == alone


def test_mkdocs_finds_the_pages_wherever_it_is_run_from(project, tmp_path):
    done = mkdocs(tmp_path, "build", "--strict", "-f", str(project / "mkdocs.yml"))
    assert done.returncode == 0, done.stderr


def test_an_exhibit_without_results_is_left_out_with_one_line(tmp_path):
    root = make_measured(tmp_path, exhibits()[:1])
    shutil.rmtree(root / ".gallery")
    done = mkdocs(root, "build", "--strict", "--quiet")
    assert done.returncode == 0, done.stderr
    assert done.stderr == ("left out, since they were not measured yet: python-lstm; "
                           "measure them with: gallery build\n")
    assert (root / "site/index.html").is_file() and not (root / "site/cells").exists()


def test_a_mistake_in_a_recipe_is_told_without_a_traceback(tmp_path):
    root = make_measured(tmp_path, exhibits()[:1])
    (root / "gallery/python-lstm/exhibit.toml").write_text('titel = "x"\n')
    done = mkdocs(root, "build")
    assert done.returncode == 1 and "did you mean 'title'" in done.stderr
    assert "Traceback" not in done.stderr


def test_the_pages_are_made_once_where_gallery_build_has_made_them(project, tmp_path):
    page = project / "site_src/docs/exhibits/python-lstm.md"
    page.write_text("# Another page\n", "utf-8")
    done = mkdocs(project, "build", "--site-dir", str(tmp_path), **{ours.PAGES_ARE_MADE: "yes"})
    assert done.returncode == 0, done.stderr
    assert page.read_text("utf-8") == "# Another page\n"


def test_two_builds_at_once_take_turns(project, tmp_path):
    with publishing(Workspace(project)):
        command = [sys.executable, "-m", "mkdocs"]
        waiting = subprocess.Popen(
            [*command, "build", "--quiet", "--site-dir", str(tmp_path / "site")], cwd=project,
            stderr=subprocess.PIPE, text=True, env={**os.environ, "PYTHONPATH": str(PROJECT)})
        said = next(line for line in waiting.stderr if "another run" in line)
        assert said == ("another run writes the pages of this site; "
                        f"process {os.getpid()}; waiting for it\n")
        assert not (tmp_path / "site").exists()
    waiting.communicate()
    assert waiting.returncode == 0 and (tmp_path / "site/index.html").is_file()


def git(folder, *arguments):
    done = subprocess.run(["git", "-C", str(folder), *arguments], check=True, text=True,
                          capture_output=True, env={**os.environ, **NAMES})
    return done.stdout


@pytest.mark.skipif(not shutil.which("git"), reason="needs git")
def test_gh_deploy_from_a_fresh_clone(tmp_path):
    source, bare, clone = tmp_path / "source", tmp_path / "bare.git", tmp_path / "clone"
    make_measured(source, exhibits()[:1])
    shutil.copy(PROJECT / ".gitignore", source)
    git(tmp_path, "init", "--quiet", str(source))
    git(source, "add", ".")
    git(source, "commit", "--quiet", "-m", "first")
    git(tmp_path, "clone", "--quiet", "--bare", str(source), str(bare))
    git(tmp_path, "clone", "--quiet", str(bare), str(clone))
    assert not (clone / "site_src/docs/cells").exists()
    shutil.copytree(source / ".gallery", clone / ".gallery")
    done = mkdocs(clone, "gh-deploy", **NAMES)
    assert done.returncode == 0, done.stderr
    published = git(bare, "ls-tree", "-r", "--name-only", "gh-pages").splitlines()
    assert {"index.html", "cells/python-lstm/l0-17/index.html", ".nojekyll"} <= set(published)
    assert git(clone, "status", "--porcelain") == ""
