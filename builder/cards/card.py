"""The card of an exhibit: findings, what its pages show, and where all of it comes from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from builder.activations.sampling import Stretch, sample
from builder.activations.subject import Subject
from builder.cards.bits import bits_of
from builder.cards.browser import pack
from builder.cards.cell_data import measure_cells
from builder.cards.cells import SAMPLE_CHARACTERS, show_cells
from builder.cards.explored import explore
from builder.core.cards import (
    CHARACTERS,
    STATES,
    STATES_TITLE,
    STEPS,
    Claim,
    ExhibitCard,
    Findings,
)
from builder.core.text import Split
from builder.corpora.passages import find_passages
from builder.evidence.measure import begin
from builder.models.folder import StoredModel
from builder.models.threads import one_thread
from builder.models.writing import write
from builder.work import Workers
from builder.workspace.recipe import Exhibit
from builder.workspace.stated import weights_digest


def show(
    exhibit: Exhibit, subject: Subject, model: StoredModel | None, found: Findings,
    shown: Sequence[Claim], workers: Workers,
) -> ExhibitCard:
    """Read held-out text once more for the cells that get a page.

    Args:
        exhibit: The recipe.
        subject: The model on its corpus.
        model: The same model, with what is known of its training; None where there are values
            alone.
        found: What was measured.
        shown: The claims that get a page, in the order of the pages.
        workers: Who reads.
    """
    recipe, corpus = exhibit.recipe, subject.corpus
    known = begin(subject, recipe.selection.minimum_r, workers)
    data, saturation = measure_cells(subject, shown, workers)
    cells = show_cells(known, exhibit.name, shown, data, found.claims, found.table)
    stretches = sample(corpus, Split.HELD_OUT, SAMPLE_CHARACTERS)
    passages = find_passages(corpus, recipe.page.passages, str(exhibit.folder))
    splits = Counter(p.split.value for d in corpus.documents for p in d.pieces)
    with one_thread():
        explored = explore(subject.reading, stretches, passages)
        of_model = _of_model(model, stretches) if model else _of_values(subject)
    return ExhibitCard(
        name=exhibit.name, title=recipe.title, summary=recipe.page.summary,
        about=recipe.page.about, language=recipe.language, source=corpus.source,
        license=corpus.license, signals=subject.source.signals,
        model_digest=weights_digest(exhibit.folder), corpus_digest=corpus.digest,
        documents={s.value: splits[s.value] for s in Split}, characters=found.characters,
        left_out=tuple((file.name, file.reason) for file in corpus.left_out),
        kept=found.kept, units=found.units, shares=found.shares, claims=found.claims,
        cells=cells, table=found.table, explored=explored,
        saturation=saturation, interval_over=corpus.grouped_by, **of_model)


def _of_model(model: StoredModel, stretches: Sequence[Stretch]) -> dict[str, Any]:
    """Return what is said of a network beside its claims."""
    network, spec = model.network, model.network.spec
    return {
        "architecture": spec.architecture, "architecture_title": network.architecture.title,
        "embedding_size": spec.embedding_size, "hidden_size": spec.hidden_size,
        "num_layers": spec.num_layers, "vocabulary_size": len(spec.vocabulary.known()),
        "parameters": sum(p.numel() for p in network.parameters()),
        "training": dict(model.training), "bits_per_character": bits_of(network, stretches),
        "sample": write(network), "in_browser": pack(network), "tokens": spec.vocabulary.kind,
        "reset": spec.reset}


def _of_values(subject: Subject) -> dict[str, Any]:
    """Return the same of values alone: how many there are, and how well they were predicted."""
    source = subject.source
    cells = [unit.cell for unit in source.units_of(source.states)]
    return {
        "architecture": STATES, "architecture_title": STATES_TITLE, "embedding_size": 0,
        "hidden_size": 1 + max(index for _, index in cells),
        "num_layers": 1 + max(layer for layer, _ in cells),
        "vocabulary_size": source.known or 0, "parameters": 0, "training": {},
        "bits_per_character": source.bits(subject.corpus, (Split.HELD_OUT,)), "sample": "",
        "tokens": CHARACTERS if source.tokens.one_character else STEPS}

