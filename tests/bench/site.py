"""A site of many cells against MkDocs on as many pages of plain text."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from dataclasses import replace
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory

from builder.core.cards import CellCard, ExhibitCard, Grade
from builder.core.shown import Untrained
from builder.rendering.addresses import cell_name
from builder.site import mkdocs
from builder.site.pages import write_cards
from builder.work.identity import identity
from tests.bench.sizes import Row, Sizes, timed
from tests.bench.text import library
from tests.make_cards import FEATURES, RULES, cell, excerpt, exhibit

EXCERPT = 520
"""Characters of an excerpt, as pages of the gallery have."""

CHARACTERS = 90
"""Characters with a mean change and an output weight, as networks of the gallery have."""

PLAIN = """site_name: plain
theme: {name: material, font: false}
plugins: [search]
"""
PROJECT = Path(__file__).parents[2]


def site_rows(sizes: Sizes) -> list[Row]:
    """Return the seconds of a build of all cells, of plain pages, and of one cell changed."""
    cells = sizes.cells
    card = _card([text for text in islice(library(EXCERPT * len(RULES)), cells)])
    with TemporaryDirectory() as name:
        root = Path(name) / "ours"
        _project(root)
        first = timed(lambda: _build(root, card))
        article = [_article((root / "site" / cell_name(c) / "index.html").read_text("utf-8"))
                   for c in card.cells]
        seen = sum(len(_visible(html)) for html in article) // cells
        written = sum(len(html) for html in article) // cells
        again = timed(lambda: _build(root, _changed(card)))
        plain = {size: timed(lambda s=size: _plain(Path(name) / f"plain{s}", cells, s))
                 for size in (seen, written)}
    return [
        Row(f"seconds for a site with {cells} cells, rendered and built", f"{first:.1f}"),
        Row("  the same with one cell changed", f"{again:.1f}"),
        Row(f"  MkDocs, {cells} plain pages as long as what is read: {seen:,}",
            f"{plain[seen]:.1f}", f"ratio {first / plain[seen]:.2f}, goal 1.5"),
        Row(f"  MkDocs, {cells} plain pages as long as the HTML: {written:,}",
            f"{plain[written]:.1f}", f"ratio {first / plain[written]:.2f}"),
    ]


def _card(texts: list[str]) -> ExhibitCard:
    return replace(exhibit(), cells=tuple(_cell(n, text) for n, text in enumerate(texts)))


def _cell(number: int, text: str) -> CellCard:
    made = cell("python-lstm", f"c0.{number}", FEATURES[number % len(FEATURES)].id, 0.7,
                Grade.VERIFIED)
    pieces = [text[k * EXCERPT:(k + 1) * EXCERPT] for k in range(len(RULES))]
    shown = tuple(excerpt(made.claim.feature, rule, n, 1.0, piece)
                  for n, (rule, piece) in enumerate(zip(RULES, pieces, strict=True)))
    signs = [chr(33 + n) for n in range(CHARACTERS)]
    baseline = Untrained("h0.3", 0.31, shown[0].values)
    return replace(
        made, excerpts=shown, untrained=baseline,
        deltas=tuple((sign, 0.5 - n / CHARACTERS, 50 + n) for n, sign in enumerate(signs)),
        weights=tuple((sign, 0.5 - n / CHARACTERS) for n, sign in enumerate(signs)))


def _changed(card: ExhibitCard) -> ExhibitCard:
    first = card.cells[0]
    claim = replace(first.claim, r=0.5)
    return replace(card, cells=(replace(first, claim=claim), *card.cells[1:]))


def _project(root: Path) -> None:
    root.mkdir()
    shutil.copy(PROJECT / "mkdocs.yml", root)
    shutil.copytree(PROJECT / "site_src", root / "site_src")


def _build(root: Path, card: ExhibitCard) -> None:
    stamp = identity(card.claims, [cell.claim for cell in card.cells])
    write_cards([(card, card, stamp)], FEATURES, root, root / ".gallery" / "rendered.sqlite")
    mkdocs.build(root)


def _plain(root: Path, pages: int, size: int) -> None:
    """Build pages of plain text, each of `size` characters, with the same theme and a search."""
    (root / "docs").mkdir(parents=True)
    (root / "mkdocs.yml").write_text(PLAIN, "utf-8")
    words = "the memory of a network goes up and down with what it reads and comes back\n\n"
    for number in range(pages):
        text = f"# Page {number}\n\n" + words * (size // len(words) + 1)
        (root / "docs" / f"page{number}.md").write_text(text[:size], "utf-8")
    (root / "docs" / "index.md").write_text("# Plain\n", "utf-8")
    subprocess.run([sys.executable, "-m", "mkdocs", "build", "--quiet"], cwd=root, check=True,
                   env={**os.environ, "NO_MKDOCS_2_WARNING": "1"})


def _article(html: str) -> str:
    return html[html.index("<article"):html.index("</article>")]


def _visible(html: str) -> str:
    return re.sub(r"<[^>]*>", "", html)
