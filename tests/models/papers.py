"""Layers as their papers write them, a step at a time in float64, in numpy alone.

Each takes weights, input and what is carried, changes what is carried, and returns signals.
"""

from __future__ import annotations

import numpy as np
from scipy.special import erf


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def affine(w, name, x):
    return w[f"weight_{name}"] @ x + w[f"bias_{name}"]


def mingru(w, x, s):
    z, n = sigmoid(affine(w, "z", x)), affine(w, "n", x)
    s["h"] = (1 - z) * s["h"] + z * n
    return {"z": z, "n": n}


def mingrusigned(w, x, s):
    z, n = sigmoid(affine(w, "z", x)), affine(w, "n", x)
    s["h"] = (1 - 2 * z) * s["h"] + 2 * z * n
    return {"z": z, "n": n}


def minlstm(w, x, s):
    f, i, n = sigmoid(affine(w, "f", x)), sigmoid(affine(w, "i", x)), affine(w, "n", x)
    f, i = f / (f + i), i / (f + i)
    s["h"] = f * s["h"] + i * n
    return {"f": f, "i": i, "n": n}


def rglru(w, x, s):
    v = affine(w, "v", x)
    r, i = sigmoid(affine(w, "r", v)), sigmoid(affine(w, "i", v))
    a = sigmoid(w["decay"]) ** (8 * r)
    s["h"] = a * s["h"] + np.sqrt(1 - a**2) * (i * v)
    return {"r": r, "i": i, "a": a, "v": v}


def behind_rglru(w, x, h):
    u = affine(w, "u", x)
    u = u * (1 + erf(u / np.sqrt(2))) / 2
    y = affine(w, "o", u * h)
    return x + y if len(x) == len(y) else y


def silu(x):
    return x * sigmoid(x)


def ssm(w, x, s):
    v = silu(affine(w, "v", x))
    delta, b = np.log1p(np.exp(affine(w, "delta", v))), w["weight_b"] @ v
    a = np.exp(np.outer(delta, np.ones(4)) * -np.exp(w["decay"])).ravel()
    added = np.outer(delta * v, b).ravel()
    s["h"] = a * s["h"] + added
    return {"a": a, "b": added}


def behind_ssm(w, x, h):
    v = silu(affine(w, "v", x))
    read = h.reshape(-1, 4) @ (w["weight_c"] @ v) + w["skip"] * v
    y = affine(w, "o", read * silu(affine(w, "u", x)))
    return x + y if len(x) == len(y) else y


def slstm(w, x, s):
    """The paper's c is `s["sum"]`, and what is called c here is the paper's c / n."""
    i, f, z, o = np.split(
        w["weight_ih"] @ x + w["bias_ih"] + w["weight_hh"] @ s["h"] + w["bias_hh"], 4)
    i, f, z, o = np.exp(i), sigmoid(f), np.tanh(z), sigmoid(o)
    before, was = s["n"], s["c"]
    s["sum"] = f * s["sum"] + i * z
    s["n"] = f * before + i
    s["c"] = s["sum"] / s["n"]
    s["h"] = o * s["c"]
    return {"c": s["c"], "dc": s["c"] - was, "i": i / s["n"], "f": f * before / s["n"], "z": z,
            "o": o}


def hard(x):
    return np.clip(0.2 * x + 0.5, 0, 1)


def lstmhard(w, x, s):
    i, f, g, o = np.split(
        w["weight_ih"] @ x + w["bias_ih"] + w["weight_hh"] @ s["h"] + w["bias_hh"], 4)
    i, f, g, o, was = hard(i), hard(f), np.tanh(g), hard(o), s["c"]
    s["c"] = f * was + i * g
    s["h"] = o * np.tanh(s["c"])
    return {"c": np.tanh(s["c"]), "dc": s["c"] - was, "i": i, "f": f, "g": g, "o": o}


def gruhard(w, x, s):
    return grubefore(w, x, s, hard)


def grubefore(w, x, s, opened=sigmoid):
    (ir, iz, i), (hr, hz, h) = (np.split(w[f"weight_{k}"], 3) for k in ("ih", "hh"))
    br, bz, b = np.split(w["bias_ih"] + w["bias_hh"], 3)
    r, z = opened(ir @ x + hr @ s["h"] + br), opened(iz @ x + hz @ s["h"] + bz)
    n = np.tanh(i @ x + h @ (r * s["h"]) + b)
    s["h"] = (1 - z) * n + z * s["h"]
    return {"r": r, "z": z, "n": n}


INPUT_GATED = {"mingru": mingru, "mingrusigned": mingrusigned, "minlstm": minlstm, "rglru": rglru,
               "ssm": ssm}
LAYERS = INPUT_GATED | {"slstm": slstm, "grubefore": grubefore, "gruhard": gruhard,
                        "lstmhard": lstmhard}
BEHIND = {"rglru": behind_rglru, "ssm": behind_ssm}


def read(network, text, held=None, *, before_first=True):
    """Return what a network guesses and computes.

    Args:
        network: Its weights are taken as they are.
        text: N rows of the embedding.
        held: Layer, index and value of a unit whose readers see it at that value.
        before_first: Whether the first step sees it so too.

    Returns:
        Logits float64[N, V]; for each character a list of the signals of each layer.
    """
    spec = network.spec
    all_weights = {n: p.detach().double().numpy() for n, p in network.state_dict().items()}
    layers = [{p.name: all_weights[f"rnn.{p.name}_l{number}"]
               for p in network.architecture.parameters} for number in range(spec.num_layers)]
    states = [{name: np.zeros(spec.hidden_size) for name in ("h", "c", "n", "sum")}
              for _ in layers]
    if held and before_first:
        states[held[0]]["h"][held[1]] = held[2]
    logits, rows = [], []
    for character in text:
        x, row = all_weights["embedding.weight"][character], []
        for number, (w, state) in enumerate(zip(layers, states, strict=True)):
            before = state["h"]
            signals = LAYERS[spec.architecture](w, x, state)
            h = state["h"] = state["h"].copy()
            row.append({"h": h.copy(), "dh": h - before, **signals})
            if held and held[0] == number:
                h[held[1]] = held[2]
            x = BEHIND[spec.architecture](w, x, h) if spec.architecture in BEHIND else h
        logits.append(all_weights["decoder.weight"] @ x + all_weights["decoder.bias"])
        rows.append(row)
    return np.array(logits), rows
