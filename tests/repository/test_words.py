"""What the project says: of itself only, never of a machine, and with one word for one thing."""

import ast
import re
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

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


ONE_WORD = (
    ("r on held-out text", r"\bheld[- ]out (?:text|characters|documents)", "unseen text"),
    ("decided on held out", r"\bon held[- ]out\b", "on unseen text"),
    ("discover text", r"\bdiscover text", "discovery text"),
    ("found on discover", r"\bon discover\b", "on the discovery text"),
    ("a made language", r"\bmade (?:language|text)s?\b", "toy language"),
    ("two blanks", r"\bblanks?\b(?! lines?\b)", "space"),
    ("a line end", r"\bline end\b", "newline"),
    ("holding the unit", r"\bhold(?:s|ing)? (?:a|the|this|any) unit", "freeze"),
    ("the unit is held still", r"\bheld (?:at|still)\b|\bunits? (?:is|are) held", "freeze"),
    ("the model guesses", r"(?<!blind )\bguess(?:es|ed)?\b(?! blindly| what)", "predict"),
    ("a verdict", r"\bverdicts?\b", "grade"),
    ("tells nothing of it", r"\bt(?:ells?|old) (?:nothing |much |more |all |part )?of\b", "about"),
    ("told on the page", r"\btold on\b", "explained on"),
    ("mend the path", r"\bmend(?:s|ed|ing)?\b", "fix"),
    ("nats a character", r"\b(?:nats|bits|numbers?|value|one) a (?:character|feature)\b", "per"),
    ("in the upper third", r"\b(?:upper|lower) third\b", "top third, bottom third"),
    ("as chance made them", r"\bas chance made\b|\bhas to offer\b", "random, untrained"),
    ("laid on each document", r"\blaid on each\b", "paired with"),
    ("the line before", r"\bthe (?:line|word) before\b(?! it)", "previous"),
    ("characters left of the line", r"\bleft of the (?:line|word)\b|\bletters b\b", "left in"),
    ("where the counter sits", r"\bwhere the counter sits\b", "where a counter can live"),
    ("is high (red) at a digit", r"\b(?:high|low) \((?:red|blue)\)", "is red"),
    ("by being high", r"\bthe claim scores\b|\bby being (?:high|low)\b", "say it plainly"),
)
"""What is not said to readers: an example, a pattern, and what is said in its place."""

READ = ("README.md", "site_src/docs/*.md", "site_src/docs/extend/*.md",
        "site_src/docs/bring-your-own-model/*.md",
        "site_src/docs/notebooks/*.md", "site_src/docs/notebooks/*.ipynb",
        "builder/rendering/templates/**/*.j2", "gallery/*/exhibit.toml")
"""Texts that readers see, where these words are looked for."""

TECHNICAL = re.compile(r"```.*?```|`[^`\n]*`|\{[{%#].*?[}%#]\}|<[^>]*>", re.DOTALL)
"""Code, names and marks, which may say what they like."""


@cache
def read_by_visitors() -> tuple[tuple[str, str], ...]:
    """Return texts that readers see, each with where it stands."""
    return tuple(_read_by_visitors())


def _read_by_visitors() -> Iterator[tuple[str, str]]:
    for pattern in READ:
        for path in sorted(ROOT.glob(pattern)):
            yield str(path.relative_to(ROOT)), TECHNICAL.sub(" ", path.read_text("utf-8"))
    for path in sorted((ROOT / "builder").rglob("*.py")):
        for line, text in strings(path):
            yield f"{path.relative_to(ROOT)}:{line}", TECHNICAL.sub(" ", text)


def strings(path: Path) -> Iterator[tuple[int, str]]:
    """Yield the strings of a module that say something, with their lines; no docstrings."""
    tree = ast.parse(path.read_text("utf-8"))
    docstrings = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        said = isinstance(node, ast.Constant) and isinstance(node.value, str)
        if said and id(node) not in docstrings and " " in node.value.strip():
            yield node.lineno, node.value


@pytest.mark.parametrize(("example", "pattern", "better"), ONE_WORD)
def test_one_thing_has_one_word(example: str, pattern: str, better: str) -> None:
    assert re.search(pattern, example)
    found = [f"{where}: {match[0]!r}" for where, text in read_by_visitors()
             for match in re.finditer(pattern, text, re.IGNORECASE)]
    assert not found, f"say {better!r}:\n" + "\n".join(found)
