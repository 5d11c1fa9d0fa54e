"""What the explorer of all units asks for: a list of names, and a script for each excerpt."""

from __future__ import annotations

import json
from collections.abc import Iterator

from markupsafe import Markup

from builder.core.cards import ExhibitCard
from builder.core.pages import Page
from builder.rendering.addresses import explore_data
from builder.rendering.gallery import Gallery

_UNSAFE = str.maketrans({c: f"\\u{ord(c):04x}" for c in "<>&\u2028\u2029"})


def island(gallery: Gallery, exhibit: ExhibitCard) -> Markup:
    """Return JSON for a script element: units in the order of the data, features by id."""
    content = {"units": [unit.name for unit in exhibit.table.units],
               "features": {spec.id: spec.title for spec in gallery.measured(exhibit)}}
    return Markup(safe_json(content))


def excerpt_scripts(exhibit: ExhibitCard) -> Iterator[Page]:
    """Yield a script for each excerpt; scripts can be loaded from disk, other files cannot."""
    for number, excerpt in enumerate(exhibit.explored):
        name = explore_data(exhibit.name, number)
        content = {"text": excerpt.text, "activations": excerpt.activations,
                   "labels": excerpt.labels}
        yield Page(name, "window.galleryData = window.galleryData || {};\n"
                         f'window.galleryData["{exhibit.name}-{number}"] = {safe_json(content)};\n')


def safe_json(content: object) -> str:
    """Return JSON that can stand in a script element or a script, whatever its texts say."""
    return json.dumps(content, ensure_ascii=True).translate(_UNSAFE)
