"""How much two features have to do with each other on the texts that pages show."""

from dataclasses import replace

import pytest

from builder.core.runs import runs
from builder.rendering.overlap import overlap
from tests.make_cards import exhibit

ON, OTHER = [0.0, 1.0] * 4, [0.0, 0.0, 1.0, 1.0] * 2


def card(*texts):
    first = exhibit().explored[0]
    return replace(exhibit(), explored=tuple(
        replace(first, labels={name: runs(labels) for name, labels in text.items()})
        for text in texts))


@pytest.mark.parametrize(("texts", "found"), [
    ([{"a": ON, "b": ON}], 1.0),
    ([{"a": ON, "b": [1 - label for label in ON]}], -1.0),
    ([{"a": ON, "b": OTHER}], 0.0),
    ([{"a": ON, "b": ON}, {"a": ON}, {"b": OTHER}], 1.0),
    ([{"a": ON}, {"b": ON}], None),
    ([{"a": ON, "b": [1.0] * 8}], None),
    ([], None),
])
def test_it_is_the_correlation_over_the_texts_that_have_both(texts, found):
    said = overlap(card(*texts), "a", "b")
    assert said == (found if found is None else pytest.approx(found))
