"""The workflows: pinned, with few rights, and clean for zizmor."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
WORKFLOWS = sorted((ROOT / ".github/workflows").glob("*.yml"))


def test_there_are_workflows() -> None:
    assert {path.name for path in WORKFLOWS} >= {"pages.yml", "test.yml"}


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_every_action_is_pinned_and_names_its_version(path: Path) -> None:
    uses = re.findall(r"uses: *(.+)", path.read_text("utf-8"))
    assert uses
    for use in uses:
        assert re.fullmatch(r"[\w.-]+/[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", use), use


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_rights_to_write_are_given_to_the_deploy_job_only(path: Path) -> None:
    workflow = yaml.safe_load(path.read_text("utf-8"))
    assert workflow["permissions"] == {"contents": "read"}
    for name, job in workflow["jobs"].items():
        written = {k for k, v in job.get("permissions", {}).items() if v == "write"}
        assert written == ({"pages", "id-token"} if name == "deploy" else set())


def test_zizmor_is_clean() -> None:
    zizmor = Path(sys.executable).parent / "zizmor"
    done = subprocess.run([zizmor, "--offline", "--quiet", ".github/workflows"], cwd=ROOT,
                          capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
