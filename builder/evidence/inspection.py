"""Measure any model on any text, no exhibit needed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any

from builder.activations.subject import Subject
from builder.core.fit import Fit
from builder.core.records import inspection_record
from builder.core.scores import Estimate, Pair
from builder.core.word_records import NOT_ASKED, words_record
from builder.core.worded import Worded
from builder.evidence.fit import at_best_suggestive, below_verified, capped, fit_of
from builder.evidence.formulas.find import put_into_words
from builder.evidence.formulas.grading import at_best_suggestive as formulas_at_best_suggestive
from builder.evidence.formulas.reservoirs import too_few
from builder.evidence.measure import LEAST_HELD_OUT, Measured, held_out_pieces, measure
from builder.work import Workers, local

MINIMUM_R = 0.3


@dataclass(frozen=True)
class Inspection:
    """What was found of a model on a text.

    Attributes:
        subject: The two.
        fit: How well the model predicts the text; None where that is not known.
        measured: The claims and what they stand on; none is better than suggestive where the
            model does not fit.
        limits: A sentence for each thing that keeps grades down, or bounds what is scored.
        worded: What of the model can be put into words; None where that was not asked for.
        beyond: r″ of claims; of none where that was not asked for.
    """

    subject: Subject
    fit: Fit | None
    measured: Measured
    limits: tuple[str, ...] = ()
    worded: Worded | None = None
    beyond: Mapping[Pair, Estimate] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def record(self) -> dict[str, Any]:
        """What `gallery inspect --json` writes."""
        measured = self.measured
        name_of = self.subject.source.name_of
        record = inspection_record(
            measured.claims, len(measured.scores.units), measured.characters["held_out"],
            measured.floors, interval_over=self.subject.corpus.grouped_by, fit=self.fit,
            name_of=name_of, beyond=self.beyond, counts_up_to=self.subject.counts_up_to)
        return {**record, **(words_record(self.worded, name_of) if self.worded else NOT_ASKED)}


def inspect(
    subject: Subject, *, controls: bool = True, words: bool = False,
    workers: Workers | None = None, tell: Callable[[Fit], None] = lambda fit: None,
) -> Inspection:
    """Measure a model on a text: the fit first, then everything else.

    Args:
        subject: The two.
        controls: Run the controls.
        words: Look for formulas that say what units do.
        workers: Who reads; this process where it is None.
        tell: Is given the fit before anything else is measured.

    Raises:
        CorpusError: A split has no characters to score.
    """
    fit = fit_of(subject)
    if fit is not None:
        tell(fit)
    measured = measure(subject, MINIMUM_R, controls=controls, workers=workers)
    claims, below = capped(measured.claims, fit), below_verified(subject, measured.floors)
    if below:
        claims = at_best_suggestive(claims)
    said = put_into_words(
        subject, workers or local(1), controls=controls,
        enough=held_out_pieces(subject.corpus) >= LEAST_HELD_OUT,
        claims=[Pair(c.unit, c.feature) for c in claims]) if words else None
    worded = said.worded if said else None
    if worded and (below or (fit is not None and fit.warning)):
        worded = formulas_at_best_suggestive(worded)
    few = too_few(subject.source, len(subject.units)) if words and controls else ""
    limits = (*filter(None, (below, few, _counts_said(subject))), *few_pieces(subject))
    return Inspection(subject, fit, replace(measured, claims=claims), limits, worded,
                      said.beyond if said else {})


def _counts_said(subject: Subject) -> str:
    each = ", ".join(f"{id_} {most:,}" for id_, most in subject.counts_up_to.items())
    return each and (f"counts are scored up to a value that {subject.clip_counts:.1%} of the "
                     f"training text does not exceed where there is any: {each}")


def few_pieces(subject: Subject) -> Iterator[str]:
    """Say where there is too little unseen text for the controls."""
    pieces = held_out_pieces(subject.corpus)
    if pieces < LEAST_HELD_OUT:
        yield (f"only {pieces} pieces of unseen text; below {LEAST_HELD_OUT} the controls are not "
               "run and no claim is verified")
