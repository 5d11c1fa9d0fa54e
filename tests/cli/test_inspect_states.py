"""`gallery inspect --states`: claims about activations of any model, graded by what is there."""

import json
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("torch")

from builder import save_states
from builder.cli import main
from tests.cli.conftest import program
from tests.sources_of_states import NOISE, PLANTED, planted_states, starts_of, words_of

pytestmark = pytest.mark.torch
TEXTS = [program(seed) for seed in range(64)]
WHOLE = "".join(TEXTS)
STARTS = starts_of(TEXTS)
LEARNED = planted_states(TEXTS, 1)
SUPPORTED = {"suggestive", "verified", "causal", "character"}


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """A folder with files of states: of characters, words, and of untrained networks."""
    folder = tmp_path_factory.mktemp("states")
    save_states(folder / "states.npz", LEARNED, text=WHOLE, documents=STARTS)
    for seed in range(2, 5):
        save_states(folder / f"untrained-{seed}.npz", planted_states(TEXTS, seed, learned=False),
                    text=WHOLE, documents=STARTS)
    words, states, starts = words_of(TEXTS, LEARNED)
    save_states(folder / "words.npz", states, tokens=words, documents=starts)
    (folder / "text.py").write_text(WHOLE)
    return folder


def inspected(here, *arguments):
    assert main(["inspect", *map(str, arguments), "--language", "python", "--json", "out.json",
                 "--workers", "1"]) == 0
    return json.loads((here / "out.json").read_text("utf-8"), parse_constant=pytest.fail)


def leader(found, feature):
    """Return the unit of the claim with the largest |r'| about a feature."""
    claims = [c for c in found["claims"] if c["feature"] == feature]
    best = max(claims, key=lambda c: abs(c["held_out"]["r_within_bigram"] or 0))
    return best["unit"]


def grades(found, of=lambda claim: True):
    return {claim["grade"] for claim in found["claims"] if of(claim)}


def of_noise(claim):
    return int(claim["unit"].partition(".")[2]) in NOISE


@pytest.fixture(scope="module")
def alone(files, tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(here := tmp_path_factory.mktemp("here"))
        return inspected(here, "--states", files / "states.npz", "--text", files / "text.py")


@pytest.fixture(scope="module")
def compared(files, tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(here := tmp_path_factory.mktemp("here"))
        return inspected(here, "--states", files / "states.npz", "--untrained-states",
                         *sorted(files.glob("untrained-*.npz")))


def test_planted_units_lead_their_features(alone):
    assert {leader(alone, feature) for feature in PLANTED.values()} == {
        f"h0.{unit}" for unit in PLANTED}
    assert alone["units"] == 10 and len(WHOLE) * 0.2 < alone["characters"] < len(WHOLE)
    assert grades(alone, of_noise) == {"not_supported"}


def test_without_untrained_networks_nothing_is_more_than_suggestive(alone):
    assert grades(alone) == {"suggestive", "not_supported"}
    assert all(claim["untrained_floor"] is None for claim in alone["claims"])
    assert alone["controls"] == {}


def test_what_needs_the_network_is_not_measured(alone, compared):
    for found in (alone, compared):
        assert found["fit"] is None
        for claim in found["claims"]:
            assert claim["ablation_nats"] is claim["ablation"] is claim["ceiling"] is None
        assert any(claim["p_family"] is not None for claim in found["claims"])
        assert any(claim["localisation"] is not None for claim in found["claims"])


def test_with_untrained_networks_claims_are_verified(compared):
    verified = {(c["unit"], c["feature"]) for c in compared["claims"] if c["grade"] == "verified"}
    assert {(f"h0.{unit}", feature) for unit, feature in PLANTED.items()} <= verified
    assert "causal" not in grades(compared)
    assert grades(compared, of_noise) == {"not_supported"}
    assert all(0 < claim["untrained_floor"] < 1 for claim in compared["claims"])


def test_changes_are_taken_from_the_values(compared):
    changes = [claim for claim in compared["claims"] if claim["unit"].startswith("dh0.")]
    assert {claim["feature"] for claim in changes} >= {"opens", "closes"}
    (depth,) = (c for c in compared["claims"]
                if (c["unit"], c["feature"]) == ("h0.1", "round_depth"))
    assert depth["counter"]["signal"] == "dh" and depth["counter"]["opposite"]


def test_a_single_untrained_network_gives_a_floor(files, here):
    found = inspected(here, "--states", files / "states.npz", "--untrained-states",
                      files / "untrained-2.npz")
    assert "verified" in grades(found)


def test_steps_that_are_words(files, here):
    found = inspected(here, "--states", files / "words.npz", "--controls", "none")
    for unit, feature in PLANTED.items():
        assert leader(found, feature) == f"h0.{unit}"


def test_steps_that_cover_nothing(here):
    """A mark at the start of every document, pieces of one character, and an empty document."""
    words, states, starts = words_of(TEXTS, LEARNED)
    tokens, rows, marked = list[str](), list[int](), list[int]()
    for start, stop in zip(starts, [*starts[1:], len(words)], strict=True):
        marked.append(len(tokens))
        for at in range(start, stop):
            tokens += ["", words[at]] if at == start or at % 50 == 0 else [words[at]]
            rows += [at, at] if at == start or at % 50 == 0 else [at]
    save_states(here / "marked.npz", np.vstack([states[rows], states[:1]]), tokens=[*tokens, ""],
                documents=[*marked, len(tokens)])
    found = inspected(here, "--states", "marked.npz", "--controls", "none")
    for unit, feature in PLANTED.items():
        assert leader(found, feature) == f"h0.{unit}"


def test_steps_that_the_model_does_not_know(here):
    words, states, starts = words_of(TEXTS, LEARNED)
    save_states(here / "s.npz", states, tokens=words, documents=starts,
                log_probs=np.full(len(words), -1.0), vocabulary=sorted(set(words) - {"total"}))
    fit = inspected(here, "--states", "s.npz", "--controls", "none")["fit"]
    assert fit["unknown_share"] == pytest.approx(words.count("total") / len(words))


def test_names_of_units_stand_in_the_claims(here):
    names = [f"layer3.mlp.{unit}" for unit in range(10)]
    save_states(here / "s.npz", LEARNED, text=WHOLE, documents=STARTS, names=names)
    found = inspected(here, "--states", "s.npz", "--controls", "none")
    assert all(c["name"] == names[int(c["unit"].split(".")[1])] for c in found["claims"])


def test_the_text_may_be_told_apart_from_the_file(files, here, alone):
    np.savez(here / "bare.npz", states=LEARNED, documents=STARTS)
    found = inspected(here, "--states", "bare.npz", "--text", files / "text.py")
    assert found == alone


@pytest.mark.parametrize("ends", ["\r\n", "\n"])
def test_files_are_documents_in_the_order_in_which_they_are_given(here, ends):
    texts = {f"{i * 7 % 64:02}.py": text for i, text in enumerate(TEXTS)}
    for name, text in texts.items():
        (here / name).write_bytes(text.replace("\n", "\r\n").encode())
    np.savez(here / "s.npz", states=planted_states(
        [text.replace("\n", ends) for text in texts.values()], 1))
    found = inspected(here, "--states", "s.npz", "--text", *texts, "--controls", "none")
    assert leader(found, "line_position") == "h0.2" and leader(found, "in_string") == "h0.0"


def test_one_long_document_and_two_signals_of_half_precision(here):
    half = LEARNED.astype(np.float16)
    save_states(here / "two.npz", {"c0": half[:, :6], "resid1": half[:, [1, 2, 7]]}, text=WHOLE)
    found = inspected(here, "--states", "two.npz")
    assert found["units"] == 9 and found["interval_over"] == "piece"
    assert leader(found, "in_string") == "c0.0"
    assert leader(found, "line_position") in ("c0.2", "resid1.1")
    changes = {c["unit"].partition(".")[0] for c in found["claims"]} - {"c0", "resid1"}
    assert changes <= {"dc0", "dresid1"} and changes


def test_changes_can_be_scored_as_well(here):
    save_states(here / "s.npz", LEARNED, text=WHOLE, documents=STARTS)
    found = inspected(here, "--states", "s.npz", "--signals", "dh", "--controls", "none")
    assert found["units"] == 20
    assert main(["inspect", "--states", "s.npz", "--signals", "dg", "--language", "python",
                 "--json", "x.json"]) == 2


def test_chances_give_the_fit(here, capsys):
    _, codes, counts = np.unique(list(WHOLE), return_inverse=True, return_counts=True)
    unigram = np.log(counts / counts.sum())[codes]
    good = unigram / 2
    for chances, fits in ((good, True), (unigram * 1.5, False)):
        save_states(here / "s.npz", LEARNED, text=WHOLE, documents=STARTS, log_probs=chances)
        fit = inspected(here, "--states", "s.npz", "--controls", "none")["fit"]
        assert fit["bits_per_character"] == pytest.approx(
            (0.5 if fits else 1.5) * fit["unigram_bits"], rel=0.01)
        assert fit["unknown_share"] is None and (fit["warning"] is None) == fits
        assert f"fit: {fit['bits_per_character']:.2f} bits" in capsys.readouterr().out
    save_states(here / "s.npz", LEARNED, text=WHOLE, documents=STARTS, log_probs=good,
                vocabulary=sorted(set(WHOLE) - {"e"}))
    fit = inspected(here, "--states", "s.npz", "--controls", "none")["fit"]
    assert fit["unknown_share"] == pytest.approx(WHOLE.count("e") / len(WHOLE))
    assert "unknown" in fit["warning"]


def test_workers_and_kept_work_change_nothing(files, here, alone):
    arguments = ("inspect", "--states", str(files / "states.npz"), "--language", "python",
                 "--json", "out.json", "--keep", "kept")
    for workers in ("2", "1"):
        assert main([*arguments, "--workers", workers]) == 0
        assert json.loads(Path("out.json").read_text("utf-8")) == alone


def test_a_text_that_is_another_is_said_with_its_first_place(files, complaint, here):
    (here / "other.py").write_text(WHOLE[:1_000] + "#" + WHOLE[1_001:])
    said = complaint("inspect", "--states", files / "states.npz", "--text", "other.py",
                     "--language", "python", "--json", "o.json")
    line = WHOLE.count("\n", 0, 1_000) + 1
    assert f"character 1,000 (from 0), line {line}: '#" in said


def test_tokens_that_are_not_the_text(complaint, here):
    words, states, _ = words_of(TEXTS, LEARNED)
    np.savez(here / "s.npz", states=states, tokens=np.array(words), text=np.array(" " + WHOLE))
    said = complaint("inspect", "--states", "s.npz", "--language", "python", "--json", "o.json")
    assert "its tokens, one after the other, are not its text" in said and "character 0" in said


def test_a_file_without_text(complaint, here, files):
    np.savez(here / "s.npz", states=LEARNED)
    run = ("--language", "python", "--json", "o.json")
    assert "give it with --text" in complaint("inspect", "--states", "s.npz", *run)
    (here / "short.py").write_text(WHOLE[1:])
    assert f"{len(WHOLE):,} steps, {len(WHOLE) - 1:,} characters" in complaint(
        "inspect", "--states", "s.npz", "--text", "short.py", *run)
    assert "no such file" in complaint(
        "inspect", "--states", "s.npz", "--text", "nowhere.py", *run)


def test_untrained_states_of_something_else(complaint, here, files):
    save_states(here / "fewer.npz", LEARNED[:, :3], text=WHOLE)
    save_states(here / "other.npz", LEARNED, text=WHOLE.replace("a", "b"))
    run = ("--language", "python", "--json", "o.json")
    states = ("inspect", "--states", files / "states.npz", "--untrained-states")
    assert "not the same signals, steps and units" in complaint(*states, "fewer.npz", *run)
    assert "its text are not those of" in complaint(*states, "other.npz", *run)


def test_a_stranger_s_file_with_a_pickle_in_it(complaint, here):
    np.savez(here / "s.npz", states=np.array([[1.0, None]] * 5, object), text=np.array("abcde"))
    assert "stays closed" in complaint(
        "inspect", "--states", "s.npz", "--language", "python", "--json", "o.json")


def test_too_little_text(complaint, here):
    save_states(here / "s.npz", LEARNED[:9], text=WHOLE[:9])
    assert "too little text" in complaint(
        "inspect", "--states", "s.npz", "--language", "python", "--json", "o.json")


def test_options_that_do_not_go_together(complaint, model, files):
    run = ("--language", "python", "--json", "o.json")
    said = complaint("inspect", "--model", model, "--untrained-states", "x.npz", *run, lines=2)
    assert "--text: is missing" in said and "--untrained-states: goes with --states" in said
    with pytest.raises(SystemExit) as ended:
        main(["inspect", "--model", str(model), "--states", "x.npz", *run])
    assert ended.value.code == 2
