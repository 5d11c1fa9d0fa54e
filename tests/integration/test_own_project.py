"""The package as others have it: a wheel, and a project that holds only what is one's own."""

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

pytest.importorskip("torch")

from builder.core.given import given_root
from builder.site.lacking import given_by_hand
from builder.site.projects import EXHIBIT
from tests.bigram_network import save_bigrams
from tests.cli.conftest import program
from tests.sources import PROJECT, copy_sources

pytestmark = pytest.mark.torch

LARGEST_WHEEL = 1_500_000
OF_THE_PACKAGE = ("how-to-read/index.html", "glossary/index.html", "reference/index.html",
                  "assets/pages.css", "assets/reader.js", "results.schema.json")


def sources(folder):
    """Copy what a wheel is made of, so that nothing is left in the sources."""
    copy_sources(folder)
    shutil.copytree(PROJECT / "builder", folder / "builder",
                    ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(PROJECT / "gallery" / EXHIBIT, folder / "gallery" / EXHIBIT)
    for name in ("setup.py", "pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(PROJECT / name, folder)
    generated = folder / "site_src/docs/cells/python-lstm"
    generated.mkdir(parents=True)
    (generated / "l0-1.md").write_text("# Generated\n")
    return folder


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation",
         "--disable-pip-version-check", "--wheel-dir", folder, sources(folder / "sources")],
        check=True, capture_output=True, text=True)
    return next(folder.glob("*.whl"))


@pytest.fixture(scope="module")
def installed(wheel, tmp_path_factory):
    """The wheel, unpacked where Python looks before anything else."""
    place = tmp_path_factory.mktemp("installed")
    subprocess.run([sys.executable, "-m", "pip", "install", "--quiet", "--no-deps",
                    "--disable-pip-version-check", "--target", place, wheel], check=True,
                   capture_output=True, text=True)
    return place


class Here:
    """Runs the installed package in a folder."""

    def __init__(self, folder, installed):
        self.folder = folder
        self._environment = {**os.environ, "PYTHONPATH": str(installed), "OMP_NUM_THREADS": "1",
                             "NO_MKDOCS_2_WARNING": "1"}

    def run(self, *arguments):
        done = subprocess.run([sys.executable, "-P", *map(str, arguments)], cwd=self.folder,
                              capture_output=True, text=True, env=self._environment)
        assert done.returncode == 0, done.stdout + done.stderr
        return done

    def python(self, code):
        return self.run("-c", code).stdout.strip()

    def module(self, name, *arguments):
        return self.run("-m", name, *arguments)

    def gallery(self, *arguments):
        return self.module("builder", *arguments)


def pages(site):
    return {p.relative_to(site).as_posix() for p in site.rglob("*") if p.is_file()}


def test_a_wheel_has_what_is_written_by_hand_and_nothing_generated(wheel):
    with zipfile.ZipFile(wheel) as file:
        names = {n for n in file.namelist() if n.startswith("builder/given/")}
    wanted = {path.relative_to(given_root()).as_posix() for path in given_by_hand()}
    exhibit = {f"gallery/{EXHIBIT}/{p.name}" for p in (PROJECT / "gallery" / EXHIBIT).iterdir()}
    assert names == {f"builder/given/{n}" for n in wanted | exhibit | {"mkdocs.offline.yml"}}
    assert wheel.stat().st_size < LARGEST_WHEEL


def test_from_an_empty_folder_to_a_site_with_a_network_of_ones_own(installed, tmp_path):
    begun = Here(tmp_path, installed)
    assert Path(begun.python("import builder; print(builder.__file__)")).parents[1] == installed
    begun.gallery("init", "my-course")
    project = Here(tmp_path / "my-course", installed)
    own = {path: path.read_bytes() for path in project.folder.rglob("*") if path.is_file()}

    project.module("mkdocs", "build", "--strict")
    site = project.folder / "site"
    first = pages(site)
    assert f"exhibits/{EXHIBIT}/index.html" in first and set(OF_THE_PACKAGE) <= first
    home = (site / "index.html").read_text("utf-8")
    assert "My course" in home and "assets/pages.css" in home
    assert "fonts.googleapis.com" not in home
    assert "counting/" not in home  # in no navigation where there is nothing to see

    (tmp_path / "texts").mkdir()
    for i in range(12):
        (tmp_path / "texts" / f"program_{i}.py").write_text(program(i), "utf-8")
    model = save_bigrams(tmp_path / "model", tmp_path / "texts")
    project.gallery("add", "--model", model, "--text", "../texts", "--language", "python", "mine")
    project.gallery("measure", "mine")
    (tmp_path / "texts").rename(tmp_path / "elsewhere")
    (project.folder / "site_src/docs/glossary.md").write_text("# My own glossary\n", "utf-8")
    (project.folder / "site_src/docs/week-1.md").write_text("# The first week\n", "utf-8")
    project.gallery("build", "--no-measure")
    assert "exhibits/mine/index.html" in pages(site)
    assert "My own glossary" in (site / "glossary/index.html").read_text("utf-8")
    assert "The first week" in (site / "index.html").read_text("utf-8")  # in the navigation
    assert "nothing has changed" in project.gallery("build", "--no-measure").stderr
    assert {path: path.read_bytes() for path in own} == own
