"""What was one page is several; whoever has a link into it finds where it was."""

from pathlib import Path

import markdown
import pytest

DOCS = Path(__file__).parents[2] / "site_src" / "docs"
ENTRY = DOCS / "bring-your-own-model.md"
OF_ONE_PAGE = (
    "a-site-of-your-own", "what-the-rows-stand-for", "how-it-was-trained-to-be-read",
    "steps-that-are-not-characters", "in-memory", "a-file-of-pytorch", "a-file-of-keras",
    "arrays-of-numpy", "what-shapes-cannot-tell", "any-other-model-by-its-states",
    "in-a-notebook")
"""Sections of *Bring your own model* while it was one page."""


@pytest.fixture(scope="module")
def entry():
    text = ENTRY.read_text("utf-8").partition("\n---\n")[2]
    return markdown.markdown(text, extensions=["tables", "toc", "fenced_code"])


@pytest.mark.parametrize("anchor", OF_ONE_PAGE)
def test_an_old_link_leads_to_a_place_that_leads_on(entry, anchor):
    rest = entry.partition(f'id="{anchor}"')[2]
    assert rest and 'href="bring-your-own-model/' in rest[:700]


def test_the_entry_page_leads_to_every_page_of_a_kind(entry):
    pages = sorted(path.name for path in ENTRY.with_suffix("").glob("*.md"))
    assert len(pages) == 7
    assert [name for name in pages if f"bring-your-own-model/{name}" not in entry] == []
