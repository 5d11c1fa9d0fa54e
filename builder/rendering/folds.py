"""What panels of a cell's page are folded under, and what each fold tells while it is closed."""

from __future__ import annotations

from builder.rendering.connections import connections_of, in_a_line
from builder.rendering.formulated import claims_of_cell, coloured
from builder.rendering.gallery import ends
from builder.rendering.numbers import number, percent, precise
from builder.rendering.panel import CellContext, Heading
from builder.rendering.passages import others
from builder.rendering.phrases import contrast, event
from builder.rendering.seeds import count, of_seeds
from builder.rendering.words import changing, shown, signal_title

MOSTLY = 0.5
"""Share of the characters from which on a gate is called mostly shut or mostly open."""


def _listed(*parts: str) -> str:
    return "; ".join(filter(None, parts))


def _memory(of: CellContext) -> str:
    share, pairs = of.cell.claim.share_h, len(of.cell.same)
    return _listed(
        "" if share is None else f"{percent(share)} of its variation needs memory",
        f"same two characters, different colour: {pairs} pair{'s' * (pairs != 1)}" * bool(pairs))


def _behaviour(of: CellContext) -> str:
    counter = of.cell.claim.counter
    if counter is None or None in (counter.opening.now.value, counter.closing.now.value):
        return ""
    up, down = (f"{'+' * ((step.now.value or 0) > 0)}{number(step.now.value)}"
                for step in (counter.opening, counter.closing))
    whole = changing(of.exhibit, counter.signal)
    return (f"{whole}: {up} when {event(of.feature, 'rise')}, "
            f"{down} when {event(of.feature, 'fall')}")


def _use(of: CellContext) -> str:
    effect = of.cell.claim.effect
    favoured = [shown(character) for character, weight in ends(of.cell.weights, 3) if weight > 0]
    nats = effect.nats.value or 0 if effect else 0
    return _listed(
        f"favours {' '.join(favoured)}" * bool(favoured),
        (f"freezing it costs {precise(nats)} nats per character more {contrast(of.feature)[0]}"
         * (nats > 0)))


def _chance(of: CellContext) -> str:
    claim, rows = of.cell.claim, of_seeds(of.gallery, of.exhibit, of.cell.claim.feature)
    return _listed(
        "" if claim.untrained_floor is None
        else f"untrained networks reach {number(claim.untrained_floor)}",
        "" if claim.p_family is None else f"p = {number(claim.p_family, 3)}",
        f"found in {count(rows)}" if rows else "")


def _gates(of: CellContext) -> str:
    said = [f"{signal_title(of.exhibit, gate.gate)} mostly {how} ({percent(share)})"
            for gate in of.cell.saturation
            for how, share in (("shut", gate.shut), ("open", gate.open)) if share >= MOSTLY]
    return ", ".join(said)


def _more(of: CellContext) -> str:
    return f"{len(others(of.cell.excerpts))} in all, from good to bad"


def _compared(of: CellContext) -> str:
    rest = [c for c in of.cell.compared if c.feature != of.feature.id]
    if not rest:
        return ""
    title = of.gallery.feature(rest[0].feature).title
    return f"next best: {title}, r′ = {number(rest[0].r_within)}"


def _others(of: CellContext) -> str:
    return f"{len(of.cell.others)} in all"


def _in_words(of: CellContext) -> str:
    best = claims_of_cell(of.exhibit, of.cell.claim.unit)
    return coloured(best[0], of.gallery) if best else ""


def _connections(of: CellContext) -> str:
    found = connections_of(of.exhibit, of.cell.claim.unit)
    return in_a_line(found) if found else ""


WORDS = Heading("in-words", "What it is on for, in words", _in_words)
BEHAVIOUR = Heading("inside", "How does it behave?", _behaviour)
MEMORY = Heading("memory", "Is it memory?", _memory)
CONNECTIONS = Heading("connections", "What moves it, and what does it move?", _connections)
USE = Heading("used", "What is it for?", _use)
CHANCE = Heading("untrained", "Could it be chance?", _chance)
GATES = Heading("gates", "What its gates do", _gates)
GUESSES = Heading("guesses", "What the network predicts along the text")
MORE = Heading("more-excerpts", "More passages", _more)
NUMBERS = Heading("numbers", "All numbers")
OTHERS = Heading("others", "Other claims about this unit", _others)
COMPARED = Heading("compared", "Other features it was compared with", _compared)
PROVENANCE = Heading("provenance", "Data and where it comes from")
CITE = Heading("use", "Link, embed, cite")
