"""The claims of an exhibit once more, on a text of another kind."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from builder.activations.passes import Pass, run
from builder.activations.subject import Subject, scattered
from builder.cards.bits import bits_of
from builder.core.cards import CellCard, ExhibitCard
from builder.core.scores import Estimate, HeldOut
from builder.core.shown import Elsewhere
from builder.core.text import Split
from builder.evidence.survey import survey
from builder.models.threads import one_thread
from builder.scoring import PairSums
from builder.work import Workers

CHARACTERS = 500_000
"""Most characters of a split that are scored."""


def with_elsewhere(
    card: ExhibitCard, title: str, subject: Subject, workers: Workers
) -> ExhibitCard:
    """Measure the claims of all cells on another text; the means come from its own train split.

    Nothing was fitted to that text, so both its other splits are scored. Claims about changes,
    and about features that the other language does not have, are left out.

    Args:
        card: The exhibit.
        title: What text it is.
        subject: The model on that text.
        workers: Who reads.
    """
    ground = survey(subject, 0.0, workers)
    here = [cell for cell in card.cells if _is_there(cell, subject)]
    stretches = (*scattered(subject.corpus, Split.DISCOVER, CHARACTERS),
                 *scattered(subject.corpus, Split.HELD_OUT, CHARACTERS))
    units = [subject.units.index(cell.claim.unit) for cell in here]
    features = [ground.feature[cell.claim.feature] for cell in here]
    sums = run(workers, Pass(subject.reading, ground.table,
                             partial(PairSums, ground.means, units, features)),
               stretches, "another text")
    with one_thread():
        results = sums.results()
    found = {cell.claim.unit: held_out for cell, held_out in zip(here, results, strict=True)}
    cells = tuple(replace(c, elsewhere=_like(c, found.get(c.claim.unit))) for c in card.cells)
    corpus, documents = subject.corpus, {d.name for d, _ in stretches}
    return replace(
        card, cells=cells,
        elsewhere=Elsewhere(title, corpus.source, corpus.license, len(documents), sums.count,
                            bits_of(subject.network, stretches)))


def _is_there(cell: CellCard, subject: Subject) -> bool:
    return cell.claim.feature in subject.feature_ids and cell.claim.unit in subject.units


def _like(cell: CellCard, found: HeldOut | None) -> HeldOut | None:
    """Leave r' out where the claim has none."""
    if found is None or cell.claim.held_out.r_within.value is not None:
        return found
    return replace(found, r_within=Estimate(None))
