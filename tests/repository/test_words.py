"""The project speaks of itself only, never of the machine that it was written on."""

import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
HOMES = ("root", "home", "work", "workspace", "Users")
PATTERNS = [
    rf"(?<![\w.$)}}~*<-])/(?:{'|'.join(HOMES)})/",
    r"\b[A-Z]:\\Users\\",
]
"""Absolute paths into someone's home or workplace; the same words inside an address are fine."""
TELLTALE = re.compile("|".join(PATTERNS))


def files() -> list[Path]:
    """Return what is or would be committed."""
    listing = subprocess.run(["git", "ls-files", "-z", "--cached", "--others",
                              "--exclude-standard"], cwd=ROOT, capture_output=True, check=True)
    paths = (ROOT / name.decode() for name in listing.stdout.split(b"\0") if name)
    return [path for path in paths if path.is_file()]


def test_the_pattern_finds_what_it_should() -> None:
    home = HOMES[0]
    assert TELLTALE.search(f"see /{home}/notes.txt") and TELLTALE.search(f'"/{home}/x"')
    assert not TELLTALE.search(f"https://example.org/{home}/x")
    assert not TELLTALE.search(f"docs/{home}/x")


def test_no_file_names_a_place_on_one_machine() -> None:
    found = []
    for path in files():
        data = path.read_bytes()
        if b"\0" in data:
            continue
        for number, line in enumerate(data.decode("utf-8", "replace").splitlines(), start=1):
            if TELLTALE.search(line):
                found.append(f"{path.relative_to(ROOT)}:{number}: {line.strip():.100}")
    assert not found, "\n".join(found)


def test_no_source_is_ignored_by_git() -> None:
    sources = [str(path.relative_to(ROOT)) for folder in ("builder", "tests")
               for path in (ROOT / folder).rglob("*.py")]
    done = subprocess.run(["git", "check-ignore", *sources], cwd=ROOT, capture_output=True,
                          text=True)
    assert done.stdout == "", f".gitignore hides sources:\n{done.stdout}"
