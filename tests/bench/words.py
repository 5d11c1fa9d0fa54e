"""The search for formulas that say what units do, against one bare pass over the same text."""

from __future__ import annotations

import contextlib
import io
from functools import partial

from builder.activations.subject import Subject
from builder.core.text import Split
from builder.evidence.formulas.atoms import found_atoms, held
from builder.evidence.formulas.choosing import choose_formulas
from builder.evidence.formulas.find import find_formulas
from builder.evidence.formulas.ground import ground_of
from builder.models.threads import one_thread
from builder.work import local
from tests.bench.evidence import Watched
from tests.bench.reading import BarePass, make_network, prepare, subject_of
from tests.bench.sizes import Row, Sizes, timed
from tests.bench.text import documents


def word_rows(sizes: Sizes) -> list[Row]:
    """Return the search alone and with all its controls as bare passes, and what takes how many."""
    texts = documents(sizes.streams, sizes.characters)
    network = make_network(sizes.hidden, texts)
    prepared, _ = prepare(texts, network.spec.vocabulary)
    subject, watched = subject_of(network, texts), Watched()
    with one_thread(), contextlib.redirect_stderr(io.StringIO()):
        bare = BarePass(network, prepared)
        bare()
        before = timed(bare)
        alone = _search(subject)
        whole = timed(partial(find_formulas, subject, watched))
        once = (before + timed(bare)) / 2
    read = {title: seconds for title, seconds in watched.seconds.items() if title}
    return [
        Row("search for formulas of all units / bare forward pass", f"{alone / once:.1f}",
            "at most 3"),
        Row("the same, judged, with its controls and conditions", f"{whole / once:.1f}"),
        *(Row(f"  {title}: {watched.read[title] / 1e6:.1f} million characters",
              f"{seconds / once:.2f}") for title, seconds in read.items()),
        Row("  labels, searches and statistics", f"{(whole - sum(read.values())) / once:.2f}"),
    ]


def _search(subject: Subject) -> float:
    """Return the seconds in which all units get their formula, once their values are known."""
    ground = ground_of(subject, local(1))
    places = ground.places(Split.DISCOVER)
    features = ground.reading.features
    on = held(found_atoms(features, places.labels), features, places.labels)
    values = ground.values(subject.source, Split.DISCOVER, "")
    return timed(partial(choose_formulas, values, on, places))
