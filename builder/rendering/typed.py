"""A visitor's own text: the network as a script, and what its box starts with."""

from __future__ import annotations

from builder.core.cards import CellCard, ExhibitCard
from builder.core.units import Kind
from builder.rendering.encodings import base64_length, base64_of, safe_json
from builder.rendering.excerpts import clearest, telling_lines
from builder.rendering.spans import visible

LINES = 8


def model_script(exhibit: ExhibitCard) -> str:
    """Return the network as a script, as can be loaded from disk; there must be one."""
    packed = exhibit.in_browser
    assert packed is not None
    content = {"architecture": exhibit.architecture, "embedding": exhibit.embedding_size,
               "hidden": exhibit.hidden_size, "layers": exhibit.num_layers,
               "vocabulary": packed.vocabulary, **packed.reading,
               "weights": base64_of(packed.weights)}
    return ("window.galleryModels = window.galleryModels || {};\n"
            f'window.galleryModels["{exhibit.name}"] = {safe_json(content)};\n')


def signals_of(exhibit: ExhibitCard) -> list[tuple[str, str]]:
    """Return name and words of every signal that is shown beside a unit: the gates."""
    return [(s.name, s.title) for s in exhibit.signals if s.kind is Kind.GATE]


def typed_first(exhibit: ExhibitCard) -> str:
    """Return a few lines to start with: those that show best what the first unit does."""
    return next((telling_start(cell) for cell in exhibit.cells if cell.excerpts), "")


def telling_start(cell: CellCard) -> str:
    """Return the lines that show best what a unit does, of its clearest text; it must have one."""
    return first_lines(telling_lines(clearest(cell.excerpts), LINES).text)


def first_lines(text: str) -> str:
    """Return the first lines of a text, with acting characters in words: a text box draws all."""
    lines = text.replace("\r", "").split("\n")[:LINES]
    return "\n".join("\t".join(map(visible, line.split("\t"))) for line in lines)


def kilobytes(exhibit: ExhibitCard) -> int:
    """Return the size of the script that holds the network, in kB."""
    return base64_length(exhibit.in_browser.weights) // 1000 if exhibit.in_browser else 0
