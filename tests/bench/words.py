"""The search for formulas that say what units do, with its controls, against a bare pass."""

from __future__ import annotations

import contextlib
import io

from builder.evidence.formulas.find import find_formulas
from builder.models.threads import one_thread
from tests.bench.evidence import Watched
from tests.bench.reading import BarePass, make_network, prepare, subject_of
from tests.bench.sizes import Row, Sizes, timed
from tests.bench.text import documents


def word_rows(sizes: Sizes) -> list[Row]:
    """Return the whole search as bare passes over the same text, and which part takes how many."""
    texts = documents(sizes.streams, sizes.characters)
    network = make_network(sizes.hidden, texts)
    prepared, _ = prepare(texts, network.spec.vocabulary)
    subject, watched = subject_of(network, texts), Watched()

    def search() -> None:
        with contextlib.redirect_stderr(io.StringIO()):
            find_formulas(subject, watched)

    with one_thread():
        bare = BarePass(network, prepared)
        bare()
        before = timed(bare)
        whole = timed(search)
        once = (before + timed(bare)) / 2
    read = [Row(f"  {title}: {watched.read[title] / 1e6:.1f} million characters",
                f"{seconds / once:.2f}") for title, seconds in watched.seconds.items() if title]
    rest = whole - sum(watched.seconds[title] for title in watched.seconds if title)
    return [Row("search for formulas of all units / bare forward pass", f"{whole / once:.1f}",
                "at most 3"),
            *read, Row("  labels, and the search itself", f"{rest / once:.2f}")]
