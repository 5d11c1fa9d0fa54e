"""`gallery inspect --words` and `builder.inspect(words=True)`: units of any source, in words."""

import json
from dataclasses import replace
from functools import partial
from pathlib import Path
from unittest.mock import patch

import pytest

pytest.importorskip("torch")

import builder
from builder.activations.networks import NetworkSource
from builder.activations.subject import Subject
from builder.cli import main
from builder.core.formulas import parsed
from builder.core.grades import Grade
from builder.evidence import inspection
from builder.evidence.formulas import reservoirs
from builder.evidence.inspection import inspect
from builder.features import features_for
from tests.cli.conftest import program
from tests.cli.test_inspect_live import TEXTS, Planted
from tests.sources_of_states import planted_states, starts_of
from tests.truth.planted import planted
from tests.truth.runs import texts_of
from tests.truth.text import small_corpus

pytestmark = pytest.mark.torch
SMALL = [program(seed, 700) for seed in range(64)]
WHOLE = "".join(SMALL)
FORMULA = {"unit", "text", "terms", "tree", "base_rate", "r_within_bigram", "share_h", "held_out",
           "single", "single_text", "floor", "p_family", "ablation_nats", "ablation", "explained",
           "several", "grade"}
HOLD = {"causal", "verified"}


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """A folder with stored states of a network, and of three that learned nothing."""
    folder = tmp_path_factory.mktemp("states")
    for name, seed in (("states", 1), ("untrained-2", 2), ("untrained-3", 3), ("untrained-4", 4)):
        builder.save_states(folder / f"{name}.npz",
                            planted_states(SMALL, seed, learned=name == "states"), text=WHOLE,
                            documents=starts_of(SMALL))
    return folder


def inspected(files, untrained, *more):
    """Run the command in the current folder; return what it wrote."""
    others = [str(path) for path in sorted(files.glob("untrained-*"))[:untrained]]
    compared = ["--untrained-states", *others] if others else []
    assert main(["inspect", "--states", str(files / "states.npz"), *compared, "--language",
                 "python", "--json", "out.json", "--workers", "1", "--words", *more]) == 0
    return json.loads(Path("out.json").read_text("utf-8"), parse_constant=pytest.fail)


def best(found):
    """Return the formula of each cell that has the largest |r'|."""
    return {claim["unit"]: claim for claim in reversed(found["formulas"])}


def test_without_untrained_networks_nothing_is_beyond_a_reservoir(here, files, capsys):
    found = inspected(files, 0)
    assert best(found)["h0.0"]["text"] == "in_string"
    for claim in found["formulas"]:
        assert claim.keys() == FORMULA and claim["grade"] not in HOLD
        assert claim["held_out"]["r_beyond_reservoir"] is None
        assert claim["explained"]["reservoir"] is None and claim["ablation"] is None
        assert parsed(claim["text"]).as_json() == claim["tree"]
        assert len(claim["terms"]) == len(parsed(claim["text"]).atoms)
    assert found["coverage"]["untrained"] is None
    assert found["coverage"]["formulas_beyond_reservoir"] is None
    assert found["coverage"]["units"] == 10 and found["coverage"]["formulas"][0] >= 2
    assert {claim["untrained_floor"] for claim in found["conditions"]} <= {None}
    assert {claim["held_out"]["r_beyond_reservoir"] for claim in found["claims"]} == {None}
    said = capsys.readouterr().out
    assert "in_parens" in said and "how many of 10 units" in said and "untrained" not in \
        said.partition("how many")[2].partition("among the steps")[0]


@pytest.mark.parametrize("untrained", [1, 2, 3])
def test_with_few_untrained_networks_no_formula_is_verified(here, files, capsys, untrained):
    found = inspected(files, untrained)
    assert not [claim for claim in found["formulas"] if claim["grade"] in HOLD]
    is_known = untrained > 1
    claim = best(found)["h0.0"]
    assert (claim["held_out"]["r_beyond_reservoir"] is not None) == is_known
    beside = found["coverage"]["untrained"]
    assert beside["networks"] == 1 and beside["formulas"] == [0, 0, 0, 0]
    # of two, both are taken away, so neither can be judged beyond them
    assert (beside["formulas_beyond_reservoir"] is not None) == (untrained > 2)
    assert f"{untrained} untrained network" in capsys.readouterr().err


def test_with_enough_untrained_networks_formulas_are_verified(here, files, capsys):
    with patch.object(reservoirs, "SIGNALS", 20):
        claims = best(inspected(files, 3))
    assert claims["h0.1"]["grade"] == "verified" and claims["h0.1"]["text"] == "in_parens"
    assert claims["h0.1"]["held_out"]["r_beyond_reservoir"] > 0.5
    assert claims["h0.1"]["p_family"] < 0.05
    assert claims["h0.1"]["floor"] is None
    assert not {f"h0.{unit}" for unit in range(3, 10)} & {
        claim["unit"] for claim in claims.values() if claim["grade"] in HOLD}
    assert "no formula is better" not in capsys.readouterr().err


def test_without_controls_neither_of_the_two_is_there(here, files):
    found = inspected(files, 3, "--controls", "none")
    assert found["coverage"]["untrained"] is None
    for claim in found["formulas"]:
        assert claim["p_family"] is None and claim["held_out"]["r_beyond_reservoir"] is None
        assert claim["grade"] not in HOLD


def test_where_it_is_not_asked_for_nothing_is_there(here, files):
    assert main(["inspect", "--states", str(files / "states.npz"), "--language", "python",
                 "--json", "out.json", "--workers", "1"]) == 0
    found = json.loads(Path("out.json").read_text("utf-8"))
    assert [found[key] for key in ("formulas", "coverage", "conditions", "spread")] == [None] * 4


def test_a_second_run_goes_on_from_what_was_kept(here, files):
    first = inspected(files, 2, "--keep", "kept")
    assert inspected(files, 2, "--keep", "kept") == first == inspected(files, 2)


def test_a_network_in_memory_is_put_into_words_as_far_as_it_can(here):
    text = {name: text[:700] for name, text in TEXTS.items()}
    with patch.object(reservoirs, "SIGNALS", 20):
        found = builder.inspect(
            Planted(1), text, language="python", words=True,
            untrained=[Planted(seed, learned=False) for seed in (2, 3, 4)])
    claim = best(found.json)["h0.1"]
    assert claim["text"] == "in_parens" and claim["grade"] == "verified"
    # it is held, and nothing that is predicted hangs on it
    assert claim["ablation"]["nats"] == claim["ablation_nats"] == 0
    assert "in_parens" in repr(found) and "how many of 10 units" in found._repr_html_()


@pytest.fixture(scope="module")
def subject():
    corpus = small_corpus(documents=60, characters=500)
    network = planted("lstm", texts_of(corpus)).network
    return Subject(NetworkSource(network), corpus, "python",
                   features_for("python", ("in_string", "bracket_depth", "next_is_newline")))


def fitting(monkeypatch, warning=None):
    """Let a model fit every text, or none; what was planted predicts nothing."""
    before = inspection.fit_of
    monkeypatch.setattr(inspection, "fit_of",
                        lambda subject: replace(before(subject), warning=warning))


def test_a_network_of_ours_needs_nothing_given(subject, monkeypatch):
    fitting(monkeypatch)
    found = inspect(subject, words=True)
    record = found.record
    assert best(record)["h0.0"]["grade"] in HOLD
    assert record["coverage"]["untrained"]["networks"] == 2
    assert len(record["coverage"]["untrained"]["formulas_beyond_reservoir"]) == 3
    # a formula of one feature is a claim about that feature, and r″ of both is the same number
    same = {(c["unit"], c["text"]): c["held_out"] for c in record["formulas"]}
    both = [(c["held_out"], same[c["unit"], c["feature"]]) for c in record["claims"]
            if (c["unit"], c["feature"]) in same]
    assert len(both) > 1
    for one, other in both:
        assert one["r_beyond_reservoir"] == pytest.approx(other["r_beyond_reservoir"], abs=1e-4)
        assert one["ci_beyond_reservoir"] == pytest.approx(other["ci_beyond_reservoir"], abs=1e-4)
    of_changes = [c for c in record["claims"] if c["unit"].startswith("d")]
    assert {c["held_out"]["r_beyond_reservoir"] for c in of_changes} <= {None}
    assert not [limit for limit in found.limits if "formula" in limit]


def test_where_the_model_does_not_fit_no_formula_is_verified(subject, monkeypatch):
    fitting(monkeypatch, "why")
    without = partial(inspection.measure, controls=False)
    monkeypatch.setattr(inspection, "measure", lambda *given, controls, **more: without(
        *given, **more))
    found = inspect(subject, words=True).worded
    assert found.formulas and not {c.grade for c in found.formulas} & {Grade.CAUSAL, Grade.VERIFIED}
    assert not {c.grade for c in found.conditions} & {Grade.CAUSAL, Grade.VERIFIED}
