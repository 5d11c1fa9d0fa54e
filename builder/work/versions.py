"""What decides the numbers besides the data: this package's code and the libraries it uses."""

from __future__ import annotations

import hashlib
import platform
from collections.abc import Mapping
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

PACKAGES = ("numpy", "pygments", "regex", "scipy", "torch", "tree-sitter", "tree-sitter-c",
            "tree-sitter-cpp", "tree-sitter-python")
OWN = "this package's code"


@cache
def installed() -> Mapping[str, str]:
    """Return the versions of Python and of libraries, and a digest of this package's code."""
    python = ".".join(platform.python_version_tuple()[:2])
    return {OWN: _code(Path(__file__).parents[1]), "Python": python,
            **{name: _version(name) for name in PACKAGES}}


def differences(there: Mapping[str, str], here: Mapping[str, str]) -> str:
    """Return in words what is not the same there as here; the empty string where all is."""
    return ", ".join(
        f"other {name}" if name == OWN else f"{name} {there.get(name, 'none')} instead of {own}"
        for name, own in here.items() if there.get(name, "none") != own)


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "none"


def _code(folder: Path) -> str:
    whole = hashlib.sha256()
    for path in sorted(folder.rglob("*.py")):
        content = path.read_bytes()
        whole.update(f"{path.relative_to(folder).as_posix()} {len(content)}\n".encode())
        whole.update(content)
    return whole.hexdigest()
