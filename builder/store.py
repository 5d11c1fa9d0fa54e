"""What was measured, kept under `.gallery/` so that nothing is measured twice."""

from __future__ import annotations

import json
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from builder.core.cards import MeasuredExhibit
from builder.core.digests import digest, digest_of_parts
from builder.core.text import Corpus
from builder.files import write_text
from builder.lock import Lock
from builder.recipe import Exhibit

MEASURED = TypeAdapter(MeasuredExhibit)
NOT_DECIDING = frozenset({
    "__init__.py", "__main__.py", "cli.py", "corpora", "errors.py", "featuretable.py", "files.py",
    "inspection.py", "lock.py", "parts.py", "pipeline.py", "progress.py", "recipe.py",
    "rendering", "site", "starter.py", "store.py", "work",
})
"""Parts of this package that decide no number; the code of all others is part of the key."""


def key_of(exhibit: Exhibit, corpus: Corpus, lock: Lock | None) -> str:
    """Return a digest of all that decides an exhibit's numbers.

    These are the recipe but for its words, the documents and their splits, the model folder,
    the cells of the lock file, and the code that measures.
    """
    recipe = exhibit.recipe.model_dump_json(exclude={"title", "page", "training"})
    documents = [f"{d.name} {d.digest} {d.pieces}" for d in corpus.documents]
    folder = [digest((exhibit.folder / name).read_bytes())
              for name in ("model.json", "model.safetensors")]
    cells = [f"{c.unit} {c.feature}" for c in lock.cells] if lock else ["free"]
    return digest_of_parts([recipe, *documents, *folder, *cells, code_digest()])


def code_digest() -> str:
    """Return a digest of the code that decides numbers."""
    root = Path(__file__).parent
    files = [path for path in sorted(root.rglob("*.py"))
             if path.relative_to(root).parts[0] not in NOT_DECIDING]
    return digest_of_parts(digest(path.read_bytes()) for path in files)


def load(folder: Path, name: str, key: str) -> MeasuredExhibit | None:
    """Return what is stored under this key; None where there is nothing, or nothing readable."""
    path = folder / f"{name}.json"
    try:
        stored = json.loads(path.read_text("utf-8"))
        return MEASURED.validate_python(stored["found"]) if stored["key"] == key else None
    except (OSError, ValueError, KeyError, TypeError, ValidationError):
        return None


def save(folder: Path, found: MeasuredExhibit, key: str) -> None:
    """Store what was measured; what was stored for this exhibit before is replaced."""
    content = json.dumps({"key": key, "found": MEASURED.dump_python(found, mode="json")},
                         ensure_ascii=False)
    write_text(folder / f"{found.card.name}.json", content)
