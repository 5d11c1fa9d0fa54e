"""Networks whose text is known, and files of them as other libraries write them."""

from __future__ import annotations

import io
import json
import zipfile

import numpy as np
import torch

from builder.models.network import CharNetwork
from builder.models.spec import ModelSpec
from builder.models.writing import write
from builder.tokens.characters import Vocabulary

CHARACTERS = "\t\n" + "".join(map(chr, range(32, 127)))
V, E, H = len(CHARACTERS), 12, 10


def network_of(architecture, layers=1, one_hot=False, hidden=H):
    """Return a network that is sure of its guesses, so that a wrong reading of it is seen."""
    torch.manual_seed(3)
    width = V if one_hot else E
    network = CharNetwork(ModelSpec(architecture, width, hidden, layers, Vocabulary(
        tuple(CHARACTERS)))).eval()
    with torch.no_grad():
        for name, weight in network.named_parameters():
            weight.normal_(0, (4.0 if name == "decoder.weight" else 0.7) * (10 / hidden) ** 0.5)
        if one_hot:
            network.embedding.weight.copy_(torch.eye(V + 1)[:, 1:])
            network.rnn.weight_ih_l0.normal_(0, 1.5)
        network.embedding.weight[0] = network.embedding.weight[1:].mean(0)
        network.decoder.weight[0], network.decoder.bias[0] = 0.0, -30.0
    return network


def text_of(network, length=3_000):
    """Return a text that the network wrote."""
    return write(network, length, 1.0)


def arrays_of(network):
    """Return its tensors without the row of unknown characters, by their names."""
    weights = {name: t.detach().clone() for name, t in network.state_dict().items()}
    for name in ("embedding.weight", "decoder.weight", "decoder.bias"):
        weights[name] = weights[name][1:]
    return weights


def by_hand(network, **changes):
    """Return arrays by the names that a network written in numpy has."""
    weights = {n: t.numpy() for n, t in arrays_of(network).items()}
    return {"Wxh": weights["rnn.weight_ih_l0"], "Whh": weights["rnn.weight_hh_l0"],
            "Why": weights["decoder.weight"],
            "bh": (weights["rnn.bias_ih_l0"] + weights["rnn.bias_hh_l0"])[:, None],
            "by": weights["decoder.bias"][:, None], **changes}


def of_keras(network, order, before=False):
    """Return arrays by layer as Keras has them, gates in its order."""
    weights, layers = arrays_of(network), []
    for number in range(network.spec.num_layers):
        w, u, b, d = (turned(weights[f"rnn.{name}_l{number}"], order) for name in (
            "weight_ih", "weight_hh", "bias_ih", "bias_hh"))
        bias = np.stack([b, d]) if len(order) == 3 and not before else b + d
        layers.append({"kernel": w.T, "recurrent_kernel": u.T, "bias": bias})
    ends = {"embeddings": weights["embedding.weight"].numpy(),
            "kernel": weights["decoder.weight"].numpy().T, "bias": weights["decoder.bias"].numpy()}
    return layers, ends


def turned(tensor, order):
    """Return blocks in another order."""
    blocks = np.split(tensor.numpy(), len(order))
    return np.concatenate([blocks[k] for k in order])


def config_of(kind, layers, one_hot=False, **settings):
    """Return the configuration that Keras writes beside weights."""
    below = [] if one_hot else [{"class_name": "Embedding", "config": {"name": "embedding"}}]
    own = [{"class_name": kind, "config": {
        "name": f"{kind.lower()}{f'_{i}' if i else ''}", "activation": "tanh",
        "recurrent_activation": "sigmoid", **settings}} for i in range(layers)]
    return {"class_name": "Sequential", "config": {"name": "sequential", "layers": [
        {"class_name": "InputLayer", "config": {"name": "input"}}, *below, *own,
        {"class_name": "Dense", "config": {"name": "dense", "activation": "softmax"}}]}}


def write_h5(path, kind, layers, ends, one_hot=False, **settings):
    """Write a whole model as Keras 2 does."""
    import h5py

    low = kind.lower()
    names = [f"{low}{f'_{i}' if i else ''}" for i in range(len(layers))]
    with h5py.File(path, "w") as file:
        file.attrs["model_config"] = json.dumps(config_of(kind, len(layers), one_hot, **settings))
        file.attrs["keras_version"], file.attrs["backend"] = "2.15.0", "tensorflow"
        top = file.create_group("model_weights")
        top.attrs["layer_names"] = [n.encode() for n in (
            [] if one_hot else ["embedding"]) + [*names, "dense"]]
        if not one_hot:
            top["embedding/embedding/embeddings:0"] = ends["embeddings"]
        for name, layer in zip(names, layers, strict=True):
            for part, array in layer.items():
                top[f"{name}/{name}/{low}_cell/{part}:0"] = array
        top["dense/dense/kernel:0"], top["dense/dense/bias:0"] = ends["kernel"], ends["bias"]
        file["optimizer_weights/iteration:0"] = np.int64(7)
        file["optimizer_weights/m/dense/kernel:0"] = ends["kernel"]


def write_keras(path, kind, layers, ends, one_hot=False, **settings):
    """Write a whole model as Keras 3 does."""
    import h5py

    weights, low = io.BytesIO(), "simple_rnn" if kind == "SimpleRNN" else kind.lower()
    with h5py.File(weights, "w") as file:
        if not one_hot:
            file["layers/embedding/vars/0"] = ends["embeddings"]
        for i, layer in enumerate(layers):
            for number, array in enumerate(layer.values()):
                file[f"layers/{low}{f'_{i}' if i else ''}/cell/vars/{number}"] = array
        file["layers/dense/vars/0"], file["layers/dense/vars/1"] = ends["kernel"], ends["bias"]
        file["layers/dropout/seed_generator/vars/0"] = np.zeros(2, np.uint32)
        file["optimizer/vars/0"], file["optimizer/vars/2"] = np.int64(7), ends["kernel"]
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("metadata.json", '{"keras_version": "3.5.0"}')
        archive.writestr("config.json", json.dumps(config_of(kind, len(layers), one_hot,
                                                             **settings)))
        archive.writestr("model.weights.h5", weights.getvalue())
