"""All pages of a gallery, from its exhibits and features: the table of contents of this folder."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from builder.core.cards import CellCard, ExhibitCard
from builder.core.labels import FeatureSpec
from builder.core.pages import Page
from builder.rendering import (
    addresses,
    architectures,
    charts,
    classics,
    colour,
    comparing,
    excerpts,
    exploring,
    filmed,
    gallery,
    guesses,
    numbers,
    quiz,
    seeds,
    spans,
    typed,
    units,
    words,
)
from builder.rendering.addresses import (
    ARCHITECTURES,
    CLASSICS,
    EXHIBITS,
    FEATURES,
    HOME,
    QUIZ,
    UNINTERPRETABLE,
    WHY,
)
from builder.rendering.downloads import cell_download, cell_table, exhibit_download, tables
from builder.rendering.exploring import excerpt_scripts
from builder.rendering.figures import figures
from builder.rendering.gallery import Gallery
from builder.rendering.markdown import markdown_page

STYLE_SHEET = "assets/gallery.css"
"""Where the style sheet of the levels goes, in the folder of documents."""

_TEMPLATES = Path(__file__).parent / "templates"


@dataclass(frozen=True)
class RenderedSite:
    """Everything that is generated, before it is written.

    Attributes:
        markdown: Pages for the folder of documents.
        fragments: HTML of their content; `a/b.html` belongs to the page `a/b.md`.
        downloads: JSON and CSS for the folder of documents.
    """

    markdown: tuple[Page, ...]
    fragments: tuple[Page, ...]
    downloads: tuple[Page, ...]


def render_site(exhibits: Sequence[ExhibitCard], features: Sequence[FeatureSpec]) -> RenderedSite:
    """Render the pages of all exhibits, of their cells and of all features.

    Args:
        exhibits: Those of one place in the order as they come.
        features: All that claims name; the order of every list of features.

    Raises:
        KeyError: A claim names a feature that is not among them.
    """
    ordered = sorted(exhibits, key=lambda exhibit: exhibit.order)
    shown = Gallery(tuple(ordered), tuple(features))
    environment = _environment()
    fragments = [
        Page(name + ".html", environment.get_template(template).render(gallery=shown, **context))
        for name, template, context in _fragments(shown)
    ]
    return RenderedSite(tuple(_markdown(shown)), tuple(fragments), tuple(_downloads(shown)))


def _markdown(shown: Gallery) -> Iterator[Page]:
    yield markdown_page(EXHIBITS, "Exhibits", searched=True)
    yield markdown_page(FEATURES, "Features", searched=True)
    yield markdown_page(CLASSICS, "The classic pictures", searched=True)
    yield markdown_page(QUIZ, "Quiz", searched=False)
    yield markdown_page(ARCHITECTURES, "RNN, GRU and LSTM side by side", searched=True)
    for classic in classics.CLASSICS:
        yield markdown_page(addresses.classic_name(classic.name), classic.title, searched=True)
    yield markdown_page(UNINTERPRETABLE, classics.UNINTERPRETABLE, searched=True)
    for spec in shown.features:
        title = spec.title[:1].upper() + spec.title[1:]
        yield markdown_page(addresses.feature_name(spec.id), title, searched=True)
    for exhibit in shown.exhibits:
        about = f"## About this exhibit\n\n{exhibit.about}" if exhibit.about.strip() else ""
        yield markdown_page(addresses.exhibit_name(exhibit.name), exhibit.title, searched=True,
                            after=about)
        yield markdown_page(addresses.units_name(exhibit.name), f"All units: {exhibit.title}",
                            searched=False)
        if exhibit.explored:
            yield markdown_page(addresses.explore_name(exhibit.name),
                                f"Explore: {exhibit.title}", searched=False)
        if exhibit.film:
            yield markdown_page(addresses.film_name(exhibit.name),
                                f"How it was learned: {exhibit.title}", searched=False)
        for cell in exhibit.cells:
            title = f"{cell.claim.unit}: {shown.feature(cell.claim.feature).title}"
            yield markdown_page(addresses.cell_name(cell), title, searched=False)
            yield markdown_page(addresses.embed_name(cell), title, searched=False,
                                template="embed.html")


def _fragments(shown: Gallery) -> Iterator[tuple[str, str, dict[str, object]]]:
    """Yield name, template and what the template is given beside the gallery."""
    yield HOME, "home.html.j2", {"cell": shown.strongest_cell()}
    yield WHY, "why.html.j2", {"cell": shown.prettiest_rival()}
    yield EXHIBITS, "exhibits.html.j2", {}
    yield FEATURES, "features.html.j2", {}
    yield QUIZ, "quiz.html.j2", {"questions": quiz.questions(shown)}
    yield ARCHITECTURES, "architectures.html.j2", {"groups": architectures.side_by_side(shown)}
    yield from _classics(shown)
    for spec in shown.features:
        yield addresses.feature_name(spec.id), "feature.html.j2", {"feature": spec}
    for exhibit in shown.exhibits:
        of_exhibit: dict[str, object] = {"exhibit": exhibit}
        yield addresses.exhibit_name(exhibit.name), "exhibit.html.j2", of_exhibit
        yield addresses.units_name(exhibit.name), "units.html.j2", of_exhibit
        if exhibit.explored:
            yield addresses.explore_name(exhibit.name), "explore.html.j2", of_exhibit
        if exhibit.film:
            yield addresses.film_name(exhibit.name), "film.html.j2", of_exhibit
        for cell in exhibit.cells:
            of_cell = _cell(shown, exhibit, cell)
            yield addresses.cell_name(cell), "cell.html.j2", of_cell
            yield addresses.embed_name(cell), "embed.html.j2", of_cell


def _classics(shown: Gallery) -> Iterator[tuple[str, str, dict[str, object]]]:
    pictures = [classics.show(shown, classic) for classic in classics.CLASSICS]
    famous = [p for p in pictures if p.classic.famous]
    others = [p for p in pictures if not p.classic.famous]
    yield CLASSICS, "classics.html.j2", {"famous": famous, "others": others}
    yield UNINTERPRETABLE, "unexplained.html.j2", {"shown": classics.unexplained(shown)}
    for picture in pictures:
        name = addresses.classic_name(picture.classic.name)
        yield name, "classic.html.j2", {"shown": picture}


def _cell(shown: Gallery, exhibit: ExhibitCard, cell: CellCard) -> dict[str, object]:
    before, after = gallery.neighbours(exhibit, cell)
    feature = shown.feature(cell.claim.feature)
    return {"exhibit": exhibit, "cell": cell, "feature": feature, "before": before, "after": after}


def _downloads(shown: Gallery) -> Iterator[Page]:
    yield Page(STYLE_SHEET, colour.style_sheet())
    for exhibit in shown.exhibits:
        yield exhibit_download(exhibit)
        yield from excerpt_scripts(exhibit)
        yield from tables(exhibit)
        yield from typed.model_script(exhibit)
        for cell in exhibit.cells:
            yield cell_download(exhibit, cell)
            yield cell_table(cell)
            yield from figures(cell, shown.feature(cell.claim.feature))


def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True,
    )
    environment.filters |= {
        "number": numbers.number, "interval": numbers.interval, "estimated": numbers.estimated,
        "percent": numbers.percent, "short": numbers.short, "whole": numbers.whole,
        "visible": spans.visible, "tones": _tones, "coded": _coded,
    }
    environment.globals |= {
        "addresses": addresses, "architectures": architectures, "excerpts": excerpts,
        "cells": gallery, "words": words,
        "filmed": filmed, "guesses": guesses, "seeds": seeds, "letters": colour.LETTERS,
        "charts": charts, "units": units, "island": exploring.island, "comparing": comparing,
        "typed_text": typed,
    }
    return environment


def _coded(sentence: str) -> Markup:
    """Return a sentence in which what stands between backticks is code."""
    return Markup(re.sub(r"`([^`]+)`", r"<code>\1</code>", str(escape(sentence))))


def _tones(sentence: str) -> Markup:
    """Return a sentence whose colour words follow the switch that flips the colours."""
    html = str(escape(sentence))
    for said, other in (("red", "blue"), ("blue", "red")):
        both = f'(<span class="tone">{said}</span><span class="tone-flipped">{other}</span>)'
        html = html.replace(f"({said})", both)
    return Markup(html)
