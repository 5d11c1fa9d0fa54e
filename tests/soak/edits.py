"""Edits that somebody makes in a project, each with a mark that a page shows afterwards."""

from __future__ import annotations

import time

PAUSE = 3.0
"""Seconds between an edit that is seen and the next one."""


def a_title(root, mark):
    path = root / "gallery" / "tiny" / "exhibit.toml"
    lines = path.read_text("utf-8").splitlines()
    at = next(i for i, line in enumerate(lines) if line.startswith("title"))
    lines[at] = f'title = "A network {mark}"'
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return "exhibits/tiny/"


def a_page(root, mark):
    path = root / "site_src" / "docs" / "glossary.md"
    text = path.read_text("utf-8").split("\n\nEdited as ")[0]
    path.write_text(f"{text}\n\nEdited as {mark}.\n", "utf-8")
    return "glossary/"


def a_style(root, mark):
    path = root / "site_src" / "docs" / "assets" / "pages.css"
    text = path.read_text("utf-8").split("\n/* edited")[0]
    path.write_text(f"{text}\n/* edited {mark} */\n", "utf-8")
    return "assets/pages.css"


def a_mistake(root, mark):
    """A recipe that is none for a moment, and then is one again."""
    path = root / "gallery" / "tiny" / "exhibit.toml"
    good = path.read_text("utf-8")
    path.write_text(good + f'\nmistake-{mark} = ', "utf-8")
    time.sleep(PAUSE)
    path.write_text(good, "utf-8")
    return a_title(root, mark)


EDITS = (a_title, a_page, a_style, a_page, a_mistake)
