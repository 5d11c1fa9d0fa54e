"""The workflows: pinned, with few rights, and clean for zizmor."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
OF_PROJECTS = ROOT / "builder/site/project_files/pages.yml"
"""The one that `gallery init` puts into a project."""

WORKFLOWS = [*sorted((ROOT / ".github/workflows").glob("*.yml")), OF_PROJECTS]


def test_there_are_workflows() -> None:
    assert {path.name for path in WORKFLOWS} >= {"measure.yml", "pages.yml", "test.yml"}


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: f"{path.parent.name}-{path.name}")
def test_every_action_is_pinned_and_names_its_version(path: Path) -> None:
    uses = re.findall(r"uses: *(.+)", path.read_text("utf-8"))
    assert uses
    for use in uses:
        assert re.fullmatch(r"[\w.-]+/[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", use), use


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: f"{path.parent.name}-{path.name}")
def test_rights_to_write_are_given_to_the_deploy_job_only(path: Path) -> None:
    workflow = yaml.safe_load(path.read_text("utf-8"))
    assert workflow["permissions"] == {"contents": "read"}
    for name, job in workflow["jobs"].items():
        written = {k for k, v in job.get("permissions", {}).items() if v == "write"}
        assert written == ({"pages", "id-token"} if name == "deploy" else set())


def commands(name: str) -> dict[str, str]:
    """Return the command of each step of a workflow that has one, by the name of the step."""
    workflow = yaml.safe_load((ROOT / ".github/workflows" / name).read_text("utf-8"))
    return {step["name"]: step["run"] for job in workflow["jobs"].values()
            for step in job["steps"] if "run" in step}


def test_publishing_measures_nothing() -> None:
    assert commands("pages.yml") == {"Build": "make site ARGS=--no-measure"}


def steps_of(path: Path) -> list[str]:
    """Return the actions that a workflow uses, with their pins."""
    return re.findall(r"uses: *(.+)", path.read_text("utf-8"))


def test_projects_of_others_publish_as_this_one_does() -> None:
    assert steps_of(OF_PROJECTS) == steps_of(ROOT / ".github/workflows/pages.yml")
    workflow = yaml.safe_load(OF_PROJECTS.read_text("utf-8"))
    run = [step["run"] for step in workflow["jobs"]["build"]["steps"] if "run" in step]
    assert run == ["pip install -r requirements.txt", "gallery build --no-measure"]


def test_measuring_is_started_by_hand_and_writes_nothing() -> None:
    text = (ROOT / ".github/workflows/measure.yml").read_text("utf-8")
    triggers = yaml.safe_load(text)[True]  # YAML 1.1 takes the key `on` for a truth value
    assert list(triggers) == ["workflow_dispatch"]
    assert commands("measure.yml")["Measure and compare"] == 'make verify ARGS="$EXHIBITS"'
    assert "permissions" not in yaml.safe_load(text)["jobs"]["measure"]


def test_what_takes_hours_is_run_each_week() -> None:
    workflow = yaml.safe_load((ROOT / ".github/workflows/soak.yml").read_text("utf-8"))
    (each,) = workflow[True]["schedule"]
    assert re.fullmatch(r"\d+ \d+ \* \* [0-6]", each["cron"])
    assert commands("soak.yml")["Soak"] == "make soak"


@pytest.mark.parametrize(("names", "taken"), [
    ("", True), ("python-lstm", True), ("python-lstm counters-rnn", True),
    ("python_lstm", False), ("a; echo b", False), ("$(echo b)", False),
    ("a\nb", False)])
def test_only_names_of_exhibits_reach_the_command(names: str, taken: bool) -> None:
    check = commands("measure.yml")["Look at the names"]
    done = subprocess.run(["bash", "-e", "-c", check], env={"EXHIBITS": names},
                          capture_output=True, text=True)
    assert (done.returncode == 0) == taken, done.stdout + done.stderr
    assert taken or "::error::" in done.stdout


def test_zizmor_is_clean() -> None:
    zizmor = Path(sys.executable).parent / "zizmor"
    done = subprocess.run([zizmor, "--offline", "--quiet", ".github/workflows", OF_PROJECTS],
                          cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
