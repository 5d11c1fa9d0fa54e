"""Everything that is measured of a network, controls included, against one bare forward pass."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence

from builder.models.threads import one_thread
from builder.work.workers import Context, InThisProcess, Item, Result
from tests.bench.reading import BarePass, make_network, measure_all, prepare, subject_of
from tests.bench.sizes import Row, Sizes, timed
from tests.bench.text import documents


class Watched(InThisProcess):
    """Does everything here, and notes how long what took.

    Attributes:
        seconds: By the title of the work.
        read: Characters that were read for it.
    """

    def __init__(self) -> None:
        self.seconds, self.read = defaultdict[str, float](float), defaultdict[str, int](int)

    def map(
        self, task: Callable[[Context, Item], Result], context: Context, items: Sequence[Item],
        *, title: str = "", sizes: Sequence[int] = (),
    ) -> Iterator[Result]:
        """Yield the result for each item."""
        self.read[title] += sum(sizes)
        for item in items:
            start = time.perf_counter()
            result = task(context, item)
            self.seconds[title] += time.perf_counter() - start
            yield result


def evidence_rows(sizes: Sizes) -> list[Row]:
    """Return the whole with its controls as bare passes, and which part of it takes how many."""
    texts = documents(sizes.streams, sizes.characters)
    network = make_network(sizes.hidden, texts)
    prepared, _ = prepare(texts, network.spec.vocabulary)
    subject, watched = subject_of(network, texts), Watched()
    with one_thread():
        bare = BarePass(network, prepared)
        bare()
        before = timed(bare)
        whole = timed(lambda: measure_all(subject, True, watched))
        once = (before + timed(bare)) / 2
    rows = [Row("time of all evidence / bare forward pass", f"{whole / once:.1f}", "at most 6")]
    rows += [Row(f"  {title}: {watched.read[title] / 1e6:.1f} million characters",
                 f"{seconds / once:.2f}") for title, seconds in watched.seconds.items()]
    rest = whole - sum(watched.seconds.values())
    return [*rows, Row("  labels, and the statistics afterwards", f"{rest / once:.2f}")]
