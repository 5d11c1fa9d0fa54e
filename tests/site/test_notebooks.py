"""Notebooks as pages: a line of Markdown becomes their cells and what came of them."""

import json
import re
import shutil

import markdown
import pytest
from mkdocs.config import load_config
from mkdocs.structure.files import File, get_files

from builder.core.errors import OutputError
from builder.core.given import given_root
from builder.site.addressed import address_notebooks, addressed
from builder.site.mkdocs import fix
from builder.site.notebooks import FOLDER

NAMES = ("element", "controls", "freeze")
LINE = "Before\n\n[[notebook: {}]]\n\nAfter"


def convert(text, folder, repository=""):
    return markdown.markdown(
        text, extensions=["builder.site.notebooks", "pymdownx.superfences", "def_list"],
        extension_configs={"builder.site.notebooks": {"folder": str(folder),
                                                      "repository": repository}})


def write(folder, cells, outputs=None, python="3.11"):
    folder.mkdir(exist_ok=True)
    (folder / "mine.ipynb").write_text(json.dumps({"cells": cells}), "utf-8")
    if outputs is not None:
        (folder / "outputs.json").write_text(
            json.dumps({"mine": outputs, "python": python}), "utf-8")
    return folder


def cell(id_, *source, kind="code", **metadata):
    return {"cell_type": kind, "id": id_, "metadata": metadata, "source": list(source)}


def plain(html):
    return re.sub(r"<[^>]*>", "", html)


TITLE = cell("title", "# A title\n", "\n", "Words", kind="markdown")


def test_cells_and_what_came_of_them(tmp_path):
    outputs = {"one": [{"text": "1 < 2 & *3*"}],
               "two": [{"picture": "<b>\n", "values": [1, -1, 0.5, 0], "labels": [0, 1, 1, 0]}]}
    html = convert(LINE.format("mine"), write(tmp_path, [
        TITLE, cell("one", "print(1)\n", "x = '<b>'"), cell("two", "draw()")], outputs))
    assert html.index("Before") < html.index("A title") < html.index("print") < html.index(
        "1 &lt; 2 &amp; *3*") < html.index("After")
    assert "<b class=p>&lt;</b><u><b class=a>b</b>" in html
    assert "x = '&lt;b&gt;'" in plain(html).replace("&#39;", "'")
    assert '<a href="mine.ipynb">' in html and '<a href="lab.py">' in html


def test_it_says_which_python_has_printed_what_is_shown(tmp_path):
    shown = write(tmp_path, [TITLE], {}, "3.12")
    assert "Run with Python 3.12" in convert(LINE.format("mine"), shown)
    hostile = write(tmp_path, [TITLE], {}, "3.12<script>")
    assert "Run with" not in convert(LINE.format("mine"), hostile)


def test_a_notebook_that_was_not_run_has_no_outputs(tmp_path):
    html = convert(LINE.format("mine"), write(tmp_path, [TITLE, cell("one", "print(1)")]))
    assert "print" in html and "printed" not in html and "Run with" not in html


def test_checks_and_solutions_are_folded(tmp_path):
    solution = cell("s", "<details><summary>Solution</summary>\n", "\n", "```python\n", "x = 1\n",
                    "```\n", "\n", "</details>", kind="markdown")
    check = cell("c", "check(x)", jupyter={"source_hidden": True})
    html = convert(LINE.format("mine"), write(tmp_path, [TITLE, check, solution]))
    assert html.count("<details>") == html.count("</details>") == 2
    for name, code in (("The check", "check(x)"), ("Solution", "x = 1")):
        inside = html[html.index(f"<summary>{name}"):]
        assert code in plain(inside[:inside.index("</details>")])
    assert "```" not in html and "\x02" not in html


@pytest.mark.parametrize("name", NAMES)
def test_those_of_the_package_are_there_where_a_project_has_none(tmp_path, name):
    html = convert(LINE.format(name), tmp_path, "https://github.com/somebody/course")
    assert html.count("<h1>") == 1 and "Not answered yet." in html
    assert "\x02" not in html and "colab" not in html


def test_colab_is_linked_where_the_repository_is_known():
    folder = given_root() / FOLDER
    html = convert(LINE.format("freeze"), folder, "https://github.com/some-body/course.git")
    assert ('href="https://colab.research.google.com/github/some-body/course/blob/main/'
            'site_src/docs/notebooks/freeze.ipynb"') in html
    for other in ("", "https://example.org/a/b", "https://github.com/x"):
        assert "colab" not in convert(LINE.format("freeze"), folder, other)


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"cells": []}', '{"cells": [1]}',
                                     '{"cells": [{"source": 1}]}'])
def test_what_is_no_notebook_is_one_error(tmp_path, content):
    (tmp_path / "mine.ipynb").write_text(content, "utf-8")
    with pytest.raises(OutputError, match=r"mine\.ipynb: cannot be shown as a page"):
        convert(LINE.format("mine"), tmp_path)


def test_a_missing_one_is_an_error(tmp_path):
    with pytest.raises(OutputError, match="cannot be shown"):
        convert(LINE.format("nothing"), tmp_path)


def offered(root, settings, models):
    """Return the first notebook of a site as it is offered."""
    shutil.copytree(given_root() / FOLDER, root / FOLDER, dirs_exist_ok=True)
    (root / "mkdocs.yml").write_text("site_name: Mine\ndocs_dir: site_src/docs\n" + settings)
    config = load_config(str(root / "mkdocs.yml"))
    files = get_files(config)
    for name in models:
        files.append(File(f"models/{name}.js", str(root), config.site_dir, False))
    address_notebooks(files, config)
    content = files.get_file_from_path("notebooks/element.ipynb").content_string
    return "".join(json.loads(content)["cells"][2]["source"]).splitlines()[0]


def test_notebooks_know_the_address_of_a_site_that_has_their_network(tmp_path):
    site = "site_url: https://example.org/it's/\n"
    open_ = 'GALLERY = ""'
    assert offered(tmp_path, site, ["python-lstm"]).startswith(
        'GALLERY = "https://example.org/it\'s/"')
    assert offered(tmp_path, site, ["counters-rnn"]).startswith(open_)
    assert offered(tmp_path, "", ["python-lstm"]).startswith(open_)


def test_an_address_stays_a_string():
    notebook = json.dumps({"source": ['GALLERY = ""']})
    (line,) = json.loads(addressed(notebook, 'https://x/"\\é'))["source"]
    names = {}
    exec(line, names)
    assert names["GALLERY"] == 'https://x/"\\é'


def test_the_settings_of_mkdocs_reach_the_pages(tmp_path):
    (tmp_path / "site_src/docs").mkdir(parents=True)
    (tmp_path / "mkdocs.yml").write_text(
        "site_name: Mine\ndocs_dir: site_src/docs\nrepo_url: https://github.com/some/one\n")
    config = load_config(str(tmp_path / "mkdocs.yml"))
    fix(config)
    assert config.mdx_configs["builder.site.notebooks"] == {
        "folder": str(tmp_path / FOLDER), "repository": "https://github.com/some/one"}
