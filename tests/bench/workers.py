"""One process against two, over the same text."""

from __future__ import annotations

from builder.work import local
from tests.bench.reading import make_network, measure_all, subject_of
from tests.bench.sizes import Row, Sizes, timed
from tests.bench.text import documents


def worker_rows(sizes: Sizes) -> list[Row]:
    """Return the seconds of both, controls included, and their ratio."""
    texts = documents(sizes.streams, sizes.characters)
    subject = subject_of(make_network(sizes.hidden, texts), texts)
    seconds = []
    for count in (1, 2):
        with local(count) as workers:
            seconds.append(timed(lambda: measure_all(subject, True, workers)))
    one, two = seconds
    return [Row("seconds with one worker, controls included", f"{one:.1f}"),
            Row("seconds with two workers", f"{two:.1f}"),
            Row("times faster with two workers", f"{one / two:.2f}")]
