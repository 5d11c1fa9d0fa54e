"""The files that the pages of *Bring your own model* name, made in the form of their libraries."""

from __future__ import annotations

import json
from pathlib import Path

TOKENIZER = json.dumps({
    "version": "1.0", "truncation": None, "padding": None, "added_tokens": [],
    "normalizer": None, "pre_tokenizer": None, "post_processor": None, "decoder": None,
    "model": {"type": "BPE", "vocab": {"t": 0, "o": 1, "to": 2, "n": 3, "<unk>": 4},
              "merges": [["t", "o"]], "unk_token": "<unk>"}})
"""A tokenizer of four subwords."""


def of_rows(weights: dict, rows: int) -> dict:
    """Return the weights of a network that has fewer rows."""
    return {name: tensor if name.startswith("rnn.") else tensor[:rows].contiguous()
            for name, tensor in weights.items()}


def make_networks(folder: Path) -> None:
    """Write a network as a file of PyTorch, safetensors, Keras and numpy each."""
    import numpy as np
    import torch
    from safetensors.torch import save_file

    from tests.cli.states import examples
    from tests.models.made_files import (
        CHARACTERS,
        arrays_of,
        network_of,
        of_keras,
        write_h5,
        write_keras,
    )

    network = network_of("gru")
    weights = {name: tensor.contiguous() for name, tensor in arrays_of(network).items()}
    torch.save({"model": weights, "stoi": {c: i for i, c in enumerate(CHARACTERS)}},
               folder / "checkpoint.pt")
    save_file(weights, folder / "weights.safetensors")
    for write, name in ((write_keras, "model.keras"), (write_h5, "model.h5")):
        write(folder / name, "GRU", *of_keras(network, (1, 0, 2)), reset_after=True)
    (folder / "vocabulary.json").write_text(json.dumps(list(CHARACTERS)), "utf-8")
    words = ["<pad>", "<unk>", "total", "return", "def", " ", "\n", "(", ")", "=", "names"]
    torch.save({"model": of_rows(weights, len(words)), "itos": words}, folder / "words.pt")
    (folder / "tokenizer.json").write_text(TOKENIZER, "utf-8")
    torch.save(of_rows(weights, 5), folder / "subwords.pt")
    hand = {name: t.numpy() for name, t in arrays_of(network_of("rnn", one_hot=True)).items()}
    stored, = examples("np.savez")
    exec(stored.replace("by-hand.npz", str(folder / "by-hand.npz")), {
        "np": np, "Wxh": hand["rnn.weight_ih_l0"], "Whh": hand["rnn.weight_hh_l0"],
        "Why": hand["decoder.weight"], "bh": hand["rnn.bias_ih_l0"], "by": hand["decoder.bias"],
        "chars": list(CHARACTERS)})
