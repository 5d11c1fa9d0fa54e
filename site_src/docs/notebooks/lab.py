"""A network of the gallery in numpy alone: its weights, states, predictions and pictures.

    network, passages = load("python-lstm", "https://address.of/the/gallery/")
    reading = read(network, "print('hello')")
    draw(reading.text, reading["c0.40"])

T characters, B texts side by side, H units of a layer, V entries of the vocabulary. Needs Python
3.10 and numpy. Files are read as numbers and text: nothing in them can run.
"""

from __future__ import annotations

import base64
import json
import lzma
import re
import urllib.request
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from html import escape
from itertools import groupby
from pathlib import Path
from typing import Any

import numpy as np

Array = np.ndarray
PASSAGES, LARGEST = 8, 64 * 2**20


class LabError(Exception):
    """Something that can be put right; the message says how."""


class NotYet(AssertionError):
    """An answer is not right; the message is a hint."""


# One step of each kind of network. a = W x + b_ih, b = U h + b_hh, their blocks side by side.

def sigmoid(x: Array) -> Array:
    """Return 1 / (1 + e^−x), in a form that never overflows."""
    return 0.5 * (1 + np.tanh(0.5 * x))


def lstm(a: Array, b: Array, h: Array, c: Array) -> dict[str, Array]:
    """Gates i, f, o = σ(a + b), g = tanh(a + b); c ← f ∘ c + i ∘ g; h ← o ∘ tanh(c)."""
    i, f, g, o = np.split(a + b, 4, axis=-1)
    i, f, g, o = sigmoid(i), sigmoid(f), np.tanh(g), sigmoid(o)
    c = f * c + i * g
    return {"h": o * np.tanh(c), "c": c, "i": i, "f": f, "g": g, "o": o}


def gru(a: Array, b: Array, h: Array, c: Array) -> dict[str, Array]:
    """Gates r, z = σ(a + b); n = tanh(a + r ∘ b); h ← (1 − z) ∘ n + z ∘ h."""
    (ar, az, an), (br, bz, bn) = np.split(a, 3, axis=-1), np.split(b, 3, axis=-1)
    r, z = sigmoid(ar + br), sigmoid(az + bz)
    n = np.tanh(an + r * bn)
    return {"h": (1 - z) * n + z * h, "r": r, "z": z, "n": n}


def rnn(a: Array, b: Array, h: Array, c: Array) -> dict[str, Array]:
    """New state: h ← tanh(a + b)."""
    return {"h": np.tanh(a + b)}


STEPS = {"lstm": (lstm, 4), "gru": (gru, 3), "rnn": (rnn, 1)}


@dataclass(frozen=True)
class Network:
    """Weights by their names, float32; entry 0 of the vocabulary is any character not in it."""

    architecture: str
    hidden: int
    layers: int
    vocabulary: str
    weights: dict[str, Array]

    def encode(self, text: str) -> Array:
        """Return the entry of each character, int[T]."""
        return np.array([self.vocabulary.find(character) + 1 for character in text], int)

    def place(self, unit: str) -> tuple[str, int, int]:
        """Return the letter, layer and number in the name of a unit, `h0.40`."""
        found = re.fullmatch(r"([a-z])(\d+)\.(\d+)", unit)
        if not found or int(found[2]) >= self.layers or int(found[3]) >= self.hidden:
            raise LabError(f"{unit}: no such unit; write a letter, a layer below {self.layers}, a "
                           f"dot, and a number below {self.hidden}, as in h0.40")
        return found[1], int(found[2]), int(found[3])

    def log_probs(self, h: Array) -> Array:
        """Return the log of its prediction after each state of the last layer, [T, V]."""
        scores = h @ self.weights["decoder.weight"].T + self.weights["decoder.bias"]
        scores -= scores.max(axis=-1, keepdims=True)
        return scores - np.log(np.exp(scores).sum(axis=-1, keepdims=True))


@dataclass(frozen=True)
class Reading:
    """What a network did at each character: `signals["c0"]` is c of layer 0, float32[T, H]."""

    network: Network
    text: str
    signals: dict[str, Array]

    def __getitem__(self, unit: str) -> Array:
        """Return one unit, [T]: `h0.40`, `f0.40`; `c0.40` is tanh(c), from −1 to 1."""
        letter, layer, index = self.network.place(unit)
        if f"{letter}{layer}" not in self.signals:
            raise LabError(f"{unit}: there is no {letter} here, but {', '.join(self.signals)}")
        values = self.signals[f"{letter}{layer}"][:, index]
        return np.tanh(values) if unit.startswith("c") else values

    def log_probs(self) -> Array:
        """Return the log of the prediction after each character, [T, V]."""
        return self.network.log_probs(self.signals[f"h{self.network.layers - 1}"])

    def loss(self) -> Array:
        """Return how surprising each character but the first was, in nats, [T − 1]."""
        came = self.network.encode(self.text)[1:]
        return -self.log_probs()[np.arange(len(came)), came]


def read(network: Network, text: str, **options: Any) -> Reading:
    """Read one text; the options are those of `read_all`, but `before` is one state."""
    before = [options.pop("before")] if "before" in options else []
    return read_all(network, [text], before=before, **options)[0]


def read_all(network: Network, texts: Sequence[str], keep: str = "hcifgorzn",
             freeze: Mapping[str, float] | None = None, before: Sequence[bytes] = (),
             ) -> list[Reading]:
    """Read texts side by side.

    Args:
        network: Any.
        texts: B of them.
        keep: Letters of the signals to keep.
        freeze: Units and what they are frozen at, {"h0.40": 0.0}: their output h, as the next
            step, the next layer and the prediction see it.
        before: The state to begin with, for each text, as passages have it: float32, h[L, H] and
            then c[L, H]. Without it, and where it is empty, zeros.
    """
    step, w = STEPS[network.architecture][0], network.weights
    frozen = [(*network.place(unit)[1:], value) for unit, value in (freeze or {}).items()]
    rows = [network.encode(text) for text in texts]
    steps = max(map(len, rows), default=0)
    ids = np.stack([np.pad(row, (0, steps - len(row))) for row in rows], axis=1)  # [T, B]
    state = np.zeros((2, network.layers, len(texts), network.hidden), np.float32)
    for at, given in enumerate(before):
        parts = np.frombuffer(given, "<f4").reshape(-1, network.layers, network.hidden)
        state[:len(parts), :, at] = parts
    h, c = state
    for layer, index, value in frozen:
        h[layer, :, index] = value
    first = w["embedding.weight"] @ w["rnn.weight_ih_l0"].T + w["rnn.bias_ih_l0"]  # [V, blocks]
    kept: dict[str, Array] = {}
    for t in range(steps):
        for layer in range(network.layers):
            a = h[layer - 1] @ w[f"rnn.weight_ih_l{layer}"].T + w[f"rnn.bias_ih_l{layer}"] \
                if layer else first[ids[t]]
            b = h[layer] @ w[f"rnn.weight_hh_l{layer}"].T + w[f"rnn.bias_hh_l{layer}"]
            new = step(a, b, h[layer], c[layer])
            for still, index, value in frozen:
                if still == layer:
                    new["h"][:, index] = value
            h[layer], c[layer] = new["h"], new.get("c", 0)
            for name in new.keys() & set(keep):
                if t == 0:
                    kept[f"{name}{layer}"] = np.empty((steps, *h[layer].shape), np.float32)
                kept[f"{name}{layer}"][t] = new[name]
    return [Reading(network, text, {name: kept[name][:len(text), at] for name in sorted(kept)})
            for at, text in enumerate(texts)]


# What is published: on a site models/NAME.js, in a copy of the project gallery/NAME/.

@dataclass(frozen=True)
class Passage:
    """A published stretch of a document that the network was not trained on.

    Attributes:
        text: T characters.
        labels: Name of a feature to its value after each character, float[T].
        before: The state that the network has before the first of them.
    """

    text: str
    labels: dict[str, Array]
    before: bytes = b""


def load(name: str, gallery: str = "") -> tuple[Network, list[Passage]]:
    """Return a network and the passages that are published with it.

    Args:
        name: Of the exhibit.
        gallery: Address of a site, or the folder of a site that was built or of the project;
            if empty, this folder and those above it are tried.
    """
    here = Path.cwd()
    for place in [gallery] if gallery else map(str, (here, *here.parents)):
        if "://" in place or (Path(place) / f"models/{name}.js").is_file():
            return _from_site(place, name)
        if (Path(place) / "gallery" / name / "model.json").is_file():
            return _from_folder(Path(place) / "gallery" / name)
    raise LabError(f"{name}: not found in {gallery or f'{here} or above it'}; set GALLERY to the "
                   "address of a gallery, or to the folder of a site or of the project")


def _from_site(place: str, name: str) -> tuple[Network, list[Passage]]:
    about = _script(place, f"models/{name}.js")
    network, shapes = _planned(name, about, about["embedding"], about["hidden"], about["layers"])
    numbers = np.frombuffer(base64.b64decode(about["weights"]), "<f2").astype(np.float32)
    ends = np.cumsum([np.prod(shape, dtype=int) for shape in shapes.values()])
    if ends[-1] != len(numbers):
        raise LabError(f"{name}: {len(numbers)} weights, but its sizes ask for {ends[-1]}")
    for (tensor, shape), part in zip(shapes.items(), np.split(numbers, ends[:-1]),
                                    strict=True):
        network.weights[tensor] = part.reshape(shape)
    found: list[Passage] = []
    with suppress(LabError):  # there is no further passage
        while len(found) < PASSAGES:
            found.append(_passage(_script(place, f"explore/data/{name}-{len(found)}.js")))
    return network, found


def _from_folder(folder: Path) -> tuple[Network, list[Passage]]:
    about = json.loads((folder / "model.json").read_text("utf-8"))
    network, shapes = _planned(folder.name, about, *(
        about[size] for size in ("embedding_size", "hidden_size", "num_layers")))
    network.weights.update(safetensors((folder / "model.safetensors").read_bytes(), shapes))
    results, found = folder / "results.json.xz", []
    if results.is_file():
        with lzma.open(results) as file:
            found = json.loads(file.read(LARGEST))["card"]["explored"][:PASSAGES]
    return network, [_passage(each) for each in found]


def _planned(name: str, about: Mapping[str, Any], width: int, size: int, layers: int,
             ) -> tuple[Network, dict[str, tuple[int, ...]]]:
    """Return a network without weights, and the shapes they have, in the order of the files."""
    kind, texts = about["architecture"], about["vocabulary"]
    other = {"reset", "begin"} & about.keys() or about.get("tokens", "characters") != "characters"
    if kind not in STEPS or other or max(map(len, texts)) > 1:
        raise LabError(f"{name}: this module reads LSTMs, GRUs and RNNs of single characters, each "
                       "document from its beginning; choose another exhibit")
    rows, blocks = len(texts) + 1, STEPS[kind][1] * size
    shapes: dict[str, tuple[int, ...]] = {"embedding.weight": (rows, width)}
    for layer in range(layers):
        shapes |= {f"rnn.weight_ih_l{layer}": (blocks, size if layer else width),
                   f"rnn.weight_hh_l{layer}": (blocks, size),
                   f"rnn.bias_ih_l{layer}": (blocks,), f"rnn.bias_hh_l{layer}": (blocks,)}
    shapes |= {"decoder.weight": (rows, size), "decoder.bias": (rows,)}
    return Network(kind, size, layers, "".join(texts), {}), shapes


def safetensors(data: bytes, shapes: Mapping[str, tuple[int, ...]]) -> dict[str, Array]:
    """Return the tensors of a file, float32; LabError if one is missing or has another shape."""
    found, end = {}, 8 + int.from_bytes(data[:8], "little")
    try:
        header = json.loads(data[8:end])
        for name, shape in shapes.items():
            kind, (start, stop) = header[name]["dtype"], header[name]["data_offsets"]
            raw = np.frombuffer(data[end + start:end + stop],
                                {"F16": "<f2", "F32": "<f4", "BF16": "<u2"}[kind])
            if kind == "BF16":  # the upper half of a float32
                raw = (raw.astype("<u4") << 16).view("<f4")
            if tuple(header[name]["shape"]) != shape:
                raise LabError(f"{name}: its shape is {header[name]['shape']}, not {list(shape)}")
            found[name] = raw.astype(np.float32).reshape(shape)
    except (KeyError, TypeError, ValueError) as error:
        raise LabError(f"these are not the weights of such a network: {error!r}") from None
    return found


def _script(place: str, name: str) -> dict[str, Any]:
    """Return the data in a script of a site, which stand after an assignment."""
    try:
        if "://" in place:
            with urllib.request.urlopen(f"{place.rstrip('/')}/{name}", timeout=60) as answer:
                text = answer.read(LARGEST).decode()
        else:
            text = (Path(place) / name).read_text("utf-8")
        return dict(json.loads(text.partition('"] = ')[2].rstrip().removesuffix(";")))
    except (OSError, ValueError) as error:
        raise LabError(f"{place}, {name}: cannot be read ({error}); look at GALLERY") from None


def _passage(about: Mapping[str, Any]) -> Passage:
    labels = {}
    for feature, runs in about["labels"].items():  # "0x12 1x30": 0 twelve times, then 1
        pairs = [run.split("x") for run in runs.split()]
        labels[feature] = np.repeat([float(v) for v, _ in pairs], [int(n) for _, n in pairs])
    before = about.get("before", "").translate({ord("-"): "+", ord("_"): "/"})
    return Passage(about["text"], labels, base64.b64decode(before))


# To look at, and to check.

RED, BLUE = (214, 96, 77), (67, 147, 195)
PAPER = "background:#fff;padding:.8em;line-height:1.7;white-space:pre-wrap;overflow-wrap:anywhere"


@dataclass(frozen=True)
class Picture:
    """A text, red where values are high and blue where they are low; a notebook shows it.

    Attributes:
        text: T characters; they are escaped, so they cannot act.
        values: T numbers, from −1 to 1.
        labels: T numbers, with a line under the text where they are not 0; or none.
    """

    text: str
    values: Array
    labels: Array

    def _repr_html_(self) -> str:
        levels = np.clip((self.values + 1) * 8, 0, 15).astype(int).tolist()
        on = (self.labels if len(self.labels) else np.zeros(len(self.text))) != 0
        marks = zip(levels, on.tolist(), self.text, strict=True)
        parts = []
        for (level, marked), run in groupby(marks, lambda mark: mark[:2]):
            far, end = abs(2 * level - 15) / 15, (RED if level > 7 else BLUE)
            colour = ",".join(str(round(255 - (255 - part) * far)) for part in end)
            shown = escape("".join(character for *_, character in run)).replace("\n", "↵\n")
            line = ";border-bottom:2px solid #111" if marked else ""
            parts.append(f'<span style="color:#111;background:rgb({colour}){line}">{shown}</span>')
        return f'<pre style="{PAPER}">{"".join(parts)}</pre>'


def draw(text: str, values: Sequence[float] | Array,
         labels: Sequence[float] | Array = ()) -> Picture:
    """Return a picture of a text by the values of a unit, and the truth about it if it is given."""
    return Picture(text, np.asarray(values, float), np.asarray(labels, float))


def check(answer: Any, right: Callable[[Any], bool], hint: str) -> None:
    """Print whether an answer is right; NotYet with a hint if it is not."""
    if answer is None or answer is ...:
        print("Not answered yet.")
    elif not right(answer):
        raise NotYet(hint)
    else:
        print("Right.")
