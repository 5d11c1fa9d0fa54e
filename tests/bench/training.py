"""A training step against the plainest PyTorch loop that does the same."""

from __future__ import annotations

from collections.abc import Iterator

import torch
from torch import nn
from torch.nn.functional import cross_entropy

from builder.models.network import CharNetwork
from builder.models.training.train import train_step
from builder.models.training.windows import PADDING, Window, windows
from builder.workspace.recipe import TrainingSettings
from tests.bench.reading import make_network
from tests.bench.sizes import Row, Sizes, interleaved, rate, ratio
from tests.bench.text import documents

SETTINGS = TrainingSettings()


class OurLoop:
    """Windows are made and trained on, as `gallery train` does."""

    def __init__(self, network: CharNetwork, feed: Iterator[Window], streams: int) -> None:
        self._network, self._feed = network, feed
        self._optimiser = torch.optim.AdamW(
            network.parameters(), lr=SETTINGS.learning_rate, fused=True)
        self._state = network.initial_state(streams)

    def __call__(self) -> None:
        """Do one step."""
        self._state = train_step(self._network, self._optimiser, next(self._feed), self._state,
                                 "float32", SETTINGS.clip)


class BareLoop:
    """The same network of PyTorch's own parts, on tensors that were made beforehand."""

    def __init__(self, like: CharNetwork, window: Window, streams: int) -> None:
        spec = like.spec
        rows = spec.vocabulary.size
        self._embedding = nn.Embedding(rows, spec.embedding_size)
        self._rnn = nn.LSTM(spec.embedding_size, spec.hidden_size)
        self._decoder = nn.Linear(spec.hidden_size, rows)
        parts = (self._embedding, self._rnn, self._decoder)
        self._parameters = [p for part in parts for p in part.parameters()]
        self._optimiser = torch.optim.AdamW(
            self._parameters, lr=SETTINGS.learning_rate, fused=True)
        self._ids, self._targets = torch.from_numpy(window.ids), torch.from_numpy(window.targets)
        self._state = tuple(torch.zeros(1, streams, spec.hidden_size) for _ in range(2))

    def __call__(self) -> None:
        """Do one step."""
        hidden, after = self._rnn(self._embedding(self._ids), self._state)
        logits = self._decoder(hidden)
        loss = cross_entropy(logits.flatten(0, 1), self._targets.flatten(), ignore_index=PADDING)
        self._optimiser.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(self._parameters, SETTINGS.clip)
        self._optimiser.step()
        self._state = tuple(part.detach() for part in after)


def training_rows(sizes: Sizes) -> list[Row]:
    """Return the ratio of the rates, and both."""
    texts = documents(sizes.training_streams * 2, sizes.characters)
    network = make_network(sizes.hidden, texts)
    encoded = [network.spec.vocabulary.encode(text) for text in texts]
    streams, length = sizes.training_streams, sizes.window
    feed = windows(encoded, streams, length, 1)
    bare, ours = BareLoop(network, next(feed), streams), OurLoop(network, feed, streams)
    stepped, plain = interleaved(ours, bare, sizes.steps)
    return [
        Row(f"{sizes.steps} steps, H={sizes.hidden}, {streams} streams of {length} characters", ""),
        Row("rate of training / bare PyTorch loop", f"{ratio(plain, stepped):.2f}",
            "at least 0.9"),
        Row("characters a second, trained", rate(streams * length, stepped)),
        Row("characters a second, bare PyTorch loop", rate(streams * length, plain)),
    ]
