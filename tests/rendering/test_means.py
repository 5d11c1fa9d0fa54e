"""The mean at which a unit is frozen first, from what was counted for the pictures of its page."""

import json
import re
from dataclasses import replace
from html import unescape

import pytest

from builder.core.evidence import Tuning
from builder.core.shown import Histogram
from builder.core.units import UnitId
from builder.rendering import render_site
from builder.rendering.means import mean_of, means_of
from tests.make_cards import FEATURES, exhibit


def cell(**what):
    return replace(exhibit().cells[0], **{"tuning": None, "histogram": None, **what})


@pytest.mark.parametrize(("counted", "mean"), [
    ({"tuning": Tuning((0.0, 1.0), (-0.2, 0.4), (900, 100), None)}, -0.14),
    ({"histogram": Histogram((0, 0, 0, 30), (10, 0, 0, 0))}, 0.75 * 0.5),
    ({"histogram": Histogram((0, 0), (0, 0))}, None),
    ({}, None),
])
def test_the_mean_is_that_of_what_was_counted(counted, mean):
    assert mean_of(cell(**counted)) == (mean if mean is None else pytest.approx(mean))


def test_of_a_change_the_mean_of_the_unit_is_not_known():
    made = cell(histogram=Histogram((0, 30), (10, 0)))
    claim = replace(made.claim, unit=UnitId("dh", *made.claim.cell), change_of="h")
    assert mean_of(replace(made, claim=claim)) is None
    assert means_of([made, replace(made, claim=claim)]) == {str(made.claim.unit): 0.25}


def test_the_slider_of_a_page_begins_at_the_mean():
    card = exhibit()
    card = replace(card, cells=(replace(
        card.cells[0], tuning=None, histogram=Histogram((0, 30), (10, 0))), *card.cells[1:]))
    unit = str(card.cells[0].claim.unit)
    page = next(f.content for f in render_site([card], FEATURES).fragments
                if f.path.startswith("cells/") and f"unit <code>{unit}</code>" in f.content)
    assert re.search(r'name="value"[^>]* value="0.25"', page)
    assert '<output name="level">.25, its mean</output>' in page
    assert json.loads(unescape(re.search(r'data-means="([^"]*)"', page)[1])) == {unit: 0.25}
