"""Foretold against found: a dot for each network, on scales that go in tenfolds."""

from __future__ import annotations

import math
from collections.abc import Sequence

from markupsafe import Markup

LEFT, RIGHT, TOP, BOTTOM, SIZE = 44, 26, 10, 40, 320


def foretold_chart(label: str, pairs: Sequence[tuple[str, float, float]], most: float) -> Markup:
    """Draw what was foretold (across) and what was found (up), 1 to `most`, with the diagonal.

    Args:
        label: What is seen, in words.
        pairs: Kind, foretold and found; a kind is a class of its dots and has letters, digits, -.
        most: The end of both scales, above 1; what is beyond it is drawn there.
    """
    def at(value: float) -> float:
        return SIZE * math.log(min(max(value, 1.0), most)) / math.log(most)

    floor, width, height = TOP + SIZE, LEFT + SIZE + RIGHT, TOP + SIZE + BOTTOM
    marks = [10**power for power in range(int(math.log10(most)) + 1)]
    lines = Markup("").join(Markup(
        '<path class="axis" d="M{0:.1f} {1}V{2}M{3} {4:.1f}H{5}"/>'
        '<text class="middle" x="{0:.1f}" y="{6}">{8}</text>'
        '<text class="side" x="{7}" y="{9:.1f}">{8}</text>').format(
            LEFT + at(mark), TOP, floor, LEFT, floor - at(mark), LEFT + SIZE, floor + 15,
            LEFT - 6, f"{mark:,}", floor - at(mark) + 4) for mark in marks)
    dots = Markup("").join(Markup('<circle class="{}" cx="{:.1f}" cy="{:.1f}" r="3"/>').format(
        kind, LEFT + at(foretold), floor - at(found)) for kind, foretold, found in pairs)
    return Markup(
        '<svg class="curve-chart foretold" role="img" aria-label="{0}" viewBox="0 0 {1} {2}" '
        'width="{1}" height="{2}">{3}<path class="axis" d="M{4} {5}L{6} {7}"/>{8}'
        '<text class="middle" x="{9:.1f}" y="{10}">foretold</text>'
        '<text class="first" x="{11}" y="{12}">found</text></svg>'
    ).format(label, width, height, lines, LEFT, floor, LEFT + SIZE, TOP, dots, LEFT + SIZE / 2,
             floor + 32, LEFT + 6, TOP + 14)
