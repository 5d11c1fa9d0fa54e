"""A Python-Markdown extension: a line `[[notebook: NAME]]` becomes the cells of that notebook.

Notebooks are kept without outputs. What a run of them prints and draws lies in a file beside them,
so that a build runs nothing; `python -m tests.notebooks` runs them and writes it. Pictures are
drawn as those of all pages.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from html import escape
from pathlib import Path
from typing import Any

from markdown import Markdown
from markdown.extensions import Extension
from markdown.preprocessors import Preprocessor

from builder.core.errors import OutputError, Problem
from builder.core.given import given_root
from builder.rendering.spans import coloured
from builder.site.placed import DOCS

FOLDER = f"{DOCS}/notebooks"
OUTPUTS = "outputs.json"
_VERSION = re.compile(r"\d+(\.\d+)*", re.ASCII)

_PLACEHOLDER = re.compile(r"\[\[notebook: *([\w-]+) *\]\]", re.ASCII)
_BEFORE_CODE_BLOCKS = 27
_FOLD = ("<details><summary>The check</summary>", "")
_COLAB = "https://colab.research.google.com/github"
_GITHUB = re.compile(r"https://github\.com/([\w.-]+/[\w.-]+?)(?:\.git)?/?", re.ASCII)


class NotebookExtension(Extension):
    """Options: `folder` of the notebooks; `repository`, the address of what they lie in, or none.

    A notebook that a project has not itself comes with the package.
    """

    def __init__(self, **options: Any) -> None:
        self.config = {
            "folder": [FOLDER, "Folder of the notebooks, from where the host runs"],
            "repository": ["", "Address on GitHub of the project, for a link to Colab"],
        }
        super().__init__(**options)

    def extendMarkdown(self, md: Markdown) -> None:
        """Register the preprocessor; called by Markdown."""
        notebooks = _Notebooks(md, Path(self.getConfig("folder")), self.getConfig("repository"))
        md.preprocessors.register(notebooks, "gallery-notebooks", _BEFORE_CODE_BLOCKS)


class _Notebooks(Preprocessor):
    def __init__(self, md: Markdown, folder: Path, repository: str) -> None:
        super().__init__(md)
        self._folder, self._repository = folder, repository

    def run(self, lines: list[str]) -> list[str]:
        found: list[str] = []
        for line in lines:
            match = _PLACEHOLDER.fullmatch(line)
            found += self._notebook(match[1]) if match else [line]
        return found

    def _notebook(self, name: str) -> list[str]:
        own = (self._folder / f"{name}.ipynb").is_file()
        folder = self._folder if own else given_root() / FOLDER
        notebook, ran = folder / f"{name}.ipynb", folder / OUTPUTS
        try:
            cells = json.loads(notebook.read_text("utf-8"))["cells"]
            shown = json.loads(ran.read_text("utf-8")) if ran.is_file() else {}
            links = " · ".join([*self._links(name, own), *_run_with(shown)])
            return list(self._lines(cells, shown.get(name, {}), links))
        except (OSError, ValueError, LookupError, TypeError, AttributeError) as error:
            raise OutputError(Problem(str(notebook), "cannot be shown as a page", str(error),
                                      f"take it and {OUTPUTS} back from where they are from"
                                      )) from None

    def _lines(
        self, cells: list[dict[str, Any]], outputs: dict[str, Any], links: str,
    ) -> Iterator[str]:
        """Yield Markdown: the first cell, links, and the other cells with their outputs."""
        yield from (*_source(cells[0]), "", links, "")
        for cell in cells[1:]:
            if cell["cell_type"] == "markdown":
                yield from (*_source(cell), "")
                continue
            code = ("```python", *_source(cell), "```", "")
            folded = cell["metadata"].get("jupyter", {}).get("source_hidden")
            yield from (*_FOLD, *code, "</details>", "") if folded else code
            for output in outputs.get(cell["id"], ()):
                yield from (self.md.htmlStash.store(_html(output)), "")

    def _links(self, name: str, own: bool) -> list[str]:
        links = [f"[Download this notebook]({name}.ipynb)", "[`lab.py`](lab.py)",
                 "[How to run them](index.md#run-them)"]
        github = _GITHUB.fullmatch(self._repository)
        if own and github:
            place = f"{github[1]}/blob/main/{FOLDER}/{name}.ipynb"
            links.append(f"[Open it in Colab]({_COLAB}/{place})")
        return links


def _run_with(shown: dict[str, Any]) -> list[str]:
    """Say which Python has printed what is shown, where that is known."""
    version = str(shown.get("python", ""))
    return [f"Run with Python {version}"] if _VERSION.fullmatch(version) else []


def _source(cell: dict[str, Any]) -> list[str]:
    return "".join(cell["source"]).split("\n")


def _html(output: dict[str, Any]) -> str:
    """Return what a cell printed, or the picture that it showed."""
    if "text" in output:
        return ('<pre class="printed" tabindex="0" role="region" aria-label="Printed" '
                f'data-search-exclude>{escape(output["text"])}</pre>')
    drawn = coloured(output["picture"], output["values"],
                     [label != 0 for label in output["labels"]] or None)
    return ('<figure class="excerpt" data-search-exclude><pre class="x" tabindex="0" role="region" '
            f'aria-label="Coloured text">{drawn}</pre></figure>')


def makeExtension(**options: Any) -> NotebookExtension:
    """Return the extension; the name is the one Markdown looks for."""
    return NotebookExtension(**options)
