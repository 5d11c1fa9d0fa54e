"""What the explorer of all units asks for: a list of names, and a script for each excerpt."""

from __future__ import annotations

from markupsafe import Markup

from builder.core.cards import ExhibitCard
from builder.core.shown import Explored
from builder.rendering.encodings import base64_of, safe_json
from builder.rendering.gallery import Gallery


def island(gallery: Gallery, exhibit: ExhibitCard) -> Markup:
    """Return JSON for a script element: units in the order of the data, features by id."""
    content = {"units": [unit.name for unit in exhibit.table.units],
               "features": {spec.id: spec.title for spec in gallery.measured(exhibit)}}
    return Markup(safe_json(content))




def excerpt_script(exhibit: ExhibitCard, number: int) -> str:
    """Return an excerpt as a script: scripts can be loaded from disk, other files cannot."""
    excerpt = exhibit.explored[number]
    labels = excerpt.labels | _named(exhibit, excerpt)
    content = {"text": excerpt.text, "labels": labels, **_values(exhibit, excerpt)}
    return ("window.galleryData = window.galleryData || {};\n"
            f'window.galleryData["{exhibit.name}-{number}"] = {safe_json(content)};\n')


def _named(exhibit: ExhibitCard, excerpt: Explored) -> dict[str, str]:
    """Return where the words and marks stand that formulas of the exhibit are about."""
    if exhibit.worded is None:
        return {}
    holds = exhibit.worded.holding_in(excerpt.document, excerpt.line)
    return {atom: runs for atom, runs in holds.items() if "==" in atom}


def _values(exhibit: ExhibitCard, excerpt: Explored) -> dict[str, str]:
    """Return the state from which the browser's network reads on; without one, all activations."""
    if excerpt.before and exhibit.in_browser:
        steps = {"steps": excerpt.steps} if excerpt.steps else {}
        return {"before": base64_of(excerpt.before), **steps}
    return {"activations": base64_of(excerpt.activations)}
