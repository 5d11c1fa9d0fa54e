"""Shut against open: how often the gates of all units are either, a dot for each unit."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

SIZE, LEFT, BOTTOM, TOP = 170, 34, 34, 8


def saturation_chart(gate: str, shares: Sequence[tuple[float, float]]) -> Markup:
    """Draw each unit's gate at the share of characters where it is shut (across) and open (up).

    Args:
        gate: In words.
        shares: Shut and open, each 0 to 1; together at most 1.
    """
    often = sum(open_ > 0.9 for _, open_ in shares)
    seldom = sum(shut > 0.9 for shut, _ in shares)
    label = (f"{gate} of {len(shares)} units: open at more than 90% of characters for {often}, "
             f"shut at more than 90% for {seldom}")
    dots = "".join(f"M{LEFT + SIZE * shut:.0f} {TOP + SIZE * (1 - open_):.0f}h0"
                   for shut, open_ in shares)
    width, height = LEFT + SIZE + 8, TOP + SIZE + BOTTOM
    floor = TOP + SIZE
    return Markup(
        '<svg class="scatter" role="img" aria-label="{0}" viewBox="0 0 {1} {2}" width="{1}" '
        'height="{2}"><path class="axis" d="M{3} {4}V{5}H{6}M{3} {4}L{6} {5}"/>'
        '<path class="dots" d="{7}"/>'
        '<text class="side" x="{8}" y="{9}">1</text><text class="side" x="{8}" y="{5}">0</text>'
        '<text class="first" x="{3}" y="{10}">0</text><text class="last" x="{6}" y="{10}">1</text>'
        '<text class="middle" x="{11}" y="{10}">shut</text>'
        '<text class="middle" x="16" y="{12}">open</text></svg>'
    ).format(label, width, height, LEFT, TOP, floor, LEFT + SIZE, dots, LEFT - 6, TOP + 8,
             floor + 16, LEFT + SIZE / 2, TOP + SIZE / 2)
