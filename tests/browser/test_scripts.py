"""Every script parses."""

import pytest

from tests.repository.test_scripts import SCRIPTS, name

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def parse(chromium):
    context = chromium.new_context()
    page = context.new_page()
    yield lambda text: page.evaluate("""(text) => {
        try { new Function(text); return null; } catch (error) { return String(error); }
    }""", text)
    context.close()


def test_what_does_not_parse_is_seen(parse):
    assert parse("let = ;").startswith("SyntaxError")
    assert parse('"use strict"; delete name;').startswith("SyntaxError")


@pytest.mark.parametrize("path", SCRIPTS, ids=name)
def test_a_script_parses(parse, path):
    assert parse(path.read_text("utf-8")) is None
