"""The card of an exhibit: findings, what its pages show, and where all of it comes from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from builder.activations.sampling import sample
from builder.activations.subject import Subject
from builder.cards.bits import bits_of
from builder.cards.browser import pack
from builder.cards.cell_data import measure_cells
from builder.cards.cells import SAMPLE_CHARACTERS, show_cells
from builder.cards.explored import explore
from builder.core.cards import Claim, ExhibitCard, Findings
from builder.core.text import Split
from builder.corpora.passages import find_passages
from builder.evidence.measure import begin
from builder.models.folder import StoredModel
from builder.models.threads import one_thread
from builder.models.writing import write
from builder.work import Workers
from builder.workspace.recipe import Exhibit


def show(
    exhibit: Exhibit, subject: Subject, model: StoredModel, found: Findings,
    shown: Sequence[Claim], workers: Workers,
) -> ExhibitCard:
    """Read held-out text once more for the cells that get a page.

    Args:
        exhibit: The recipe.
        subject: The model on its corpus.
        model: The same model, with what is known of its training.
        found: What was measured.
        shown: The claims that get a page, in the order of the pages.
        workers: Who reads.
    """
    recipe, spec, corpus = exhibit.recipe, model.network.spec, subject.corpus
    known = begin(subject, recipe.selection.minimum_r, workers)
    data, saturation = measure_cells(subject, shown, workers)
    cells = show_cells(known, exhibit.name, shown, data, found.claims, found.table)
    stretches = sample(corpus, Split.HELD_OUT, SAMPLE_CHARACTERS)
    passages = find_passages(corpus, recipe.page.passages, str(exhibit.folder))
    splits = Counter(p.split.value for d in corpus.documents for p in d.pieces)
    with one_thread():
        explored = explore(subject.reading, stretches, passages)
        packed = pack(model.network)
    return ExhibitCard(
        name=exhibit.name, title=recipe.title, summary=recipe.page.summary,
        about=recipe.page.about, language=recipe.language, source=corpus.source,
        license=corpus.license, architecture=spec.architecture,
        architecture_title=model.network.architecture.title,
        signals=model.network.architecture.signals,
        embedding_size=spec.embedding_size, hidden_size=spec.hidden_size,
        num_layers=spec.num_layers, vocabulary_size=len(spec.vocabulary.known()),
        parameters=sum(p.numel() for p in model.network.parameters()),
        training=dict(model.training), bits_per_character=bits_of(model.network, stretches),
        model_digest=model.digest, corpus_digest=corpus.digest,
        documents={s.value: splits[s.value] for s in Split}, characters=found.characters,
        left_out=tuple((file.name, file.reason) for file in corpus.left_out),
        kept=found.kept, units=found.units, shares=found.shares, claims=found.claims,
        cells=cells, table=found.table, explored=explored,
        saturation=saturation, sample=write(model.network),
        in_browser=packed, interval_over=corpus.grouped_by,
        tokens=spec.vocabulary.kind, reset=spec.reset)

