"""Values to colours: 16 levels on one symmetric scale, and the style sheet that draws them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

LETTERS = "abcdefghijklmnop"
"""Class of each level: a is the lowest (blue), h and i are next to 0, p is the highest (red)."""

NO_LEVEL = -1
"""Level of a value that is not a number: no colour."""

Colour = tuple[int, int, int]

THEMES: dict[str, tuple[str, str, str, str]] = {
    "default": ("#111111", "#ffffff", "#4393c3", "#d6604d"),
    "slate": ("#ffffff", "#1e2129", "#2166ac", "#b2182b"),
}
"""Name of the colour scheme to its text, middle, low end and high end."""

STRETCHES = (1.5, 2.0, 3.0, 5.0, 8.0)
"""How many times as strong colours may be drawn, for units that stay near 0."""

USUAL = 0.98
"""Share of the values that a stretched scale keeps apart."""

_HALF = len(LETTERS) // 2


def levels(values: Sequence[float] | NDArray[np.floating]) -> NDArray[np.int8]:
    """Return the level of every value on the scale −1 to 1, int8[N] in 0..15.

    Sixteen equal steps; there is none for 0, which counts as just above. Values beyond the scale
    get its ends, NaN gets NO_LEVEL.
    """
    scaled = (np.asarray(values, np.float64) + 1.0) * _HALF
    steps = np.clip(np.floor(np.nan_to_num(scaled)), 0, len(LETTERS) - 1)
    return np.where(np.isnan(scaled), NO_LEVEL, steps).astype(np.int8)


def stretch(values: Sequence[float] | NDArray[np.floating]) -> float:
    """Return by how much the colours of a unit can be stretched, 1 where it uses the scale.

    The largest of the fixed steps at which 98% of the values are still on the scale; so a few
    outliers do not keep the rest pale.
    """
    sizes = np.abs(np.asarray(values, np.float64))
    sizes = sizes[~np.isnan(sizes)]
    usual = float(np.quantile(sizes, USUAL)) if len(sizes) else 1.0
    return max([1.0, *(step for step in STRETCHES if step * usual <= 1)])


@lru_cache
def ramp(scheme: str, flipped: bool = False) -> tuple[str, ...]:
    """Return the 16 background colours of a colour scheme, lowest level first."""
    _, middle, low, high = THEMES[scheme]
    return _ramp(middle, high, low) if flipped else _ramp(middle, low, high)


@lru_cache
def ramp_without_text(scheme: str) -> tuple[str, ...]:
    """Return 16 colours for a picture that no text stands on: on dark pages its ends are bright."""
    return _ramp(THEMES[scheme][1], *THEMES["default"][2:])


def _ramp(middle: str, low: str, high: str) -> tuple[str, ...]:
    between, ends = _parse(middle), (_parse(low), _parse(high))
    below = [_mix(between, ends[0], _strength(step)) for step in reversed(range(_HALF))]
    above = [_mix(between, ends[1], _strength(step)) for step in range(_HALF)]
    return tuple(below + above)


def style_sheet() -> str:
    """Return the CSS of the levels, for both schemes, as they are and flipped."""
    return "\n".join(_rules()) + "\n"


def _rules() -> Iterator[str]:
    yield "/* Made by builder/rendering/colour.py. Levels a (low) to p (high). */"
    yield ":root" + _properties("default", False)
    for scheme in THEMES:
        yield f"[data-md-color-scheme={scheme}]" + _properties(scheme, False)
        yield f".flipped [data-md-color-scheme={scheme}]" + _properties(scheme, True)
    for letter in LETTERS:
        yield f".x .{letter}{{background:var(--{letter})}}"
    for step in STRETCHES:
        stretched = levels(_centres() * step)
        for letter, level in zip(LETTERS, stretched.tolist(), strict=True):
            yield (f".stretched [data-stretch=\"{step:g}\"] .x .{letter}"
                   f"{{background:var(--{LETTERS[level]})}}")
    yield "@media (forced-colors:active){"
    yield f"{_classes(LETTERS[:_HALF // 2])}{{text-decoration:underline dotted}}"
    yield f"{_classes(LETTERS[-_HALF // 2:])}{{text-decoration:underline solid}}"
    yield "}"


def _centres() -> NDArray[np.float64]:
    return (np.arange(len(LETTERS)) + 0.5) / _HALF - 1


def _properties(scheme: str, flipped: bool) -> str:
    colours = zip(LETTERS, ramp(scheme, flipped), strict=True)
    return "{" + ";".join([f"--ink:{THEMES[scheme][0]}", *(f"--{n}:{c}" for n, c in colours)]) + "}"


def _classes(letters: str) -> str:
    return ",".join(f".x .{letter}" for letter in letters)


def _strength(step: int) -> float:
    """Return how far step 0..7 is from the middle: its centre, scaled so that the last is 1."""
    return (2 * step + 1) / (2 * _HALF - 1)


def _mix(a: Colour, b: Colour, share: float) -> str:
    return "#" + "".join(f"{round(x + (y - x) * share):02x}" for x, y in zip(a, b, strict=True))


def _parse(colour: str) -> Colour:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)
