"""A network that fits a text without any training: it knows which character follows which."""

from itertools import pairwise

import torch

from builder import save_model

CHARACTERS = "\t\n" + "".join(map(chr, range(32, 127)))
RARE = 0.05
"""How often what never follows is taken to have followed."""


def save_bigrams(folder, texts):
    """Write a model folder: an RNN whose unit j is on at character j, and whose guesses are counts.

    Args:
        folder: To be written.
        texts: A folder of files.
    """
    size = len(CHARACTERS)
    counts = torch.full((size, size), RARE)
    for path in sorted(texts.iterdir()):
        rows = [CHARACTERS.index(c) for c in path.read_text("utf-8")]
        for before, after in pairwise(rows):
            counts[after, before] += 1
    rnn, decoder = torch.nn.RNN(size, size), torch.nn.Linear(size, size)
    with torch.no_grad():
        for parameter in rnn.parameters():
            parameter.zero_()
        rnn.weight_ih_l0.copy_(3 * torch.eye(size))
        decoder.weight.copy_((counts / counts.sum(0)).log())
        decoder.bias.zero_()
    save_model(folder, rnn, None, decoder, CHARACTERS)
    return folder
