"""What the project needs: pinned, explained, and the same in every list."""

import re
import tomllib
from pathlib import Path

from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
DIRECT = [Requirement(line) for line in
          [*PROJECT["dependencies"], *PROJECT["optional-dependencies"]["test"]]]


def pins() -> dict[str, str]:
    lines = (ROOT / "constraints.txt").read_text("utf-8").splitlines()
    pinned = (line.split("==") for line in lines if line and not line.startswith("#"))
    return {canonicalize_name(name): version for name, version in pinned}


def test_every_direct_dependency_has_a_pin_that_fits() -> None:
    pinned = pins()
    for requirement in DIRECT:
        version = pinned.get(canonicalize_name(requirement.name))
        assert version is not None, f"{requirement.name} has no line in constraints.txt"
        assert requirement.specifier.contains(version), f"{requirement} is pinned to {version}"


def test_no_pin_names_a_build_of_one_machine() -> None:
    assert not [f"{name}=={version}" for name, version in pins().items() if "+" in version]


def test_the_site_generator_stays_below_two() -> None:
    mkdocs = next(r for r in DIRECT if r.name == "mkdocs")
    assert mkdocs.specifier == SpecifierSet(">=1.6,<2")


def test_contributing_says_how_each_earns_its_place() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    explained = set(re.findall(r"`([\w.-]+)`", "\n".join(
        row.split("|")[1] for row in text.splitlines() if row.startswith("|"))))
    names = {r.name for r in DIRECT}
    assert names <= explained, f"no line for {sorted(names - explained)}"
