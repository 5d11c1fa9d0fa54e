"""`gallery init`: a project of one's own, as a whole or not at all."""

import json
import re
import tomllib

import pytest
import yaml

from builder import __version__
from builder.cli import main
from builder.rendering import generated_folders
from builder.site import projects
from builder.workspace.shipped import read_shipped

WHOLE = {"mkdocs.yml", "mkdocs.offline.yml", "README.md", ".gitignore", "requirements.txt",
         "site_src/hook.py", "site_src/docs/index.md", ".github/workflows/pages.yml"}


def files_of(folder):
    return {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()}


def test_what_is_in_it(here, capsys):
    assert main(["init", "my-course"]) == 0
    assert "gallery build" in capsys.readouterr().out
    exhibit = {name for name in files_of(here / "my-course") if name.startswith("gallery/")}
    assert files_of(here / "my-course") - exhibit == WHOLE
    assert {path.name for path in here.iterdir()} == {"my-course"}
    settings = (here / "my-course/mkdocs.yml").read_text("utf-8")
    assert yaml.safe_load(re.sub("!ENV", "", settings))["site_name"] == "My course"
    assert not any(re.search("@[A-Z]+@", (here / "my-course" / name).read_text("utf-8"))
                   for name in WHOLE)


def test_its_exhibit_is_measured_and_small(here):
    main(["init", "my-course"])
    folder = here / "my-course/gallery" / projects.EXHIBIT
    found = read_shipped(folder)
    assert found is not None and found.is_untouched and found.card.cells
    assert tomllib.loads((folder / "exhibit.toml").read_text())["corpus"]["kind"] == "synthetic"
    assert sum(path.stat().st_size for path in folder.iterdir()) < 400_000


def test_git_ignores_what_is_generated(here):
    main(["init", "my-course"])
    ignored = (here / "my-course/.gitignore").read_text("utf-8").splitlines()
    assert {f"site_src/docs/{folder}/" for folder in generated_folders()} <= set(ignored)


@pytest.mark.parametrize("name", ["kurs 1: <b>Ünits</b>", "..a", "%(x)s {y} @TITLE@ \\1"])
def test_any_name_of_a_folder_gives_a_title(here, name):
    assert main(["init", f"in/{name.replace('/', '')}"]) == 0
    folder = next((here / "in").iterdir())
    settings = re.sub("!ENV", "", (folder / "mkdocs.yml").read_text("utf-8"))
    title = yaml.safe_load(settings)["site_name"]
    assert re.fullmatch(r"[\w ]+", title)
    assert f"# {title}\n" in (folder / "site_src/docs/index.md").read_text("utf-8")


def test_into_the_folder_one_stands_in(here):
    (here / ".git").mkdir()
    assert main(["init", "."]) == 0
    assert files_of(here) >= WHOLE and (here / ".git").is_dir()


@pytest.mark.parametrize("made", ["my-course/notes.txt", "my-course"])
def test_a_folder_that_is_there(complaint, here, made):
    (here / made).parent.mkdir(exist_ok=True)
    (here / made).write_text("mine")
    said = complaint("init", "my-course")
    assert said.startswith("gallery: my-course: there already")
    assert said.endswith("; choose another name\n")


def test_a_folder_below_a_file(complaint, here):
    (here / "file").write_text("mine")
    assert "cannot be written" in complaint("init", "file/my-course")


def test_a_disk_that_is_full(complaint, monkeypatch):
    def full(*arguments, **options):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(projects.shutil, "copytree", full)
    assert "No space left on device" in complaint("init", "my-course")


@pytest.mark.parametrize(("noted", "line"), [
    (None, f"unit-gallery=={__version__}"),
    ('{"url": "https://example.org/g.git", "vcs_info": {"vcs": "git", "commit_id": "c0ffee"}}',
     "unit-gallery @ git+https://example.org/g.git@c0ffee"),
    ('{"url": "https://example.org/g.whl", "archive_info": {}}',
     "unit-gallery @ https://example.org/g.whl"),
    ('{"url": "file:///elsewhere/gallery", "dir_info": {"editable": true}}',
     f"./unit_gallery-{__version__}-py3-none-any.whl"),
    ('{"url": "file:///elsewhere/gone.whl", "archive_info": {}}',
     f"./unit_gallery-{__version__}-py3-none-any.whl"),
])
def test_what_github_is_to_install(here, monkeypatch, noted, line):
    install_as(noted, monkeypatch)
    assert main(["init", "my-course"]) == 0
    said = (here / "my-course/requirements.txt").read_text("utf-8").splitlines()
    assert said[-1] == line
    assert all(part.startswith("#") for part in said[:-1])
    assert "/elsewhere" not in "".join(said)


def test_a_wheel_of_this_computer_comes_along(here, monkeypatch):
    wheel = here / "a folder" / f"unit_gallery-{__version__}-py3-none-any.whl"
    wheel.parent.mkdir()
    wheel.write_bytes(b"a wheel")
    install_as(json.dumps({"url": wheel.as_uri(), "archive_info": {}}), monkeypatch)
    assert main(["init", "my-course"]) == 0
    assert (here / "my-course" / wheel.name).read_bytes() == b"a wheel"
    said = (here / "my-course/requirements.txt").read_text("utf-8").splitlines()
    assert said[-1] == f"./{wheel.name}"


def install_as(noted, monkeypatch):
    """Let pip have noted this of where the package came from."""
    class Installed:
        def read_text(self, name):
            return noted if name == "direct_url.json" else None

    monkeypatch.setattr(projects, "distribution", lambda name: Installed())
