"""A feature from a package outside of this one, to the pages that it is on."""

import pytest

from builder.core.units import UnitId
from builder.features import FEATURES, all_features, check_feature, label, plugins
from tests.extension.installing import install
from tests.integration.projects import shown_card


@pytest.fixture
def repeats(tmp_path, monkeypatch):
    install("feature", tmp_path, monkeypatch)
    plugins.load_plugins.cache_clear()
    yield all_features()["repeats"]
    plugins.load_plugins.cache_clear()
    del FEATURES["repeats"]


def test_its_example(repeats):
    found = label(repeats.spec.example_text, "text", [repeats]).values[:, 0]
    assert "".join(map(str, found)) == repeats.spec.example_labels


@pytest.mark.parametrize("language", ["text", "python"])
def test_it_keeps_its_promises(repeats, language):
    check_feature(repeats, language, ["if a  ==  b:\n\n\n\treturn ''''\n", "", "é", "éééa"])


@pytest.mark.torch
def test_it_is_measured_and_has_a_page(tiny):
    assert {claim["feature"] for claim in shown_card(tiny)["claims"]} >= {"repeats"}
    page = (tiny / "site/features/repeats/index.html").read_text("utf-8")
    assert "counts how often the last character came again" in page
    assert "cells/tiny/" in page


@pytest.mark.torch
def test_a_cell_that_follows_it_says_so(tiny):
    cells = [c["claim"] for c in shown_card(tiny)["cells"] if c["claim"]["feature"] == "repeats"]
    assert cells
    layer, index = UnitId.parse(cells[0]["unit"]).cell
    page = (tiny / f"site/cells/tiny/l{layer}-{index}/index.html").read_text("utf-8")
    assert "repeats of the character" in page.lower()
