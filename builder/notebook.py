"""What a notebook asks for: any model on any text, measured here and now, and shown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from builder.evidence.inspection import inspect as inspect_subject
from builder.evidence.opening import Given, opened, opened_live, opened_module, opened_states
from builder.evidence.pictured import Pictured, pictured
from builder.rendering.inspected import Inspected
from builder.rendering.notebook import Picture

SHOWN = 3
"""How many claims are shown on text."""

Text = str | Path | Iterable[str | Path] | Mapping[str, str] | None


def inspect(
    source: Any, text: Text = None, *, language: str, controls: bool | str = True,
    untrained: Sequence[Any] = (), vocabulary: Any = (), signals: Sequence[str] = (),
    words: bool = False,
) -> Inspected:
    """Measure a model on a text, as `gallery inspect` does.

    Args:
        source: A model folder; a file of states, `.npz`; a network of PyTorch, whose parts are
            found as `save_model` finds them; or whatever has a method `read`, from ids int[N] to a
            mapping from names of signals to arrays [N, units]. Such a reader says what its ids
            stand for with `vocabulary`, or cuts a text itself with `steps(text)`, which returns
            the ids and what each covers. Its methods `log_probs(ids)`, the logarithm of the chance
            of each step, and `hold(unit, value)`, a reader in which a unit is a constant, let more
            be said.
        text: A text, a file or folder, some of these, or a mapping from names to texts; a text of
            one line that is the name of a file is that file. May be None for a file of states that
            has its text.
        language: A lexer name, or `prose`.
        controls: Whether the controls are run; also `"full"` and `"none"`.
        untrained: Networks that learned nothing: readers, or files of states.
        vocabulary: What the rows of a network of PyTorch stand for.
        signals: Signals to score besides the states.
        words: Whether formulas are looked for that say what units do; it takes longer than all
            the rest.

    Returns:
        The claims. A notebook shows them as a table, with the best formulas where they were asked
        for, and the best claims as coloured text;
        `to_json()` is what the command writes.

    Raises:
        ModelError: The model is not right.
        CorpusError: The text is not right, or there is too little of it.
        UserError: Anything else that is asked for is not there.
    """
    given = _given(text, language, tuple(signals))
    if isinstance(source, (str, Path)):
        path = Path(source)
        subject = opened_states(path, [Path(u) for u in untrained], given) \
            if path.suffix == ".npz" else opened(path, given)
    elif hasattr(source, "read") or not hasattr(source, "state_dict"):
        subject = opened_live(source, untrained, given)
    else:
        subject = opened_module(source, vocabulary, given)
    found = inspect_subject(subject, controls=controls in (True, "full"), words=words)
    fit = () if found.fit is None or found.fit.warning is None else (found.fit.warning,)
    return Inspected(
        found.record, tuple(map(_picture, pictured(subject, found.measured.claims, SHOWN))),
        (*fit, *subject.corpus.notes, *found.limits))


def _given(text: Text, language: str, signals: tuple[str, ...]) -> Given:
    if text is None:
        return Given(language, signals=signals)
    if isinstance(text, Mapping):
        return Given(language, strings=dict(text), signals=signals)
    parts = [text] if isinstance(text, (str, Path)) else list(text)
    if all(map(_is_path, parts)):
        return Given(language, tuple(map(Path, parts)), signals=signals)
    strings = {f"{i:06d}": Path(part).read_text("utf-8") if _is_path(part) else str(part)
               for i, part in enumerate(parts)}
    return Given(language, strings=strings, signals=signals)


def _is_path(part: str | Path) -> bool:
    """Tell whether a file is meant; a text may be too long for the name of one."""
    if isinstance(part, Path):
        return True
    try:
        return bool(part) and "\n" not in part and Path(part).exists()
    except (OSError, ValueError):
        return False


def _picture(one: Pictured) -> Picture:
    claim = one.claim
    r = claim.held_out.r.value
    return Picture(
        one.text, one.values, one.labels,
        f"{claim.unit}, {claim.feature}, {claim.grade.replace('_', ' ')}"
        f"{'' if r is None else f', r {r:.2f}'}; document {one.document}, line {one.line}, of some "
        "places in unseen text the one where it fits best. Red is high, blue is low.")
