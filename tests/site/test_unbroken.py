"""Options in inline code stay in one piece."""

import re
from html import unescape
from pathlib import Path

import markdown
import pytest

from builder.site.unbroken import LONGEST

ROOT = Path(__file__).parents[2]


def convert(text):
    return markdown.markdown(text, extensions=["builder.site.unbroken", "tables"])


@pytest.mark.parametrize(("text", "kept"), [
    ("`--update-lock`", ["--update-lock"]),
    ("`gallery build --offline --workers N`", ["--offline", "--workers"]),
    ("`[--resume|--anyway]`", ["--resume", "--anyway"]),
    ("`-n 0`", ["-n"]),
    ("| a |\n|---|\n| `--out DIR` |", ["--out"]),
    ("`python-mingru`, `a - b`, `1--2`, `x--y`, `-1`, `---`", []),
    ("--update-lock", []),
    ("`--" + "x" * LONGEST * 2 + "`", []),
    ("    --a block of code", []),
])
def test_an_option_in_code_is_kept_whole(text, kept):
    html = convert(text)
    assert re.findall(r'<span class="option">(.*?)</span>', html) == kept


def test_what_is_read_and_copied_stays_as_it_was():
    html = convert("Say `gallery build --update-lock <NAME> & \"more\"` now.")
    assert unescape(re.sub(r"<.*?>", "", html)) == \
        'Say gallery build --update-lock <NAME> & "more" now.'


def test_the_sites_markdown_and_its_style_know_of_it():
    assert "builder.site.unbroken: {}" in (ROOT / "mkdocs.yml").read_text("utf-8")
    style = (ROOT / "site_src" / "docs" / "assets" / "pages.css").read_text("utf-8")
    assert re.search(r"code \.option \{\s*white-space: nowrap;", style)
