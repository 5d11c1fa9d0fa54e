"""Whatever decides a number or a picture is computed with one thread, so it has the same bytes."""

from __future__ import annotations

import traceback
from pathlib import Path

import pytest

torch = pytest.importorskip("torch")

from torch.utils._python_dispatch import TorchDispatchMode  # noqa: E402

from builder.activations import networks  # noqa: E402
from builder.evidence import costs, measure  # noqa: E402
from builder.evidence.controls import ablation  # noqa: E402
from builder.exhibits import card_of  # noqa: E402
from builder.models.folder import write_model, write_weights  # noqa: E402
from builder.models.network import CharNetwork, initialise  # noqa: E402
from builder.models.spec import ModelSpec  # noqa: E402
from builder.models.threads import one_thread  # noqa: E402
from builder.pipeline import recipes  # noqa: E402
from builder.tokens.characters import Vocabulary  # noqa: E402
from builder.work import local  # noqa: E402
from builder.workspace.gallery import Workspace  # noqa: E402
from builder.workspace.texts import text_of  # noqa: E402
from tests.integration.projects import PROJECT, RECIPE  # noqa: E402

pytestmark = pytest.mark.torch

MOVES = {"alias", "arange", "clone", "copy_", "detach", "empty", "empty_like", "fill_",
         "lift_fresh", "scalar_tensor", "set_", "zero_", "zeros", "zeros_like", "_to_copy"}
"""Operators that make, move or convert numbers and compute none."""


class Watching(TorchDispatchMode):
    """Takes down every computation that may be spread over several threads."""

    def __init__(self):
        super().__init__()
        self.computed, self.spread = 0, set()

    def __torch_dispatch__(self, func, types, args=(), kwargs=None):
        if not func.is_view and func.overloadpacket.__name__ not in MOVES:
            self.computed += 1
            if torch.get_num_threads() != 1:
                self.spread.add(f"{func} in {caller()}")
        return func(*args, **(kwargs or {}))


def caller():
    """Return where the package called torch."""
    own = [f for f in traceback.extract_stack() if Path(f.filename).is_relative_to(
        PROJECT / "builder")]
    return f"{Path(own[-1].filename).relative_to(PROJECT)}:{own[-1].lineno}" if own else "tests"


@pytest.fixture
def two_threads():
    before = torch.get_num_threads()
    torch.set_num_threads(2)
    yield
    torch.set_num_threads(before)


@pytest.fixture
def exhibit(tmp_path):
    """An exhibit whose tiny network has learned nothing, with a film of two moments."""
    recipe = RECIPE.replace("documents = 120\ncharacters = 2500", "documents = 75\ncharacters = 900"
                            ).replace("documents = 70\ncharacters = 1500",
                                      "documents = 70\ncharacters = 250")
    recipe = recipe.replace("[transfer]\n", '[film]\nmoments = 2\n[transfer]\n', 1)
    recipe = recipe.replace("cells = 6", "cells = 2\ncharacter_cells = 2")
    recipe = recipe.replace("minimum_r = 0.05", "minimum_r = 0.01")
    folder = tmp_path / "gallery" / "tiny"
    folder.mkdir(parents=True)
    (folder / "exhibit.toml").write_text(recipe)
    workspace = Workspace(tmp_path)
    (found,) = recipes(workspace)
    corpus = text_of(found, workspace)
    network = CharNetwork(ModelSpec("lstm", 3, 6, 1, Vocabulary.of_texts(
        d.text for d in corpus.documents)))
    initialise(network, 0)
    write_model(folder, network, {"characters": 9})
    write_weights(folder / "film" / "5.safetensors", network)
    return workspace, found


def test_no_computation_is_spread_over_threads(exhibit, two_threads, monkeypatch):
    workspace, found = exhibit
    monkeypatch.setattr(networks, "OF_EACH_KIND", 2)
    monkeypatch.setattr(costs, "RANDOM_CELLS", 2)
    monkeypatch.setattr(ablation, "worth_ablating", lambda *_: True)
    monkeypatch.setattr(measure, "LEAST_HELD_OUT", 1)
    with Watching() as seen:
        card = card_of(workspace, found, None, local(1), required=True)
    assert card.cells and card.transfer and card.film and card.sample
    assert seen.computed > 1_000 and sorted(seen.spread) == []
    assert torch.get_num_threads() == 2


def test_a_computation_outside_would_be_seen(two_threads):
    ones = torch.ones(2)
    with Watching() as seen:
        ones @ ones
        with one_thread():
            ones + ones
    assert seen.spread == {"aten.dot.default in tests"} and seen.computed == 2
