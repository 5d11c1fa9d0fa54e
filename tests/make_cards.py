"""Makes exhibit cards that no network was needed for: planted units over small programs."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from builder.core.cards import CellCard, Claim, Excerpt, ExhibitCard, Grade
from builder.core.evidence import (
    Counter,
    Detection,
    Effect,
    Finding,
    Number,
    Result,
    Saturation,
    Step,
    Tuning,
)
from builder.core.feed import spanned
from builder.core.labels import FeatureSpec, Lookahead, Tag
from builder.core.runs import runs
from builder.core.scores import Estimate, HeldOut
from builder.core.shown import (
    Around,
    Compared,
    Explored,
    Film,
    FilmedCell,
    Histogram,
    InBrowser,
    Inside,
    SameCharacters,
    Snippet,
    UnitTable,
    Untrained,
)
from builder.core.units import Kind, Signal, UnitId
from builder.core.worded import (
    ConditionClaim,
    Counted,
    Coverage,
    Explained,
    FormulaClaim,
    FurtherFormula,
    Marked,
    SeveralFormulas,
    Spread,
    Worded,
)

PROGRAM = '''\
def unescape(text, table=None):
    """Replace every "&name;" of a text.

    Names that are not in the table are <b>left alone</b>, see {{ table }}.
    """
    table = table or {"amp": "&", "lt": "<", "gt": ">"}
\tfor name, value in sorted(table.items()):   
        text = text.replace("&" + name + ";", value)  # one by one
    if len(text) > 80 and (text[0] in "'\\"" or text.isupper()):
        print(f"a long line: {text[:20]}", {True: "no", False: "yes"}[text == ""], end="…\\n")
    return text  # 👩‍👩‍👧 naïve café
'''

FEATURES = (
    FeatureSpec("in_string", "inside a string", "is on from the opening quote to the closing one",
                Tag.STATE, Lookahead.TOKEN, frozenset({"code"}), "a = 'b'", "0000110"),
    FeatureSpec("in_comment", "inside a comment", "is on from the mark to the end of the line",
                Tag.STATE, Lookahead.TOKEN, frozenset({"code"}), "a # b\nc", "0011100"),
    FeatureSpec("bracket_depth", "bracket depth", "counts the brackets that are open",
                Tag.COUNT, Lookahead.TOKEN, frozenset({"code"}), "f(a[1])", "0112210"),
    FeatureSpec("opens", "something opens", "marks what opens a bracket or a string",
                Tag.EVENT, Lookahead.TOKEN, frozenset({"code"}), "f('a')", "011000"),
    FeatureSpec("next_is_newline", "a newline comes next", "predicts that the line ends here",
                Tag.FUTURE, Lookahead.NONE, frozenset(), "ab\nc", "0100"),
    FeatureSpec("is_upper", "an upper-case letter", "is on at capital letters",
                Tag.STATE, Lookahead.NONE, frozenset(), "aBC d", "01100"),
)

COUNTER = Counter("dc", Step(Estimate(0.4, 0.3, 0.5), Estimate(0.02, -0.01, 0.05), 812),
                  Step(Estimate(-0.3, -0.4, -0.2), Estimate(0.01, -0.02, 0.04), 809),
                  ((0, 0.42, None), (1, 0.31, -0.33)), 0.74, True)

SIGNALS = (
    Signal("h", Kind.STATE, "hidden state", -1.0, 1.0),
    Signal("c", Kind.STATE, "cell state", -1.0, 1.0),
    Signal("dh", Kind.CHANGE, "change of the hidden state", -1.0, 1.0, of="h"),
    Signal("dc", Kind.CHANGE, "change of the cell state", -1.0, 1.0, of="c"),
    Signal("i", Kind.GATE, "input gate", 0.0, 1.0),
    Signal("f", Kind.GATE, "forget gate", 0.0, 1.0),
    Signal("g", Kind.CANDIDATE, "candidate", -1.0, 1.0),
    Signal("o", Kind.GATE, "output gate", 0.0, 1.0),
)
"""Those of an LSTM."""

RULES = ("strongest", "strongest", "upper", "typical", "lower", "weakest", "random", "fails")


def in_string(text: str) -> list[float]:
    """Label a text roughly: the opening quote is inside, the closing one is not."""
    labels, open_ = [], ""
    for character in text:
        open_ = "" if character in (open_, "\n") else open_ or character * (character in "'\"")
        labels.append(float(bool(open_)))
    return labels


def depth(text: str) -> list[float]:
    """Count open brackets."""
    labels, now = [], 0
    for character in text:
        now += (character in "([{") - (character in ")]}")
        labels.append(float(max(now, 0)))
    return labels


LABELLERS: dict[str, Callable[[str], list[float]]] = {
    "in_string": in_string,
    "in_comment": lambda text: [float("#" in text[:n + 1].split("\n")[-1])
                                for n in range(len(text))],
    "bracket_depth": depth,
    "opens": lambda text: [float(c in "([{'\"") for c in text],
    "next_is_newline": lambda text: [float(text[n + 1:n + 2] == "\n") for n in range(len(text))],
    "is_upper": lambda text: [float(c.isupper()) for c in text],
}


def leaky(labels: Sequence[float], sign: float, phase: int) -> tuple[float, ...]:
    """Follow labels slowly, with a ripple: what a unit might do."""
    top, now, values = max(labels) or 1.0, -0.6, []
    for at, label in enumerate(labels):
        now += 0.55 * (1.8 * label / top - 0.9 - now)
        values.append(round(max(-1.0, min(1.0, sign * now + 0.12 * math.sin(at + phase))), 3))
    return tuple(values)


def results_of(**found: Finding | float | None) -> tuple[Result, ...]:
    """Return results by the names of their controls; what is None was not measured."""
    return tuple(Result(name, Number(value) if isinstance(value, int | float) else value)
                 for name, value in found.items() if value is not None)


def claim(
    unit: str, feature: str, value: float = 0.8, grade: Grade = Grade.SUGGESTIVE
) -> Claim:
    """Return a claim with plausible numbers."""
    within = None if grade is Grade.CHARACTER else value - 0.04
    parsed = UnitId.parse(unit)
    return Claim(
        unit=parsed, feature=feature, r=value - 0.02, r_within=within, share_h=0.71,
        share_f=0.003 if grade is Grade.CHARACTER else 0.59,
        held_out=HeldOut(
            Estimate(value, value - 0.03, value + 0.03),
            Estimate(within) if within is None else Estimate(within, within - 0.03, within + 0.03)),
        results=results_of(
            selectivity_margin=0.31, detection=Detection(0.9, 0.2, 0.31, 0.84, 0.72),
            rank_correlation=0.44, localisation=0.82, untrained=0.35, shuffled_labels=0.001,
            ceiling=0.7, counter=COUNTER, ablation=Effect(Estimate(0.12, 0.08, 0.16), 0.03, 50)),
        grade=grade,
        change_of=parsed.signal[1:] if parsed.signal in ("dh", "dc") else "")


def with_results(claim: Claim, **found: Finding | float) -> Claim:
    """Return a claim with some of its results replaced, by the names of their controls."""
    kept = {r.control: r.found for r in claim.results} | found
    return replace(claim, results=results_of(**kept))


def excerpt(
    feature: str, rule: str, number: int, sign: float = 1.0, text: str = PROGRAM
) -> Excerpt:
    """Return an excerpt of `text` with labels and values that follow them."""
    labels = LABELLERS[feature](text)
    twin = tuple(None if c == "\t" else round(0.4 * math.sin(ord(c)), 3) for c in text)
    return Excerpt(rule, f"html/part{number}.py", 100 * number, 10 * number + 1, text,
                   leaky(labels, sign, number), tuple(labels), round(1.4 - 0.3 * number, 4), twin,
                   inside(text) if number == 0 else None)


def inside(text: str) -> Inside:
    """Return gates that open at blanks, and guesses of which the first is right now and then."""
    gates = {g: tuple(0.99 if c == " " else 0.02 + 0.1 * n for c in text)
             for n, g in enumerate("ifo")}
    guesses = tuple(((text[n + 1:n + 2] or "e", 0.81), ("<", 0.1), ("\n", 0.04), (" ", 0.02),
                     ("\t", 0.01)) for n in range(len(text)))
    return Inside(gates, guesses)


def snippet(text: str, at: int, value: float) -> Snippet:
    """Return a snippet with one value that differs."""
    values = tuple(value if n == at else 0.1 for n in range(len(text)))
    return Snippet("html/part<1>.py", 7, text, values, at, float(value > 0))


def explored(text: str, units: int) -> Explored:
    """Return a ramp: unit u at character n is u − n, wrapped around, in 1/127."""
    cells = bytes((u - n) % 255 for n in range(len(text)) for u in range(units))
    return Explored("html/part0.py", 1, text, cells,
                    {f: runs(label(text)) for f, label in LABELLERS.items()})


def read_on(text: str, sizes: Sequence[int] = ()) -> Explored:
    """Return what the packed LSTM does from a state on, by a loop of float64.

    Where sizes are given, a step is so many characters, and reads the first of them.
    """
    state = np.random.default_rng(2).normal(0, 0.5, (2, 256)).astype("<f4")
    packed_, (h, c) = packed(), state.astype(float)
    weights = np.frombuffer(packed_.weights, "<f2").astype(float)
    embedding, wi, wh, bi, bh = (part.reshape(shape) for part, shape in zip(
        np.split(weights, np.cumsum([99 * 64, 1024 * 64, 1024 * 256, 1024, 1024]))[:5],
        [(99, 64), (1024, 64), (1024, 256), (1024,), (1024,)], strict=True))
    sizes, rows, ids = sizes or [1] * len(text), [], []
    for start, size in zip(np.cumsum([0, *sizes[:-1]]), sizes, strict=True):
        ids.append(packed_.vocabulary.find(text[start]) + 1)
        x = embedding[ids[-1]]
        i, f, g, o = np.split(wi @ x + bi + wh @ h + bh, 4)
        c = c / (1 + np.exp(-f)) + np.tanh(g) / (1 + np.exp(-i))
        h = np.tanh(c) / (1 + np.exp(-o))
        rows += size * [[(h if u.signal == "h" else np.tanh(c))[u.index] for u in UNITS]]
    steps = spanned(ids, sizes) if sum(sizes) > len(sizes) else ""
    return replace(explored(text, len(UNITS)), before=state.tobytes(), steps=steps,
                   activations=np.rint(np.array(rows) * 127).astype(np.int8).tobytes())


def cell(exhibit: str, unit: str, feature: str, value: float, grade: Grade) -> CellCard:
    """Return a cell with five excerpts."""
    sign = math.copysign(1.0, value)
    shown = tuple(replace(excerpt(feature, rule, n, sign, PROGRAM[40 * n:] * (1 + n % 2)),
                          document=f"{exhibit}/{unit}-{n}.py")
                  for n, rule in enumerate(RULES))
    other = claim(unit.replace("c", "h"), "in_comment", 0.21, Grade.NOT_SUPPORTED)
    tuning = Tuning((0.0, 1.0), (-0.2, 0.4), (900, 400), 0.44)
    return CellCard(
        exhibit, claim(unit, feature, value, grade), (other,), shown, tuning,
        (("(", 0.4, 300), ("<", 0.1, 30), ("\n", -0.02, 90), (")", -0.3, 290)),
        (("\"", 0.9), ("a", 0.0), (")", -0.7)), (Saturation("f", 0.01, 0.8),),
        Histogram((900, *[3] * 39), (*[2] * 39, 700)),
        (SameCharacters("()", 412, snippet("f = <b>()", 8, 0.9), snippet("g = &()", 6, -0.8)),),
        {"rise": Around(812, tuple(0.02 * n - 0.4 for n in range(41)), (0.1,) * 41)},
        (Compared(feature, 0.81, 0.77), Compared("is_upper", -0.2, None)),
        Untrained(UnitId("h", 0, 3), 0.31, tuple(0.5 for _ in shown[0].values)))


def pale(card: CellCard) -> CellCard:
    """Return a cell that stays near 0."""
    return replace(card, excerpts=tuple(
        replace(e, values=tuple(round(0.3 * v, 3) for v in e.values)) for e in card.excerpts))


def exhibit(name: str = "python-lstm", title: str = "An LSTM that read *Python*") -> ExhibitCard:
    """Return an exhibit with a cell for each feature."""
    cells = (
        cell(name, "c0.17", "in_string", 0.83, Grade.VERIFIED),
        cell(name, "c0.203", "bracket_depth", -0.64, Grade.VERIFIED),
        cell(name, "h0.5", "in_comment", 0.72, Grade.VERIFIED),
        cell(name, "c0.88", "next_is_newline", 0.51, Grade.VERIFIED),
        cell(name, "h0.91", "opens", -0.44, Grade.SUGGESTIVE),
        pale(cell(name, "h0.2", "is_upper", 0.9, Grade.CHARACTER)),
    )
    weak = (claim("h0.30", "in_comment", 0.2, Grade.NOT_SUPPORTED),)
    return ExhibitCard(
        name=name, title=title, summary="256 units that read a library & predict its next letter.",
        about="It was trained for *one* evening.\n\nNothing was picked by eye.", language="python",
        source="The Python standard library", license="PSF License Agreement 2",
        architecture="lstm", architecture_title="an LSTM", signals=SIGNALS,
        embedding_size=64, hidden_size=256, num_layers=1,
        vocabulary_size=98, parameters=359_011,
        training={"seed": 1, "characters": 140_000_000, "learning_rate": 0.004,
                  "curve": [3.0, 1.6]},
        bits_per_character=1.6042, model_digest="3f" * 32, corpus_digest="a7" * 32,
        documents={"train": 1210, "discover": 151, "held_out": 148},
        characters={"train": 21_000_000, "discover": 2_400_000, "held_out": 2_300_000},
        left_out=(("bad\u202egnp.py", "not UTF-8"), ("big.py", "longer than 1,000,000 characters"),
                  ("worse.py", "not UTF-8")),
        kept=0.974, units=512, shares={f.id: 0.59 - 0.11 * n for n, f in enumerate(FEATURES)},
        claims=tuple(c.claim for c in cells) + weak, cells=cells, table=table(),
        explored=(explored(PROGRAM, len(UNITS)),
                  replace(read_on(PROGRAM[::-1]), document="html/part1.py",
                          title="a_function_with_such_a_long_name_that_no_line_holds_it")),
        saturation={"f": ((0.1, 0.8), (0.95, 0.01)), "i": ((0.5, 0.2), (0.7, 0.1))},
        sample="def <b>f(x):\n    return x\n", in_browser=packed(), film=film(cells[:2]),
        worded=worded())


def formula_claim(
    unit: str, text: str, value: float = 0.6, grade: Grade = Grade.VERIFIED
) -> FormulaClaim:
    """Return a formula of a unit with plausible numbers."""
    return FormulaClaim(
        unit=UnitId.parse(unit), text=text, base_rate=0.2, r_within=value, single="in_string",
        single_r_within=value / 2, share_h=0.6,
        held_out=HeldOut(Estimate(value, value - 0.1, value + 0.1),
                         Estimate(value - 0.02, value - 0.1, value + 0.1)),
        beyond=Estimate(value / 2, value / 2 - 0.05, value / 2 + 0.05), p_family=0.001,
        effect=None, explained=Explained(0.4, 0.1, 0.33, 0.52, 0.05), grade=grade)


def worded() -> Worded:
    """Return three units in words, one under a condition, and where the terms hold."""
    atoms = {"in_string": in_string, "in_comment": LABELLERS["in_comment"],
             "bracket_depth>=2": lambda text: [float(d >= 2) for d in depth(text)],
             'word=="<b>"': lambda text: [0.0] * len(text)}
    marked = tuple(Marked(f"html/part{n}.py", 1, {a: runs(of(text)) for a, of in atoms.items()})
                   for n, text in enumerate((PROGRAM, PROGRAM[::-1])))
    further = FurtherFormula("in_comment", -0.4, Estimate(-0.4, -0.5, -0.3),
                             Estimate(-0.3, -0.4, -0.2), 0.11)
    first = formula_claim("c0.17", "(in_comment | in_string) & ~bracket_depth>=2", 0.7)
    formulas = (replace(first, several=SeveralFormulas(0.9, (further,), 0.44)),
                formula_claim("c0.203", 'bracket_depth>=2 & ~word=="<b>"', -0.5),
                formula_claim("h0.5", "in_comment", 0.2, Grade.NOT_SUPPORTED))
    given = ConditionClaim(UnitId.parse("c0.88"), "next_is_newline", 'character==")"', 0.02, 0.24,
                           Estimate(0.5, 0.4, 0.6), 0.85, 0.64, 0.3, 0.001, None, Grade.VERIFIED)
    counted = Counted((120.0, 80.0), (160.0, 90.0), (200.0, 150.0), (60.0, 20.0), (95.0, 40.0),
                      12.0)
    untrained = Counted((180.0, 90.0), (190.0, 99.5), (250.0, 200.0), (0.0, 0.0), (0.0, 0.0), 0.5)
    units = tuple(map(UnitId.parse, ("c0.17", "c0.203", "h0.5")))
    spread = (Spread("in_string", units, (1, 2), (0.3, 0.52), 0.6, 0.2),
              Spread("bracket_depth", units, (1, 2), (0.55, 0.57), 0.58, -0.1),
              Spread("line_position", units, (1, 2), (0.05, None), 0.4, 0.45),
              Spread("(in_comment | in_string) & ~bracket_depth>=2", units, (1, 2), (0.4, 0.45),
                     0.5, None))
    coverage = Coverage(256, (0.3, 0.4), (0.2, 0.3), counted, untrained, 2)
    return Worded(formulas, coverage, (given,), 64_000, marked, spread)


def film(cells: Sequence[CellCard]) -> Film:
    """Return three moments: nothing, half, all of it."""
    return Film((80_000, 1_500_000, 90_000_000), (3.1, 2.04, None), 98_000,
                tuple(map(filmed, cells)))


def filmed(card: CellCard) -> FilmedCell:
    """Return a cell that comes to follow its feature."""
    one, end = card.excerpts[0], card.claim.held_out.r_within.value or 0.0
    return FilmedCell(
        card.claim.unit, card.claim.feature, (None, 0.6 * end, end), (-0.02, 0.55 * end, end),
        (UnitId("h", 0, 1), card.claim.unit, card.claim.unit), (0.21, 0.55 * abs(end), abs(end)),
        one.document, one.line, one.text, one.labels,
        tuple(tuple(round(k * v, 3) for v in one.values) for k in (0.0, 0.5, 1.0)))


def packed() -> InBrowser:
    """Return weights that were drawn by chance, of the sizes that the exhibit has."""
    rows, inputs, hidden = 99, 64, 256
    size = rows * inputs + 4 * hidden * (inputs + hidden + 2) + rows * (hidden + 1)
    weights = np.random.default_rng(1).normal(0, 0.1, size).astype("<f2")
    characters = "\t\n" + "".join(map(chr, range(32, 127))) + "…"
    return InBrowser(characters, weights.tobytes())


UNITS = tuple(UnitId(signal, 0, n) for signal in "hc" for n in (2, 5, 17, 30, 88, 91, 203))


def table() -> UnitTable:
    """Return a table of a few units with all features."""
    r = tuple(tuple(70 * u - 90 * k for k in range(len(FEATURES))) for u in range(len(UNITS)))
    within = tuple(tuple(None if k == 5 else v // 4 for k, v in enumerate(row)) for row in r)
    return UnitTable(UNITS, tuple(f.id for f in FEATURES), r, within)


def exhibits() -> tuple[ExhibitCard, ...]:
    """Return two exhibits."""
    return exhibit(), exhibit("shakespeare", "A GRU that read <plays>")
