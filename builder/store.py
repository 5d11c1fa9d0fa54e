"""What was measured, kept under `.gallery/` so that nothing is measured twice."""

from __future__ import annotations

import json
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from builder.core.cards import ExhibitCard
from builder.core.digests import digest, digest_of_parts
from builder.core.text import Corpus
from builder.files import write_text
from builder.recipe import Exhibit

CARD = TypeAdapter(ExhibitCard)
DECIDING = ("core", "models", "reading", "features", "scoring", "selection")
"""Parts of this package whose code decides numbers; pages and commands do not."""


def key_of(exhibit: Exhibit, corpus: Corpus) -> str:
    """Return a digest of all that decides an exhibit's numbers.

    These are the recipe but for its words, the documents and their splits, the model folder,
    and the code that measures.
    """
    recipe = exhibit.recipe.model_dump_json(exclude={"title", "page", "training"})
    documents = [f"{d.name} {d.digest} {d.pieces}" for d in corpus.documents]
    folder = [digest((exhibit.folder / name).read_bytes())
              for name in ("model.json", "model.safetensors")]
    return digest_of_parts([recipe, *documents, *folder, _code_digest()])


def _code_digest() -> str:
    root = Path(__file__).parent
    files = [root / name for name in ("subject.py", "controls.py", "measure.py",
                                             "exhibits.py")]
    for part in DECIDING:
        files += sorted((root / part).rglob("*.py"))
    return digest_of_parts(digest(path.read_bytes()) for path in files)


def load_card(folder: Path, name: str, key: str) -> ExhibitCard | None:
    """Return what is stored under this key; None where there is nothing, or nothing readable."""
    path = folder / f"{name}.json"
    try:
        stored = json.loads(path.read_text("utf-8"))
        return CARD.validate_python(stored["card"]) if stored["key"] == key else None
    except (OSError, ValueError, KeyError, TypeError, ValidationError):
        return None


def save_card(folder: Path, card: ExhibitCard, key: str) -> None:
    """Store what was measured; what was stored for this exhibit before is replaced."""
    content = json.dumps({"key": key, "card": CARD.dump_python(card, mode="json")},
                         ensure_ascii=False)
    write_text(folder / f"{card.name}.json", content)
