"""Layers as their papers write them, a step at a time in float64, in numpy alone."""

from __future__ import annotations

import numpy as np
from scipy.special import erf


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def mingru(w, x, h):
    z, n = sigmoid(w["weight_z"] @ x + w["bias_z"]), w["weight_n"] @ x + w["bias_n"]
    return (1 - z) * h + z * n, {"z": z, "n": n}


def mingrusigned(w, x, h):
    z, n = sigmoid(w["weight_z"] @ x + w["bias_z"]), w["weight_n"] @ x + w["bias_n"]
    return (1 - 2 * z) * h + 2 * z * n, {"z": z, "n": n}


def minlstm(w, x, h):
    f, i = (sigmoid(w[f"weight_{k}"] @ x + w[f"bias_{k}"]) for k in "fi")
    n = w["weight_n"] @ x + w["bias_n"]
    f, i = f / (f + i), i / (f + i)
    return f * h + i * n, {"f": f, "i": i, "n": n}


def rglru(w, x, h):
    v = w["weight_v"] @ x + w["bias_v"]
    r, i = (sigmoid(w[f"weight_{k}"] @ v + w[f"bias_{k}"]) for k in "ri")
    a = sigmoid(w["decay"]) ** (8 * r)
    return a * h + np.sqrt(1 - a**2) * (i * v), {"r": r, "i": i, "a": a, "v": v}


def behind_rglru(w, x, h):
    u = w["weight_u"] @ x + w["bias_u"]
    u = u * (1 + erf(u / np.sqrt(2))) / 2
    y = w["weight_o"] @ (u * h) + w["bias_o"]
    return x + y if len(x) == len(y) else y


LAYERS = {"mingru": mingru, "mingrusigned": mingrusigned, "minlstm": minlstm, "rglru": rglru}
BEHIND = {"rglru": behind_rglru}


def read(network, text, held=None):
    """Return what a network guesses and computes.

    Args:
        network: Its weights are taken as they are.
        text: N rows of the embedding.
        held: Layer, index and value of a unit whose readers see it at that value.

    Returns:
        Logits float64[N, V]; for each character a list of the signals of each layer.
    """
    spec = network.spec
    all_weights = {n: p.detach().double().numpy() for n, p in network.state_dict().items()}
    layers = [{p.name: all_weights[f"rnn.{p.name}_l{number}"]
               for p in network.architecture.parameters} for number in range(spec.num_layers)]
    states, logits, rows = [np.zeros(spec.hidden_size) for _ in layers], [], []
    for character in text:
        x, row = all_weights["embedding.weight"][character], []
        for number, w in enumerate(layers):
            h, out = LAYERS[spec.architecture](w, x, states[number])
            row.append({"h": h.copy(), "dh": h - states[number], **out})
            if held and held[0] == number:
                h[held[1]] = held[2]
            states[number] = h
            x = BEHIND[spec.architecture](w, x, h) if spec.architecture in BEHIND else h
        logits.append(all_weights["decoder.weight"] @ x + all_weights["decoder.bias"])
        rows.append(row)
    return np.array(logits), rows
