r"""Steps that are words, by a rule that the vocabulary itself decides.

1. An entry holds blank space: `\s+|\w+|[^\w\s]`. Runs of blank space, runs of letters, digits and
   underscores, and every other character by itself are steps.
2. No entry does, and each is `\w+` or one other character: the same, but blank space is no step.
   A word covers the blank space before it.
3. Anything else (`don't`, `end.`): steps are what `text.split()` gives, `\S+`.

`"split": "all" | "words" | "spaces"` in `model.json` says which, in this order, and wins. In 2
and 3 a newline is a step where the vocabulary has one, or an entry for the end of a line.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, ClassVar, Self

import numpy as np

from builder.core.errors import ModelError, Problem, did_you_mean
from builder.tokens.contract import TOKENS, Steps
from builder.tokens.reading.listed import Listed

LETTERS, BLANK = r"\p{L}\p{N}_", (r"\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029"
                                      r"\u202f\u205f\u3000")
"""What `\\w` and `\\s` are here, in the regular expressions of scripts."""

SPLITS = {"all": r"\s+|\w+|[^\w\s]", "words": r"\w+|[^\w\s]", "spaces": r"\S+"}


@dataclass(frozen=True)
class Words(Listed):
    """Words that a model knows.

    Attributes:
        split: One of `SPLITS`.
    """

    kind: ClassVar[str] = "words"
    what: ClassVar[str] = "words"

    split: str = "all"

    @cached_property
    def pattern(self) -> str:
        """What a step is, as a regular expression."""
        by_itself = self.split != "all" and "\n" in self.index
        return r"\n|" + SPLITS[self.split] if by_itself else SPLITS[self.split]

    @cached_property
    def _parts(self) -> re.Pattern[str]:
        return re.compile(self.pattern)

    def steps(self, text: str) -> Steps:
        """Return a step for each word; blank space that is none belongs to the word after it."""
        ids, ends = list[int](), list[int]()
        known, other = self.index, self.unknown_index
        for match in self._parts.finditer(text):
            ids.append(known.get(match[0], other))
            ends.append(match.end())
        return whole(ids, ends, text, other)

    def for_scripts(self) -> dict[str, Any]:
        """Return the rule in the regular expressions of scripts, too."""
        pattern = self.pattern
        for ours, theirs in ((r"[^\w\s]", rf"[^{LETTERS}{BLANK}]"), (r"\w", f"[{LETTERS}]"),
                             (r"\s", f"[{BLANK}]"), (r"\S", f"[^{BLANK}]")):
            pattern = pattern.replace(ours, theirs)
        return {**(super().for_scripts() or {}), "tokens": self.kind, "pattern": pattern}

    def written(self) -> dict[str, Any]:
        """Return the words, and by what rule a text is split."""
        return super().written() | {"split": self.split}

    @classmethod
    def read(cls, written: Mapping[str, Any], where: str) -> Self:
        """Return the words of a `model.json`.

        Raises:
            ModelError: Something is not right.
        """
        words = super().read(written, where)
        split = written.get("split") or split_of(words)
        if split not in SPLITS:
            raise ModelError(Problem(
                f"{where}, split", "not a rule", f"{split!r:.40}",
                did_you_mean(str(split), SPLITS) or f"one of {', '.join(SPLITS)}"))
        return replace(words, split=split)


def split_of(words: Listed) -> str:
    """Return the rule that entries are made by."""
    ordinary = [entry for entry in words.characters if entry not in set(words.special)]
    if any(re.search(r"\s", entry) for entry in ordinary if entry != "\n"):
        return "all"
    plain = re.compile(SPLITS["words"])
    return "words" if all(entry == "\n" or plain.fullmatch(entry) for entry in ordinary) \
        else "spaces"


def whole(ids: list[int], ends: list[int], text: str, other: int) -> Steps:
    """Return steps that cover a text whole: what is after the last belongs to it.

    Args:
        ids: Of the steps.
        ends: Where they end; rising.
        text: What is covered.
        other: Index of the only step of a text that has no other.
    """
    if text and not ids:
        ids, ends = [other], [len(text)]
    elif text:
        ends[-1] = len(text)
    return Steps(np.array(ids, np.int64), np.array(ends, np.int64))


TOKENS.register(Words.kind, Words)
