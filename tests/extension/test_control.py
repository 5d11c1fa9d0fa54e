"""A control of one's own, in one file, from the page that tells how to the page of a cell."""

import sys
from dataclasses import replace
from importlib import import_module

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from builder.core.cards import Grade  # noqa: E402
from builder.core.evidence import Numbers  # noqa: E402
from builder.core.records import claim_record  # noqa: E402
from builder.evidence.controls import CONTROLS, controls  # noqa: E402
from builder.evidence.measure import measure  # noqa: E402
from builder.features import features_for  # noqa: E402
from builder.rendering import render_site  # noqa: E402
from builder.rendering.addresses import cell_name  # noqa: E402
from tests.evidence.test_controls import corpus, network_of, subject_of, with_a_counter  # noqa: E402, F401
from tests.extension.recipes import write_package  # noqa: E402
from tests.make_cards import exhibit  # noqa: E402

pytestmark = pytest.mark.torch


@pytest.fixture(scope="module")
def module(tmp_path_factory):
    folder = tmp_path_factory.mktemp("package")
    write_package(folder, "control")
    sys.path.insert(0, str(folder))
    try:
        yield import_module("both_halves")
    finally:
        sys.path.remove(str(folder))
        sys.modules.pop("both_halves", None)
        CONTROLS._things.pop("both_halves", None)


@pytest.fixture(scope="module")
def found(module, corpus):  # noqa: F811
    return measure(subject_of(with_a_counter(network_of(corpus)), corpus), 0.3)


def test_it_stands_among_the_others(module):
    names = [control.name for control in controls()]
    assert names.index("counter") < names.index("both_halves") < names.index("ablation")
    assert [type(control) for control in CONTROLS.others()] == [module.BothHalves]


def test_every_claim_about_a_state_has_its_numbers_and_they_agree(found):
    with_r = [c for c in found.claims if not c.change_of and c.held_out.r_within.value is not None]
    assert with_r
    for claim in with_r:
        halves = claim.found("both_halves")
        assert isinstance(halves, Numbers)
        (_, even), (_, odd) = halves.values
        whole = claim.held_out.r_within.value
        assert min(even, odd) - 0.05 <= whole <= max(even, odd) + 0.05
        record = claim_record(claim)["controls"]["both_halves"]
        assert record["r′, even"] == even and isinstance(record["passes"], bool)


def test_a_claim_that_fails_it_is_no_more_than_suggestive(found):
    best = next(c for c in found.claims if c.grade in (Grade.CAUSAL, Grade.VERIFIED))
    assert best.others[0].passes
    failed = [c for c in found.claims if c.others and c.others[0].passes is False]
    assert not [c for c in failed if c.grade in (Grade.CAUSAL, Grade.VERIFIED)]


def test_its_numbers_are_on_the_page_of_the_cell(found):
    card = exhibit()
    best = next(c for c in found.claims if c.others and c.feature == "bracket_depth")
    cell = replace(card.cells[1], claim=replace(
        card.cells[1].claim, results=(*card.cells[1].claim.results, *best.others)))
    card = replace(card, cells=(cell,))
    pages = render_site([card], [f.spec for f in features_for("python")]).fragments
    (page,) = [p.content for p in pages if cell_name(cell) in p.path]
    even = dict(best.others[0].found.values)["r′, even"]
    assert "both halves" in page and f"{abs(even):.2f}".removeprefix("0") in page
    assert best.others[0].found.said in page and np.isfinite(even)
