"""Every command that the documents name works: run for real, or checked as the list here says.

A command that no line of `CHECKS` takes fails `test_every_command_is_checked`.
"""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

import pytest

from builder import __version__
from builder.cli import _parser, main
from tests.cli.networks import make_networks
from tests.cli.states import run_examples
from tests.cli.test_docs import pages
from tests.integration.projects import RECIPE

ROOT = Path(__file__).parents[2]
FENCED = re.compile(r"^```(\S*)[^\n]*\n(.*?)^```", re.M | re.S)
SHELL = ("", "sh", "bash", "console")
COMMAND = re.compile(r"(?:[A-Z_]+=\S+ )*(?:\S*/bin/)?(gallery|python3?|make|pip|mkdocs|dask)( .*)?")
PROGRAMS = {"gallery", "make", "pip", "pip install", "python", "mkdocs"}
"""Names that are spoken of without being commands to type."""

SMALL = RECIPE.replace("documents = 120", "documents = 70").replace(
    "characters = 2500", "characters = 400").replace("characters = 200_000", "characters = 9_000")


def commands_of(text):
    """Yield the commands in code blocks of a shell and between backticks."""
    for language, block in FENCED.findall(text):
        if language in SHELL:
            yield from (re.sub(r"\s+#.*|^\$ ", "", line).strip() for line in block.splitlines())
    yield from re.findall(r"`([^`\n]+)`", FENCED.sub("", text))


def documented():
    """Return every command, with the pages that name it."""
    found: dict[str, set[str]] = {}
    for path in pages():
        for code in commands_of(path.read_text("utf-8")):
            if COMMAND.fullmatch(code) and code not in PROGRAMS:
                found.setdefault(code, set()).add(path.name)
    return found


COMMANDS = documented()


OF_OPTION = {("--language", "tiny"): "python", ("--language", "L"): "python",
             ("init", "my-model"): "my-course",
             ("--untrained-states", "unseen-code/"): "my-untrained.npz"}
"""What a placeholder means after an option, where that is not what it means elsewhere."""


def words_of(command):
    """Return the words after `gallery`, each placeholder filled in, with and without options."""
    plain = re.sub(r"\S*/bin/", "", command)
    names = {"NAME…": "tiny", "NAME": "tiny", "my-exhibit": "tiny", "DIR": "my-model",
             "FILE…": "unseen-code/", "TEXT…": "unseen-code/", "src/": "unseen-code/",
             "my-network": "my-model", "my-text": "unseen-code/", "OUT": "out.json",
             "PATH": "unseen-code/",
             "FILE": "my-states.npz",
             "HOST:PORT": "127.0.0.1:8000"}
    for filled in {re.sub(r" ?\[[^]]*\]", "", plain), re.sub(r"[][]", "", plain)}:
        words = [names.get(word, word) for word in shlex.split(filled)[1:]]
        yield [OF_OPTION.get((words[i - 1], word), word) for i, word in enumerate(words)]


def parses(command, **_):
    for words in words_of(command):
        assert callable(_parser().parse_args(words).command)


def runs(command, project, **_):
    for words in words_of(command):
        shutil.rmtree(project / "gallery" / "tiny" if words[0] == "new" else project / ".gallery",
                      ignore_errors=True)
        assert main(words) == 0


def runs_without_controls(command, **_):
    for words in words_of(command):
        assert main([*words, "--controls", "none"]) == 0


def measures_states(command, project, **_):
    """Measure the files that *Bring your own model* names, written as its examples do."""
    run_examples(project)
    runs_without_controls(command)


def imports(command, project, **_):
    """Import the files that *Bring your own model* names, made in the form of their libraries."""
    make_networks(project)
    for words in words_of(command):
        shutil.rmtree(project / "imported", ignore_errors=True)
        words[words.index("--out") + 1] = "imported"
        assert main(words) == 0


def begins(command, project, **_):
    for words in words_of(command):
        shutil.rmtree(project / words[-1], ignore_errors=True)
        assert main(words) == 0


def adds(command, project, **_):
    """Add a network that learned nothing, so that it must be asked for, or states."""
    if "--states" in command:
        run_examples(project)
    else:
        make_networks(project)
    for words in words_of(command):
        shutil.rmtree(project / "gallery" / words[-1], ignore_errors=True)
        assert main([*words, "--anyway"]) == 0
        shutil.rmtree(project / "gallery" / words[-1])


def trains(command, project, **_):
    for words in words_of(command):
        if "--resume" in words:  # the run before it has ended, so there is nothing to go on from
            parses(command)
        else:
            assert main(words) == 0


def shows_help(command, **_):
    for word in next(iter(_parser()._subparsers._group_actions)).choices:
        with pytest.raises(SystemExit) as ended:
            main([word, "--help"])
        assert ended.value.code == 0


def is_the_same_program(command, **_):
    done = subprocess.run([sys.executable, "-m", "builder", "--version"], cwd=ROOT,
                          capture_output=True, text=True)
    assert done.returncode == 0 and done.stdout == f"{__version__}\n"


def make_knows_it(command, **_):
    done = subprocess.run(["make", "-n", *shlex.split(command.partition("make ")[2])], cwd=ROOT,
                          capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def mkdocs_knows_it(command, **_):
    done = subprocess.run([sys.executable, "-m", *command.split(), "--help"], capture_output=True,
                          text=True)
    assert done.returncode == 0 and "Usage: " in done.stdout


def is_an_extra(command, **_):
    extra = re.search(r"unit-gallery\[(\w+)\]", command)[1]
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert extra in project["optional-dependencies"]


def is_pinned(command, **_):
    assert re.search(r"^torch==", (ROOT / "constraints.txt").read_text("utf-8"), re.M)


def packs(command, **_):
    assert "--wheel-dir dist" in command or re.search(r"dist/unit_gallery-\*\.whl", command)


def truth_knows_it(command, **_):
    name = command.split()[-1]
    assert f'"{name}": show_{name}' in (ROOT / "tests" / "truth" / "__main__.py").read_text("utf-8")


def notebooks_are_run(command, **_):
    assert find_spec(command.split()[-1] + ".__main__")  # what it runs: tests/notebooks


def compares_builds(command, project):
    """Compare a page with itself, which differs in nothing."""
    site = project / "a site"
    site.mkdir(exist_ok=True)
    (site / "index.html").write_text("<article><p>A page.</p></article>", "utf-8")
    done = subprocess.run([sys.executable, *command.split()[1:-2], str(site), str(site)], cwd=ROOT)
    assert done.returncode == 0


def zensical_knows_it(command, **_):
    done = subprocess.run([sys.executable, *command.split()[1:], "--help"], cwd=ROOT,
                          capture_output=True, text=True)
    assert done.returncode == 0 and "build" in done.stdout


def prints_the_rooms(command, **_):
    done = subprocess.run([sys.executable, *command.split()[1:]], cwd=ROOT, capture_output=True,
                          text=True)
    assert done.returncode == 0 and "circles of modules" in done.stdout


CHECKS: list[tuple[str, Callable[..., None], str]] = [
    (r"gallery (list|new|features)\b.*", runs, "quick"),
    (r"gallery init\b.*", begins, "run; what is begun is built in tests/integration"),
    (r"gallery add\b.*", adds, "run"),
    (r"gallery inspect --states .+", measures_states, "controls take a minute"),
    (r"gallery inspect .+", runs_without_controls, "controls take minutes"),
    (r"gallery train NAME .*", trains, "a resumed run needs one that was stopped"),
    (r"gallery import (checkpoint\.pt|weights\.safetensors|model\.(h5|keras)|by-hand\.npz) .*",
     imports, "quick"),
    (r"gallery import\b.*", parses, "an importer is run in tests/extension/test_importer.py"),
    (r"gallery COMMAND --help", shows_help, "for every command"),
    (r"mkdocs (serve|build --strict|build|gh-deploy)", mkdocs_knows_it,
     "run in tests/integration/test_mkdocs.py and test_serve.py"),
    (r"gallery (build|count|measure|train|inspect|serve)\b.*", parses,
     "builds are in tests/integration/test_build.py, serving is in tests/site, counting in "
     "tests/models/counting: they take minutes"),
    (r"python -m tests\.repository\.rooms", prints_the_rooms, "run"),
    (r"python -m builder", is_the_same_program, "run"),
    (r"python -m tests\.truth \w+", truth_knows_it, "takes up to twenty minutes"),
    (r"python -m tests\.site\.beside SITE OTHER", compares_builds,
     "whole sites are compared in tests/site/test_beside.py"),
    (r"python -m zensical build", zensical_knows_it, "run in tests/site/test_site.py"),
    (r"python -m tests\.notebooks", notebooks_are_run, "run in tests/notebooks"),
    (r"(\w+=\S+ )?make .+", make_knows_it, "installs, or runs everything: printed, not run"),
    (r"pip install 'unit-gallery\[\w+\]'", is_an_extra, "installs from the network"),
    (r"pip wheel --no-deps .+|pip install dist/.+", packs, "run in tests/integration"),
    (r"pip install torch .+", is_pinned, "installs from the network"),
]
"""Pattern of a command, what is done with it, and why that and no more."""


def check_of(command):
    """Return the first check that takes a command; None where none does."""
    plain = re.sub(r"\S*/bin/", "", command)
    return next((check for pattern, check, _ in CHECKS if re.fullmatch(pattern, plain)), None)


NAMES_ONLY = {f"gallery {name}" for name in (
    "train", "inspect", "import", "new", "add", "init")}
"""In tables and sentences that name a command and give its options elsewhere."""

WHOLE = [command for command in COMMANDS if command not in NAMES_ONLY]


def test_every_command_is_checked():
    assert len(COMMANDS) > 20
    assert {c: COMMANDS[c] for c in COMMANDS if check_of(c) is None} == {}


def test_no_check_is_for_nothing():
    used = {check_of(command) for command in WHOLE}
    assert {check for _, check, _ in CHECKS} == used


@pytest.fixture(scope="module")
def project(tmp_path_factory, request):
    """A folder with all that the commands name."""
    folder = tmp_path_factory.mktemp("project")
    (folder / "gallery" / "tiny").mkdir(parents=True)
    return folder


@pytest.mark.torch
@pytest.mark.parametrize("command", WHOLE)
def test_a_command(command, project, model, programs, monkeypatch, capsys):
    monkeypatch.chdir(project)
    (project / "gallery" / "tiny").mkdir(exist_ok=True)
    (project / "gallery" / "tiny" / "exhibit.toml").write_text(SMALL)
    for name, source in (("my-model", model), ("unseen-code", programs)):
        if not (project / name).exists():
            (project / name).symlink_to(source)
    check_of(command)(command, project=project)


def test_what_is_no_command_is_not_taken_for_one():
    text = "`gallery/NAME/exhibit.toml` `gallery.js`\n```toml\ngallery x\n```\n" \
           "```sh\nFOO=1 make site  # all\n.venv/bin/gallery list\n```\n`gallery serve` `gallery`\n"
    found = [c for c in commands_of(text) if COMMAND.fullmatch(c)]
    assert found == ["FOO=1 make site", ".venv/bin/gallery list", "gallery serve", "gallery"]


@pytest.mark.parametrize("command", [
    "gallery inspect my-exhibit", "gallery biuld", "gallery build --ofline", "gallery train",
])
def test_a_command_that_is_wrong_would_be_found(command, capsys):
    check = check_of(command)
    if check is not None:
        with pytest.raises(SystemExit) as ended:
            check(command, project=None)
        assert ended.value.code == 2
