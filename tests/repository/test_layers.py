"""The checks of `make lint`: style, types, and which part may import which."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
BIN = Path(sys.executable).parent
CHECKS = {
    "ruff": ["ruff", "check", "--no-cache", "--output-format=concise", "."],
    "mypy": ["mypy", "--strict"],
    "imports": ["lint-imports", "--no-cache"],
}


@pytest.mark.parametrize("check", CHECKS)
def test_check_is_clean(check: str) -> None:
    program, *arguments = CHECKS[check]
    done = subprocess.run([BIN / program, *arguments], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, f"{program} found:\n{done.stdout}{done.stderr}"


def test_importing_the_package_loads_no_heavy_library() -> None:
    code = "import builder, sys; print(*{'torch', 'mkdocs', 'scipy'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert (done.returncode, done.stdout.strip()) == (0, ""), done.stdout + done.stderr
