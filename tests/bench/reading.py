"""Reading and scoring against a bare forward pass over the same characters."""

from __future__ import annotations

import contextlib
import io

import numpy as np
import torch

from builder.core.model import ModelSpec, Vocabulary
from builder.core.text import BURN_IN
from builder.corpora.documents import make_corpus
from builder.corpora.kinds import TextFile
from builder.features import features_for, label
from builder.inspection import MINIMUM_R, SPLIT
from builder.measure import measure
from builder.models.lockstep import batches, blocks
from builder.models.network import CharNetwork, initialise
from builder.reading import SignalReader, read_batch
from builder.reading.blocks import ROWS
from builder.recipe import CorpusSettings
from builder.scoring import (
    BigramMeans,
    CorrelationSums,
    MeanSums,
    Prepared,
    compact,
    count_bigrams,
    join,
)
from builder.scoring.prepare import NOT_SCORED
from builder.subject import Subject
from tests.bench.sizes import Row, Sizes, interleaved, rate, ratio, timed
from tests.bench.text import documents

EMBEDDING = 64
LANGUAGE = "python"
FEATURES = features_for(LANGUAGE)


def make_network(hidden: int, texts: list[str]) -> CharNetwork:
    """Return an LSTM that has learned nothing."""
    spec = ModelSpec("lstm", EMBEDDING, hidden, 1, Vocabulary.of_texts(texts))
    network = CharNetwork(spec)
    initialise(network, 1)
    return network.eval()


def prepare(texts: list[str], vocabulary: Vocabulary) -> tuple[list[Prepared], int]:
    """Encode and label texts, longest first; return them and the number of frequent bigrams."""
    order = batches([len(text) for text in texts], len(texts))[0]
    encoded = [vocabulary.encode(texts[i]) for i in order]
    table = count_bigrams(encoded, vocabulary.size)
    prepared = []
    for i, ids in zip(order, encoded, strict=True):
        groups = np.full(len(ids), i % 64, np.int16)
        groups[:BURN_IN] = NOT_SCORED
        labels = compact(label(texts[i], LANGUAGE, FEATURES).values)
        prepared.append(Prepared(ids, labels, groups, table.of(ids)))
    return prepared, table.size


class BarePass:
    """What PyTorch alone does: the LSTM over blocks that were made beforehand."""

    def __init__(self, network: CharNetwork, prepared: list[Prepared]) -> None:
        self._network = network
        self._blocks = [torch.from_numpy(b.ids) for b in blocks([p.ids for p in prepared], ROWS)]

    def __call__(self) -> None:
        """Read everything once."""
        with torch.no_grad():
            state = self._network.initial_state(self._blocks[0].shape[1])
            for ids in self._blocks:
                state = tuple(part[:, : ids.shape[1]].contiguous() for part in state)
                _, state = self._network.rnn(self._network.embedding(ids), state)


class ScoredPass:
    """Reading h and tanh(c), and the sums of every unit with every feature."""

    def __init__(self, network: CharNetwork, prepared: list[Prepared], pairs: int) -> None:
        self._reader, self._prepared = SignalReader(network), prepared
        self._means = self._take_means(pairs)

    def __call__(self) -> None:
        """Read and score everything once."""
        self._add_to(CorrelationSums(self._means))

    def _take_means(self, pairs: int) -> BigramMeans:
        sums = MeanSums(pairs, self._reader.width, len(FEATURES))
        self._add_to(sums)
        return sums.means()

    def _add_to(self, sums: MeanSums | CorrelationSums) -> None:
        texts = [p.ids for p in self._prepared]
        for block in read_batch(self._reader, texts, range(len(texts))):
            rows = join(block, self._prepared)
            if rows is not None:
                sums.add(rows)


def reading_rows(sizes: Sizes) -> list[Row]:
    """Return the ratio and both rates, then labels and the whole of `measure` by themselves."""
    texts = documents(sizes.streams, sizes.characters)
    characters = sum(map(len, texts))
    network = make_network(sizes.hidden, texts)
    prepared, pairs = prepare(texts, network.spec.vocabulary)
    bare, ours = BarePass(network, prepared), ScoredPass(network, prepared, pairs)
    scored, plain = interleaved(ours, bare, sizes.repeats)
    shape = (f"H={sizes.hidden}, E={EMBEDDING}, B={sizes.streams}, {len(FEATURES)} features, "
             f"{torch.get_num_threads()} threads of torch")
    return [
        Row(f"{characters:,} characters, {shape}", ""),
        Row("time of reading and scoring / bare forward pass", f"{ratio(scored, plain):.2f}",
            "at most 2.0"),
        Row("characters a second, read and scored", rate(characters, scored)),
        Row("characters a second, bare forward pass", rate(characters, plain)),
        *_other_rows(network, texts, characters, sizes.repeats),
    ]


def _other_rows(
    network: CharNetwork, texts: list[str], characters: int, repeats: int
) -> list[Row]:
    files = [TextFile(f"{i}.py", text.encode()) for i, text in enumerate(texts)]
    subject = Subject(network, make_corpus(files, CorpusSettings(), SPLIT), LANGUAGE, FEATURES)

    def label_all() -> None:
        for text in texts:
            label(text, LANGUAGE, FEATURES)

    def measure_all() -> None:
        with contextlib.redirect_stderr(io.StringIO()):
            measure(subject, MINIMUM_R, controls=False)

    labelled = [timed(label_all) for _ in range(repeats)]
    measured = [timed(measure_all) for _ in range(repeats)]
    return [
        Row("characters a second, labelled with every feature", rate(characters, labelled)),
        Row("characters a second, measured, without controls", rate(characters, measured)),
        Row("microseconds a character, measured, without controls",
            f"{1e6 / characters * sorted(measured)[repeats // 2]:.1f}"),
    ]
