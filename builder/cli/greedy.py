"""Options that take several values, and arguments that they must not swallow.

`--untrained-states FILE… NAME` reads like a file more. Where such an option stands directly before
an argument that is then missing, the last of its values is that argument.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterable, Sequence
from typing import Any

_TAKEN = "_taken"


class Several(argparse.Action):
    """Adds the values of an option to those that were given before."""

    def __call__(self, parser: argparse.ArgumentParser, namespace: argparse.Namespace,
                 values: str | Sequence[Any] | None, option_string: str | None = None) -> None:
        """Add them, and note who could give one back."""
        before = getattr(namespace, self.dest)
        setattr(namespace, self.dest, [*before, *(values or ())])
        if len(values or ()) > 1:
            taken = [*getattr(namespace, _TAKEN, ()), (self.dest, len(before) + len(values or ()))]
            setattr(namespace, _TAKEN, taken)


class Parser(argparse.ArgumentParser):
    """A parser of one command, or of all."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._last: argparse.Action | None = None
        self._made: Callable[[str], Any] = str

    def add_several(self, option: str, **settings: Any) -> None:
        """Add an option that takes one value or more, once or more often."""
        self.add_argument(option, nargs="+", action=Several, default=[], **settings)

    def add_last(self, name: str, made: Callable[[str], Any] = str, **settings: Any) -> None:
        """Add the one argument of a command that has options of several values."""
        self._made, self._last = made, self.add_argument(name, type=made, **settings)
        self._last.required = False  # looked for once all is read

    def parse_known_args(self, args: Iterable[str] | None = None,
                         namespace: Any = None) -> tuple[Any, list[str]]:
        """Read a command line; an argument that is missing is taken from before it."""
        read, others = super().parse_known_args(
            None if args is None else list(args), namespace)
        taken = read.__dict__.pop(_TAKEN, [])
        if self._last is not None and getattr(read, self._last.dest) is None:
            self._give_back(self._last, read, taken)
        return read, others

    def _give_back(self, last: argparse.Action, read: argparse.Namespace,
                   taken: list[tuple[str, int]]) -> None:
        if len(taken) != 1:
            self.error(f"the following arguments are required: {last.metavar}; "
                       "write it before all options")
        (dest, end), = taken
        values = getattr(read, dest)
        setattr(read, last.dest, self._made(str(values.pop(end - 1))))
