"""Makes results of counting that no network was trained for."""

import base64
import hashlib

import numpy as np

from builder.core.counted import Counted, Counting, Driven, Fails, Run, Share

TITLES = {"lstm": "an LSTM", "gru": "a GRU", "mingru": "a minGRU",
          "mingrusigned": "a signed minGRU"}


def run(architecture="lstm", language="toggle", seed=0, *, right=True, failed=None, foretold=None,
        r=0.999, **more):
    """Make a run; it counts something where `foretold` is given, with a first n or 0 for none."""
    share = Share(1.0, 1.0) if right else Share(0.5, 0.0)
    counting = () if foretold is None else (
        Counting("counter", "c0.3", r, 0.5, 0.01, 1.001, Fails(
            foretold or None, foretold if foretold > 10 else None, "drift")),)
    made = {"units": 16, "layers": 1, "loss": 0.01, "within": share, "beyond": share,
            "trained_to": 10, "tried_to": 1000, "failed": failed, "failed_beyond": failed,
            "truths": {language: (r, 0.97)}, "counting": counting, **more}
    return Run(architecture, language, seed, **made)


def counted(*runs, **more):
    """Make results of some runs."""
    made = {"made_by": "gallery count --seeds 5", "versions": {"torch": "2.13.0"},
            "titles": TITLES, "effort": 1.0, **more}
    return Counted(runs=runs, **made)


def weights_of(architecture, units=2, letters=2, seed=0):
    """Return the tensors of a network to drive, float64, that have values a float16 has."""
    gates = {"lstm": 4, "gru": 3}[architecture] * units
    shapes = [(gates, letters), (gates, units), (gates,), (gates,), (letters + 1, units),
              (letters + 1,)]
    draw = np.random.default_rng(seed)
    return [draw.normal(0, 1, shape).astype("<f2").astype(float) for shape in shapes]


def read_by_hand(architecture, text, seed=0):
    """Return c (or h of a GRU) of both units and the answers after each letter, float64."""
    wi, wh, bi, bh, decoder, bias = weights_of(architecture, seed=seed)
    h, c, states, answers = np.zeros(2), np.zeros(2), [], []
    for letter in text:
        x, past = wi @ np.eye(2)["ab".index(letter)] + bi, wh @ h + bh
        if architecture == "lstm":
            i, f, g, o = np.split(x + past, 4)
            c = c / (1 + np.exp(-f)) + np.tanh(g) / (1 + np.exp(-i))
            h = np.tanh(c) / (1 + np.exp(-o))
        else:
            (rx, zx, nx), (rp, zp, np_) = np.split(x, 3), np.split(past, 3)
            z = 1 / (1 + np.exp(-zx - zp))
            h = c = (1 - z) * np.tanh(nx + np_ / (1 + np.exp(-rx - rp))) + z * h
        states.append(c)
        answers.append(decoder @ h + bias)
    return np.array(states), np.array(answers)


def driven(architecture="lstm", n=6, seed=0, **more):
    """Make a network to drive whose weights were drawn by chance."""
    letters = np.vstack([np.zeros(2), np.eye(2)])
    raw = b"".join(part.astype("<f2").tobytes()
                   for part in (letters, *weights_of(architecture, seed=seed)))
    values, _ = read_by_hand(architecture, "a" * n + "b" * n, seed)
    unit = "c0.1" if architecture == "lstm" else "h0.1"
    counts = Counting("a-b", unit, 0.99, 1.0, 0.0, 1.0, Fails(80, 80, "drift"))
    found = run(architecture, "anbn", seed, units=2, failed=n, trained_to=50, counting=(counts,))
    return Driven(**{
        "run": found, "title": TITLES[architecture], "letters": "ab",
        "weights": base64.b64encode(raw).decode(), "digest": hashlib.sha256(raw).hexdigest(),
        "n": n, "values": tuple(np.round(values[:, 1], 4).tolist()), "wrong": (2 * n - 2,),
        **more})
