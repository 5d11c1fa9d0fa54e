"""Candidates, grades, choice and excerpts; no torch here."""

from dataclasses import dataclass

import numpy as np
import pytest

from builder.cards.excerpts import Trace, choose_excerpts
from builder.core.cards import Claim, Grade
from builder.core.evidence import Counter, Effect, Numbers, Result, Results, Step
from builder.core.labels import Tag
from builder.core.scores import Estimate, HeldOut, Scores
from builder.core.text import Split
from builder.core.units import UnitId
from builder.evidence.candidates import candidates
from builder.evidence.choose import choose, near_synonyms, rank, topics
from builder.evidence.grade import Found, grade, worth_ablating
from tests.make_cards import results_of


def scores_of(r, within, share_f):
    r, within = np.array(r, float), np.array(within, float)
    units = tuple(UnitId("h", 0, i) for i in range(len(r)))
    features = tuple("abc"[: len(share_f)])
    return Scores(units, features, Split.DISCOVER, 10, 1.0, r, within, np.ones(len(r)),
                  np.array(share_f, float))


def claim_of(unit, feature, within, grade=Grade.SUGGESTIVE, held=None, r=0.5):
    held_out = HeldOut(Estimate(r), Estimate(within if held is None else held, 0.1, 0.9))
    parsed = UnitId.parse(unit)
    return Claim(parsed, feature, r, within, 0.5, 0.5, held_out, (), grade,
                 change_of="c" if parsed.signal == "dc" else "")


def test_units_are_named_and_read_back():
    assert UnitId.parse("c1.203") == UnitId("c", 1, 203)
    assert UnitId.parse("dh0.7").name == "dh0.7"
    for wrong in ("0.1", "h0", "h0.1 ", "H0.1"):
        with pytest.raises(ValueError, match="not a unit"):
            UnitId.parse(wrong)


def test_candidates_are_ranked_within_bigrams_and_character_features_by_raw_r():
    r = [[0.9, 0.9], [0.2, 0.1], [0.1, -0.95], [0.0, 0.0], [0.3, 0.2]]
    within = [[0.0, np.nan], [-0.8, np.nan], [0.2, np.nan], [0.0, np.nan], [0.1, np.nan]]
    pairs = {(p.unit.index, p.feature) for p in candidates(scores_of(r, within, [0.9, 0.0]))}
    assert {(1, "a"), (2, "a"), (4, "a"), (2, "b"), (0, "b"), (4, "b")} == pairs
    without = candidates(scores_of(r, within, [0.9, 0.0]), without={"b"})
    assert {(p.unit.index, p.feature) for p in without} == {(1, "a"), (2, "a"), (4, "a")}


GOOD = Found(0.5, 0.5, 0.5, 0.5)


@dataclass(frozen=True)
class Known(Results):
    """Results by short names."""

    numbers: dict

    @property
    def results(self):
        names = {"p": "shuffled_labels", "floor": "untrained", "weight": "output_weight",
                 "effect": "ablation"}
        return results_of(**{names.get(name, name): f for name, f in self.numbers.items()})

    def but(self, **changes):
        return Known(self.numbers | changes)


@dataclass(frozen=True)
class Plain(Results):
    results: tuple


def controls(p=None, floor=None, **others):
    return Known({"p": p, "floor": floor, **others})


PASSED = controls(0.001, 0.2)


def held(r=0.5, within=0.5, low=0.31, high=0.9):
    return HeldOut(Estimate(r, r - 0.05, r + 0.05), Estimate(within, low, high))


def test_a_claim_that_passes_everything_is_verified_whatever_its_sign():
    assert grade(Tag.STATE, GOOD, held(), PASSED, 0.3) is Grade.VERIFIED
    negative = Found(-0.5, -0.5, 0.5, 0.5)
    assert grade(Tag.COUNT, negative, held(-0.5, -0.5, -0.9, -0.3), PASSED, 0.3) is Grade.VERIFIED


@pytest.mark.parametrize(("tag", "known"), [
    (Tag.STATE, controls(None, None)), (Tag.STATE, controls(0.05, 0.2)),
    (Tag.STATE, controls(0.001, 0.31)), (Tag.STATE, controls(0.001, None)),
    (Tag.FUTURE, PASSED),
])
def test_each_control_alone_keeps_a_claim_from_being_verified(tag, known):
    assert grade(tag, GOOD, held(), known, 0.3) is Grade.SUGGESTIVE


def test_a_control_of_another_package_can_keep_a_claim_from_being_verified():
    for passes, expected in ((False, Grade.SUGGESTIVE), (True, Grade.VERIFIED),
                             (None, Grade.VERIFIED)):
        other = Result("length", Numbers((("mean", 0.1),)), passes)
        assert grade(Tag.STATE, GOOD, held(), Plain((*PASSED.results, other)), 0.3) is expected


def effect(nats=0.1, low=0.05, high=0.15, random=0.04):
    return Effect(Estimate(nats, low, high), random, 50)


def test_a_verified_claim_whose_unit_is_missed_just_there_is_causal():
    for cost, expected in (
            (effect(), Grade.CAUSAL), (effect(-0.1, -0.15, -0.05), Grade.VERIFIED),
            (effect(low=-0.01), Grade.VERIFIED), (effect(random=0.11), Grade.VERIFIED),
            (effect(random=None), Grade.VERIFIED), (None, Grade.VERIFIED)):
        assert grade(Tag.STATE, GOOD, held(), PASSED.but(effect=cost), 0.3) is expected
    unproven = PASSED.but(floor=0.4, effect=effect())
    assert grade(Tag.STATE, GOOD, held(), unproven, 0.3) is Grade.SUGGESTIVE


FUTURE = controls(0.001, 0.2, ceiling=0.9, weight=0.5, effect=effect(0.01, -0.1, 0.2))


def test_a_future_is_judged_against_the_models_own_guess():
    def graded(**changes):
        return grade(Tag.FUTURE, GOOD, held(), FUTURE.but(**changes), 0.6)

    assert graded() is Grade.VERIFIED
    assert graded(effect=effect()) is Grade.CAUSAL
    assert graded(weight=-0.5) is Grade.SUGGESTIVE
    assert graded(weight=None) is Grade.SUGGESTIVE
    assert graded(effect=effect(-0.01, -0.1, 0.1)) is Grade.SUGGESTIVE
    assert graded(effect=None) is Grade.SUGGESTIVE
    assert graded(floor=0.4) is Grade.SUGGESTIVE
    assert graded(p=0.2) is Grade.SUGGESTIVE
    assert graded(ceiling=1.7) is Grade.NOT_SUPPORTED
    assert graded(ceiling=None) is Grade.NOT_SUPPORTED


def counter(opposite=True):
    step = Step(Estimate(0.1), Estimate(0.0), 9)
    return Counter("dc", step, step, (), None, opposite)


def test_an_event_is_judged_by_the_change_at_it_and_at_what_undoes_it():
    def graded(found=GOOD, numbers=None, **changes):
        known = controls(floor=0.3, counter=counter())
        return grade(Tag.EVENT, found, numbers or held(), known.but(**changes), 0.3)

    assert graded() is Grade.VERIFIED
    assert graded(found=Found(0.5, None, None, 0.0)) is Grade.VERIFIED
    assert graded(counter=counter(False)) is Grade.SUGGESTIVE
    assert graded(counter=None) is Grade.SUGGESTIVE
    assert graded(floor=0.46) is Grade.SUGGESTIVE
    assert graded(numbers=held(0.29)) is Grade.NOT_SUPPORTED
    assert graded(numbers=held(-0.5)) is Grade.NOT_SUPPORTED
    told = Found(0.5, None, None, 0.0)
    assert graded(found=told, counter=None) is Grade.CHARACTER
    assert graded(found=told, counter=None, floor=0.46) is Grade.NOT_SUPPORTED


def test_the_strength_of_an_event_is_that_of_its_change():
    weak, strong = claim_of("dc0.1", "opens", 0.1, r=0.5), claim_of("dc0.2", "opens", 0.0, r=0.9)
    assert choose([weak, strong], {"opens": "opens"}, 1, 1) == [strong]


def test_only_what_could_be_better_is_ablated():
    def worth(tag, controls, found=GOOD):
        return worth_ablating(tag, found, held(), controls, 0.3)

    assert worth(Tag.STATE, PASSED) and worth(Tag.FUTURE, FUTURE.but(effect=None))
    assert not worth(Tag.STATE, controls(0.2, 0.2)) and not worth(Tag.EVENT, PASSED)
    assert not worth(Tag.FUTURE, PASSED) and not worth(Tag.FUTURE, FUTURE.but(weight=-1.0))
    assert not worth(Tag.STATE, PASSED, Found(0.5, 0.5, 0.5, 0.01))


@pytest.mark.parametrize(("numbers", "found"), [
    (held(0.29), GOOD), (held(0.5, 0.29), GOOD), (held(0.5, 0.5, -0.1), GOOD),
    (held(0.5, -0.5), GOOD), (held(-0.5, -0.5, -0.9, -0.3), GOOD),
    (held(0.5, None, None, None), GOOD), (held(), Found(0.5, 0.5, 0.09, 0.5)),
])
def test_each_number_alone_can_sink_a_claim(numbers, found):
    assert grade(Tag.STATE, found, numbers, PASSED, 0.3) is Grade.NOT_SUPPORTED


def test_claims_about_characters_are_judged_on_raw_r():
    found, numbers = Found(0.8, None, 0.5, 0.0), held(0.8, None, None, None)
    assert grade(Tag.STATE, found, numbers, controls(None, 0.5), 0.3) is Grade.CHARACTER
    assert grade(Tag.STATE, found, numbers, controls(None, None), 0.3) is Grade.CHARACTER
    assert grade(Tag.STATE, found, numbers, controls(None, 0.76), 0.3) is Grade.NOT_SUPPORTED
    turned = held(-0.8, None, None, None)
    assert grade(Tag.STATE, found, turned, controls(None, 0.5), 0.3) is Grade.NOT_SUPPORTED


def test_topics_gather_near_synonyms_under_the_first():
    near = near_synonyms(np.array([[1, 0.85, 0.1], [0.85, 1, -0.9], [0.1, -0.9, np.nan]]))
    assert topics(("a", "b", "c"), near) == {"a": "a", "b": "a", "c": "a"}
    apart = near_synonyms(np.array([[1, 0.79], [0.79, 1]]))
    assert topics(("a", "b"), apart) == {"a": "a", "b": "b"}


def test_choice_serves_every_topic_before_any_twice_and_no_cell_twice():
    topic = {"a": "a", "b": "b", "c": "a", "x": "x", "y": "y"}
    claims = [
        claim_of("c0.1", "a", 0.9), claim_of("h0.1", "b", 0.8), claim_of("h0.2", "c", 0.85),
        claim_of("h0.3", "b", 0.4), claim_of("h0.4", "b", 0.95, Grade.NOT_SUPPORTED),
        claim_of("h0.5", "x", None, Grade.CHARACTER, r=0.99),
        claim_of("h0.6", "y", None, Grade.CHARACTER, r=0.98),
    ]
    chosen = [(c.unit.name, c.feature) for c in choose(claims, topic, 9, 1)]
    assert chosen == [("c0.1", "a"), ("h0.2", "c"), ("h0.3", "b"), ("h0.5", "x")]
    three = {c.unit.name for c in choose(claims, topic, 3, 1)}
    assert three == {"h0.5", "c0.1", "h0.3"}


def test_choice_looks_at_discover_and_not_at_held_out():
    topic = {"a": "a"}
    claims = [claim_of("h0.1", "a", 0.5, held=0.9), claim_of("h0.2", "a", 0.6, held=0.4)]
    assert [c.unit.name for c in choose(claims, topic, 1, 0)] == ["h0.2"]


def test_rank_is_by_grade_then_strength_then_unit():
    claims = [claim_of("h0.10", "a", 0.5), claim_of("h0.9", "a", 0.5), claim_of("h0.1", "a", -0.9),
              claim_of("h0.2", "a", 0.99, Grade.NOT_SUPPORTED)]
    assert [c.unit.name for c in rank(reversed(claims))] == ["h0.1", "h0.9", "h0.10", "h0.2"]


def traces(count=12):
    random = np.random.default_rng(0)
    for i in range(count):
        lines = [f"line {n} of document {i} " + "x" * int(random.integers(5, 60)) + "\n"
                 for n in range(60)]
        text = "".join(lines)
        labels = (np.arange(len(text)) // 40 % 2).astype(np.float32)
        noise = random.normal(size=len(text)).astype(np.float32)
        values = np.tanh((labels - 0.5) * (1 - i / 8) + 0.2 * noise).astype(np.float32)
        scored = np.arange(len(text)) >= 200
        yield Trace(f"d{i}", 100 * i, 1, text, i % 6, scored, values, labels)


def test_excerpts_follow_their_rules():
    sample = list(traces())
    excerpts = choose_excerpts(sample, 1.0, "salt")
    assert [e.rule for e in excerpts] == [
        "strongest", "strongest", "upper", "typical", "lower", "weakest", "random", "fails"]
    by_rule = {e.rule: e.contribution for e in reversed(excerpts)}
    falling = [by_rule[r] for r in ("strongest", "upper", "typical", "lower", "fails")]
    assert falling == sorted(falling, reverse=True) and by_rule["fails"] < 0
    assert abs(by_rule["weakest"]) < min(by_rule["upper"], -by_rule["fails"])
    groups = [int(e.document[1:]) % 6 for e in excerpts]
    assert len(set(groups)) == 6
    assert len({e.document for e in excerpts}) == len(excerpts)
    for e in excerpts:
        trace = sample[int(e.document[1:])]
        start = trace.text.index(e.text)
        assert e.start == trace.offset + start
        assert start == 200 or (start > 200 and trace.text[start - 1] == "\n")
        assert e.line == trace.text.count("\n", 0, start) + 1
        assert len(e.values) == len(e.labels) == len(e.text)
        assert e.values == tuple(round(float(v), 3) for v in trace.values[start:][: len(e.text)])
    assert excerpts == choose_excerpts(sample, 1.0, "salt")


def test_the_mean_contribution_of_all_windows_is_r():
    sample = [t for t in traces(3)]
    values = np.concatenate([t.values[t.scored] for t in sample])
    labels = np.concatenate([t.labels[t.scored] for t in sample])
    r = np.corrcoef(values, labels)[0, 1]
    from builder.cards.excerpts import _windows

    found = list(_windows(sample, 1.0))
    sizes = [w.stop - w.start for w in found]
    mean = np.average([w.contribution for w in found], weights=sizes)
    assert mean == pytest.approx(r, abs=0.05)


def test_one_long_line_and_little_text_still_give_an_excerpt():
    text = "x" * 4_000
    labels = np.zeros(4_000, np.float32)
    trace = Trace("d", 0, 1, text, 0, np.arange(4_000) >= 200, labels + 0.5, labels)
    excerpts = choose_excerpts([trace], 1.0, "s")
    assert excerpts and all(len(e.text) <= 1_500 for e in excerpts)
