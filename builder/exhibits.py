"""One exhibit with its model: trained where it has none, measured, and put into a card."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from builder.core.cards import CellCard, Claim, ExhibitCard, MeasuredExhibit
from builder.core.scores import Pair
from builder.core.text import Corpus, Split
from builder.core.units import UnitId
from builder.features import features_for
from builder.lock import Lock
from builder.measuring.measure import Measured, measure
from builder.measuring.showing import held_out_bits, show_cells
from builder.measuring.subject import Subject
from builder.models.folder import StoredModel, load_model
from builder.models.train import train
from builder.recipe import Exhibit
from builder.selection import choose
from builder.work import Workers


def train_exhibit(
    exhibit: Exhibit, corpus: Corpus, folder: Path, checkpoints: Path, *,
    resume: bool = False, device: str = "auto",
) -> None:
    """Train the model of a recipe into `folder`, with checkpoints beside the cache."""
    recipe = exhibit.recipe
    train(corpus, recipe.model, recipe.training, folder,
          checkpoints / f"{exhibit.name}.safetensors", resume=resume, device=device)


def measure_exhibit(
    exhibit: Exhibit, corpus: Corpus, lock: Lock | None, workers: Workers
) -> MeasuredExhibit:
    """Load the model, measure it on the corpus, choose cells and excerpts.

    Args:
        exhibit: The recipe.
        corpus: Its text.
        lock: The cells to show; those that selection takes where it is None.
        workers: Who reads.

    Raises:
        CorpusError, ModelError, UserError: As the parts say.
    """
    model = load_model(exhibit.folder)
    recipe = exhibit.recipe
    features = features_for(recipe.language, recipe.selection.features, recipe.feature)
    subject = Subject(model.network, corpus, recipe.language, features)
    found = measure(subject, recipe.selection.minimum_r, workers=workers, wanted=_locked(lock))
    chosen = choose(found.claims, found.topics, recipe.selection.cells,
                    recipe.selection.character_cells)
    shown = chosen if lock is None else _of_lock(found.claims, lock)
    cells = show_cells(subject, exhibit.name, shown, found.claims, workers)
    card = _card(exhibit, corpus, model, found, cells, held_out_bits(subject))
    return MeasuredExhibit(card, tuple(chosen))


def _locked(lock: Lock | None) -> list[Pair]:
    return [Pair(UnitId.parse(cell.unit), cell.feature) for cell in lock.cells] if lock else []


def _of_lock(claims: Sequence[Claim], lock: Lock) -> list[Claim]:
    """Return the claims of the lock file's cells, in its order; what is not there any more is not.

    A unit or feature can only go with the model or the code; the numbers are today's.
    """
    by_pair = {(c.unit, c.feature): c for c in claims}
    return [by_pair[key] for cell in lock.cells if (key := (cell.unit, cell.feature)) in by_pair]


def _card(
    exhibit: Exhibit, corpus: Corpus, model: StoredModel, found: Measured,
    cells: tuple[CellCard, ...], bits: float | None,
) -> ExhibitCard:
    recipe, spec = exhibit.recipe, model.network.spec
    splits = Counter(p.split.value for d in corpus.documents for p in d.pieces)
    shares = zip(found.scores.features, found.scores.share_f.tolist(), strict=True)
    return ExhibitCard(
        name=exhibit.name, title=recipe.title, summary=recipe.page.summary,
        about=recipe.page.about, language=recipe.language, source=corpus.source,
        license=corpus.license, architecture=spec.architecture,
        embedding_size=spec.embedding_size, hidden_size=spec.hidden_size,
        num_layers=spec.num_layers, vocabulary_size=len(spec.vocabulary),
        parameters=sum(p.numel() for p in model.network.parameters()),
        training=dict(model.training), bits_per_character=bits, model_digest=model.digest,
        corpus_digest=corpus.digest, documents={s.value: splits[s.value] for s in Split},
        characters=found.characters,
        left_out=tuple((file.name, file.reason) for file in corpus.left_out),
        kept=found.kept, units=len(found.scores.units),
        shares={f: share if share == share else None for f, share in shares},
        claims=found.claims, cells=cells,
    )
