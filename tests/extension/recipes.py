"""The code of the pages "Add a …": what they show is what the tests run."""

import re
from pathlib import Path

PAGES = Path(__file__).parents[2] / "site_src/docs/extend"
BLOCK = re.compile(r'^``` *\w+ title="([^"]+)"\n(.*?)^```$', re.MULTILINE | re.DOTALL)


def files_of(page: str) -> dict[str, str]:
    """Return the code blocks of a page that have a title: title to code."""
    return dict(BLOCK.findall((PAGES / f"{page}.md").read_text("utf-8")))


def write_package(folder: Path, page: str) -> list[Path]:
    """Write the titled blocks of a page as files below a folder; return their paths."""
    paths = []
    for name, code in files_of(page).items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(code, "utf-8")
        paths.append(path)
    return paths


def documented(page: str) -> set[str]:
    """Return what the tables of a page explain: the names in code that rows begin with."""
    text = (PAGES / f"{page}.md").read_text("utf-8")
    return set(re.findall(r"^\| `(\w+)` \|", text, re.MULTILINE))
