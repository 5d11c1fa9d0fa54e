"""Activations of a model of one's own, written into a file that `gallery inspect` reads."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from builder.activations.npz import Scratch
from builder.activations.states_file import STATES, numbers_of, parsed
from builder.activations.states_reading import read_states_file
from builder.core.errors import CorpusError, Problem
from builder.core.files import written


def save_states(
    path: str | Path, states: Any, *, tokens: Iterable[str] | None = None,
    text: str | None = None, names: Iterable[str] = (), documents: Iterable[int] | None = None,
    log_probs: Any = None, vocabulary: Iterable[str] | None = None,
) -> None:
    """Write activations of any model with what they are of.

    Args:
        path: Of the file, which ends with `.npz`.
        states: [N, U], what U units have after each of N steps; or a mapping from names of signals,
            such as `h` and `c`, or `h0` and `h1` of two layers, to such arrays. Arrays of numpy or
            tensors of PyTorch; float16 and float32 stay as they are, all else becomes float32.
        tokens: N texts, what each step covers; one after the other they are the text. A step that
            covers nothing has an empty one.
        text: N characters, where each step is one.
        names: Of the documents, or of the U units.
        documents: The first step of each document, the first of which is 0; the whole is one where
            it is None.
        log_probs: [N], natural logarithm of the chance that the model gave to each step before it
            was read. NaN may stand at the first step of a document.
        vocabulary: The steps that the model knows.

    Raises:
        CorpusError: They do not fit each other; nothing is written.
        OutputError: The file cannot be written.
    """
    path = Path(path)
    if path.suffix != ".npz":
        raise CorpusError(Problem(str(path), "not the name of a .npz file", "", "let it end so"))
    if (tokens is None) == (text is None):
        raise CorpusError(Problem(str(path), "tokens or text must be given, and not both", "",
                                  "give tokens unless every step is one character"))
    arrays = {name: numbers_of(array, name, str(path))
              for name, array in _signals(states, path).items()}
    arrays |= {name: np.array(_texts(words, name, path), dtype=str) for name, words in (
        ("tokens", tokens), ("names", tuple(names) or None), ("vocabulary", vocabulary))
        if words is not None}
    arrays |= {"text": np.array(text)} if text is not None else {}
    arrays |= {"documents": np.array(list(documents))} if documents is not None else {}
    if log_probs is not None:
        arrays["log_probs"] = numbers_of(log_probs, "log_probs", str(path))
    with written(path) as aside:
        with aside.open("wb") as file:
            np.savez(file, **arrays)  # type: ignore[arg-type]
        read_states_file(aside, Scratch(), str(path))  # it is as it must be, or there is none


def _texts(words: Iterable[str], name: str, path: Path) -> list[str]:
    """Return texts, which numbers of tokens are not.

    Raises:
        CorpusError: Something in them is no text.
    """
    listed = list(words)
    wrong = [word for word in listed if not isinstance(word, str)]
    if wrong:
        raise CorpusError(Problem(
            str(path), f"{name} must be texts", repr(wrong[0])[:40],
            "give what each step covers, not its number" if name == "tokens" else ""))
    return listed


def _signals(states: Any, path: Path) -> Mapping[str, Any]:
    if not isinstance(states, Mapping):
        return {STATES: states}
    wrong = [name for name in states if name == STATES or not parsed(name)]
    if wrong or not states:
        raise CorpusError(Problem(
            str(path), f"{wrong[0]!r} is not the name of a signal" if wrong else "no signals",
            "", "letters in lower case, and the number of its layer if there is one: h, c, h0, h1"))
    return states
