"""What differs between two builds of a site is found, and what is only around the pages is not."""

import pytest

from tests.site.beside import differences, main

PAGE = """<nav>{around}</nav><article class="md-content__inner md-typeset">
<h1 id="{id}">Units <a class="headerlink" href="#x">¶</a></h1>
<p>Some <br> <b>{word}</b>, see <a href="{link}">there</a>.</p>
<script>{around}</script></article>"""
PLAIN = {"around": "one", "id": "units", "word": "words", "link": "../c/#d"}


def write(site, name="a/b/index.html", **given):
    (site / name).parent.mkdir(parents=True, exist_ok=True)
    (site / name).write_text(PAGE.format(**PLAIN | given), "utf-8")
    return site


@pytest.mark.parametrize(("given", "said"), [
    ({"around": "two"}, None), ({"link": "../../a/c/index.html#d"}, None),
    ({"word": "others"}, "text 2: ['words,', 'see', 'there.'], there ['others,'"),
    ({"id": "all"}, "heading 0: [('h1', 'units', 'Units')], there [('h1', 'all', 'Units')]"),
    ({"link": "../e/"}, "link 0: ['a/c#d'], there ['a/e#']")])
def test_text_headings_and_links_are_compared(tmp_path, capsys, given, said):
    one, two = write(tmp_path / "one"), write(tmp_path / "two", **given)
    found = list(differences(one, two))
    assert len(found) == int(said is not None)
    assert said is None or found[0].startswith(f"a/b/index.html: {said}")
    assert main(str(one), str(two)) == len(found)
    assert f"{len(found)} differences in 1 pages" in capsys.readouterr().out


def test_a_page_that_one_of_them_lacks_is_named(tmp_path):
    one = write(write(tmp_path / "one"), "only.html")
    two = write(write(tmp_path / "two"), "other.html")
    assert list(differences(one, two)) == [
        "only.html: only in the first", "other.html: only in the second"]
