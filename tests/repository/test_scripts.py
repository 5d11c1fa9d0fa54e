"""The scripts of the pages: today's JavaScript in classic scripts, as pages on disk need them."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ASSETS = ROOT / "site_src" / "docs" / "assets"
SCRIPTS = sorted(ASSETS.rglob("*.js"))
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
OLD = re.compile(r"\bvar\s|\.prototype\b|\.apply\(|\barguments\b")
MODULE = re.compile(r"^\s*(import|export)\s", re.MULTILINE)
OUTSIDE = re.compile(r"\bfetch\(|XMLHttpRequest|https?://(?!www\.w3\.org/2000/svg)")


def name(path):
    return path.relative_to(ROOT).as_posix()


def test_the_patterns_find_what_they_should():
    assert OLD.search("var x = 1") and OLD.search("Thing.prototype.name = 1")
    assert not OLD.search("variable = applied(argumentsOf)")
    assert MODULE.search("import x from 'y'") and not MODULE.search("x.importScripts = 1")
    assert len(SCRIPTS) >= 14


@pytest.mark.parametrize("path", SCRIPTS, ids=name)
def test_a_script_is_strict_and_in_todays_language(path):
    text = COMMENT.sub("", path.read_text("utf-8"))
    assert text.lstrip().startswith('"use strict";')
    assert (found := OLD.search(text)) is None, found


@pytest.mark.parametrize("path", SCRIPTS, ids=name)
def test_a_script_is_no_module_and_asks_nobody(path):
    text = COMMENT.sub("", path.read_text("utf-8"))
    assert MODULE.search(text) is None
    found = {match[0] for match in OUTSIDE.finditer(text)}
    assert found == ({"XMLHttpRequest"} if path.name == "search.js" else set())  # it holds one back
