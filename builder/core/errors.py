"""What can go wrong, as a tree.

    GalleryError            our fault: exit code 1, with a traceback
    └── UserError           the user's to fix: exit code 2, one message, no traceback
        ├── RecipeError     an exhibit.toml
        ├── CorpusError     a text or a place where texts are
        ├── ModelError      a model folder
        └── OutputError     a folder or port we were told to use

A message reads *where: what is wrong; what was found; what to do*, one line a problem, whatever
control characters, line ends and passwords are in what was found.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass

from builder.core.plain import plain

SHOWN = 20
"""Problems of one kind that are said; the others are counted."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to fix: where it is, what is wrong, what was found and what to do."""

    where: str
    wrong: str
    found: str = ""
    remedy: str = ""

    def __str__(self) -> str:
        said = map(plain, filter(None, (self.wrong, self.found, self.remedy)))
        return f"{plain(self.where)}: " + "; ".join(said)


class GalleryError(Exception):
    """Anything this package raises on purpose."""


class UserError(GalleryError):
    """Something the user can fix; holds every problem that was found, and says the first 20."""

    def __init__(self, problems: Problem | Iterable[Problem]) -> None:
        self.problems = (problems,) if isinstance(problems, Problem) else tuple(problems)
        lines = [str(problem) for problem in self.problems[:SHOWN]]
        more = len(self.problems) - SHOWN
        super().__init__("\n".join([*lines, f"and {more:,} more"] if more > 0 else lines))

    def __reduce__(self) -> tuple[type[UserError], tuple[tuple[Problem, ...]]]:
        """Come back from another process as it was."""
        return type(self), (self.problems,)


class RecipeError(UserError):
    """A recipe that cannot be followed."""


class CorpusError(UserError):
    """A text that cannot be had or cannot be used."""


class ModelError(UserError):
    """A model folder that cannot be read, or does not fit itself."""


class OutputError(UserError):
    """A place where we were told to write or listen, and cannot."""


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return "did you mean …?" for the known name nearest to `word`, or the empty string."""
    names = list(known)
    near = difflib.get_close_matches(word, names, n=1, cutoff=0.6) or [
        name for name in names if name.casefold() == word.casefold()]
    return f"did you mean {near[0]!r}?" if near else ""
