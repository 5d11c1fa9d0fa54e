"""Reading and scoring against a bare forward pass over the same characters."""

from __future__ import annotations

import contextlib
import io
from functools import partial
from itertools import islice

import numpy as np
import torch

from builder.activations.blocks import ROWS, read_batch
from builder.activations.networks import NetworkSource
from builder.activations.signals import SignalReader
from builder.activations.subject import Subject
from builder.core.text import BURN_IN
from builder.corpora.contract import TextFile
from builder.corpora.documents import make_corpus
from builder.corpora.given import SPLIT
from builder.corpora.settings import CorpusSettings
from builder.evidence.inspection import MINIMUM_R
from builder.evidence.measure import measure
from builder.features import Feature, features_for, label
from builder.models.lockstep import batches, blocks
from builder.models.network import CharNetwork, initialise
from builder.models.spec import ModelSpec
from builder.models.threads import one_thread
from builder.scoring import (
    BigramMeans,
    CorrelationSums,
    MeanSums,
    Prepared,
    count_bigrams,
    join,
)
from builder.scoring.prepare import NOT_SCORED
from builder.tokens.characters import Vocabulary
from builder.work import Workers
from tests.bench.sizes import Row, Sizes, interleaved, rate, ratio, timed
from tests.bench.text import documents, library

EMBEDDING = 64
LANGUAGE = "python"
FEATURES = features_for(LANGUAGE)[:40]
"""As many as the goal is set for."""
ALL_FEATURES = features_for(LANGUAGE)


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
        labels = label(texts[i], LANGUAGE, FEATURES).values
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


class CellLoop:
    """What one writes first: `LSTMCell`, one character at a time, and `numpy.corrcoef`."""

    def __init__(
        self, network: CharNetwork, texts: list[str], features: tuple[Feature, ...]
    ) -> None:
        spec = network.spec
        self._cell = torch.nn.LSTMCell(spec.embedding_size, spec.hidden_size)
        weights = {name.removesuffix("_l0"): p for name, p in network.rnn.state_dict().items()}
        self._cell.load_state_dict(weights)
        self._embedding, self._features = network.embedding, features
        self._texts, self._encode = texts, spec.vocabulary.encode

    def __call__(self) -> None:
        """Read every text and correlate every unit with every feature."""
        signals, labels = [], []
        with torch.no_grad():
            for text in self._texts:
                state = None
                for inputs in self._embedding(torch.from_numpy(self._encode(text))):
                    state = self._cell(inputs[None], state)
                    signals.append(torch.cat([state[0][0], state[1][0].tanh()]).numpy())
                labels.append(label(text, LANGUAGE, self._features).values)
        with np.errstate(invalid="ignore", divide="ignore"):
            np.corrcoef(np.stack(signals).T, np.concatenate(labels).T.astype(np.float64))


def reading_rows(sizes: Sizes) -> list[Row]:
    """Return the core, the whole of `measure`, its controls, and labels; one thread throughout."""
    texts = documents(sizes.streams, sizes.characters)
    characters = sum(map(len, texts))
    network = make_network(sizes.hidden, texts)
    with one_thread():
        rows = [Row(f"{characters:,} characters, H={sizes.hidden}, E={EMBEDDING}, "
                    f"B={sizes.streams}, {len(FEATURES)} features, one thread", "")]
        rows += _core_rows(network, texts, characters, sizes)
        rows += _whole_rows(network, texts, characters, sizes)
        rows += _label_rows(sizes)
    return rows


def _core_rows(
    network: CharNetwork, texts: list[str], characters: int, sizes: Sizes
) -> list[Row]:
    prepared, pairs = prepare(texts, network.spec.vocabulary)
    bare, ours = BarePass(network, prepared), ScoredPass(network, prepared, pairs)
    scored, plain = interleaved(ours, bare, sizes.repeats)
    return [
        Row("time of reading and scoring / bare forward pass", f"{ratio(scored, plain):.2f}"),
        Row("characters a second, read and scored", rate(characters, scored)),
        Row("characters a second, bare forward pass", rate(characters, plain)),
    ]


def _whole_rows(
    network: CharNetwork, texts: list[str], characters: int, sizes: Sizes
) -> list[Row]:
    subject = subject_of(network, texts)
    prepared, _ = prepare(texts, network.spec.vocabulary)
    bare = BarePass(network, prepared)
    few = [text[:400] for text in texts[:5]]
    loop = CellLoop(network, few, FEATURES)
    whole, plain = interleaved(partial(measure_all, subject), bare, sizes.repeats)
    slow = timed(loop) / sum(map(len, few))
    with_controls = timed(partial(measure_all, subject, controls=True))
    once = sorted(whole)[len(whole) // 2]
    return [
        Row("time of the whole, without controls / bare forward pass",
            f"{ratio(whole, plain):.2f}", "at most 2.0"),
        Row("times faster than a loop over LSTMCell with numpy.corrcoef",
            f"{slow / (once / characters):.1f}", "at least 8"),
        Row("characters a second, the whole, without controls", rate(characters, whole)),
        Row("seconds for the whole, without controls", f"{once:.1f}"),
        Row("seconds for the controls", f"{with_controls - once:.1f}"),
    ]


def subject_of(network: CharNetwork, texts: list[str]) -> Subject:
    """Return texts split as `inspect` splits them."""
    files = [TextFile(f"{i}.py", text.encode()) for i, text in enumerate(texts)]
    corpus = make_corpus(files, CorpusSettings(), SPLIT)
    return Subject(NetworkSource(network), corpus, LANGUAGE, FEATURES)


def measure_all(
    subject: Subject, controls: bool = False, workers: Workers | None = None
) -> None:
    """Measure without a word."""
    with contextlib.redirect_stderr(io.StringIO()):
        measure(subject, MINIMUM_R, controls=controls, workers=workers)


def _label_rows(sizes: Sizes) -> list[Row]:
    """Label whole files of the library, which have the length that files have."""
    texts = list(islice(library(2_000), sizes.files))
    characters = sum(map(len, texts))

    def label_all() -> None:
        for text in texts:
            label(text, LANGUAGE, ALL_FEATURES)

    labelled = [timed(label_all) for _ in range(sizes.repeats)]
    return [Row(f"characters a second, labelled with all {len(ALL_FEATURES)} features",
                rate(characters, labelled), "at least 2,000,000")]
