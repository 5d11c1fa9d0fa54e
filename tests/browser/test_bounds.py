"""What a visitor pastes is bounded: a page goes on, whatever it is."""

import pytest

from tests.browser.asked import own_text
from tests.browser.visit import Visit

pytestmark = pytest.mark.browser

MEGABYTE, MARKS = "a(b) = 'c' \n" * 85_000, "a" + "\u0301" * 20_000
FIELDS = [("cells/python-lstm/l0-17/", "#type textarea", MEGABYTE, 5_000),
          ("cells/python-lstm/l0-17/", "#type textarea", MARKS, 5_000),
          ("explore/python-lstm/", "[name=pattern]", MEGABYTE, 500),
          ("explore/python-lstm/", "[name=formula]", MEGABYTE, 500),
          ("explore/python-lstm/", "[name=unit]", MEGABYTE, 20),
          ("side-by-side/", "textarea[name=text]", MARKS, 3_000)]

PASTE = """([field, text]) => {
    const box = document.querySelector(field);
    box.focus();
    box.select();
    document.execCommand("insertText", false, text);
    return box.value.length;
}"""


@pytest.mark.parametrize(("address", "field", "text", "most"), FIELDS)
def test_what_is_pasted_is_cut(chromium, base, address, field, text, most):
    with Visit(chromium, base + address) as visit:
        page = visit.page
        if field.startswith("#type"):
            own_text(page)
        page.locator(field).wait_for()
        assert 0 < page.evaluate(PASTE, [field, text]) <= most
        page.locator(field).press("Enter")
        page.wait_for_function("new Promise((done) => requestAnimationFrame(() => done(true)))")
        assert visit.complaints == []
