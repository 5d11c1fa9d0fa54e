"""For each control a network and a text in which it alone decides the grade.

Every test states the grade; take the control out of the evidence, and it is another.
"""

import re
import string
from dataclasses import replace

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from builder.core.cards import Grade  # noqa: E402
from builder.core.units import UnitId  # noqa: E402
from builder.corpora.contract import TextFile  # noqa: E402
from builder.corpora.documents import make_corpus  # noqa: E402
from builder.corpora.settings import CorpusSettings  # noqa: E402
from builder.evidence.measure import measure  # noqa: E402
from builder.models.network import CharNetwork, initialise  # noqa: E402
from builder.models.spec import ModelSpec  # noqa: E402
from builder.tokens.characters import Vocabulary  # noqa: E402
from tests.truth.planted import (  # noqa: E402
    BRACKET,
    OPEN,
    SHUT,
    Weights,
    embed,
    planted,
)
from tests.truth.runs import HOLDS, MINIMUM_R, subject_of, texts_of  # noqa: E402
from tests.truth.text import HALVES, small_corpus  # noqa: E402

pytestmark = pytest.mark.torch
COUNTER, LINE = 1, 2
INPUT, FORGET, CANDIDATE, OUTPUT = range(4)


def claims(network, corpus):
    """Return the claims by cell index and feature, those on the cell state where there are two."""
    found = measure(subject_of(network, corpus), MINIMUM_R)
    ordered = sorted(found.claims, key=lambda c: c.unit.signal != "c", reverse=True)
    return {(c.unit.index, c.feature): c for c in ordered}


def changed(network, change):
    with torch.no_grad():
        change(network, Weights(network))
    return network


def lstm(corpus, change=lambda network, weights: None):
    return changed(planted("lstm", texts_of(corpus)).network, change)


def corpus_of(texts):
    return make_corpus([TextFile(f"text-{i:03d}", text.encode()) for i, text in enumerate(texts)],
                       CorpusSettings(), HALVES)


def test_text_on_which_nothing_was_found_decides():
    """The unit counts round brackets; in the held-out half there are none, only square ones."""
    whole = small_corpus()
    corpus = replace(whole, documents=tuple(
        replace(d, text=d.text.translate(str.maketrans("()", "[]"))
                if d.pieces[0].split == "held_out" else
                d.text.translate(str.maketrans("[]{}", "()()"))) for d in whole.documents))

    def round_ones_alone(network, weights):
        characters = network.spec.vocabulary.characters
        for bracket in "[]{}":
            network.embedding.weight[characters.index(bracket) + 1, BRACKET] = 0.0

    claim = claims(lstm(whole, round_ones_alone), corpus)[COUNTER, "bracket_depth"]
    assert claim.r > 0.9 and claim.r_within > 0.9
    assert claim.grade is Grade.NOT_SUPPORTED


def test_the_last_two_characters_decide():
    """A unit that knows the last character is high in indentation, and no more than that."""
    corpus = small_corpus()
    lines = corpus_of([re.sub(r"\n", "\n        ", t) for t in texts_of(corpus)])

    def at_blanks(network, weights):
        blank = network.spec.vocabulary.characters.index(" ") + 1
        network.embedding.weight[:, 5] = 0.0
        network.embedding.weight[blank, 5] = 1.0
        weights.set(FORGET, 5, SHUT)
        weights.set(CANDIDATE, 5, -1.0, {5: 2.0})

    subject = subject_of(lstm(lines, at_blanks), lines)
    found = measure(subject, MINIMUM_R)
    column = found.scores.features.index("word_position")
    raw, within = (float(x[found.scores.units.index(UnitId("c", 0, 5)), column])
                   for x in (found.scores.r, found.scores.r_within))
    assert abs(raw) > MINIMUM_R and not abs(within) > 0.05
    assert not [c for c in found.claims if c.unit.index == 5 and c.grade in HOLDS]


def up_and_down(random, words):
    """Brackets are opened by and by, up to a quote in the middle, and then closed by and by."""
    parts = []
    for bracket in "()":
        size = len("".join(parts)) + 800
        while len("".join(parts)) < size:
            parts.append(str(random.choice(words)) + (bracket if random.random() < 0.15 else " "))
            parts.append("\n" if random.random() < 0.1 else "")
        parts.append('\n"bed"\n"\n')
    return "".join(parts)


def test_labels_of_other_texts_decide():
    """The unit is a clock that turns back at the same place as brackets begin to be closed."""
    random = np.random.default_rng(0)
    words = re.findall(r"[c-n]{2,}", texts_of(small_corpus())[0])
    corpus = corpus_of([up_and_down(random, words) for _ in range(90)])

    def clock(network, weights):
        weights.set(CANDIDATE, COUNTER, 0.001, h={0: -0.002 / np.tanh(np.tanh(3.0))})

    claim = claims(lstm(corpus, clock), corpus)[COUNTER, "bracket_depth"]
    assert claim.held_out.r_within.low > max(MINIMUM_R, claim.untrained_floor)
    assert claim.p_family >= 0.05
    assert claim.grade is Grade.SUGGESTIVE


def test_networks_that_learned_nothing_decide():
    """A leaky sum goes with the place in the line, as leaky sums of untrained networks do."""
    corpus = small_corpus(seed=7)
    made = planted("lstm", texts_of(corpus), 3)

    def no_counter(network, weights):
        weights.set(FORGET, LINE, SHUT)

    found = claims(changed(made.network, no_counter), corpus)
    alone = [c for (unit, _), c in found.items() if unit in made.leaky and c.p_family is not None
             and c.p_family < 0.05 and abs(c.held_out.r.value) >= MINIMUM_R
             and abs(c.held_out.r_within.value or 0) >= MINIMUM_R and c.share_h >= 0.1
             and c.share_f >= 0.05]
    beaten = [c for c in alone if min(abs(c.held_out.r_within.low), abs(c.held_out.r_within.high))
              <= c.untrained_floor]
    assert beaten and all(c.grade is Grade.SUGGESTIVE for c in beaten)


def test_the_cost_of_taking_it_away_decides():
    """Two networks, the same but for the decoder: one reads the counter, one does not.

    Without it all characters are as likely, so a decoder that makes closing brackets rarer where
    the counter is high guesses better just there.
    """
    corpus = small_corpus()

    def read(strength):
        def change(network, weights):
            weight, bias = network.decoder.weight, network.decoder.bias
            weight.zero_()
            bias.zero_()
            for i, c in enumerate(network.spec.vocabulary.characters, 1):
                weight[i, COUNTER] = -strength * float(c in ")]}")
        return change

    used = claims(lstm(corpus, read(1.0)), corpus)[COUNTER, "bracket_depth"]
    unused = claims(lstm(corpus, read(0.0)), corpus)[COUNTER, "bracket_depth"]
    assert used.grade is Grade.CAUSAL and used.effect.nats.low > 0
    assert unused.grade is Grade.VERIFIED and unused.effect.nats.value == pytest.approx(0, abs=1e-6)


@pytest.fixture(scope="module")
def wide():
    """Brackets among so many kinds of characters that no unit goes with them by chance."""
    random = np.random.default_rng(2)
    letters = list(string.ascii_letters + string.digits)
    return corpus_of([
        "".join(random.choice(letters) if c.isalpha() else c for c in text.replace('"', ""))
        for text in texts_of(small_corpus())])


def counter_alone(corpus, closing):
    """Return a network that was just initialised, with one unit that counts brackets.

    Args:
        corpus: Whose characters.
        closing: What a closing bracket counts; an opening one counts 1.
    """
    spec = ModelSpec("lstm", 24, 24, 1, Vocabulary.of_texts(texts_of(corpus)))
    network = CharNetwork(spec)
    initialise(network, 0)

    def count(network, weights):
        embed(network, spec.vocabulary)
        for gate in (INPUT, FORGET, OUTPUT):
            weights.set(gate, COUNTER, OPEN)
        weights.set(CANDIDATE, COUNTER, 0.0, {BRACKET: 0.15})
        brackets = network.embedding.weight[:, BRACKET]
        brackets[brackets < 0] = closing

    return changed(network.eval(), count)


def test_the_step_back_decides(wide):
    """One unit goes up where something opens and down where it closes; one goes up at both."""
    counts, rises = (claims(counter_alone(wide, closing), wide)[COUNTER, "opens"]
                     for closing in (-1.0, 0.1))
    for claim in (counts, rises):
        assert claim.held_out.r.low > max(MINIMUM_R, claim.untrained_floor)
    assert counts.counter.opposite and counts.grade is Grade.VERIFIED
    assert not rises.counter.opposite and rises.grade is Grade.SUGGESTIVE


@pytest.fixture(scope="module")
def ends():
    """Lines that end three letters after a bracket, and brackets nowhere else."""
    random = np.random.default_rng(1)
    words = [w for t in texts_of(small_corpus())[:5] for w in re.findall(r"[c-n]{3,}", t)]

    def line():
        some = " ".join(random.choice(words, random.integers(1, 12)))
        return some + " (" + "".join(random.choice(list("cdfghj"), 3)) + "\n"

    return corpus_of(["".join(line() for _ in range(40)) for _ in range(90)])


def with_a_delay(weight_of_newline):
    """Let unit 3 see a bracket, 4, 5 and 6 each what the one before saw a character ago."""
    def change(network, weights):
        for gate in range(4):
            for unit in range(3):
                weights.set(gate, unit)
        weights.set(CANDIDATE, 3, -1.0, {BRACKET: 4.0})
        for unit in (4, 5, 6):
            weights.set(CANDIDATE, unit, -0.5, h={unit - 1: 4.0})
        decoder = network.decoder
        decoder.weight.zero_()
        newline = network.spec.vocabulary.characters.index("\n") + 1
        decoder.weight[newline, 6] = weight_of_newline
        decoder.bias[newline] = weight_of_newline * 0.7 - 2.0 if weight_of_newline > 0 else 0.0
    return change


@pytest.mark.parametrize(("weight", "grades"), [
    (6.0, HOLDS), (-6.0, (Grade.SUGGESTIVE,)), (0.0, (Grade.SUGGESTIVE,))])
def test_output_weight_and_what_the_model_guesses_decide(ends, weight, grades):
    """The unit tells the end of the line in all; only one model uses it to guess the end."""
    claim = claims(lstm(ends, with_a_delay(weight)), ends)[6, "next_is_newline"]
    assert claim.held_out.r_within.low > max(0.9, claim.untrained_floor) and claim.p_family < 0.05
    assert claim.grade in grades


@pytest.mark.parametrize(("documents", "grade"), [(90, Grade.VERIFIED), (40, Grade.SUGGESTIVE)])
def test_the_number_of_documents_decides(documents, grade):
    whole = small_corpus()
    corpus = replace(whole, documents=whole.documents[:documents])

    def unread(network, weights):
        network.decoder.weight[:, COUNTER] = 0.0

    claim = claims(lstm(whole, unread), corpus)[COUNTER, "bracket_depth"]
    assert claim.grade is grade
