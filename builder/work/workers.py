"""What all workers have in common, and the plainest of them: this process itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Protocol, Self, TypeVar

from builder.core.progress import progress

Context = TypeVar("Context")
Item = TypeVar("Item")
Result = TypeVar("Result")


class Workers(Protocol):
    """Who does shares of work that do not hang on each other.

    Attributes:
        same_disk: Whether all of them see the files of this machine.
    """

    same_disk: bool = True

    def map(
        self, task: Callable[[Context, Item], Result], context: Context, items: Sequence[Item],
        *, title: str = "", sizes: Sequence[int] = (),
    ) -> Iterator[Result]:
        """Yield the result of `task(context, item)` for each item, in the order of the items.

        Few results are held at a time. One map runs at a time; one that is given up ends with
        its iterator.

        Args:
            task: A function of a module. The same arguments give the same result, whatever ran
                in the process before; it changes neither argument.
            context: What all items need. Sent once to each process, so it may be large.
            items: Sent one by one.
            title: Of the progress; none is shown where it is empty.
            sizes: Characters of each item; each counts 1 where none are given.

        Raises:
            UserError: A share was lost again and again, with the process that did it.
            Exception: Whatever the task raises, as it is; the other shares are stopped.
        """
        ...

    def close(self) -> None:
        """Stop what is running and let go of every process."""
        return None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *raised: object) -> None:
        self.close()


class InThisProcess(Workers):
    """Does one share after the other, here."""

    def map(
        self, task: Callable[[Context, Item], Result], context: Context, items: Sequence[Item],
        *, title: str = "", sizes: Sequence[int] = (),
    ) -> Iterator[Result]:
        """Yield the result for each item."""
        with counting(title, sizes, len(items)) as done:
            for i, item in enumerate(items):
                result = task(context, item)
                done(i)
                yield result


@contextmanager
def counting(title: str, sizes: Sequence[int], count: int) -> Iterator[Callable[[int], None]]:
    """Show the progress of `count` items; the body is given a function for each that is done."""
    if not title:
        yield lambda i: None
        return
    amounts = sizes or [1] * count
    with progress(title, sum(amounts), "chars" if sizes else "shares") as bar:
        yield lambda i: bar.advance(amounts[i])
