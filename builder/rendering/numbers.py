"""Numbers as they are written on the pages: .83, −.83, [.80, .86], 59%."""

from __future__ import annotations

from builder.core.scores import Estimate

MINUS = "\u2212"

SIGNIFICANT = 5
"""Digits of a number in a published file: more than any interval is sure of."""


def number(value: float | None, digits: int = 2) -> str:
    """Return a number without its leading zero; what was not measured is the empty string."""
    if value is None:
        return ""
    text = f"{abs(value):.{digits}f}"
    sign = MINUS if value < 0 and float(text) else ""
    return sign + text.removeprefix("0")


def interval(estimate: Estimate, digits: int = 2) -> str:
    """Return the interval of an estimate in brackets, empty where there is none."""
    if estimate.low is None or estimate.high is None:
        return ""
    return f"[{number(estimate.low, digits)}, {number(estimate.high, digits)}]"


def between(estimate: Estimate, digits: int = 2) -> str:
    """Return the interval of an estimate in words, empty where there is none."""
    if estimate.low is None or estimate.high is None:
        return ""
    return f"95% interval {number(estimate.low, digits)} to {number(estimate.high, digits)}"


def precise(value: float | None) -> str:
    """Return a number with three digits after the point: of nats and of changes."""
    return number(value, 3)


def estimated(estimate: Estimate) -> str:
    """Return an estimate with its interval, or what there is of the two."""
    return f"{number(estimate.value)} {interval(estimate)}".strip()


def signed(value: float) -> str:
    """Return a number as short as it goes, with a real minus: of scales."""
    return f"{value:.2g}".replace("-", MINUS)


def percent(share: float | None) -> str:
    """Return a share as whole percents; a share that is not 0 or 1 never reads 0% or 100%.

    What means of other text do not explain of a text can be more than there is: that is all of it.
    """
    if share is None:
        return ""
    share = min(share, 1.0)
    if 0 < share < 0.01:
        return "<1%"
    return ">99%" if 0.99 < share < 1 else f"{share:.0%}"


def rest(share: float) -> str:
    """Return what a share leaves, in whole percents; "none" where it is all, or more than that."""
    return percent(1 - share) if share < 1 else "none"


def whole(value: int) -> str:
    """Return an integer with commas."""
    return f"{value:,}".replace("-", MINUS)


def short(count: int) -> str:
    """Return a number of characters as it is said: 850, 90 thousand, 1.5 million."""
    for size, name in ((1_000_000, "million"), (1_000, "thousand")):
        if count >= size:
            digits = 0 if count >= 10 * size or not count % size else 1
            return f"{count / size:.{digits}f} {name}"
    return str(count)


def significant(value: float) -> float:
    """Return a number with the digits that it has in published files; NaN and infinities stay."""
    return float(f"{value:.{SIGNIFICANT}g}")
