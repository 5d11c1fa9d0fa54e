"""Training: AdamW over windows of text, with the state carried from one to the next."""

from __future__ import annotations

import math
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch.nn.functional import cross_entropy

from builder.core.digests import digest, digest_of_parts
from builder.core.errors import CorpusError, Problem, UserError
from builder.core.progress import progress
from builder.core.text import Corpus, Split
from builder.models.architecture import State
from builder.models.evaluate import bits_per_character
from builder.models.folder import write_model
from builder.models.network import CharNetwork, initialise
from builder.models.spec import ModelSpec
from builder.models.training.checkpoint import Progressed, load_checkpoint, save_checkpoint
from builder.models.training.film import Shooting
from builder.models.training.rate import learning_rate
from builder.models.training.steps import tokens_for
from builder.models.training.windows import PADDING, Window, characters_read, windows
from builder.workspace.recipe import ModelSettings, TrainingSettings

CHECKPOINT_SECONDS = 60.0
VALIDATIONS = 20
"""Points of the validation curve, unless that is more often than every 200 windows."""
VALIDATION_CHARACTERS = 200_000

Ids = NDArray[np.int64]


@dataclass(frozen=True)
class Plan:
    """All that decides a run: encoded texts, what to build and how to train it."""

    training: Sequence[Ids]
    validation: Sequence[Ids]
    spec: ModelSpec
    settings: TrainingSettings
    corpus_digest: str
    steps_each: float = 1.0
    """Steps of a character of the validation text."""

    @cached_property
    def read(self) -> NDArray[np.int64]:
        """Characters read until the end of each window, int64[steps]; padding is not counted."""
        settings = self.settings
        return characters_read([len(text) for text in self.training], settings.streams,
                               settings.window, settings.seed, settings.characters)

    @property
    def steps(self) -> int:
        """Number of windows."""
        return len(self.read)

    def read_after(self, steps: int) -> int:
        """Return the characters read in so many windows."""
        return int(self.read[steps - 1]) if steps else 0

    @property
    def run(self) -> str:
        """Digest by which a checkpoint knows its run."""
        vocabulary = self.spec.vocabulary
        sizes = (self.spec.architecture, self.spec.embedding_size, self.spec.hidden_size,
                 self.spec.num_layers)
        return digest_of_parts([self.corpus_digest, repr(sizes), self.settings.model_dump_json(),
                                *map(vocabulary.name, vocabulary.known().tolist()),
                                *map(digest, vocabulary.files().values())])


def make_plan(
    corpus: Corpus, model: ModelSettings, settings: TrainingSettings, folder: Path = Path()
) -> Plan:
    """Encode a corpus for training; validation text is of the discover split, never held out.

    Args:
        corpus: Its train split is learned.
        model: What to build.
        settings: How to train it.
        folder: Of the exhibit, with the `tokenizer.json` of subwords.

    Raises:
        CorpusError: There is not enough text to train on.
        ModelError: There is no tokenizer, or it is not right.
    """
    train = _training_texts(corpus)
    vocabulary = tokens_for(model.tokens, train, settings.minimum_count, folder)
    encoded = (vocabulary.encode(text) for text in train)
    texts = [ids for ids in encoded if len(ids) > 1]
    if not texts or not len(vocabulary.known()):
        raise CorpusError(Problem("training text", "too little to train on",
                                  f"{sum(map(len, train)):,} characters",
                                  "add text, or lower training.minimum_count"))
    spec = ModelSpec(model.architecture, model.embedding_size, model.hidden_size,
                     model.num_layers, vocabulary)
    checked = list(_validation_texts(corpus))
    validation = [vocabulary.encode(text) for text in checked]
    characters = sum(len(text) - 1 for text in checked)
    each = sum(max(0, len(ids) - 1) for ids in validation) / characters if characters else 1.0
    return Plan(texts, validation, spec, settings, corpus.digest, each)


def _training_texts(corpus: Corpus) -> list[str]:
    return [d.text[p.start : p.stop] for d, p in corpus.pieces(Split.TRAIN)]


def _validation_texts(corpus: Corpus) -> Iterator[str]:
    left = VALIDATION_CHARACTERS
    for document, piece in corpus.pieces(Split.DISCOVER):
        text = document.text[piece.start : piece.stop][:left]
        left -= len(text)
        if len(text) > 1:
            yield text


def train(
    corpus: Corpus, model: ModelSettings, settings: TrainingSettings, folder: Path,
    checkpoint: Path, *, moments: int = 0, resume: bool = False, device: str = "auto",
    beside: Path = Path(),
) -> None:
    """Train a network and write it, with a list of the documents it has seen, into a folder.

    The run is decided by the arguments before `checkpoint`, down to the last bit on a CPU with
    the same number of threads; a resumed run ends in the same weights as one that was not
    interrupted.

    Args:
        corpus: Its train split is learned, part of its discover split validates.
        model: What to build.
        settings: How to train it.
        folder: Where the model folder goes.
        checkpoint: File for checkpoints, written every minute and when interrupted.
        moments: At how many moments the weights are kept, the end among them.
        resume: Go on from the checkpoint.
        device: "auto", or a device as torch names it.
        beside: Folder of the exhibit, with the `tokenizer.json` of subwords.

    Raises:
        CorpusError, ModelError, OutputError: As the parts say.
    """
    plan = make_plan(corpus, model, settings, beside)
    with _threads(settings.threads):
        film = Shooting(checkpoint.with_suffix(".film"), plan.steps, moments, plan.read_after)
        trainer = _Trainer(plan, checkpoint, film, _device(device))
        if resume:
            trainer.resume()
        trainer.run()
        record = trainer.record()
    trained = {digest(text) for text in _training_texts(corpus)}
    write_model(folder, trainer.network, record, trained)
    film.publish(folder)
    checkpoint.unlink(missing_ok=True)


class _Trainer:
    """One run in progress; weights, optimiser and carried state change in place."""

    def __init__(
        self, plan: Plan, checkpoint: Path, film: Shooting, device: torch.device
    ) -> None:
        self._plan, self._checkpoint, self._film, self._device = plan, checkpoint, film, device
        settings = plan.settings
        self.network = CharNetwork(plan.spec, settings.dropout)
        initialise(self.network, settings.seed)
        self.network.to(device)
        self._optimiser = torch.optim.AdamW(
            self.network.parameters(), weight_decay=settings.weight_decay, fused=True
        )
        self._state = self.network.initial_state(settings.streams)
        self._done = 0
        self._curve: list[tuple[int, float]] = []

    def resume(self) -> None:
        """Go on from the checkpoint."""
        self._state, at = load_checkpoint(
            self._checkpoint, self._plan.run, self.network, self._optimiser
        )
        self._done, self._curve = at.step, at.curve

    def run(self) -> None:
        """Train to the end; a checkpoint is kept every minute and when stopped."""
        plan, settings = self._plan, self._plan.settings
        every = max(200, plan.steps // VALIDATIONS)
        feed = islice(windows(plan.training, settings.streams, settings.window, settings.seed),
                      self._done, plan.steps)
        saved = time.monotonic()
        done = plan.read_after(self._done)
        with progress("training", plan.read_after(plan.steps), done=done) as bar:
            try:
                for window in feed:
                    self._step(window)
                    self._film.see(self._done, self.network)
                    if self._done % every == 0 or self._done == plan.steps:
                        self._validate()
                    if time.monotonic() - saved > CHECKPOINT_SECONDS:
                        self._save()
                        saved = time.monotonic()
                    bar.advance(window.characters, self._latest())
            except KeyboardInterrupt:
                self._save()
                raise

    def record(self) -> dict[str, object]:
        """Return the training record of `model.json`."""
        settings = self._plan.settings
        self.network.half().float()
        bits = self._bits(self.network.to("cpu"))
        return {
            "corpus": self._plan.corpus_digest,
            "seed": settings.seed,
            "characters": self._plan.read_after(self._plan.steps),
            "text": sum(map(len, self._plan.training)),
            "precision": settings.precision,
            "bits_per_character": None if math.isnan(bits) else round(bits, 4),
            "curve": [[read, round(b, 4)] for read, b in self._curve if not math.isnan(b)],
        }

    def _step(self, window: Window) -> None:
        torch.manual_seed(self._plan.settings.seed * 1_000_003 + self._done)
        rate = learning_rate(self._done, self._plan.steps, self._plan.settings.learning_rate)
        for group in self._optimiser.param_groups:
            group["lr"] = rate
        self._state = train_step(self.network, self._optimiser, window, self._state,
                                 self._plan.settings.precision, self._plan.settings.clip)
        self._done += 1

    def _validate(self) -> None:
        read = self._plan.read_after(self._done)
        self._curve.append((read, self._bits(self.network)))

    def _bits(self, network: CharNetwork) -> float:
        """Return bits per character of the validation text."""
        return bits_per_character(network, self._plan.validation) * self._plan.steps_each

    def _latest(self) -> str:
        if not self._curve or math.isnan(self._curve[-1][1]):
            return ""
        return f"{self._curve[-1][1]:.3f} bits per character"

    def _save(self) -> None:
        at = Progressed(self._done, self._plan.run, self._curve)
        save_checkpoint(self._checkpoint, self.network, self._optimiser, self._state, at)


def train_step(
    network: CharNetwork, optimiser: torch.optim.Optimizer, window: Window, state: State,
    precision: str, clip: float,
) -> State:
    """Do one step in place; return the state after the window, detached.

    Args:
        network: In training mode; changed.
        optimiser: Over all its parameters; changed.
        window: Its fresh streams start from zeros.
        state: Each float32[L, B, H], after the window before.
        precision: "bfloat16" runs the forward pass in mixed precision.
        clip: Largest norm of the gradient.
    """
    network.train()
    device = state[0].device
    keep = torch.from_numpy(~window.fresh).to(device, torch.float32)[None, :, None]  # [1, B, 1]
    ids = torch.from_numpy(window.ids).to(device)
    targets = torch.from_numpy(window.targets).to(device)
    mixed = precision == "bfloat16"
    with torch.autocast(device.type, torch.bfloat16, enabled=mixed):
        logits, after = network(ids, tuple(part * keep for part in state))
    loss = cross_entropy(logits.float().flatten(0, 1), targets.flatten(), ignore_index=PADDING)
    optimiser.zero_grad(set_to_none=True)
    loss.backward()  # type: ignore[no-untyped-call]
    torch.nn.utils.clip_grad_norm_(network.parameters(), clip)
    optimiser.step()
    return tuple(part.detach().float() for part in after)


def _device(name: str) -> torch.device:
    if name == "auto":
        return torch.device("cuda" if torch.cuda.is_available() else "cpu")
    try:
        return torch.zeros(1, device=name).device
    except (RuntimeError, AssertionError) as error:
        raise UserError(Problem("--device", "cannot be used", f"{name!r}: {error}".splitlines()[0],
                                "use auto, or cpu")) from None


@contextmanager
def _threads(count: int) -> Iterator[None]:
    before = torch.get_num_threads()
    torch.set_num_threads(count or before)
    try:
        yield
    finally:
        torch.set_num_threads(before)
