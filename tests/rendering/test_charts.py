"""Small drawings: where their points are, and what they say to who cannot see them."""

import re
from xml.etree import ElementTree

import pytest

from builder.core.evidence import Tuning
from builder.rendering.charts import foretold_chart, tuning_curve

CURVE = Tuning((0.0, 1.0, 2.0, 4.0), (-1.0, 0.0, 0.5, 1.0), (900, 400, 90, 60), 0.9)


def points(svg):
    drawn = ElementTree.fromstring(svg).find("polyline").get("points")
    return [tuple(map(float, point.split(","))) for point in drawn.split()]


def test_a_curve_rises_with_its_means_and_keeps_the_distances_of_its_values():
    (x0, y0), (x1, y1), (x2, y2), (x4, y4) = points(tuning_curve("the depth", CURVE))
    assert x1 - x0 == pytest.approx(x2 - x1, abs=0.2)
    assert x4 - x2 == pytest.approx(2 * (x2 - x1), abs=0.2)
    assert y0 - y1 == pytest.approx(2 * (y1 - y2), abs=0.2) and y0 > y1 > y2 > y4


def test_a_curve_is_described_and_escaped():
    svg = tuning_curve("<depth> & \"more\"", CURVE)
    label = ElementTree.fromstring(svg).get("aria-label")
    assert label == 'Mean of the unit by <depth> & "more": −1.00 at 0, 1.00 at 4'
    assert not re.search("<depth>", svg)


def test_means_beyond_the_scale_stay_inside():
    ys = [y for _, y in points(tuning_curve("x", Tuning((0.0, 1.0), (-9.0, 9.0), (1, 1), None)))]
    assert 0 < ys[1] < ys[0] < 180


def test_one_value_is_no_curve():
    assert tuning_curve("x", Tuning((3.0,), (0.1,), (90,), None)) == ""


def test_what_was_foretold_stands_across_and_what_was_found_up():
    drawn = foretold_chart("two <b>", [("dot", 1, 1000), ("dot", 1000, 1), ("dot", 9e9, 0)], 1000)
    xs, ys = ([float(x) for x in re.findall(rf'{side}="([\d.]+)" ', drawn)]
              for side in ("cx", "cy"))
    assert xs[0] < xs[1] == xs[2]  # what is beyond the scale is at its end
    assert ys[0] < ys[1] == ys[2]
    assert "two &lt;b&gt;" in drawn
    assert ">1,000<" in drawn
