"""The Makefile and what the documents say of it."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = ["README.md", "CONTRIBUTING.md", "CHANGELOG.md", ".ci/run", ".pre-commit-config.yaml",
             ".github/workflows/measure.yml", ".github/workflows/pages.yml",
             ".github/workflows/test.yml"]
CODE = re.compile(r"```.*?```|`[^`\n]+`|^ *run: .*$|^timed .*$", re.DOTALL | re.MULTILINE)


def targets() -> set[str]:
    return set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_target_that_is_named_exists(document: str) -> None:
    code = " ".join(CODE.findall((ROOT / document).read_text("utf-8")))
    named = set(re.findall(r"\bmake ([a-z]+)", code))
    assert named <= targets()


def test_the_promised_targets_exist_and_help_tells_of_them() -> None:
    promised = {"site", "serve", "test", "lint", "bench", "clean"}
    done = subprocess.run(["make"], cwd=ROOT, capture_output=True, text=True, check=True)
    assert promised <= targets()
    assert set(re.findall(r"^make ([a-z]+)", done.stdout, re.MULTILINE)) == targets() - {"help"}


@pytest.fixture
def installed(tmp_path: Path) -> Path:
    """Return a folder with the Makefile and a .venv that only notes what it is asked to do."""
    for name in ("Makefile", "pyproject.toml", "constraints.txt"):
        shutil.copy(ROOT / name, tmp_path)
    bin_ = tmp_path / ".venv/bin"
    bin_.mkdir(parents=True)
    for name in ("python", "gallery", "pip"):
        path = bin_ / name
        path.write_text(f'#!/bin/sh\necho "{name} $*" >> "{tmp_path}/asked"\n')
        path.chmod(0o755)
    return tmp_path


def asked(folder: Path, *arguments: str, **environment: str) -> list[str]:
    """Return the lines that `make` with the arguments has .venv note."""
    (folder / "asked").write_text("")
    ours = ("MAKE", "MFLAGS", "ARGS")
    variables = {k: v for k, v in os.environ.items() if not k.startswith(ours)}
    subprocess.run(["make", *arguments], cwd=folder, env=variables | environment, check=True,
                   capture_output=True)
    return [line.rstrip() for line in (folder / "asked").read_text("utf-8").splitlines()]


def test_a_second_run_installs_nothing(installed: Path) -> None:
    first, second = asked(installed, "site"), asked(installed, "site")
    assert len(first) == 2 and "-m pip install" in first[0] and first[0].endswith("-e .")
    assert second == ["gallery build"]


def test_a_changed_pin_installs_again(installed: Path) -> None:
    asked(installed, "site")
    later = (installed / ".venv/.installed-runtime").stat().st_mtime + 10
    os.utime(installed / "constraints.txt", (later, later))
    assert "-m pip install" in asked(installed, "site")[0]


def test_what_tests_need_covers_what_the_site_needs(installed: Path) -> None:
    assert asked(installed, "bench")[0].endswith("-e .[test]")
    assert asked(installed, "site") == ["gallery build"]


def test_an_old_python_is_named(tmp_path: Path) -> None:
    for name in ("Makefile", "pyproject.toml", "constraints.txt"):
        shutil.copy(ROOT / name, tmp_path)
    done = subprocess.run(["make", "site", "PYTHON=false"], cwd=tmp_path, capture_output=True,
                          text=True)
    assert done.returncode == 2
    assert "false is missing or older than Python 3.11" in done.stderr


def test_without_chromium_the_message_says_how_to_get_one(installed: Path) -> None:
    done = subprocess.run(["make", "test", "GALLERY_CHROMIUM=/nowhere/chromium"], cwd=installed,
                          capture_output=True, text=True)
    assert done.returncode == 2
    assert "looked for /nowhere/chromium" in done.stderr
    assert "apt-get install chromium" in done.stderr and "BROWSER=no" in done.stderr


def test_the_continuous_run_is_a_sound_script() -> None:
    script = ROOT / ".ci/run"
    assert os.access(script, os.X_OK)
    assert "set -euo pipefail" in script.read_text("utf-8")
    subprocess.run(["bash", "-n", script], check=True)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Return a small repository with the script, beside programs that only say they are there."""
    programs, root = tmp_path / "bin", tmp_path / "project"
    for folder in (programs, root / ".ci", tmp_path / "tmp"):
        folder.mkdir(parents=True)
    for name in ("chromium", "dpkg-query"):
        (programs / name).write_text("#!/bin/sh\n")
    (programs / "make").write_text(
        '#!/bin/sh\necho "$PWD|$TMPDIR|$*|$(echo *)" >> "$ASKED"\n[ "$1" != "$BROKEN" ]\n')
    for path in programs.iterdir():
        path.chmod(0o755)
    shutil.copy(ROOT / ".ci/run", root / ".ci")
    for name in (".gitignore", "kept", "gone"):
        (root / name).write_text("ignored\n")
    git = ["git", "-c", "user.name=A", "-c", "user.email=a@example.org", "-C", str(root)]
    for command in (["init", "--quiet"], ["add", "."], ["commit", "--quiet", "-m", "first"]):
        subprocess.run([*git, *command], check=True)
    (root / "gone").unlink()
    for name in ("ignored", "new", "é"):
        (root / name).touch()
    return root


def continuous_run(project: Path, broken: str = "") -> tuple[int, list[str]]:
    """Return how the script ends and what `make` noted: folders, arguments and files."""
    outer = project.parent
    done = subprocess.run(
        [project / ".ci/run"], cwd=outer, capture_output=True, check=False,
        env={**os.environ, "PATH": f"{outer / 'bin'}:{os.environ['PATH']}", "BROKEN": broken,
             "TMPDIR": str(outer / "tmp"), "ASKED": str(outer / "asked")})
    assert list((outer / "tmp").iterdir()) == [], done.stderr
    return done.returncode, (outer / "asked").read_text("utf-8").splitlines()


NEEDED = pytest.mark.skipif(
    not all(map(shutil.which, ("git", "timeout"))), reason="needs git and timeout")


@NEEDED
def test_the_continuous_run_works_on_a_copy_whose_path_has_a_space_and_an_accent(
    project: Path
) -> None:
    code, asked = continuous_run(project)
    assert code == 0 and [line.split("|")[2] for line in asked] == [
        "test", "numeric", "site", "verify ARGS=counters-rnn"]
    folder, temporary, _, files = asked[0].split("|")
    assert folder.endswith("/unit gallery é") and temporary.endswith("/tmp é")
    assert files.split() == ["kept", "new", "é"]


@NEEDED
@pytest.mark.parametrize("broken", ["test", "numeric", "site", "verify"])
def test_the_continuous_run_fails_where_a_part_fails(project: Path, broken: str) -> None:
    code, asked = continuous_run(project, broken)
    assert code == 1 and asked[-1].split("|")[2].split()[0] == broken
