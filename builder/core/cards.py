"""What a gallery says of its cells: plain data, stored as JSON, rendered as pages."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Annotated

from pydantic import Field

from builder.core.connected import Connected
from builder.core.evidence import Result, Results, Saturation, Tuning
from builder.core.fit import Fit
from builder.core.grades import GOOD
from builder.core.grades import Grade as Grade
from builder.core.scores import HeldOut
from builder.core.shown import (
    Around,
    Compared,
    Explored,
    Film,
    Gaps,
    Histogram,
    InBrowser,
    Inside,
    Keeping,
    SameCharacters,
    Transfer,
    UnitTable,
    Untrained,
)
from builder.core.text import GroupedBy
from builder.core.units import Signal, UnitId
from builder.core.worded import Worded

CHARACTERS, DOCUMENT = "characters", "document"
"""What a network reads unless it is said to read something else."""
STEPS = "steps"
"""What was read where only the pieces of text are known that each step covers."""
STATES, STATES_TITLE = "states", "stored states"
"""In place of an architecture where there are values of a model and nothing else of it."""


@dataclass(frozen=True)
class Claim(Results):
    """One unit, one feature, and every number that was measured; None is not measured.

    Attributes:
        unit: Of whom.
        feature: Feature id.
        r: Raw correlation where the claim was found (discover).
        r_within: The same within bigrams.
        share_h: Share of the unit's variance not explained by the last two characters.
        share_f: The same of the feature's.
        held_out: What unseen text says.
        results: What each control says that was run, in the order of the controls.
        grade: The verdict on all of these.
        change_of: Of a unit that is the change of a signal from step to step, that signal; else
            empty.
    """

    unit: UnitId
    feature: str
    r: float | None
    r_within: float | None
    share_h: float | None
    share_f: float | None
    held_out: HeldOut
    results: tuple[Result, ...]
    grade: Grade
    change_of: str = ""

    @property
    def cell(self) -> tuple[int, int]:
        """Layer and index of the unit."""
        return self.unit.cell

    @property
    def changing(self) -> UnitId:
        """The unit itself; of a change, the unit that changes."""
        return UnitId(self.change_of, *self.cell) if self.change_of else self.unit


@dataclass(frozen=True)
class Excerpt:
    """A stretch of held-out text with the unit's values.

    Attributes:
        rule: Why this stretch was chosen: strongest, upper, typical, lower, weakest, random or
            fails.
        document: Name inside the corpus.
        start: Where it starts in the document, in characters.
        line: Number of the first line, from 1.
        text: The characters.
        values: One value a character, the unit's state after its step, rounded to 3 digits.
        labels: One feature value a character, that after its step.
        contribution: Mean of the products of standardised value and label, with the sign of
            r; over the whole of the sample its mean is |r|.
        twin: What a unit that knows only the last two characters does: their mean; None where
            they are rare. Empty for a change.
        inside: Gates and guesses; of a page's first excerpt only.
    """

    rule: str
    document: str
    start: int
    line: int
    text: str
    values: tuple[float, ...]
    labels: tuple[float, ...]
    contribution: float
    twin: Gaps = ()
    inside: Inside | None = None


@dataclass(frozen=True)
class CellCard:
    """A unit with a page: its claim, its other claims, and excerpts.

    Attributes:
        exhibit: Name of the exhibit.
        claim: The claim the page is about.
        others: Other claims on the signals of the same layer and index, best first.
        excerpts: Held-out text, strongest first.
        tuning: What the unit does at each value of its feature; None but for counts.
        deltas: Step, mean change of the unit at it, and how often it was met; held-out text.
        weights: Step and the unit's output weight to it; empty below the last layer.
        saturation: Of each gate of the cell.
        histogram: How often it has which value; None for counts.
        same: Places with the same last two characters and another state.
        around: Mean of the unit around rises and falls of its feature: `rise`, `fall`.
        compared: The features it follows most on discover text, most first.
        untrained: What a network that learned nothing has to offer.
        transfer: The claim on a text of another kind; None where that has no such feature.
    """

    exhibit: str
    claim: Claim
    others: tuple[Claim, ...]
    excerpts: tuple[Excerpt, ...]
    tuning: Tuning | None
    deltas: tuple[tuple[str, float, int], ...]
    weights: tuple[tuple[str, float], ...]
    saturation: tuple[Saturation, ...]
    histogram: Histogram | None
    same: tuple[SameCharacters, ...]
    around: dict[str, Around]
    compared: tuple[Compared, ...]
    untrained: Untrained | None
    transfer: HeldOut | None = None


@dataclass(frozen=True)
class ExhibitCard:
    """One exhibit, measured: all that its pages say.

    Attributes:
        name: Name of the exhibit.
        title: Heading of its page.
        summary: One sentence, plain text.
        about: Paragraphs, Markdown.
        language: Lexer name of the text.
        source: Where the text comes from.
        license: Its licence.
        architecture: Its name.
        architecture_title: What it is called in a sentence, with its article.
        signals: All signals of the architecture.
        embedding_size: E.
        hidden_size: H.
        num_layers: L.
        vocabulary_size: Characters, or other steps, that the model knows.
        parameters: Numbers in the weights.
        training: Training record of the model, empty where it has none.
        bits_per_character: On held-out text; None where that is too little.
        model_digest: SHA-256 of the weights.
        corpus_digest: SHA-256 of the documents' names and texts.
        documents: Number of documents by split.
        characters: Characters scored by split.
        left_out: Names of files that are not in the corpus, with reasons.
        kept: Share of the held-out characters in frequent bigrams.
        units: Number of units scored.
        shares: Feature id to share_f.
        claims: Every candidate, best first.
        cells: Those with a page.
        table: Every unit against every feature.
        explored: All units over a few excerpts.
        saturation: Gate to the shares of characters at which each unit's is shut and open; units
            of all layers, one layer after the other.
        sample: What the network writes when its guesses are taken for the next character.
        in_browser: The network itself; None where it is too large for a page, or reads other
            steps than characters.
        transfer: The text of another kind; None where there is none.
        film: The network on its way; None where no weights of it were kept.
        seed_group: The same for exhibits that differ by the seed of their training alone.
        budget: The same for exhibits that had the same text, sizes and characters to learn from.
        order: Place among all exhibits; the smaller, the earlier.
        made: Whether the text is made by a rule.
        interval_over: What intervals leave out, one group at a time.
        first_look: Whether it was measured on a part of the text and without controls, to have
            something to look at while the evidence is measured.
        tokens: What a step is that the network reads: a kind of tokens, in the plural.
        fit: How well the network predicts unseen text; None where that was not measured. It has a
            file of its own.
        keeping: How long units keep what they have; made of the weights, not stored. Nothing where
            no gate says so or a step is not one character.
        worded: How much of the network can be put into words; None where that was not measured.
            It lies in a file of its own and is put on at the end.
        reset: Where its state begins anew: "document", "line", or every so many steps.
        connected: What moves the units that are shown, and what they move; None where that was not
            measured. It lies in a file of its own and is put on at the end.
    """

    name: str
    title: str
    summary: str
    about: str
    language: str
    source: str
    license: str
    architecture: str
    architecture_title: str
    signals: tuple[Signal, ...]
    embedding_size: int
    hidden_size: int
    num_layers: int
    vocabulary_size: int
    parameters: int
    training: dict[str, object]
    bits_per_character: float | None
    model_digest: str
    corpus_digest: str
    documents: dict[str, int]
    characters: dict[str, int]
    left_out: tuple[tuple[str, str], ...]
    kept: float
    units: int
    shares: dict[str, float | None]
    claims: tuple[Claim, ...]
    cells: tuple[CellCard, ...]
    table: UnitTable
    explored: tuple[Explored, ...]
    saturation: dict[str, tuple[tuple[float, float], ...]]
    sample: str
    in_browser: InBrowser | None = None
    transfer: Transfer | None = None
    film: Film | None = None
    seed_group: str = ""
    budget: str = ""
    order: int = 1
    made: bool = False
    interval_over: GroupedBy = "document"
    tokens: str = CHARACTERS
    worded: Worded | None = None
    reset: str | int = DOCUMENT
    first_look: bool = False
    fit: Annotated[Fit | None, Field(exclude=True)] = None
    keeping: Annotated[tuple[Keeping, ...], Field(exclude=True)] = ()
    connected: Annotated[Connected | None, Field(exclude=True)] = None

    @cached_property
    def surest(self) -> dict[tuple[int, int], Claim]:
        """Of each cell with claims that beat every control, the first of them."""
        return {claim.cell: claim for claim in reversed(self.claims) if claim.grade in GOOD}

    @cached_property
    def signal_names(self) -> frozenset[str]:
        """Names of all signals of the architecture."""
        return frozenset(signal.name for signal in self.signals)

    def has_unit(self, unit: UnitId) -> bool:
        """Tell whether there is such a unit."""
        return (unit.signal in self.signal_names and unit.layer < self.num_layers
                and unit.index < self.hidden_size)

    @property
    def size(self) -> int:
        """Units of all layers, each counted once whatever its signals are."""
        if self.is_stored:
            return len({unit.cell for unit in self.table.units})
        return self.num_layers * self.hidden_size

    @property
    def is_stored(self) -> bool:
        """Whether there are values of a model and nothing else of it."""
        return self.architecture == STATES


@dataclass(frozen=True)
class Findings:
    """What was measured of an exhibit, before anything is picked to be shown.

    Attributes:
        characters: Characters scored by split.
        kept: Share of the held-out characters in frequent bigrams.
        units: Number of units scored.
        shares: Feature id to share_f.
        claims: Every candidate, best first.
        chosen: The claims that selection takes.
        table: Every unit against every feature.
        fit: How well the model predicts unseen text; None where that cannot be measured.
    """

    characters: dict[str, int]
    kept: float
    units: int
    shares: dict[str, float | None]
    claims: tuple[Claim, ...]
    chosen: tuple[Claim, ...]
    table: UnitTable
    fit: Fit | None = None
