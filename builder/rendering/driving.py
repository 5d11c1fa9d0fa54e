"""Small networks that a visitor drives: what stands there without a script, and what one needs."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from builder.core.counted import Driven
from builder.rendering.charts import climb_chart
from builder.rendering.encodings import safe_json
from builder.rendering.numbers import number, whole


def name_of(driven: Driven) -> str:
    """Return what a network is called, without an article."""
    return driven.title.removeprefix("an ").removeprefix("a ")


def island(networks: Sequence[Driven]) -> Markup:
    """Return JSON for a script element: the networks, as the script of the page takes them."""
    return Markup(safe_json([{
        "architecture": one.run.architecture, "embedding": len(one.letters),
        "hidden": one.run.units, "layers": one.run.layers, "vocabulary": one.letters,
        "weights": one.weights, "unit": one.unit} for one in networks]))


def found_sentence(driven: Driven) -> str:
    """Say what was found of a network: what counts, where it should fail, and where it does."""
    run, counting = driven.run, driven.run.counting[0]
    should = ("nowhere" if run.predicted is None
              else f"first at n = {whole(run.predicted)}")
    does = (f"it fails nowhere up to {whole(run.tried_to)}" if run.failed is None
            else f"it fails first at n = {whole(run.failed)}")
    alone = ("" if run.predicted is None or run.predicted > run.trained_to else
             " The unit does not count alone: another one helps it, so this says little.")
    return (f"{name_of(driven)} with {run.units} units, from seed {run.seed}, trained up to n = "
            f"{whole(run.trained_to)}. {driven.unit} counts (r = {number(counting.r)}). By its "
            f"steps in training it should fail {should}; {does}.{alone}")


def chart(driven: Driven) -> Markup:
    """Draw the unit that counts on the string that the network is shown on."""
    wrong = (f", wrong after letter {whole(driven.wrong[0] + 1)}" if driven.wrong
             else ", right throughout")
    return climb_chart(
        f"{driven.unit} of the {name_of(driven)} over a and b, {driven.n} of each{wrong}",
        driven.values, driven.wrong, driven.n)
