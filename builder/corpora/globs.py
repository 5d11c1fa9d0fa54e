"""Which file names a corpus takes."""

from __future__ import annotations

from collections.abc import Callable

from pathspec import GitIgnoreSpec

from builder.core.errors import CorpusError, Problem
from builder.corpora.settings import CorpusSettings


def wanted(settings: CorpusSettings) -> Callable[[str], bool]:
    """Return a predicate on names inside the corpus: included and not excluded.

    Patterns are those of `.gitignore` files: `**` crosses folders, `*` does not, and a pattern
    without a slash fits at any depth.

    Raises:
        CorpusError: Something is not a pattern; names all that are not.
    """
    problems = [
        Problem(f"corpus.{key}", "not a pattern", repr(pattern), "write it as in .gitignore")
        for key in ("include", "exclude")
        for pattern in getattr(settings, key)
        if not _is_pattern(pattern)
    ]
    if problems:
        raise CorpusError(problems)
    include = GitIgnoreSpec.from_lines(settings.include)
    exclude = GitIgnoreSpec.from_lines(settings.exclude)
    return lambda name: include.match_file(name) and not exclude.match_file(name)


def _is_pattern(line: str) -> bool:
    try:
        GitIgnoreSpec.from_lines([line])
    except ValueError:
        return False
    return True
