"""The picture on the page that says how to read pictures."""

from dataclasses import replace

import numpy as np
import pytest

from builder.rendering.gallery import Gallery
from builder.rendering.kinds.how import LINES, shown
from tests.make_cards import FEATURES, exhibit


def test_it_says_what_the_unit_is_where_the_feature_is_on_and_off():
    found = shown(Gallery((exhibit(),), FEATURES))
    assert found is not None and len(found.excerpt.text.splitlines()) <= LINES
    values, on = np.array(found.excerpt.values), np.array(found.excerpt.labels) != 0
    assert found.on == pytest.approx(values[on].mean())
    assert found.off == pytest.approx(values[~on].mean()) != found.on


def test_there_is_none_where_the_feature_is_on_throughout_or_there_is_no_unit():
    card = exhibit()
    cells = tuple(replace(cell, excerpts=tuple(
        replace(one, labels=(1.0,) * len(one.text)) for one in cell.excerpts))
        for cell in card.cells)
    assert shown(Gallery((replace(card, cells=cells),), FEATURES)) is None
    assert shown(Gallery((replace(card, cells=()),), FEATURES)) is None
