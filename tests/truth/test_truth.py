"""What is planted is found, what is not there is not found."""

import pytest

pytest.importorskip("torch")

from tests.truth.runs import (
    HOLDS,
    labels_of_others_run,
    run_planted,
    untrained_run,
    upper_bound,
)

pytestmark = pytest.mark.torch
MODERN = ("mingru", "mingrusigned", "minlstm", "rglru", "ssm", "slstm")
ARCHITECTURES = ("rnn", "gru", "lstm", *MODERN)


@pytest.mark.parametrize("architecture", ARCHITECTURES)
def test_planted_units_are_first_for_their_feature_and_verified(architecture):
    run = run_planted(architecture)
    assert all(run.first.values())
    assert all(grade in HOLDS for grade in run.grade.values())


@pytest.mark.parametrize("architecture", ARCHITECTURES)
def test_units_without_memory_are_never_verified(architecture):
    assert run_planted(architecture).memoryless == 0


@pytest.mark.parametrize("architecture", ARCHITECTURES)
def test_leaky_sums_are_weaker_than_what_is_planted(architecture):
    run = run_planted(architecture)
    assert all(run.strongest_leaky[f] < run.planted[f] - 0.1 for f in run.planted)


@pytest.mark.parametrize(("architecture", "hidden"), [
    ("rnn", 64), ("gru", 96), ("lstm", 128), ("mingrusigned", 64), ("ssm", 64), ("slstm", 64)])
def test_a_network_that_learned_nothing_has_no_verified_cell(architecture, hidden):
    assert untrained_run(architecture, hidden, 17) == set()


def test_labels_of_other_texts_give_no_verified_cell():
    assert labels_of_others_run("lstm", 6) == set()


def test_upper_bounds():
    assert upper_bound(0, 60) == pytest.approx(1 - 0.05 ** (1 / 60))
    assert upper_bound(3, 3) == 1.0
    assert 1 / 20 < upper_bound(1, 20) < 0.25
